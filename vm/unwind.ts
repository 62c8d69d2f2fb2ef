// Walking the stack for non-local returns and exceptions.
//
// An activation is the address of a frame or the oop of a single Context: both are addresses, and stack pages lie below
// all objects, so one comparison tells them apart. NIL ends a walk. Walking makes no Contexts.

import { primitiveOf } from "./compiledCode.ts";
import { enterContext, frameOf, homeContextOf, isDead, isMarried, killContext, marryFrame } from "./contexts.ts";
import {
  activatePage,
  activePage,
  FRAME_CALLER,
  FRAME_CALLER_CONTEXT,
  FRAME_CALLER_IP,
  FRAME_CLOSURE,
  FRAME_CONTEXT,
  FRAME_TEMPORARIES,
  frameMethod,
  headFrameOf,
  pageOf,
  releasePage,
  saveActivePage,
} from "./frames.ts";
import { CONTEXT_METHOD, CONTEXT_SENDER, NEW_SPACE_START, NIL, SPECIAL_ABOUT_TO_RETURN } from "./layout.ts";
import { load32 } from "./memory.ts";
import { slotAt } from "./object.ts";
import { MARK_UNWIND } from "./primitiveNumbers.ts";
import { callAttention, endActiveProcess } from "./process.ts";
import { returnFromFrame, sendCannotReturn, sendMessage } from "./send.ts";
import {
  framePointer,
  push,
  setFramePointer,
  setInstructionPointer,
  setStackPointer,
  specialObjectAt,
} from "./state.ts";

/** Activations of a stack that can be what fills the memory. */
const RUNAWAY_DEPTH: i32 = 2000;

export function isFrame(activation: i32): boolean {
  return activation < NEW_SPACE_START;
}
export function activationOf(context: i32): i32 {
  return context != NIL && isMarried(context) ? frameOf(context) : context;
}
export function contextOf(activation: i32): i32 {
  return isFrame(activation) ? marryFrame(activation) : activation;
}
export function codeOf(activation: i32): i32 {
  return isFrame(activation) ? frameMethod(activation) : slotAt(activation, CONTEXT_METHOD);
}
/** The activation that this one returns to, or NIL. */
export function senderActivation(activation: i32): i32 {
  if (!isFrame(activation)) return activationOf(slotAt(activation, CONTEXT_SENDER));
  const caller: i32 = load32(activation + FRAME_CALLER);
  return caller != 0 ? caller : activationOf(load32(activation + FRAME_CALLER_CONTEXT));
}

/** The first activation from `start` on (inclusive) and before `end` whose method has this marker primitive; NIL if none. */
export function findMarked(start: i32, end: i32, marker: i32): i32 {
  let activation: i32 = start;
  while (activation != NIL && activation != end) {
    if (primitiveOf(codeOf(activation)) == marker) return activation;
    activation = senderActivation(activation);
  }
  return NIL;
}

/** Whether `target` is `start` or one of its senders. */
function isOnStack(target: i32, start: i32): boolean {
  let activation: i32 = start;
  while (activation != NIL && activation != target) activation = senderActivation(activation);
  return activation == target;
}

/** Drops the running frame and its callers up to `target`, which then runs; their Contexts are dead. */
export function dropFramesTo(target: i32): void {
  callAttention();
  let activation: i32 = framePointer;
  while (activation != target) {
    const next: i32 = senderActivation(activation);
    if (isFrame(activation)) {
      if (load32(activation + FRAME_CALLER) != 0) {
        setStackPointer(load32(activation + FRAME_TEMPORARIES) + 8);
        setInstructionPointer(load32(activation + FRAME_CALLER_IP));
      }
      dropFrame(activation, next);
    } else killContext(activation);
    activation = next;
  }
  if (!isFrame(target)) enterContext(target);
  else if (pageOf(target) != activePage) enterContext(marryFrame(target));
  else setFramePointer(target);
}

/** Kills a frame's Context, and frees its page when the frame was the first on it. */
function dropFrame(fp: i32, next: i32): void {
  const context: i32 = load32(fp + FRAME_CONTEXT);
  const isFirst: boolean = load32(fp + FRAME_CALLER) == 0;
  if (context != 0) killContext(context);
  if (!isFirst) return;
  releasePage(pageOf(fp));
  if (isFrame(next) && headFrameOf(pageOf(next)) == next) activatePage(pageOf(next));
}

// --- Giving up ---

/** Whether the running stack has at least `count` activations. */
function isDeeperThan(count: i32): boolean {
  let activation: i32 = framePointer;
  for (let depth: i32 = 0; depth < count && activation != NIL; depth++) activation = senderActivation(activation);
  return activation != NIL;
}

/**
 * The running process has filled the memory with its stack and goes on in spite of what it was told: it ends here, without
 * unwinding, so that the others can go on. Answers whether it was such a one.
 */
export function endRunawayProcess(): boolean {
  if (framePointer == 0 || !isDeeperThan(RUNAWAY_DEPTH)) return false;
  let activation: i32 = framePointer;
  while (activation != NIL) {
    const next: i32 = senderActivation(activation);
    if (!isFrame(activation)) killContext(activation);
    else {
      const context: i32 = load32(activation + FRAME_CONTEXT);
      if (context != 0) killContext(context);
      if (load32(activation + FRAME_CALLER) == 0) releasePage(pageOf(activation));
    }
    activation = next;
  }
  endActiveProcess();
  return true;
}

/** ^ in a block: returns from the method in which the block was written, running unwind blocks first if there are any. */
export function returnFromHome(value: i32): void {
  saveActivePage();
  callAttention();
  const closure: i32 = load32(framePointer + FRAME_CLOSURE);
  const home: i32 = homeContextOf(closure);
  if (home == 0 || isDead(home) || !isOnStack(activationOf(home), framePointer)) {
    sendCannotReturn(value);
    return;
  }
  const unwind: i32 = findMarked(senderActivation(framePointer), activationOf(home), MARK_UNWIND);
  if (unwind != NIL) {
    push(marryFrame(framePointer));
    push(value);
    push(contextOf(unwind));
    sendMessage(specialObjectAt(SPECIAL_ABOUT_TO_RETURN), 2);
    return;
  }
  dropFramesTo(activationOf(home));
  returnFromFrame(value);
}
