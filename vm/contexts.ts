// Contexts: activations as objects, made only when somebody looks (L. P. Deutsch, A. Schiffman: "Efficient implementation
// of the Smalltalk-80 system", 1984; E. Miranda: "Context management in VisualWorks 5i", 1999).
//
// A Context is one of these:
//   single    an ordinary object: sender, pc, stackp and stack slots are in it
//   married   it stands for a frame: sender holds the frame's address as a SmallInteger, the rest is read from the frame
//   dead      it has returned or was dropped: its pc is nil
// Whoever changes a married context first divorces it: its page is flushed, which makes all its contexts single.

import { allocateOops, storeSlot } from "./allocation.ts";
import { firstBytecodeOf, frameSlotsOf, temporaryCountOf } from "./compiledCode.ts";
import { FATAL_NO_MEMORY, failFatally } from "./fatal.ts";
import {
  activatePage,
  activePage,
  calleeOf,
  depthOf,
  FRAME_CALLER,
  FRAME_CALLER_CONTEXT,
  FRAME_CALLER_IP,
  FRAME_CLOSURE,
  FRAME_CONTEXT,
  FRAME_HEADER_SIZE,
  FRAME_METHOD,
  FRAME_TEMPORARIES,
  frameInstructionPointer,
  frameMethod,
  frameReceiver,
  frameStackPointer,
  frameTemporaries,
  frameTemporaryCount,
  headFrameOf,
  leastRecentPage,
  pageOf,
  pageTop,
  releasePage,
  saveActivePage,
  setDepth,
  setPageHead,
  takeFreePage,
} from "./frames.ts";
import {
  CLOSURE_ARGUMENT_COUNT,
  CLOSURE_COMPILED_BLOCK,
  CLOSURE_FIRST_COPIED,
  CLOSURE_OUTER_CONTEXT,
  CLOSURE_RECEIVER,
  CONTEXT_CLASS_INDEX,
  CONTEXT_CLOSURE,
  CONTEXT_FIRST_STACK_SLOT,
  CONTEXT_METHOD,
  CONTEXT_PC,
  CONTEXT_RECEIVER,
  CONTEXT_SENDER,
  CONTEXT_STACK_POINTER,
  FORMAT_FIXED_ARRAY,
  NIL,
  STACK_PAGE_COUNT,
} from "./layout.ts";
import { load32, store32 } from "./memory.ts";
import {
  initializeSlot,
  isInstanceOf,
  isSmallInteger,
  slotAt,
  slotCountOf,
  tagInteger,
  untagInteger,
} from "./object.ts";
import { framePointer, setFramePointer, setStackPointer, stackPointer } from "./state.ts";

export function isContext(oop: i32): boolean {
  return isInstanceOf(oop, CONTEXT_CLASS_INDEX);
}
export function isMarried(context: i32): boolean {
  return isSmallInteger(slotAt(context, CONTEXT_SENDER));
}
export function isDead(context: i32): boolean {
  return !isMarried(context) && slotAt(context, CONTEXT_PC) == NIL;
}
/** The frame of a married context. */
export function frameOf(context: i32): i32 {
  return slotAt(context, CONTEXT_SENDER) & -4;
}
/** The 1-based byte index of a bytecode address in its method. */
function pcFor(method: i32, ip: i32): i32 {
  return tagInteger(ip - method - 7);
}
export function instructionPointerFor(method: i32, pc: i32): i32 {
  return method + 7 + untagInteger(pc);
}

/** A Context with room for the method's frame, all stack slots nil. */
export function newContext(method: i32): i32 {
  const context: i32 = allocateOops(
    CONTEXT_CLASS_INDEX,
    FORMAT_FIXED_ARRAY,
    CONTEXT_FIRST_STACK_SLOT + frameSlotsOf(method),
  );
  if (context == 0) failFatally(FATAL_NO_MEMORY, method);
  return context;
}

