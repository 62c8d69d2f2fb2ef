// Processes, semaphores and mutexes: lists of links as the image sees them (layout.ts), switched here.
//
// A process that does not run has its Context in `suspendedContext`; nil there means that it runs or has ended. Of the
// runnable processes the highest priority runs; among equals, the one that waited longest. Preempted processes go to the
// end of their list, as in Smalltalk-80.

import { isKindOf, storeCheck, storeSlot } from "./allocation.ts";
import { enterContext, isDead, marryFrame } from "./contexts.ts";
import { activePage, FRAME_CONTEXT, leaveActivePage, releasePage } from "./frames.ts";
import {
  CONTEXT_CLASS_INDEX,
  LIST_FIRST_LINK,
  LIST_LAST_LINK,
  MUTEX_CLASS_INDEX,
  MUTEX_OWNER,
  NIL,
  OLD_SPACE_START,
  PROCESS_CLASS_INDEX,
  PROCESS_LIST,
  PROCESS_NEXT_LINK,
  PROCESS_PRIORITY,
  PROCESS_SUSPENDED_CONTEXT,
  SCHEDULER_ACTIVE_PROCESS,
  SCHEDULER_LISTS,
  SEMAPHORE_CLASS_INDEX,
  SEMAPHORE_EXCESS_SIGNALS,
  SPECIAL_EXTERNAL_SEMAPHORES,
  SPECIAL_PROCESSOR,
} from "./layout.ts";
import { load32 } from "./memory.ts";
import {
  formatOf,
  initializeSlot,
  isArray,
  isImmediate,
  isInstanceOf,
  isOopFormat,
  isSmallInteger,
  slotAt,
  slotCountOf,
  tagInteger,
  untagInteger,
} from "./object.ts";
import { framePointer, requestCheck, setFramePointer, specialObjectAt } from "./state.ts";

/** Set whenever the running frame may have changed: `interpret` then reloads its registers. */
export let attention: boolean = false;
/** Why `interpret` shall return at once, -1 when it shall not. */
export let stopReason: i32 = -1;

export function callAttention(): void {
  attention = true;
}
export function clearAttention(): void {
  attention = false;
}
export function requestStop(reason: i32): void {
  stopReason = reason;
  attention = true;
}
export function clearStop(): void {
  stopReason = -1;
}

export function activeProcess(): i32 {
  return slotAt(specialObjectAt(SPECIAL_PROCESSOR), SCHEDULER_ACTIVE_PROCESS);
}
function setActiveProcess(process: i32): void {
  storeSlot(specialObjectAt(SPECIAL_PROCESSOR), SCHEDULER_ACTIVE_PROCESS, process);
}
/** The Array of the lists of runnable processes: that of priority 1 comes first. */
function readyLists(): i32 {
  return slotAt(specialObjectAt(SPECIAL_PROCESSOR), SCHEDULER_LISTS);
}
function priorityOf(process: i32): i32 {
  return untagInteger(slotAt(process, PROCESS_PRIORITY));
}
/** The list of runnable processes of a priority (from 1). */
function listOfPriority(priority: i32): i32 {
  return slotAt(readyLists(), priority - 1);
}
export function isSemaphore(oop: i32): boolean {
  return isKindOf(oop, SEMAPHORE_CLASS_INDEX);
}
export function isMutex(oop: i32): boolean {
  return isKindOf(oop, MUTEX_CLASS_INDEX);
}
export function isProcess(oop: i32): boolean {
  return isKindOf(oop, PROCESS_CLASS_INDEX);
}

// --- Lists ---

/** A list that goes on beyond this goes round: two lists that share links, one being a copy, can come to that. */
const LONGEST_LIST: i32 = 10000000;

