// gondola boot [IMAGE] [--on HYPERVISOR] [--memory N] [--arg WORD ...] [--dry-run]

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readImageFile } from "../../../image/file.ts";
import { CONFIGURATION_FILE, type Launch, launchOn } from "../../guest/launch.ts";
import {
  CommandError,
  EXIT_FAILED,
  type ParsedCommandLine,
  UsageError,
  writeError,
  writeOutput,
} from "../commandLine.ts";
import { chosenHypervisor, ensureGuest, guestSettings } from "../guestFiles.ts";

const END_OF_INPUT = "\x04"; // Ctrl-D
const LEAVE = 0x1d; // Ctrl-]

export async function run(parsed: ParsedCommandLine): Promise<number> {
  if (parsed.operands.length > 1) throw new UsageError("boot takes one image");
  const settings = guestSettings(parsed);
  const launch = launchOn(chosenHypervisor(parsed), settings);
  readImageFile(settings.image);
  if (parsed.dryRun) {
    writeOutput(describe(launch));
    return 0;
  }
  ensureGuest();
  writeError(`Starting ${launch.description}, ${settings.memoryMiB} MiB. Ctrl-] ends it.`);
  return start(launch);
}

/** The command as it could be typed, and the file that it needs. */
function describe({ program, words, configuration }: Launch): string {
  const quoted = [program, ...words].map((word) =>
    /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`,
  );
  return `${quoted.join(" ")}\n${configuration === undefined ? "" : `\n${CONFIGURATION_FILE}:\n${configuration}`}`;
}

async function start(launch: Launch): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "gondola-boot-"));
  try {
    const file = join(folder, "guest.cfg");
    if (launch.configuration !== undefined) writeFileSync(file, launch.configuration);
    const words = launch.words.map((word) => (word === CONFIGURATION_FILE ? file : word));
    return await runJoined(spawn(launch.program, words, { stdio: ["pipe", "inherit", "inherit"] }), launch);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Joins the terminal to the guest's console until it ends. */
function runJoined(guest: ChildProcess, launch: Launch): Promise<number> {
  return new Promise((resolve, reject) => {
    const release = joinInput(guest);
    guest.on("error", (error) => {
      release();
      const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
      const sentence = `${launch.program} is missing: install the package ${launch.package}.`;
      reject(new CommandError(isMissing ? sentence : error.message, EXIT_FAILED));
    });
    guest.on("exit", (code) => {
      release();
      resolve(guestStatus(launch.program, code));
    });
  });
}

/**
 * Keys go to the guest as they are, Ctrl-C among them; Ctrl-] ends a hypervisor that is a process, at once and without its
 * last words. The end of a pipe is Ctrl-D to the guest.
 */
function joinInput(guest: ChildProcess): () => void {
  const input = process.stdin;
  const stop = () => guest.kill("SIGKILL");
  if (input.isTTY) input.setRawMode(true);
  guest.stdin?.on("error", () => {}); // the guest has gone, and its end is told by its own event
  input.on("data", (bytes: Buffer) => {
    if (input.isTTY && bytes.includes(LEAVE)) {
      writeError("");
      stop();
    }
    guest.stdin?.write(bytes);
  });
  input.on("end", () => guest.stdin?.write(END_OF_INPUT));
  for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"] as const) process.on(signal, stop);
  return () => {
    if (input.isTTY) input.setRawMode(false);
    input.pause();
  };
}

/** QEMU's own failures have status 1; what a guest ended with comes as twice that plus one. */
function guestStatus(program: string, code: number | null): number {
  if (code === null) return EXIT_FAILED;
  return program.startsWith("qemu") && code > 1 ? code >> 1 : code;
}
