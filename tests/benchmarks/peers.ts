// What other systems take, beside what ours takes. Their figures are from another computer: Node, which ran there and runs
// here, tells how much faster or slower that one is.

import { execFileSync } from "node:child_process";
import type { Mark } from "./mark.ts";
import type { ProgramResult } from "./programs.ts";

/**
 * Milliseconds an iteration after warm-up: the programs of Are We Fast Yet (commit 50e34b17) on the C stack interpreter of
 * OpenSmalltalk (2019, 32-bit), a 2-core virtual machine, single figures good to about 40 %. Ours have the same inner
 * iterations. Json is not here: its text is the suite's own.
 */
const STACK_INTERPRETER_MS: Record<string, number> = {
  ...{ sieve: 42.4, queens: 55.7, permute: 58.7, towers: 97.2, list: 84.6, bounce: 59.0, storage: 46.0 },
  ...{ mandelbrot: 997, nbody: 1712, richards: 293, deltablue: 28.5 },
};
/** The same on Cog, its compiler to machine code. */
const COG_MS: Record<string, number> = {
  ...{ sieve: 11.2, queens: 14.8, permute: 14.6, towers: 13.8, list: 14.6, bounce: 11.3, storage: 9.19 },
  ...{ mandelbrot: 204, nbody: 356, richards: 45.5, deltablue: 9.94 },
};
/** Round trips a second of two processes and two semaphores on that interpreter, and forks on Squeak 4.10's: the best ones. */
const PING_PONG_RATE = 12.8e6;
const FORK_RATE = 1.22e6;

/** Calls a second of recursive benchFib on that computer: Node 20 with its compiler (440 to 462 M) and with --jitless. */
const COMPILED_RATE = 451e6;
const INTERPRETED_RATE = 51e6;
const BENCH_FIB = `
  const fib = (n) => (n < 2 ? 1 : fib(n - 1) + fib(n - 2) + 1);
  let best = 0;
  for (let run = 0; run < 8; run++) {
    const start = performance.now();
    const calls = fib(Number(process.argv[1]));
    best = Math.max(best, (calls / (performance.now() - start)) * 1000);
  }
  console.log(best);`;

/** How many times faster this computer is than the one of the figures. */
function relativeSpeed(): number {
  const rate = (depth: number, ...options: string[]) =>
    Number(
      execFileSync(process.execPath, [...options, "-e", BENCH_FIB, String(depth)], {
        stdio: ["ignore", "pipe", "ignore"],
      }),
    );
  return Math.sqrt((rate(35) / COMPILED_RATE) * (rate(28, "--jitless") / INTERPRETED_RATE));
}

/** Our programs beside those figures, as this computer's speed puts them; none of a program that did not run. */
export function peerMarks(interpreted: ProgramResult[], translated: ProgramResult[]): Mark[] {
  const speed = relativeSpeed();
  return [
    ...programMarks("OpenSmalltalk's stack", "times its interpreter's time", interpreted, STACK_INTERPRETER_MS, speed),
    ...programMarks("OpenSmalltalk's Cog", "times its compiled code's time", translated, COG_MS, speed),
    ...processMarks(translated, speed),
  ];
}

function programMarks(
  name: string,
  unit: string,
  results: ProgramResult[],
  theirMs: Record<string, number>,
  speed: number,
): Mark[] {
  const ratios = results.flatMap((result) => (result.name in theirMs ? [result.medianMs / theirMs[result.name]] : []));
  if (ratios.length < Object.keys(theirMs).length) return [];
  const mean = Math.exp(ratios.map(Math.log).reduce((sum, each) => sum + each, 0) / ratios.length);
  const slowest = (Math.max(...ratios) * speed).toFixed(2);
  return [
    {
      name,
      value: mean * speed,
      unit,
      goal: 1,
      isMinimum: false,
      detail: `geometric mean of ${ratios.length} programs, the slowest ${slowest}; ${asMeasured(mean.toFixed(2), speed)}`,
    },
  ];
}

function processMarks(results: ProgramResult[], speed: number): Mark[] {
  const mark = (name: string, program: string, goal: number): Mark[] =>
    results
      .filter((result) => result.name === program)
      .map(({ operationsPerSecond = 0 }) => ({
        name,
        value: operationsPerSecond / speed / 1e6,
        unit: "M a second",
        goal: goal / 1e6,
        isMinimum: true,
        detail: asMeasured((operationsPerSecond / 1e6).toFixed(2), speed),
      }));
  return [...mark("ping-pong round trips", "pingpong", PING_PONG_RATE), ...mark("forks", "fork", FORK_RATE)];
}

function asMeasured(figure: string, speed: number): string {
  return `${figure} as measured: this computer makes ${speed.toFixed(2)} of the speed of that one`;
}