function isEmptyList(list: i32): boolean {
  return slotAt(list, LIST_FIRST_LINK) == NIL;
}
function addLast(list: i32, process: i32): void {
  initializeSlot(process, PROCESS_NEXT_LINK, NIL);
  initializeSlot(process, PROCESS_LIST, list);
  // The first link stands in a list where the next one stands in a process.
  storeSlot(isEmptyList(list) ? list : slotAt(list, LIST_LAST_LINK), PROCESS_NEXT_LINK, process);
  initializeSlot(list, LIST_LAST_LINK, process);
  if (list < OLD_SPACE_START != process < OLD_SPACE_START) checkLink(list, process);
}
function checkLink(list: i32, process: i32): void {
  storeCheck(list, process);
  storeCheck(process, list);
}
/** The list is not empty. */
function removeFirst(list: i32): i32 {
  const process: i32 = slotAt(list, LIST_FIRST_LINK);
  const next: i32 = slotAt(process, PROCESS_NEXT_LINK);
  if (next == NIL) {
    initializeSlot(list, LIST_FIRST_LINK, NIL);
    initializeSlot(list, LIST_LAST_LINK, NIL);
  } else {
    storeSlot(list, LIST_FIRST_LINK, next);
    initializeSlot(process, PROCESS_NEXT_LINK, NIL);
  }
  initializeSlot(process, PROCESS_LIST, NIL);
  return process;
}
/** Takes a process off the list it is said to stand on; false when it is not there. */
export function removeFromList(list: i32, process: i32): boolean {
  if (isImmediate(list) || !isOopFormat(formatOf(list)) || slotCountOf(list) <= LIST_LAST_LINK) return false;
  if (slotAt(list, LIST_FIRST_LINK) == process) {
    removeFirst(list);
    return true;
  }
  let link: i32 = slotAt(list, LIST_FIRST_LINK);
  for (let remaining: i32 = LONGEST_LIST; isProcess(link) && remaining > 0; remaining--) {
    const next: i32 = slotAt(link, PROCESS_NEXT_LINK);
    if (next == process) {
      storeSlot(link, PROCESS_NEXT_LINK, slotAt(process, PROCESS_NEXT_LINK));
      if (slotAt(list, LIST_LAST_LINK) == process) storeSlot(list, LIST_LAST_LINK, link);
      initializeSlot(process, PROCESS_NEXT_LINK, NIL);
      initializeSlot(process, PROCESS_LIST, NIL);
      return true;
    }
    link = next;
  }
  return false;
}

/**
 * Whether what a program wants to store into a variable of a list or a process is such that the machine can work with it:
 * the functions here do not look twice.
 */
export function canHold(object: i32, index: i32, value: i32): boolean {
  if (isProcess(object)) return canProcessHold(index, value);
  const isLock: boolean = isMutex(object);
  if (!isLock && !isSemaphore(object)) return true;
  if (index <= LIST_LAST_LINK || (isLock && index == MUTEX_OWNER)) return value == NIL || isProcess(value);
  return index != SEMAPHORE_EXCESS_SIGNALS || isSmallInteger(value);
}
function canProcessHold(index: i32, value: i32): boolean {
  if (index == PROCESS_NEXT_LINK) return value == NIL || isProcess(value);
  if (index == PROCESS_SUSPENDED_CONTEXT) return value == NIL || isInstanceOf(value, CONTEXT_CLASS_INDEX);
  if (index != PROCESS_PRIORITY) return true;
  return isSmallInteger(value) && value > tagInteger(0) && untagInteger(value) <= slotCountOf(readyLists());
}

// --- Switching ---

/** No process of a higher priority than this is runnable; it only ever shortens the search. */
let highestReady: i32 = 0x7fffffff;

/** After a heap was loaded nothing is known about its lists. */
export function forgetReadyPriority(): void {
  highestReady = 0x7fffffff;
}
function makeReady(process: i32): void {
  const priority: i32 = priorityOf(process);
  if (priority > highestReady) highestReady = priority;
  addLast(listOfPriority(priority), process);
}

/** Puts the running process to sleep in its `suspendedContext`. */
export function suspendActive(): void {
  if (framePointer != 0) suspend(activeProcess());
}
/** The process is the one that runs. */
function suspend(process: i32): void {
  const context: i32 = load32(framePointer + FRAME_CONTEXT);
  storeSlot(process, PROCESS_SUSPENDED_CONTEXT, context != 0 ? context : marryFrame(framePointer));
}

/** Goes on with a process where it was suspended. */
function run(process: i32): void {
  const context: i32 = slotAt(process, PROCESS_SUSPENDED_CONTEXT);
  setActiveProcess(process);
  initializeSlot(process, PROCESS_SUSPENDED_CONTEXT, NIL);
  attention = true;
  enterContext(context);
}
function canRun(process: i32): boolean {
  const context: i32 = slotAt(process, PROCESS_SUSPENDED_CONTEXT);
  return context != NIL && !isDead(context);
}

