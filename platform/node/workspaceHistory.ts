// The lines that a person typed, kept between runs.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

const LONGEST_HISTORY = 1000;

function historyFile(): string {
  const state = process.env.XDG_STATE_HOME || join(homedir(), ".local/state");
  return join(state, "gondola/history");
}

/** Newest first, as readline wants it. Empty when there is none or it cannot be read. */
export function readHistory(): string[] {
  try {
    return readFileSync(historyFile(), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .reverse();
  } catch {
    return [];
  }
}

/** `lines`: newest first. A workspace without a place to keep them works all the same. */
export function writeHistory(lines: string[]): void {
  try {
    mkdirSync(dirname(historyFile()), { recursive: true });
    writeFileSync(historyFile(), `${lines.slice(0, LONGEST_HISTORY).reverse().join("\n")}\n`);
  } catch {
    // Read-only homes exist.
  }
}
