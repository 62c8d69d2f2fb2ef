// The two engines run the same image side by side; after each slice their whole memories must be the same, byte for byte.
// What the first difference is, the failure says.

import { describe, expect, it } from "vitest";
import { buildHeap } from "../../image/bootstrap/build.ts";
import { SYSTEM_PACKAGES } from "../../image/bootstrap/packages.ts";
import type { Machine } from "../../platform/node/engine.ts";
import { STOP_BUDGET, STOP_IDLE } from "../../vm/stop.ts";
import { lockstepMachine, SLICE_TICKS, SLICES } from "../support/lockstepMachine.ts";

function firstDifference(a: Machine, b: Machine): string | undefined {
  const end = a.getHeapEnd();
  if (b.getHeapEnd() !== end) return `heap ends at ${end.toString(16)} and ${b.getHeapEnd().toString(16)}`;
  const left = a.memory().subarray(0, end);
  const right = b.memory().subarray(0, end);
  if (Buffer.compare(left, right) === 0) return undefined;
  const index = left.findIndex((value, at) => value !== right[at]);
  return `first difference at 0x${index.toString(16)}: ${left[index]} and ${right[index]}`;
}

describe("two engines in lockstep", () => {
  it("have the same memory after every slice of the bootstrap", async () => {
    const image = buildHeap({ packages: SYSTEM_PACKAGES });
    const wasm = await lockstepMachine("wasm", image);
    const ts = await lockstepMachine("ts", image);
    for (let slice = 0; slice < SLICES; slice++) {
      const reason = wasm.interpret(SLICE_TICKS);
      expect(ts.interpret(SLICE_TICKS)).toBe(reason);
      expect(firstDifference(wasm, ts), `slice ${slice}`).toBe(undefined);
      if (reason !== STOP_BUDGET && reason !== STOP_IDLE) return;
    }
  });
});
