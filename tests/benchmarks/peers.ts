// What another system takes for the programs of Are We Fast Yet, beside our own versions of them with the same inner
// iterations.

import type { Mark } from "./mark.ts";
import type { ProgramResult } from "./programs.ts";

/**
 * Milliseconds an iteration after warm-up: the suite's programs (commit 50e34b17) on the C stack interpreter of OpenSmalltalk
 * (2019, 32-bit), a 2-core virtual machine, single figures good to about 40 %. Json is not here: its text is the suite's own.
 */
const STACK_INTERPRETER_MS: Record<string, number> = {
  ...{ sieve: 42.4, queens: 55.7, permute: 58.7, towers: 97.2, list: 84.6, bounce: 59.0, storage: 46.0 },
  ...{ mandelbrot: 997, nbody: 1712, richards: 293, deltablue: 28.5 },
};

/** The geometric mean of the ratios; none when a program is missing. */
export function peerMarks(results: ProgramResult[]): Mark[] {
  const ratios = results.flatMap(({ name, medianMs }) =>
    name in STACK_INTERPRETER_MS ? [medianMs / STACK_INTERPRETER_MS[name]] : [],
  );
  if (ratios.length < Object.keys(STACK_INTERPRETER_MS).length) return [];
  const logarithms = ratios.map(Math.log);
  const value = Math.exp(logarithms.reduce((sum, each) => sum + each, 0) / ratios.length);
  const slowest = Math.max(...ratios).toFixed(2);
  return [
    {
      name: "OpenSmalltalk's stack",
      value,
      unit: "times its interpreter's time",
      goal: 1,
      isMinimum: false,
      detail: `geometric mean of ${ratios.length} programs, the slowest ${slowest}; another computer's figures`,
    },
  ];
}
