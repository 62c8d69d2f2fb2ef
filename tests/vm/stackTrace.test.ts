// The stack that a failing machine writes about itself: the same lines on both engines, wherever it is interrupted.

import { describe, expect, it } from "vitest";
import { buildHeap } from "../../image/bootstrap/build.ts";
import { SYSTEM_PACKAGES } from "../../image/bootstrap/packages.ts";
import { compileEngine } from "../../platform/node/compileEngine.ts";
import { type EngineName, instantiate } from "../../platform/node/engine.ts";
import { OLD_SPACE_START } from "../../vm/layout.ts";
import { STOP_BUDGET } from "../../vm/stop.ts";

const SLICE_TICKS = 20_011;
const ACTIVATION = /^ {4}(\[\] in )?[A-Z]\w*( class)?(\([A-Z]\w*( class)?\))?>>\S+$/;

/** The stacks of a bootstrap, taken after each slice. */
async function stacksOn(engine: EngineName): Promise<string[]> {
  const image = buildHeap({ packages: SYSTEM_PACKAGES });
  let microseconds = 0;
  let text = "";
  const machine = instantiate(await compileEngine(engine), (memory) => ({
    hostUtcMicroseconds: () => (microseconds += 10),
    hostMonotonicMicroseconds: () => (microseconds += 10),
    hostTimeZoneMinutes: () => 0,
    hostRandomBytes: () => {},
    hostWrite: (stream, address, count) => {
      if (stream === 2) text += Buffer.from(memory().slice(address, address + count)).toString();
      return count;
    },
    hostRead: () => -1,
    hostFatal: () => {},
  }));
  machine.initialize(0x8000000);
  machine.reserveHeap(image.heap.length);
  machine.memory().set(image.heap, OLD_SPACE_START);
  machine.loadHeap(image.heap.length, image.specialObjectsOop, image.hashSeed);
  const stacks: string[] = [];
  while (machine.interpret(SLICE_TICKS) === STOP_BUDGET && stacks.length < 30) {
    text = "";
    machine.reportStack();
    stacks.push(text);
  }
  return stacks;
}

describe("the stack of a machine that failed", () => {
  it("names receivers, classes and selectors, the same on both engines", async () => {
    const stacks = await stacksOn("wasm");
    expect(stacks.length).toBeGreaterThan(3);
    for (const stack of stacks) {
      const lines = stack.trimEnd().split("\n");
      expect(lines.filter((line) => !ACTIVATION.test(line))).toEqual([]);
      expect(lines.at(-1)).toBe("    Bootstrap class>>start");
    }
    expect(await stacksOn("ts")).toEqual(stacks);
  });
});
