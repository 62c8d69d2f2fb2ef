// Primitives that change what runs: sends, blocks, processes, semaphores, timers, snapshot and quit.

import { classAt, identityHashOf, isBehavior, storeSlot } from "../allocation.ts";
import { argumentCountOf } from "../compiledCode.ts";
import { closureTakes, isContext, isDead } from "../contexts.ts";
import {
  BLOCK_CLOSURE_CLASS_INDEX,
  COMPILED_METHOD_CLASS_INDEX,
  FALSE,
  FORMAT_ARRAY,
  MUTEX_OWNER,
  NIL,
  PROCESS_LIST,
  PROCESS_SUSPENDED_CONTEXT,
  SPECIAL_TIMER_SEMAPHORE,
  TRUE,
} from "../layout.ts";
import { flushMethodCache, lookupMethod } from "../lookup.ts";
import { store32 } from "../memory.ts";
import {
  classIndexOf,
  formatOf,
  isImmediate,
  isInstanceOf,
  isSmallInteger,
  slotAt,
  slotCountOf,
  untagInteger,
} from "../object.ts";
import {
  activeProcess,
  isMutex,
  isProcess,
  isSemaphore,
  leaveMutex,
  removeFromList,
  requestStop,
  resumeProcess,
  runHighestPriority,
  signalSemaphore,
  suspendActive,
  waitInList,
  waitOn,
  yieldActive,
} from "../process.ts";
import { setWakeMicroseconds } from "../safepoint.ts";
import { activateClosure, executeMethod, sendMessage, sendToClass } from "../send.ts";
import { answer, framePointer, push, setStackPointer, specialObjects, stackPointer, stackValue } from "../state.ts";
import { STOP_HALTED, STOP_IDLE, STOP_SNAPSHOT } from "../stop.ts";
import { forgetSites } from "../translation.ts";
import { integerToFloat, isInteger } from "./largeInteger.ts";

export let exitStatus: i32 = 0;

/** Most arguments that perform: and valueWithArguments: take, so that they surely fit a page. */
const MOST_ARGUMENTS: i32 = 15;

// --- Sends ---

/** perform: and its forms with arguments: the selector lies below `argumentCount - 1` arguments. */
export function perform(argumentCount: i32): boolean {
  const selector: i32 = stackValue(argumentCount - 1);
  const receiver: i32 = stackValue(argumentCount);
  const method: i32 = lookupMethod(classOf(receiver), selector);
  if (method != 0 && argumentCountOf(method) != argumentCount - 1) return false;
  for (let offset: i32 = argumentCount - 1; offset > 0; offset--) {
    store32(stackPointer + (offset << 2), stackValue(offset - 1));
  }
  setStackPointer(stackPointer + 4);
  sendMessage(selector, argumentCount - 1);
  return true;
}

function classOf(oop: i32): i32 {
  return classAt(classIndexOf(oop));
}

function pushElements(array: i32): void {
  const count: i32 = slotCountOf(array);
  for (let index: i32 = 0; index < count; index++) push(slotAt(array, index));
}

/** An Array, or an instance of a subclass that adds no variables. */
function isArgumentArray(oop: i32): boolean {
  return !isImmediate(oop) && formatOf(oop) == FORMAT_ARRAY && slotCountOf(oop) <= MOST_ARGUMENTS;
}

export function performWithArguments(): boolean {
  const array: i32 = stackValue(0);
  const selector: i32 = stackValue(1);
  if (!isArgumentArray(array)) return false;
  const method: i32 = lookupMethod(classOf(stackValue(2)), selector);
  if (method != 0 && argumentCountOf(method) != slotCountOf(array)) return false;
  setStackPointer(stackPointer + 8);
  pushElements(array);
  sendMessage(selector, slotCountOf(array));
  return true;
}

export function performInSuperclass(): boolean {
  const behavior: i32 = stackValue(0);
  const array: i32 = stackValue(1);
  const selector: i32 = stackValue(2);
  if (!isArgumentArray(array) || isImmediate(behavior) || !isBehavior(behavior)) return false;
  const method: i32 = lookupMethod(behavior, selector);
  if (method == 0 || argumentCountOf(method) != slotCountOf(array)) return false;
  setStackPointer(stackPointer + 12);
  pushElements(array);
  sendToClass(selector, slotCountOf(array), identityHashOf(behavior));
  return true;
}

export function executeMethodWithArguments(): boolean {
  const method: i32 = stackValue(0);
  const array: i32 = stackValue(1);
  if (!isArgumentArray(array) || !isInstanceOf(method, COMPILED_METHOD_CLASS_INDEX)) return false;
  if (argumentCountOf(method) != slotCountOf(array)) return false;
  setStackPointer(stackPointer + 8);
  pushElements(array);
  executeMethod(method, slotCountOf(array));
  return true;
}

export function flushCache(): boolean {
  flushMethodCache();
  forgetSites();
  return true;
}

