// What happens between two bytecodes: garbage collection, signals that wait, the timer. `interpret` comes here when its
// ticks run out, which requestCheck brings about early.

import { isReserveRunningOut, storeSlot } from "./allocation.ts";
import { collectAtSafepoint, fullCollect, takePendingFinalization, takePendingLowSpace } from "./collector.ts";
import { fatalReason } from "./fatal.ts";
import { saveActivePage } from "./frames.ts";
import { hostMonotonicMicroseconds } from "./host.ts";
import {
  SPECIAL_FINALIZATION_SEMAPHORE,
  SPECIAL_INTERRUPTED_PROCESS,
  SPECIAL_LOW_SPACE_SEMAPHORE,
  SPECIAL_RECURSION_SEMAPHORE,
  SPECIAL_TIMER_SEMAPHORE,
} from "./layout.ts";
import { activeProcess, signalSpecial, stopReason, takePendingRecursion } from "./process.ts";
import { deferredTicks, framePointer, setTicks, specialObjects, ticks } from "./state.ts";
import { STOP_BUDGET, STOP_FATAL, STOP_IDLE } from "./stop.ts";
import { makeRoomForTranslations } from "./translation.ts";
import { endRunawayProcess } from "./unwind.ts";

/** When the timer semaphore is due, in monotonic microseconds; negative: never. */
export let wakeMicroseconds: f64 = -1.0;

export function setWakeMicroseconds(time: f64): void {
  wakeMicroseconds = time;
}

/** Signals the timer semaphore when its time has come. */
export function noticeTime(): void {
  if (wakeMicroseconds < 0.0 || hostMonotonicMicroseconds() < wakeMicroseconds) return;
  wakeMicroseconds = -1.0;
  signalSpecial(SPECIAL_TIMER_SEMAPHORE);
}

function signalInterrupting(semaphoreIndex: i32): void {
  storeSlot(specialObjects, SPECIAL_INTERRUPTED_PROCESS, activeProcess());
  signalSpecial(semaphoreIndex);
}

/** Memory is nearly used up. If the running stack is the cause, the image learns whose it was when it is gone. */
function endRunaway(): void {
  const process: i32 = activeProcess();
  if (!endRunawayProcess()) return;
  storeSlot(specialObjects, SPECIAL_INTERRUPTED_PROCESS, process);
  fullCollect();
  takePendingLowSpace();
  signalSpecial(SPECIAL_LOW_SPACE_SEMAPHORE);
}

/** A translation has left: as atSafepoint, which it may have left for. */
export function atEndOfTranslation(): i32 {
  if (fatalReason != 0) return STOP_FATAL;
  if (stopReason >= 0) return stopReason;
  if (framePointer == 0) return STOP_IDLE;
  return ticks < 0 ? atSafepoint() : -1;
}

/** Answers a STOP number when `interpret` shall return, -1 when it shall reload its registers and go on. */
export function atSafepoint(): i32 {
  saveActivePage();
  makeRoomForTranslations();
  collectAtSafepoint();
  if (isReserveRunningOut()) endRunaway();
  const remaining: i32 = deferredTicks;
  if (takePendingFinalization()) signalSpecial(SPECIAL_FINALIZATION_SEMAPHORE);
  if (takePendingLowSpace()) signalInterrupting(SPECIAL_LOW_SPACE_SEMAPHORE);
  if (takePendingRecursion()) signalInterrupting(SPECIAL_RECURSION_SEMAPHORE);
  setTicks(remaining);
  if (stopReason >= 0) return stopReason;
  if (framePointer == 0) return STOP_IDLE;
  return remaining > 0 ? -1 : STOP_BUDGET;
}
