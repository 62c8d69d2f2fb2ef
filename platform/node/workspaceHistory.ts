// What a person typed, kept between runs: one entry a line. A line break inside an entry is kept as U+2028.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

const LONGEST_HISTORY = 1000;
const LINE_SEPARATOR = "\u2028";

function historyFile(): string {
  const state = process.env.XDG_STATE_HOME || join(homedir(), ".local/state");
  return join(state, "gondola/history");
}

/** Oldest first. Empty when there is none or it cannot be read. */
export function readHistory(): string[] {
  try {
    const lines = readFileSync(historyFile(), "utf8").split("\n");
    return lines.filter((line) => line !== "").map((line) => line.replaceAll(LINE_SEPARATOR, "\n"));
  } catch {
    return [];
  }
}

/** What other runs have added meanwhile stays. A workspace without a place to keep it works all the same. */
export function addHistory(entry: string): void {
  const entries = readHistory().filter((each) => each !== entry);
  const kept = [...entries, entry].slice(-LONGEST_HISTORY);
  const text = `${kept.map((each) => each.replaceAll("\n", LINE_SEPARATOR)).join("\n")}\n`;
  try {
    replaceHistory(text);
  } catch {
    // Read-only homes exist.
  }
}

/** In one step, since another workspace may read it just now. What a person types is nobody else's business. */
function replaceHistory(text: string): void {
  const file = historyFile();
  const temporary = `${file}.${process.pid}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, file);
}
