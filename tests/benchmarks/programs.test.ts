import { describe, expect, test } from "vitest";
import type { EngineName } from "../../platform/node/engine.ts";
import { openProgram, readPrograms } from "./programs.ts";

const programs = readPrograms();
const TIMEOUT_MS = 120_000;
/** What takes seconds on engine `ts` is left to engine `wasm`. */
const SLOW = ["collector", "fork", "mandelbrot", "nbody", "pingpong", "richards", "list"];

/** A program checks its result itself: a wrong one is an error of the image. */
async function run(name: string, engine: EngineName): Promise<unknown> {
  const program = programs.find((each) => each.name === name);
  if (!program) throw new Error(`there is no program ${name}`);
  const session = await openProgram(program, { engine, runs: 1 });
  try {
    return await session.evaluate("benchmark measure");
  } finally {
    session.close();
  }
}

test("every file but the common one holds a program", () => {
  expect(programs.map(({ name }) => name)).toEqual(expect.arrayContaining(["queens", "richards", "json", "fib"]));
});

describe("a program answers what it must", () => {
  const names = programs.map(({ name }) => name);
  test.each(names)(
    "%s on engine wasm",
    async (name) => {
      expect(await run(name, "wasm")).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
  test.each(names.filter((name) => !SLOW.includes(name)))(
    "%s on engine ts",
    async (name) => {
      expect(await run(name, "ts")).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});
