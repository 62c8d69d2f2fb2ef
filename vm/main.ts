// The machine as its platform sees it: these exports, the imports of host.ts, and linear memory. It never blocks and
// never calls back into the platform except through host.ts.
//
// Life of a machine: initialize; reserveHeap; the platform copies an image's heap to OLD_SPACE_START; loadHeap; then
// interpret again and again, with signal between.

import { initializeMemory, loadHeapAt } from "./allocation.ts";
import { flushAllPages, enterContext } from "./contexts.ts";
import { framePointer, setFramePointer, setSpecialObjects } from "./state.ts";
import { initializePages } from "./frames.ts";
import { NIL, PROCESS_SUSPENDED_CONTEXT } from "./layout.ts";
import { initializeSlot, slotAt } from "./object.ts";
import { answerSnapshot } from "./primitives/control.ts";
import { activeProcess, runHighestPriority, signalExternal, suspendActive } from "./process.ts";
import { collectForSnapshot } from "./snapshot.ts";

export { hashSeed, heapEnd, reserveHeap } from "./allocation.ts";
export { interpret } from "./interpreter.ts";
export { exitStatus } from "./primitives/control.ts";
export { wakeMicroseconds } from "./safepoint.ts";
export { specialObjects } from "./state.ts";
export { setStressMode } from "./collector.ts";

/** Prepares an empty machine that may use `memoryLimit` bytes of linear memory. */
export function initialize(memoryLimit: i32): void {
  initializeMemory(memoryLimit);
  initializePages();
}

/**
 * Takes over the heap that was copied to OLD_SPACE_START. The process that took the snapshot goes on first; every other
 * one stands where it stood.
 */
export function loadHeap(size: i32, specialObjectsOop: i32, seed: i32): void {
  loadHeapAt(size, seed);
  setSpecialObjects(specialObjectsOop);
  setFramePointer(0);
  continueActiveProcess();
}

function continueActiveProcess(): void {
  const process: i32 = activeProcess();
  if (process == NIL) {
    runHighestPriority();
    return;
  }
  const context: i32 = slotAt(process, PROCESS_SUSPENDED_CONTEXT);
  initializeSlot(process, PROCESS_SUSPENDED_CONTEXT, NIL);
  enterContext(context);
}

/** An event: the Semaphore registered at `index` is signalled. Only between two calls of interpret. */
export function signal(index: i32): void {
  signalExternal(index);
}

/**
 * After STOP_SNAPSHOT: writes all frames to Contexts and packs the heap, so that the bytes from OLD_SPACE_START to
 * heapEnd() are the image.
 */
export function prepareSnapshot(): void {
  flushAllPages();
  collectForSnapshot();
}

/** The snapshot was saved, or was not: the image goes on and learns which. */
export function finishSnapshot(succeeded: boolean): void {
  continueActiveProcess();
  answerSnapshot(succeeded);
}

/** For a host that must break off: whether anything runs. */
export function isRunning(): boolean {
  return framePointer != 0;
}

/** Puts the running process to sleep as if it had been preempted, so that the heap can be examined. */
export function suspendRunning(): void {
  suspendActive();
}
