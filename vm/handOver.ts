// Handing an image over to another machine while it runs. WebAssembly memory cannot shrink, so a platform that wants memory
// back makes a new machine with a small one and copies the heap. What a machine knows beyond its heap goes along as a few
// words in the transfer buffer:
//
//   +0  when the timer is due (f64)   +8  memory limit   +12  low-space threshold   +16  stress interval
//   +20 scavenges so far   +24 full collections so far   +28 what the image is still to be told of: bit 0 finalization,
//   bit 1 deep recursion
//
// That space is low need not be told: handing over collects everything, and the new machine finds out by itself.

import { lowSpaceThreshold, memoryLimit, setLowSpaceThreshold, setMemoryLimit, stressInterval } from "./allocation.ts";
import { fullCollectionCount, setFullCollectionCount, setStressMode, takePendingFinalization } from "./collector.ts";
import { SPECIAL_FINALIZATION_SEMAPHORE, TRANSFER_BUFFER } from "./layout.ts";
import { load32, loadFloat, store32, storeFloat } from "./memory.ts";
import { noticeRecursion, signalSpecial, takePendingRecursion } from "./process.ts";
import { setWakeMicroseconds, wakeMicroseconds } from "./safepoint.ts";
import { scavengeCount, setScavengeCount } from "./scavenger.ts";

const FINALIZATION: i32 = 1;
const RECURSION: i32 = 2;

/** Writes the words. What the image is to be told is taken out of this machine. */
export function writeHandOver(): void {
  let pending: i32 = takePendingFinalization() ? FINALIZATION : 0;
  if (takePendingRecursion()) pending |= RECURSION;
  storeFloat(TRANSFER_BUFFER, wakeMicroseconds);
  store32(TRANSFER_BUFFER + 8, memoryLimit);
  store32(TRANSFER_BUFFER + 12, lowSpaceThreshold);
  store32(TRANSFER_BUFFER + 16, stressInterval);
  store32(TRANSFER_BUFFER + 20, scavengeCount);
  store32(TRANSFER_BUFFER + 24, fullCollectionCount);
  store32(TRANSFER_BUFFER + 28, pending);
}

/** After loadHeap: goes on where another machine handed over. */
export function takeOver(): void {
  const pending: i32 = load32(TRANSFER_BUFFER + 28);
  setWakeMicroseconds(loadFloat(TRANSFER_BUFFER));
  setMemoryLimit(load32(TRANSFER_BUFFER + 8));
  setLowSpaceThreshold(load32(TRANSFER_BUFFER + 12));
  setStressMode(load32(TRANSFER_BUFFER + 16));
  setScavengeCount(load32(TRANSFER_BUFFER + 20));
  setFullCollectionCount(load32(TRANSFER_BUFFER + 24));
  if ((pending & FINALIZATION) != 0) signalSpecial(SPECIAL_FINALIZATION_SEMAPHORE);
  if ((pending & RECURSION) != 0) noticeRecursion();
}
