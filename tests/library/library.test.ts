// The class library's own tests and the examples in its method comments, on both engines.

import { expect, test } from "vitest";
import { gondola } from "../support/gondola.ts";

const LEAST_TESTS = 500;

const MACHINES = [["wasm"], ["wasm", "--translate-after", "10"], ["ts"]];

test.each(MACHINES)(
  "all SUnit tests and examples pass on engine %s %s %s",
  { timeout: 240_000 },
  async (...options) => {
    const { status, output } = await gondola(["test", "--engine", ...options], { limitMs: 240_000 });
    const [, passed, failed] = /(\d+) passed, (\d+) failed/.exec(output) ?? [];
    expect(Number(failed), output).toBe(0);
    expect(Number(passed)).toBeGreaterThan(LEAST_TESTS);
    expect(status).toBe(0);
  },
);
