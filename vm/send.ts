// Sends and returns by function call: what `interpret` does not do in its loop, what primitives ask for (perform:), and
// what the machine itself sends to the image (doesNotUnderstand:, mustBeBoolean, cannotReturn:). All work on the
// registers of state.ts; afterwards `interpret` reloads its own (callAttention).

import { allocateOops, classAt, storeSlot } from "./allocation.ts";
import { argumentCountOf, entryBytecodeOf, primitiveOf, temporaryCountOf } from "./compiledCode.ts";
import {
  continueOnFreshPage,
  enterContext,
  isDead,
  isMarried,
  killContext,
  marryFrame,
  pushClosureFrame,
} from "./contexts.ts";
import { FATAL_NO_ERROR_HANDLER, FATAL_NO_MEMORY, failFatally } from "./fatal.ts";
import {
  activePage,
  depthOf,
  FRAME_CALLER,
  FRAME_CALLER_CONTEXT,
  FRAME_CALLER_IP,
  FRAME_CLOSURE,
  FRAME_CONTEXT,
  FRAME_HEADER_SIZE,
  FRAME_METHOD,
  FRAME_TEMPORARIES,
  releasePage,
  setDepth,
  stackLimit,
} from "./frames.ts";
import {
  ARRAY_CLASS_INDEX,
  FALSE,
  FORMAT_ARRAY,
  FORMAT_FIXED,
  MESSAGE_ARGUMENTS,
  MESSAGE_CLASS_INDEX,
  MESSAGE_LOOKUP_CLASS,
  MESSAGE_SELECTOR,
  NIL,
  SEMAPHORE_CLASS_INDEX,
  SPECIAL_CANNOT_RETURN,
  SPECIAL_DOES_NOT_UNDERSTAND,
  SPECIAL_SELECTORS,
  TRUE,
} from "./layout.ts";
import { CACHE_METHOD, findMethodEntry } from "./lookup.ts";
import { load32, store32 } from "./memory.ts";
import { classIndexOf, slotAt, tagInteger } from "./object.ts";
import {
  QUICK_RETURN_FALSE,
  QUICK_RETURN_MINUS_ONE,
  QUICK_RETURN_NIL,
  QUICK_RETURN_TRUE,
  SEMAPHORE_SIGNAL,
  SEMAPHORE_WAIT,
} from "./primitiveNumbers.ts";
import { callPrimitive } from "./primitives/table.ts";
import { callAttention, endActiveProcess, noticeRecursion, signalSemaphore, waitOn } from "./process.ts";
import {
  framePointer,
  instructionPointer,
  push,
  setFramePointer,
  setInstructionPointer,
  setStackPointer,
  specialObjectAt,
  stackPointer,
  stackValue,
} from "./state.ts";

/** A stack of this many pages (about 1.7 million small frames) signals SPECIAL_RECURSION_SEMAPHORE, and at each multiple. */
const RECURSION_PAGE_LIMIT: i32 = 10000;

/** Takes a fresh page when the active one is full; framePointer and instructionPointer then name the return context. */
export function makeRoomForFrame(argumentCount: i32): void {
  const callerContext: i32 = continueOnFreshPage(argumentCount);
  setFramePointer(0);
  setInstructionPointer(callerContext);
  const depth: i32 = depthOf(activePage);
  if (depth > 0 && depth % RECURSION_PAGE_LIMIT == 0) noticeRecursion();
}

/** Builds the frame of `method` over receiver and arguments on the stack. */
export function pushMethodFrame(method: i32, argumentCount: i32): void {
  if (stackPointer < stackLimit) makeRoomForFrame(argumentCount);
  const tp: i32 = stackPointer + ((argumentCount - 1) << 2);
  let sp: i32 = stackPointer;
  for (let count: i32 = temporaryCountOf(method) - argumentCount; count > 0; count--) {
    sp -= 4;
    store32(sp, NIL);
  }
  const fp: i32 = sp - FRAME_HEADER_SIZE;
  store32(fp + FRAME_CALLER_IP, instructionPointer);
  store32(fp + FRAME_CALLER, framePointer);
  store32(fp + FRAME_METHOD, method);
  store32(fp + FRAME_TEMPORARIES, tp);
  store32(fp + FRAME_CLOSURE, 0);
  store32(fp + FRAME_CONTEXT, 0);
  setFramePointer(fp);
  setStackPointer(fp);
  setInstructionPointer(entryBytecodeOf(method));
  callAttention();
}

/** Begins a block; the closure and its arguments are on the stack, and their number is right. */
export function activateClosure(closure: i32, argumentCount: i32): void {
  if (stackPointer < stackLimit) makeRoomForFrame(argumentCount);
  const fp: i32 = pushClosureFrame(closure, argumentCount, instructionPointer, stackPointer, framePointer);
  setFramePointer(fp);
  setStackPointer(fp);
  setInstructionPointer(entryBytecodeOf(load32(framePointer + FRAME_METHOD)));
  callAttention();
}

/** Runs `method`: its primitive if it has one, its frame otherwise or when that fails. */
export function executeMethod(method: i32, argumentCount: i32): void {
  const primitive: i32 = primitiveOf(method);
  if (primitive != 0 && callPrimitive(primitive, argumentCount)) return;
  pushMethodFrame(method, argumentCount);
}

