// The benchmark programs: which there are, and how long each takes in a machine of its own.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { SourceItem } from "../../compiler/definitions.ts";
import { readSource } from "../../compiler/sources.ts";
import { distFolder } from "../../platform/node/distribution.ts";
import type { EngineName } from "../../platform/node/engine.ts";
import { descriptorSink } from "../../platform/node/host.ts";
import { loadItems } from "../../platform/node/loader.ts";
import { Session } from "../../platform/node/session.ts";
import { readSourceFile } from "../../platform/node/sourceFiles.ts";

export const programFolder = join(distFolder, "../tests/benchmarks");
const COMMON_FILE = "Benchmark.st";
const CLASS_SUFFIX = "Benchmark";
const PROGRAM_CLASS = /^Benchmark subclass: #(\w+)/gm;

export interface Program {
  name: string;
  className: string;
  items: SourceItem[];
}

export interface RunSettings {
  engine: EngineName;
  image?: string;
  memoryLimitBytes?: number;
  /** After so many activations a method is translated; 0: never. */
  translateAfter?: number;
  /** Measured runs after the warm-up; fewer when they take longer than the budget. */
  runs: number;
}

export interface ProgramResult {
  name: string;
  innerIterations: number;
  medianMs: number;
  lowestMs: number;
  runs: number;
  /** Things a second, when the program counts some. */
  operationsPerSecond?: number;
}

const WARM_UP_RUNS = 2;
const FEWEST_RUNS = 3;
const BUDGET_MS = 4_000;

export function hasPrograms(): boolean {
  return existsSync(join(programFolder, COMMON_FILE));
}

/** All programs in the order of their files. A file's subclasses of Benchmark are programs. */
export function readPrograms(): Program[] {
  const common = readText(COMMON_FILE);
  const files = readdirSync(programFolder).filter((file) => file.endsWith(".st") && file !== COMMON_FILE);
  return files.sort().flatMap((file) => {
    const own = readText(file);
    const items = [common, own].flatMap(({ path, text }) => readSource(text, path));
    return Array.from(own.text.matchAll(PROGRAM_CLASS), ([, className]) => ({
      name: className.slice(0, -CLASS_SUFFIX.length).toLowerCase(),
      className,
      items,
    }));
  });
}

function readText(file: string): { path: string; text: string } {
  const path = join(programFolder, file);
  return { path, text: readSourceFile(path) };
}

/** A machine in which a program's classes are defined. The caller closes it. */
export async function openProgram(program: Program, settings: RunSettings): Promise<Session> {
  const session = new Session({
    engine: settings.engine,
    imageFile: settings.image,
    memoryLimitBytes: settings.memoryLimitBytes,
    translateAfter: settings.translateAfter,
    streams: { output: descriptorSink(1), errors: descriptorSink(2) },
  });
  try {
    await loadItems(session, program.items);
    await session.evaluate(`benchmark := ${program.className} new`);
    return session;
  } catch (error) {
    session.close();
    throw error;
  }
}

/** Throws SmalltalkError when the result is wrong. */
export async function runProgram(program: Program, settings: RunSettings): Promise<ProgramResult> {
  const session = await openProgram(program, settings);
  try {
    const times = await measureRuns(session, settings.runs);
    const medianMs = median(times);
    const operations = await session.evaluate("benchmark operations");
    return {
      name: program.name,
      innerIterations: (await session.evaluate("benchmark innerIterations")) as number,
      medianMs,
      lowestMs: Math.min(...times),
      runs: times.length,
      operationsPerSecond: operations === null ? undefined : Math.round(((operations as number) / medianMs) * 1000),
    };
  } finally {
    session.close();
  }
}

async function measureRuns(session: Session, runs: number): Promise<number[]> {
  for (let run = 0; run < WARM_UP_RUNS; run++) await session.evaluate("benchmark measure");
  const times: number[] = [];
  const end = performance.now() + BUDGET_MS;
  while (times.length < Math.min(runs, FEWEST_RUNS) || (times.length < runs && performance.now() < end)) {
    times.push((await session.evaluate("benchmark measure")) as number);
  }
  return times;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
