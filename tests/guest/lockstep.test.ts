// The same image on all three engines, `native` as a Linux process: after every slice they have stopped for the same reason,
// with the same memory.

import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { buildHeap } from "../../image/bootstrap/build.ts";
import { SYSTEM_PACKAGES } from "../../image/bootstrap/packages.ts";
import { crc32 } from "../../image/crc32.ts";
import { encodeImage, type ImageContent, readImageFile } from "../../image/file.ts";
import { buildLockstep, missingPackages } from "../../platform/guest/build.ts";
import type { EngineName } from "../../platform/node/engine.ts";
import { STOP_BUDGET, STOP_IDLE } from "../../vm/stop.ts";
import { writeScratch } from "../support/gondola.ts";
import { lockstepMachine, SLICE_TICKS, SLICES } from "../support/lockstepMachine.ts";
import { defaultImage } from "./guestMachine.ts";

const PAGE_SIZE = 0x1000;

const missing = missingPackages();
const obstacle = missing.length > 0 ? `(skipped, for want of ${missing.join(", ")})` : "";

/** What native/lockstep.c prints. */
async function traceOn(engine: EngineName, image: ImageContent): Promise<string[]> {
  const machine = await lockstepMachine(engine, image);
  const lines: string[] = [];
  for (let reason = STOP_BUDGET; lines.length < SLICES && (reason === STOP_BUDGET || reason === STOP_IDLE); ) {
    reason = machine.interpret(SLICE_TICKS);
    const end = machine.getHeapEnd();
    const hash = crc32(machine.memory().subarray(PAGE_SIZE, end)).toString(16).padStart(8, "0");
    lines.push(`${reason} ${end} ${hash}`);
  }
  return lines;
}

async function traceOnNative(image: ImageContent): Promise<string[]> {
  const file = writeScratch("lockstep.image", encodeImage(image));
  const output = execFileSync(await buildLockstep(), [file, String(SLICE_TICKS), String(SLICES)]);
  return output.toString().trimEnd().split("\n");
}

describe.skipIf(obstacle)(`three engines in lockstep ${obstacle}`, () => {
  const images: [name: string, make: () => ImageContent][] = [
    ["a bootstrap", () => ({ ...buildHeap({ packages: SYSTEM_PACKAGES }), flags: 0, savedAtMs: 0, creator: "test" })],
    ["the start of an image", () => readImageFile(defaultImage)],
  ];
  it.each(images)("have the same memory after every slice of %s", async (_name, make) => {
    const image = make();
    const native = await traceOnNative(image);
    expect(native).toEqual(await traceOn("wasm", image));
    expect(native).toEqual(await traceOn("ts", image));
    expect(native.length).toBeGreaterThan(1);
  });
});