/** Sends `selector` to the receiver below `argumentCount` arguments on the stack. */
export function sendMessage(selector: i32, argumentCount: i32): void {
  sendToClass(selector, argumentCount, classIndexOf(stackValue(argumentCount)));
}

/** The same with the lookup beginning in the class with this index. */
export function sendToClass(selector: i32, argumentCount: i32, classIndex: i32): void {
  const entry: i32 = findMethodEntry(selector, classIndex);
  if (entry == 0) sendDoesNotUnderstand(selector, argumentCount, classIndex);
  else if (argumentCountOf(load32(entry + CACHE_METHOD)) != argumentCount) {
    sendDoesNotUnderstand(selector, argumentCount, classIndex);
  } else executeMethod(load32(entry + CACHE_METHOD), argumentCount);
}

/** Moves the topmost `count` words of the stack into a new Array; 0 when there is no room. */
export function popIntoArray(count: i32): i32 {
  const array: i32 = allocateOops(ARRAY_CLASS_INDEX, FORMAT_ARRAY, count);
  if (array == 0) return 0;
  for (let index: i32 = 0; index < count; index++) storeSlot(array, index, stackValue(count - 1 - index));
  setStackPointer(stackPointer + (count << 2));
  return array;
}

export function sendDoesNotUnderstand(selector: i32, argumentCount: i32, classIndex: i32): void {
  const handler: i32 = specialObjectAt(SPECIAL_DOES_NOT_UNDERSTAND);
  const entry: i32 = findMethodEntry(handler, classIndexOf(stackValue(argumentCount)));
  if (entry == 0) {
    failFatally(FATAL_NO_ERROR_HANDLER, classIndex);
    return;
  }
  const message: i32 = allocateOops(MESSAGE_CLASS_INDEX, FORMAT_FIXED, 3);
  const args: i32 = message == 0 ? 0 : popIntoArray(argumentCount);
  if (args == 0) {
    failFatally(FATAL_NO_MEMORY, classIndex);
    return;
  }
  storeSlot(message, MESSAGE_SELECTOR, selector);
  storeSlot(message, MESSAGE_ARGUMENTS, args);
  storeSlot(message, MESSAGE_LOOKUP_CLASS, classAt(classIndex));
  push(message);
  executeMethod(load32(entry + CACHE_METHOD), 1);
}

/** The running frame cannot answer: its Context gets #cannotReturn: with the value. */
export function sendCannotReturn(value: i32): void {
  push(marryFrame(framePointer));
  push(value);
  sendMessage(specialObjectAt(SPECIAL_CANNOT_RETURN), 1);
}

/** Returns `value` from the running frame, wherever its caller lives. */
export function returnFromFrame(value: i32): void {
  const caller: i32 = load32(framePointer + FRAME_CALLER);
  if (caller == 0) {
    returnFromPage(value);
    return;
  }
  const context: i32 = load32(framePointer + FRAME_CONTEXT);
  if (context != 0) killContext(context);
  setStackPointer(load32(framePointer + FRAME_TEMPORARIES) + 4);
  store32(stackPointer, value);
  setInstructionPointer(load32(framePointer + FRAME_CALLER_IP));
  setFramePointer(caller);
  callAttention();
}

/** Returns from the first frame of a page: to its caller's Context, or the process is over. */
function returnFromPage(value: i32): void {
  const callerContext: i32 = load32(framePointer + FRAME_CALLER_CONTEXT);
  callAttention();
  if (callerContext != NIL && isDead(callerContext)) {
    sendCannotReturn(value);
    return;
  }
  const context: i32 = load32(framePointer + FRAME_CONTEXT);
  if (context != 0) killContext(context);
  if (callerContext == NIL) {
    endActiveProcess();
    return;
  }
  const depth: i32 = depthOf(activePage);
  const isFlushed: boolean = !isMarried(callerContext);
  releasePage(activePage);
  enterContext(callerContext);
  if (isFlushed && depth > 0) setDepth(activePage, depth - 1);
  push(value);
}

// --- Parts of the send that interpreter and translations share ---

export function specialSelector(index: i32): i32 {
  return slotAt(specialObjectAt(SPECIAL_SELECTORS), index);
}

/** The two that make processes take turns do not go through the table. */
export function runPrimitive(primitive: i32, argumentCount: i32, classIndex: i32): boolean {
  return classIndex == SEMAPHORE_CLASS_INDEX
    ? runSemaphorePrimitive(primitive, argumentCount)
    : callPrimitive(primitive, argumentCount);
}
function runSemaphorePrimitive(primitive: i32, argumentCount: i32): boolean {
  if (primitive == SEMAPHORE_SIGNAL) signalSemaphore(stackValue(0));
  else if (primitive == SEMAPHORE_WAIT) waitOn(stackValue(0));
  else return callPrimitive(primitive, argumentCount);
  return true;
}

/** What the methods ^true, ^false, ^nil, ^-1, ^0, ^1, ^2 answer. */
export function quickConstant(primitive: i32): i32 {
  if (primitive == QUICK_RETURN_TRUE) return TRUE;
  if (primitive == QUICK_RETURN_FALSE) return FALSE;
  if (primitive == QUICK_RETURN_NIL) return NIL;
  return tagInteger(primitive - QUICK_RETURN_MINUS_ONE - 1);
}