/** Runs the best runnable process; when there is none, nothing runs until a signal comes. */
export function runHighestPriority(): void {
  const lists: i32 = readyLists();
  if (highestReady > slotCountOf(lists)) highestReady = slotCountOf(lists);
  while (highestReady > 0) {
    const list: i32 = slotAt(lists, highestReady - 1);
    while (!isEmptyList(list)) {
      const process: i32 = removeFirst(list);
      if (canRun(process)) {
        run(process);
        return;
      }
    }
    highestReady--;
  }
  leaveActivePage();
  setActiveProcess(NIL);
  attention = true;
}

/** Makes a suspended process runnable, and runs it now if it is better than the active one. */
export function resumeProcess(process: i32): void {
  if (framePointer != 0 && slotAt(process, PROCESS_PRIORITY) <= slotAt(activeProcess(), PROCESS_PRIORITY))
    makeReady(process);
  else preempt(process);
}
/** The process is better than the active one, or none is active. */
function preempt(process: i32): void {
  if (framePointer == 0) {
    makeReady(process);
    runHighestPriority();
    return;
  }
  const active: i32 = activeProcess();
  suspend(active);
  makeReady(active);
  run(process);
}

/** Lets the others of its priority run first, if there are any. */
export function yieldActive(): void {
  const list: i32 = listOfPriority(priorityOf(activeProcess()));
  if (!isEmptyList(list)) waitInList(list);
}

/** The running process's first frame has returned: the process is over. */
export function endActiveProcess(): void {
  const process: i32 = activeProcess();
  initializeSlot(process, PROCESS_SUSPENDED_CONTEXT, NIL);
  initializeSlot(process, PROCESS_LIST, NIL);
  if (activePage >= 0) releasePage(activePage);
  setFramePointer(0);
  runHighestPriority();
}

// --- Semaphores and mutexes ---

export function signalSemaphore(semaphore: i32): void {
  if (isEmptyList(semaphore)) {
    const excess: i32 = untagInteger(slotAt(semaphore, SEMAPHORE_EXCESS_SIGNALS));
    initializeSlot(semaphore, SEMAPHORE_EXCESS_SIGNALS, tagInteger(excess + 1));
    return;
  }
  resumeProcess(removeFirst(semaphore));
}

export function waitOn(semaphore: i32): void {
  const excess: i32 = slotAt(semaphore, SEMAPHORE_EXCESS_SIGNALS);
  if (excess > tagInteger(0)) initializeSlot(semaphore, SEMAPHORE_EXCESS_SIGNALS, excess - 2);
  else waitInList(semaphore);
}

/** The running process waits in the list of a semaphore or mutex; whoever leaves a mutex makes the first one its owner. */
export function waitInList(list: i32): void {
  const process: i32 = activeProcess();
  suspend(process);
  addLast(list, process);
  runHighestPriority();
}

export function leaveMutex(mutex: i32): void {
  if (isEmptyList(mutex)) {
    initializeSlot(mutex, MUTEX_OWNER, NIL);
    return;
  }
  const next: i32 = removeFirst(mutex);
  storeSlot(mutex, MUTEX_OWNER, next);
  resumeProcess(next);
}

/** An event from outside: signals the Semaphore registered at `index` (from 1), if any. */
export function signalExternal(index: i32): void {
  const table: i32 = specialObjectAt(SPECIAL_EXTERNAL_SEMAPHORES);
  if (!isArray(table) || index < 1 || index > slotCountOf(table)) return;
  const semaphore: i32 = slotAt(table, index - 1);
  if (isSemaphore(semaphore)) signalSemaphore(semaphore);
}

export function signalSpecial(index: i32): void {
  const semaphore: i32 = specialObjectAt(index);
  if (isSemaphore(semaphore)) signalSemaphore(semaphore);
}

let recursionIsPending: boolean = false;

/** The running stack has reached a multiple of its limit of depth: the image is told at the next safepoint. */
export function noticeRecursion(): void {
  recursionIsPending = true;
  requestCheck();
}
export function takePendingRecursion(): boolean {
  const pending: boolean = recursionIsPending;
  recursionIsPending = false;
  return pending;
}