/** The Context of a frame, made if there is none yet. */
export function marryFrame(fp: i32): i32 {
  const existing: i32 = load32(fp + FRAME_CONTEXT);
  if (existing != 0) return existing;
  const method: i32 = frameMethod(fp);
  const closure: i32 = load32(fp + FRAME_CLOSURE);
  const context: i32 = newContext(method);
  initializeSlot(context, CONTEXT_SENDER, fp | 1);
  initializeSlot(context, CONTEXT_PC, tagInteger(0));
  initializeSlot(context, CONTEXT_STACK_POINTER, tagInteger(0));
  storeSlot(context, CONTEXT_METHOD, method);
  storeSlot(context, CONTEXT_CLOSURE, closure == 0 ? NIL : closure);
  storeSlot(context, CONTEXT_RECEIVER, frameReceiver(fp));
  store32(fp + FRAME_CONTEXT, context);
  return context;
}

/** Makes a context say that it has returned. */
export function killContext(context: i32): void {
  initializeSlot(context, CONTEXT_SENDER, NIL);
  initializeSlot(context, CONTEXT_PC, NIL);
}

/** The Context that a frame returns to, or nil. */
export function senderOfFrame(fp: i32): i32 {
  const caller: i32 = load32(fp + FRAME_CALLER);
  return caller == 0 ? load32(fp + FRAME_CALLER_CONTEXT) : marryFrame(caller);
}
export function senderOf(context: i32): i32 {
  return isMarried(context) ? senderOfFrame(frameOf(context)) : slotAt(context, CONTEXT_SENDER);
}

// --- Married contexts, read through their frames (saveActivePage first) ---

export function pcOf(context: i32): i32 {
  if (!isMarried(context)) return slotAt(context, CONTEXT_PC);
  const fp: i32 = frameOf(context);
  return pcFor(frameMethod(fp), frameInstructionPointer(fp, calleeOf(fp)));
}
/** Number of live stack slots. */
export function stackSizeOf(context: i32): i32 {
  if (!isMarried(context)) {
    const count: i32 = slotAt(context, CONTEXT_STACK_POINTER);
    return isSmallInteger(count) ? untagInteger(count) : 0;
  }
  const fp: i32 = frameOf(context);
  return frameTemporaryCount(fp) + ((fp - frameStackPointer(fp, calleeOf(fp))) >> 2);
}
/** Address of stack slot `index` (from 0) in frame or object. */
export function stackSlotAddress(context: i32, index: i32): i32 {
  if (!isMarried(context)) return context + 8 + ((CONTEXT_FIRST_STACK_SLOT + index) << 2);
  const fp: i32 = frameOf(context);
  const count: i32 = frameTemporaryCount(fp);
  return index < count ? frameTemporaries(fp) - (index << 2) : fp - ((index - count + 1) << 2);
}

/** A single context that stands where a married one does. */
export function copyOfMarried(context: i32): i32 {
  saveActivePage();
  const copy: i32 = newContext(slotAt(context, CONTEXT_METHOD));
  const room: i32 = slotCountOf(copy) - CONTEXT_FIRST_STACK_SLOT;
  const size: i32 = stackSizeOf(context);
  const count: i32 = size < room ? size : room;
  storeSlot(copy, CONTEXT_SENDER, senderOf(context));
  initializeSlot(copy, CONTEXT_PC, pcOf(context));
  initializeSlot(copy, CONTEXT_STACK_POINTER, tagInteger(count));
  storeSlot(copy, CONTEXT_METHOD, slotAt(context, CONTEXT_METHOD));
  storeSlot(copy, CONTEXT_CLOSURE, slotAt(context, CONTEXT_CLOSURE));
  storeSlot(copy, CONTEXT_RECEIVER, slotAt(context, CONTEXT_RECEIVER));
  for (let index: i32 = 0; index < count; index++) {
    storeSlot(copy, CONTEXT_FIRST_STACK_SLOT + index, load32(stackSlotAddress(context, index)));
  }
  return copy;
}

// --- Writing frames out ---

function writeOutFrame(fp: i32, callee: i32): void {
  const context: i32 = load32(fp + FRAME_CONTEXT);
  // The compiler promises that the operands fit; a promise broken must not reach the next object.
  const room: i32 = slotCountOf(context) - CONTEXT_FIRST_STACK_SLOT;
  const size: i32 = stackSizeOf(context);
  const count: i32 = size < room ? size : room;
  for (let index: i32 = 0; index < count; index++) {
    storeSlot(context, CONTEXT_FIRST_STACK_SLOT + index, load32(stackSlotAddress(context, index)));
  }
  initializeSlot(context, CONTEXT_PC, pcFor(frameMethod(fp), frameInstructionPointer(fp, callee)));
  initializeSlot(context, CONTEXT_STACK_POINTER, tagInteger(count));
}

