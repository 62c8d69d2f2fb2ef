// What happens between two bytecodes: garbage collection, signals that wait, the timer. `interpret` comes here when its
// ticks run out, which requestCheck brings about early.

import { storeSlot } from "./allocation.ts";
import { collectAtSafepoint, takePendingFinalization, takePendingLowSpace } from "./collector.ts";
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
import { deferredTicks, framePointer, setTicks, specialObjects } from "./state.ts";
import { STOP_BUDGET, STOP_IDLE } from "./stop.ts";

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

/** Answers a STOP number when `interpret` shall return, -1 when it shall reload its registers and go on. */
export function atSafepoint(): i32 {
  const remaining: i32 = deferredTicks;
  saveActivePage();
  collectAtSafepoint();
  if (takePendingFinalization()) signalSpecial(SPECIAL_FINALIZATION_SEMAPHORE);
  if (takePendingLowSpace()) signalInterrupting(SPECIAL_LOW_SPACE_SEMAPHORE);
  if (takePendingRecursion()) signalInterrupting(SPECIAL_RECURSION_SEMAPHORE);
  setTicks(remaining);
  if (stopReason >= 0) return stopReason;
  if (framePointer == 0) return STOP_IDLE;
  return remaining > 0 ? -1 : STOP_BUDGET;
}
