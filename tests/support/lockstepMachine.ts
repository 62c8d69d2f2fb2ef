// Machines that see the same events, so that their engines can be compared step by step.

import type { ImageContent } from "../../image/file.ts";
import { compileEngine } from "../../platform/node/compileEngine.ts";
import { type EngineName, instantiate, type Machine } from "../../platform/node/engine.ts";
import { OLD_SPACE_START } from "../../vm/layout.ts";

/** How far a comparison goes, in slices of so many ticks. */
export const SLICE_TICKS = 50_021;
export const SLICES = 40;
type Heap = Pick<ImageContent, "heap" | "specialObjectsOop" | "hashSeed">;

/** As in platform/guest/native/lockstep.c. */
const MEMORY_LIMIT = 0x8000000;

/** A machine with the image, on a host in which time passes by 10 µs a question, and every random byte is the next one. */
export async function lockstepMachine(engine: EngineName, image: Heap): Promise<Machine> {
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
