// The marks that the machine has to reach: speed beside a bare interpreter, start-up, image size, and pauses of the
// collector. Each is measured in the same run as what it is compared with.

import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { defaultImageFile, distFolder } from "../../platform/node/distribution.ts";
import { externalRates, openCeiling, type Rates } from "./ceilingRates.ts";
import type { Mark } from "./mark.ts";
import { median, openProgram, type Program, type RunSettings } from "./programs.ts";

const ROUNDS = 9;
const WARM_UP_ROUNDS = 2;
const STARTS = 15;
const MEBIBYTE = 1 << 20;
const GROWTH_DETAIL = "by nine million objects that die young";

/** The machine and the bare interpreter by turns, so that both see the same load of the computer. */
export async function measureRates(
  programs: Program[],
  settings: RunSettings,
  externalCeiling?: string,
): Promise<{ marks: Mark[]; machine: Rates; ceiling: Rates }> {
  const ceilingRound = openCeiling();
  const loop = await openProgram(programNamed(programs, "loop"), settings);
  const fib = await openProgram(programNamed(programs, "fib"), settings);
  const rounds: { machine: Rates; ceiling: Rates }[] = [];
  const ratePerSecond = async (session: typeof loop) =>
    ((await session.evaluate("benchmark operations / benchmark measure")) as number) * 1000;
  for (let round = 0; round < ROUNDS + WARM_UP_ROUNDS; round++) {
    const ceiling = ceilingRound();
    rounds.push({
      ceiling,
      machine: { bytecodesPerSecond: await ratePerSecond(loop), sendsPerSecond: await ratePerSecond(fib) },
    });
  }
  loop.close();
  fib.close();
  const measured = rounds.slice(WARM_UP_ROUNDS);
  const machine = medianRates(measured.map((round) => round.machine));
  const ceiling = externalCeiling
    ? externalRates(externalCeiling)
    : medianRates(measured.map((round) => round.ceiling));
  return { machine, ceiling, marks: rateMarks(machine, ceiling) };
}

function programNamed(programs: Program[], name: string): Program {
  const program = programs.find((each) => each.name === name);
  if (!program) throw new Error(`The benchmark ${name} is missing.`);
  return program;
}

function medianRates(rates: Rates[]): Rates {
  return {
    bytecodesPerSecond: median(rates.map((each) => each.bytecodesPerSecond)),
    sendsPerSecond: median(rates.map((each) => each.sendsPerSecond)),
  };
}

function rateMarks(machine: Rates, ceiling: Rates): Mark[] {
  const compare = (name: string, key: keyof Rates, goal: number): Mark => ({
    name,
    value: machine[key] / ceiling[key],
    unit: "of the bare interpreter",
    goal,
    isMinimum: true,
    detail: `${(machine[key] / 1e6).toFixed(1)} M of ${(ceiling[key] / 1e6).toFixed(1)} M a second`,
  });
  return [compare("bytecodes", "bytecodesPerSecond", 0.6), compare("sends", "sendsPerSecond", 0.5)];
}

/** A command's start, evaluation and end beside those of an empty program of Node, by turns. */
export function measureStart(): Mark {
  const command = join(distFolder, "gondola.js");
  const own: number[] = [];
  const bare: number[] = [];
  for (let start = 0; start < STARTS; start++) {
    own.push(wallTimeMs([command, "eval", "3 + 4"], "7\n"));
    bare.push(wallTimeMs(["-e", "0"], ""));
  }
  return {
    name: "start-up",
    value: median(own) / median(bare),
    unit: "times that of node -e 0",
    goal: 4,
    isMinimum: false,
    detail: `${median(own).toFixed(0)} ms against ${median(bare).toFixed(0)} ms`,
  };
}

function wallTimeMs(words: string[], expected: string): number {
  const start = performance.now();
  const { stdout } = spawnSync(process.execPath, words, { encoding: "utf8" });
  const time = performance.now() - start;
  if (stdout !== expected) throw new Error(`node ${words.join(" ")} printed ${JSON.stringify(stdout)}.`);
  return time;
}

export function measureImage(): Mark {
  const value = statSync(defaultImageFile).size / MEBIBYTE;
  return { name: "image", value, unit: "MiB", goal: 3, isMinimum: false };
}

/** With 100 MB alive. A pause is the longest time between two allocations, so it includes whatever else ran then. */
export async function measureCollector(programs: Program[], settings: RunSettings): Promise<Mark[]> {
  const session = await openProgram(programNamed(programs, "collector"), settings);
  const evaluate = async (source: string) => (await session.evaluate(source)) as number;
  const medianOf = async (rounds: number, source: string) => {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) times.push(await evaluate(source));
    return median(times);
  };
  try {
    await session.evaluate("benchmark measure");
    const sizeBefore = await evaluate("benchmark memorySize");
    const pause = await medianOf(3, "benchmark measure. benchmark longestPause");
    const growth = ((await evaluate("benchmark memorySize")) - sizeBefore) / MEBIBYTE;
    const collection = await medianOf(5, "benchmark fullCollection");
    const alive = `${((await evaluate("Smalltalk vmParameterAt: 1")) / MEBIBYTE).toFixed(0)} MiB alive`;
    await session.evaluate("benchmark linkRandomly; fullCollection");
    const randomCollection = await medianOf(5, "benchmark fullCollection");
    await session.evaluate("benchmark linkSmallRandomly; fullCollection");
    const smallCollection = await medianOf(5, "benchmark fullCollection");
    const largeArrayPause = await medianOf(3, "benchmark storeEverywhere. benchmark longestPause");
    return [
      atMost("scavenge pause", pause, "ms", 5, alive),
      atMost("scavenge pause", largeArrayPause, "ms", 5, "beside one array of 100 MB"),
      atMost("full collection", collection, "ms", 150, alive),
      atMost("full collection", randomCollection, "ms", 150, "of objects linked at random"),
      atMost("full collection", smallCollection, "ms", 150, "of objects of 24 bytes linked at random"),
      atMost("growth of memory", growth, "MiB", 1, GROWTH_DETAIL),
    ];
  } finally {
    session.close();
  }
}

function atMost(name: string, value: number, unit: string, goal: number, detail: string): Mark {
  return { name, value, unit, goal, isMinimum: false, detail };
}
