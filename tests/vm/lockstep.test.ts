// The two engines run the same image side by side; after each slice their whole memories must be the same, byte for byte.
// What the first difference is, the failure says.

import { describe, expect, it } from "vitest";
import { buildHeap } from "../../image/bootstrap/build.ts";
import { SYSTEM_PACKAGES } from "../../image/bootstrap/packages.ts";
import { compileEngine } from "../../platform/node/compileEngine.ts";
import { type EngineName, instantiate, type Machine } from "../../platform/node/engine.ts";
import { OLD_SPACE_START } from "../../vm/layout.ts";
import { STOP_BUDGET, STOP_IDLE } from "../../vm/stop.ts";

const SLICE_TICKS = 50_021;
const SLICES = 40;
const MEMORY_LIMIT = 0x8000000;

/** A host in which time passes by 10 µs a question, and every byte is the next one. */
async function machineOn(engine: EngineName, image: ReturnType<typeof buildHeap>): Promise<Machine> {
  let microseconds = 0;
  let byte = 0;
  const machine = instantiate(await compileEngine(engine), (memory) => ({
    hostUtcMicroseconds: () => (microseconds += 10),
    hostMonotonicMicroseconds: () => (microseconds += 10),
    hostTimeZoneMinutes: () => 60,
    hostRandomBytes: (address, count) => {
      for (let index = 0; index < count; index++) memory()[address + index] = byte++;
    },
    hostWrite: (_stream, _address, count) => count,
    hostRead: () => 0,
    hostFatal: (reason, detail) => {
      throw new Error(`fatal ${reason} ${detail}`);
    },
  }));
  machine.initialize(MEMORY_LIMIT);
  machine.reserveHeap(image.heap.length);
  machine.memory().set(image.heap, OLD_SPACE_START);
  machine.loadHeap(image.heap.length, image.specialObjectsOop, image.hashSeed);
  return machine;
}

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
    const wasm = await machineOn("wasm", image);
    const ts = await machineOn("ts", image);
    for (let slice = 0; slice < SLICES; slice++) {
      const reason = wasm.interpret(SLICE_TICKS);
      expect(ts.interpret(SLICE_TICKS)).toBe(reason);
      expect(firstDifference(wasm, ts), `slice ${slice}`).toBe(undefined);
      if (reason !== STOP_BUDGET && reason !== STOP_IDLE) return;
    }
  });
});
