// Runs the command as a person would, on the dist/ that the test run built.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const command = join(root, "dist/gondola.js");

export interface Outcome {
  status: number | null;
  output: string;
  errors: string;
}

export interface RunOptions {
  input?: string;
  /** Sends SIGINT once the output has this text. */
  interruptAfter?: string;
  /** It is stopped when it has not ended by itself after so long. */
  limitMs?: number;
  cwd?: string;
  env?: Record<string, string>;
}

const LIMIT_MS = 60_000;

export function gondola(words: string[], options: RunOptions = {}): Promise<Outcome> {
  return run(process.execPath, [command, ...words], options);
}

export function run(program: string, words: string[], options: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, XDG_STATE_HOME: scratch, ...options.env };
    const child = spawn(program, words, { cwd: options.cwd, env, timeout: options.limitMs ?? LIMIT_MS });
    let [output, errors, interrupted] = ["", "", false];
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
      if (!interrupted && options.interruptAfter && output.includes(options.interruptAfter)) {
        interrupted = child.kill("SIGINT");
      }
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      errors += text;
    });
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, output, errors }));
    child.stdin.end(options.input ?? "");
  });
}

/** A folder for the files of this run. */
export const scratch = mkdtempSync(join(tmpdir(), "gondola-test-"));

export function writeScratch(name: string, contents: string | Uint8Array): string {
  const file = join(scratch, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, contents);
  return file;
}
