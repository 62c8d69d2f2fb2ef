// The machine as its platform sees it: these exports, the imports of host.ts, and linear memory. It never blocks and
// never calls back into the platform except through host.ts.
//
// Life of a machine: initialize; reserveHeap; the platform copies an image's heap to OLD_SPACE_START; loadHeap; then
// interpret again and again, with signal between.

import {
  boxFloat,
  bytesSinceCollection,
  edenFree,
  edenThreshold,
  hashSeed,
  heapEnd,
  initializeMemory,
  loadHeapAt,
  remember,
  reserveHeap,
  spareBytes,
  storeSlot,
} from "./allocation.ts";
import { setStressMode } from "./collector.ts";
import { enterContext, flushAllPages, killContext } from "./contexts.ts";
import { initializePages, stackLimit } from "./frames.ts";
import { takeOver, writeHandOver } from "./handOver.ts";
import { interpret, newArray, newClosure } from "./interpreter.ts";
import { NIL, PROCESS_SUSPENDED_CONTEXT } from "./layout.ts";
import { initializeSlot, slotAt } from "./object.ts";
import { answerSnapshot, exitStatus } from "./primitives/control.ts";
import { activeProcess, forgetReadyPriority, runHighestPriority, signalExternal, suspendActive } from "./process.ts";
import { wakeMicroseconds } from "./safepoint.ts";
import { collectForSnapshot } from "./snapshot.ts";
import { writeStack } from "./stackTrace.ts";
import { framePointer, setFramePointer, setSpecialObjects, specialObjects, ticks } from "./state.ts";
import {
  activateClosureOnFreshPage,
  activateOnFreshPage,
  classOf,
  continueLoop,
  leaveTranslation,
  storeElement,
  translatedSend,
  translatedSpecialSend,
  translatedSuperSend,
} from "./translatedSend.ts";
import { forgetTranslations, setTranslating } from "./translation.ts";

// For translations (translation.ts).
export {
  activateClosureOnFreshPage,
  activateOnFreshPage,
  boxFloat,
  bytesSinceCollection,
  classOf,
  continueLoop,
  edenFree,
  edenThreshold,
  interpret,
  killContext,
  leaveTranslation,
  newArray,
  newClosure,
  remember,
  reserveHeap,
  setStressMode,
  setTranslating,
  spareBytes,
  stackLimit,
  storeElement,
  storeSlot,
  takeOver,
  ticks,
  translatedSend,
  translatedSpecialSend,
  translatedSuperSend,
};

/** End of the heap: an image is the bytes from OLD_SPACE_START up to here. */
export function getHeapEnd(): i32 {
  return heapEnd();
}
/** State of the generator of identity hashes, which goes with an image. */
export function getHashSeed(): i32 {
  return hashSeed;
}
export function getSpecialObjects(): i32 {
  return specialObjects;
}
/** When an idle machine must be entered again, in monotonic microseconds; negative: only after a signal. */
export function getWakeMicroseconds(): f64 {
  return wakeMicroseconds;
}
/** What the image gave to quit. */
export function getExitStatus(): i32 {
  return exitStatus;
}

/** Prepares an empty machine that may use `memoryLimit` bytes of linear memory. */
export function initialize(memoryLimit: i32): void {
  initializeMemory(memoryLimit);
  initializePages();
}

/**
 * Takes over the heap that was copied to OLD_SPACE_START. The process that took the snapshot goes on first; every other
 * one stands where it stood. False when the heap cannot be one.
 */
export function loadHeap(size: i32, specialObjectsOop: i32, seed: i32): boolean {
  if (!loadHeapAt(size, seed)) return false;
  setSpecialObjects(specialObjectsOop);
  forgetTranslations();
  setFramePointer(0);
  forgetReadyPriority();
  continueActiveProcess();
  return true;
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

/**
 * Between two calls of interpret: packs everything that another machine needs to go on, namely the heap as for a snapshot
 * and HAND_OVER_SIZE bytes of the transfer buffer. That one calls loadHeap and then takeOver; this one can, too, when
 * nothing came of it.
 */
export function handOver(): void {
  suspendActive();
  prepareSnapshot();
  writeHandOver();
}

/** For a host that must break off: whether anything runs. */
export function isRunning(): boolean {
  return framePointer != 0;
}

/** Puts the running process to sleep as if it had been preempted, so that the heap can be examined. */
export function suspendRunning(): void {
  suspendActive();
}

/** For the report of a machine that failed: writes the stack of the running process to the stream of errors. */
export function reportStack(): void {
  writeStack();
}