/** Writes every frame of a page to its Context, makes them single, and frees the page. */
export function flushPage(page: i32): void {
  if (page == activePage) saveActivePage();
  let fp: i32 = headFrameOf(page);
  let callee: i32 = 0;
  while (fp != 0) {
    marryFrame(fp);
    writeOutFrame(fp, callee);
    callee = fp;
    fp = load32(fp + FRAME_CALLER);
  }
  fp = headFrameOf(page);
  while (fp != 0) {
    const caller: i32 = load32(fp + FRAME_CALLER);
    storeSlot(load32(fp + FRAME_CONTEXT), CONTEXT_SENDER, senderOfFrame(fp));
    fp = caller;
  }
  releasePage(page);
}

export function freshPage(): i32 {
  const page: i32 = takeFreePage();
  if (page >= 0) return page;
  flushPage(leastRecentPage());
  return takeFreePage();
}

/** Builds the first frame of a fresh page from a single context and makes it the running one. */
function enterSingleContext(context: i32): void {
  const page: i32 = freshPage();
  const method: i32 = slotAt(context, CONTEXT_METHOD);
  const closure: i32 = slotAt(context, CONTEXT_CLOSURE);
  const temporaryCount: i32 = temporaryCountOf(method);
  const stackSize: i32 = untagInteger(slotAt(context, CONTEXT_STACK_POINTER));
  const tp: i32 = pageTop(page) - 8;
  const fp: i32 = tp - (temporaryCount << 2) - FRAME_CALLER_IP;
  store32(tp + 4, slotAt(context, CONTEXT_RECEIVER));
  store32(fp + FRAME_CALLER_CONTEXT, slotAt(context, CONTEXT_SENDER));
  store32(fp + FRAME_CALLER, 0);
  store32(fp + FRAME_METHOD, method);
  store32(fp + FRAME_TEMPORARIES, tp);
  store32(fp + FRAME_CLOSURE, closure == NIL ? 0 : closure);
  store32(fp + FRAME_CONTEXT, context);
  for (let index: i32 = 0; index < temporaryCount; index++) {
    store32(tp - (index << 2), slotAt(context, CONTEXT_FIRST_STACK_SLOT + index));
  }
  for (let index: i32 = temporaryCount; index < stackSize; index++) {
    store32(fp - ((index - temporaryCount + 1) << 2), slotAt(context, CONTEXT_FIRST_STACK_SLOT + index));
  }
  const ip: i32 = instructionPointerFor(method, slotAt(context, CONTEXT_PC));
  initializeSlot(context, CONTEXT_SENDER, fp | 1);
  const operands: i32 = stackSize > temporaryCount ? stackSize - temporaryCount : 0;
  setPageHead(page, fp, fp - (operands << 2), ip);
  setDepth(page, 0);
  activatePage(page);
}

/** Leaves the active page as it is (its head is saved) and goes on in `context`, which must not be dead. */
export function enterContext(context: i32): void {
  saveActivePage();
  if (isMarried(context)) {
    const page: i32 = pageOf(frameOf(context));
    if (headFrameOf(page) == frameOf(context)) {
      activatePage(page);
      return;
    }
    flushPage(page);
  }
  enterSingleContext(context);
}

/** Makes a context single; the running frame goes on on a fresh page if it was on the same one. */
export function divorceContext(context: i32): void {
  if (!isMarried(context)) return;
  const page: i32 = pageOf(frameOf(context));
  if (page != activePage) {
    saveActivePage();
    flushPage(page);
    return;
  }
  saveActivePage();
  const running: i32 = marryFrame(framePointer);
  flushPage(page);
  enterSingleContext(running);
}

/** Writes all frames of all pages out; nothing runs afterwards until enterContext. */
export function flushAllPages(): void {
  saveActivePage();
  for (let page: i32 = 0; page < STACK_PAGE_COUNT; page++) {
    if (headFrameOf(page) != 0) flushPage(page);
  }
  setFramePointer(0);
}

