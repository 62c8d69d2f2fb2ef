// How results are shown: a table for people, and a JSON file for programs.

import { writeFileSync } from "node:fs";
import { isReached, type Mark } from "./mark.ts";
import type { ProgramResult } from "./programs.ts";

export function programHeading(): string {
  return `${"program".padEnd(14)}${"inner".padStart(9)}${"median ms".padStart(12)}${"lowest ms".padStart(12)}  a second`;
}

export function programRow({ name, innerIterations, medianMs, lowestMs, operationsPerSecond }: ProgramResult): string {
  const times = [medianMs, lowestMs].map((time) => time.toFixed(2).padStart(12)).join("");
  const rate = operationsPerSecond === undefined ? "" : `  ${withUnit(operationsPerSecond)}`;
  return `${name.padEnd(14)}${String(innerIterations).padStart(9)}${times}${rate}`;
}

/** 12345678 as "12.3 M". */
export function withUnit(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toPrecision(3)} G`;
  if (value >= 1e6) return `${(value / 1e6).toPrecision(3)} M`;
  if (value >= 1e3) return `${(value / 1e3).toPrecision(3)} k`;
  return String(value);
}

export function writeJson(file: string, contents: unknown): void {
  writeFileSync(file, `${JSON.stringify(contents, null, 2)}\n`);
}

export function markRow(mark: Mark): string {
  const { name, value, unit, goal, isMinimum, detail } = mark;
  const verdict = isReached(mark) ? "ok    " : "MISSED";
  const wanted = `${isMinimum ? "at least" : "at most"} ${goal}`;
  const explanation = detail === undefined ? "" : ` (${detail})`;
  return `${verdict}  ${name.padEnd(22)} ${value.toPrecision(3)} ${unit}, ${wanted}${explanation}`;
}