// --- Blocks ---

export function closureValue(argumentCount: i32): boolean {
  const closure: i32 = stackValue(argumentCount);
  if (!isInstanceOf(closure, BLOCK_CLOSURE_CLASS_INDEX) || !closureTakes(closure, argumentCount)) return false;
  activateClosure(closure, argumentCount);
  return true;
}

export function closureValueWithArguments(): boolean {
  const array: i32 = stackValue(0);
  const closure: i32 = stackValue(1);
  if (!isArgumentArray(array) || !isInstanceOf(closure, BLOCK_CLOSURE_CLASS_INDEX)) return false;
  const count: i32 = slotCountOf(array);
  if (!closureTakes(closure, count)) return false;
  setStackPointer(stackPointer + 4);
  pushElements(array);
  activateClosure(closure, count);
  return true;
}

// --- Processes ---

export function semaphoreSignal(): boolean {
  if (!isSemaphore(stackValue(0))) return false;
  signalSemaphore(stackValue(0));
  return true;
}

export function semaphoreWait(): boolean {
  if (!isSemaphore(stackValue(0))) return false;
  waitOn(stackValue(0));
  return true;
}

export function processResume(): boolean {
  const process: i32 = stackValue(0);
  if (!isProcess(process) || process == activeProcess()) return false;
  const context: i32 = slotAt(process, PROCESS_SUSPENDED_CONTEXT);
  if (!isContext(context) || isDead(context)) return false;
  if (slotAt(process, PROCESS_LIST) != NIL) return false;
  resumeProcess(process);
  return true;
}

/** The answer is left on the stack before the switch, so that it is there when the process goes on. */
export function processSuspend(): boolean {
  const process: i32 = stackValue(0);
  if (!isProcess(process)) return false;
  if (process == activeProcess()) {
    answer(0, NIL);
    suspendActive();
    runHighestPriority();
    return true;
  }
  const list: i32 = slotAt(process, PROCESS_LIST);
  if (slotAt(process, PROCESS_SUSPENDED_CONTEXT) == NIL) return false;
  if (list != NIL && !removeFromList(list, process)) return false;
  return answer(0, list);
}

export function processYield(): boolean {
  yieldActive();
  return true;
}

export function mutexEnter(argumentCount: i32): boolean {
  const mutex: i32 = stackValue(argumentCount);
  if (!isMutex(mutex)) return false;
  const process: i32 = activeProcess();
  const owner: i32 = slotAt(mutex, MUTEX_OWNER);
  if (owner == NIL) {
    storeSlot(mutex, MUTEX_OWNER, process);
    return answer(argumentCount, FALSE);
  }
  if (owner == process) return answer(argumentCount, TRUE);
  answer(argumentCount, FALSE);
  waitInList(mutex);
  return true;
}

export function mutexExit(): boolean {
  const mutex: i32 = stackValue(0);
  if (!isMutex(mutex)) return false;
  leaveMutex(mutex);
  return true;
}

export function mutexTestAndSet(): boolean {
  const mutex: i32 = stackValue(0);
  if (!isMutex(mutex)) return false;
  const owner: i32 = slotAt(mutex, MUTEX_OWNER);
  if (owner == NIL) {
    storeSlot(mutex, MUTEX_OWNER, activeProcess());
    return answer(0, FALSE);
  }
  return answer(0, owner == activeProcess() ? TRUE : NIL);
}

// --- Time, idleness, the end ---

/** Only one timer is armed at a time; the image keeps its own queue of delays. */
export function signalAtMicroseconds(): boolean {
  const time: i32 = stackValue(0);
  const semaphore: i32 = stackValue(1);
  if (semaphore != NIL && !isSemaphore(semaphore)) return false;
  if (semaphore != NIL && !isInteger(time)) return false;
  storeSlot(specialObjects, SPECIAL_TIMER_SEMAPHORE, semaphore);
  setWakeMicroseconds(semaphore == NIL ? -1.0 : integerToFloat(time));
  return answer(2, stackValue(2));
}

export function relinquish(argumentCount: i32): boolean {
  answer(argumentCount, stackValue(argumentCount));
  requestStop(STOP_IDLE);
  return true;
}

export function quit(): boolean {
  const status: i32 = stackValue(0);
  if (!isSmallInteger(status) || untagInteger(status) < 0 || untagInteger(status) > 255) return false;
  exitStatus = untagInteger(status);
  requestStop(STOP_HALTED);
  return true;
}

/** The answer seen by the image that is loaded later is true; finishSnapshot replaces it in this one. */
export function snapshot(): boolean {
  answer(0, TRUE);
  suspendActive();
  requestStop(STOP_SNAPSHOT);
  return true;
}

/** The running process: the answer of the snapshot primitive becomes false (saved) or nil (not saved). */
export function answerSnapshot(succeeded: boolean): void {
  if (framePointer != 0) store32(stackPointer, succeeded ? FALSE : NIL);
}