/**
 * The stack has no room for another frame: moves the callee's receiver and arguments from the operands of the running
 * frame to a fresh page. Answers the Context to which the callee, as the first frame of that page, returns.
 */
export function continueOnFreshPage(argumentCount: i32): i32 {
  saveActivePage();
  const oldPage: i32 = activePage;
  const callerContext: i32 = marryFrame(framePointer);
  const page: i32 = freshPage();
  const oldStack: i32 = stackPointer;
  const newStack: i32 = pageTop(page) - ((argumentCount + 1) << 2);
  for (let index: i32 = 0; index <= argumentCount; index++) {
    store32(newStack + (index << 2), load32(oldStack + (index << 2)));
  }
  const callerStack: i32 = oldStack + ((argumentCount + 1) << 2);
  setStackPointer(callerStack);
  saveActivePage();
  setPageHead(page, 0, newStack, 0);
  setDepth(page, depthOf(oldPage) + 1);
  activatePage(page);
  return callerContext;
}

// --- Closures ---

/**
 * Builds a closure's frame over the closure and its arguments, which are the topmost operands at `sp`; answers the
 * frame, where the new operands begin too.
 */
export function pushClosureFrame(closure: i32, argumentCount: i32, callerIp: i32, sp: i32, callerFp: i32): i32 {
  const code: i32 = slotAt(closure, CLOSURE_COMPILED_BLOCK);
  const tp: i32 = sp + ((argumentCount - 1) << 2);
  const copiedCount: i32 = slotCountOf(closure) - CLOSURE_FIRST_COPIED;
  let top: i32 = sp;
  store32(tp + 4, slotAt(closure, CLOSURE_RECEIVER));
  for (let index: i32 = 0; index < copiedCount; index++) {
    top -= 4;
    store32(top, slotAt(closure, CLOSURE_FIRST_COPIED + index));
  }
  for (let index: i32 = temporaryCountOf(code) - argumentCount - copiedCount; index > 0; index--) {
    top -= 4;
    store32(top, NIL);
  }
  const fp: i32 = top - FRAME_HEADER_SIZE;
  store32(fp + FRAME_CALLER_IP, callerIp);
  store32(fp + FRAME_CALLER, callerFp);
  store32(fp + FRAME_METHOD, code);
  store32(fp + FRAME_TEMPORARIES, tp);
  store32(fp + FRAME_CLOSURE, closure);
  store32(fp + FRAME_CONTEXT, 0);
  return fp;
}

/** A Context about to run a block that takes no argument. */
export function closureAsContext(closure: i32, sender: i32): i32 {
  const code: i32 = slotAt(closure, CLOSURE_COMPILED_BLOCK);
  const context: i32 = newContext(code);
  const copiedCount: i32 = slotCountOf(closure) - CLOSURE_FIRST_COPIED;
  storeSlot(context, CONTEXT_SENDER, sender);
  initializeSlot(context, CONTEXT_PC, pcFor(code, firstBytecodeOf(code)));
  initializeSlot(context, CONTEXT_STACK_POINTER, tagInteger(temporaryCountOf(code)));
  storeSlot(context, CONTEXT_METHOD, code);
  storeSlot(context, CONTEXT_CLOSURE, closure);
  storeSlot(context, CONTEXT_RECEIVER, slotAt(closure, CLOSURE_RECEIVER));
  for (let index: i32 = 0; index < copiedCount; index++) {
    storeSlot(context, CONTEXT_FIRST_STACK_SLOT + index, slotAt(closure, CLOSURE_FIRST_COPIED + index));
  }
  return context;
}

/** Whether a closure takes this many arguments. */
export function closureTakes(closure: i32, argumentCount: i32): boolean {
  return slotAt(closure, CLOSURE_ARGUMENT_COUNT) == tagInteger(argumentCount);
}

/** The Context of the method in which a closure was written, or 0 when it carries none. */
export function homeContextOf(closure: i32): i32 {
  let context: i32 = slotAt(closure, CLOSURE_OUTER_CONTEXT);
  while (context != NIL && slotAt(context, CONTEXT_CLOSURE) != NIL) {
    context = slotAt(slotAt(context, CONTEXT_CLOSURE), CLOSURE_OUTER_CONTEXT);
  }
  return context == NIL ? 0 : context;
}
