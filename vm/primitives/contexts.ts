// Primitives on Contexts: the image sees activations as objects and never notices which of them live on a stack page.

import { isBehavior, storeSlot } from "../allocation.ts";
import {
  closureAsContext,
  divorceContext,
  enterContext,
  frameOf,
  isContext,
  isDead,
  isMarried,
  killContext,
  newContext,
  pcOf,
  senderOf,
  stackSizeOf,
  stackSlotAddress,
} from "../contexts.ts";
import { FRAME_CALLER_CONTEXT, frameTemporaries, saveActivePage } from "../frames.ts";
import {
  BLOCK_CLOSURE_CLASS_INDEX,
  CONTEXT_FIRST_STACK_SLOT,
  CONTEXT_PC,
  CONTEXT_SENDER,
  CONTEXT_STACK_POINTER,
  NIL,
} from "../layout.ts";
import { lookupMethod } from "../lookup.ts";
import { load32, store32 } from "../memory.ts";
import {
  booleanOop,
  formatOf,
  initializeSlot,
  isCompiledCodeFormat,
  isImmediate,
  isInstanceOf,
  isSmallInteger,
  slotAt,
  slotCountOf,
  tagInteger,
  untagInteger,
} from "../object.ts";
import { MARK_HANDLER, MARK_UNWIND } from "../primitiveNumbers.ts";
import { callAttention } from "../process.ts";
import { answer, framePointer, push, setStackPointer, stackPointer, stackValue } from "../state.ts";
import { activationOf, contextOf, dropFramesTo, findMarked, isFrame, senderActivation } from "../unwind.ts";

export function contextGetSender(): boolean {
  if (!isContext(stackValue(0))) return false;
  return answer(0, senderOf(stackValue(0)));
}

export function contextSetSender(): boolean {
  const context: i32 = stackValue(1);
  const sender: i32 = stackValue(0);
  if (!isContext(context) || (sender != NIL && !isContext(sender))) return false;
  callAttention();
  setSenderOf(context, sender);
  return answer(1, context);
}

export function contextGetPc(): boolean {
  if (!isContext(stackValue(0))) return false;
  saveActivePage();
  return answer(0, pcOf(stackValue(0)));
}

export function contextSetPc(): boolean {
  const context: i32 = stackValue(1);
  const pc: i32 = stackValue(0);
  if (!isContext(context) || (pc != NIL && !isSmallInteger(pc))) return false;
  divorceContext(context);
  callAttention();
  initializeSlot(context, CONTEXT_PC, pc);
  return answer(1, context);
}

export function contextGetStackPointer(): boolean {
  if (!isContext(stackValue(0))) return false;
  saveActivePage();
  return answer(0, tagInteger(stackSizeOf(stackValue(0))));
}

export function contextStackPointerPut(): boolean {
  const context: i32 = stackValue(1);
  const size: i32 = stackValue(0);
  if (!isContext(context) || !isSmallInteger(size)) return false;
  if (untagInteger(size) < 0 || untagInteger(size) > slotCountOf(context) - CONTEXT_FIRST_STACK_SLOT) return false;
  divorceContext(context);
  callAttention();
  for (let index: i32 = stackSizeOf(context); index < untagInteger(size); index++) {
    initializeSlot(context, CONTEXT_FIRST_STACK_SLOT + index, NIL);
  }
  initializeSlot(context, CONTEXT_STACK_POINTER, size);
  return answer(1, context);
}

/** Address of the stack slot named by a 1-based index on the stack, 0 when there is no such slot. */
function slotAddress(context: i32, index: i32): i32 {
  if (!isContext(context) || !isSmallInteger(index)) return 0;
  saveActivePage();
  if (untagInteger(index) < 1 || untagInteger(index) > stackSizeOf(context)) return 0;
  return stackSlotAddress(context, untagInteger(index) - 1);
}

export function contextAt(): boolean {
  const address: i32 = slotAddress(stackValue(1), stackValue(0));
  return address != 0 && answer(1, load32(address));
}

/** A translation keeps what is in its frame in local variables, too, and must not go on with them. */
export function contextAtPut(): boolean {
  const context: i32 = stackValue(2);
  const value: i32 = stackValue(0);
  const address: i32 = slotAddress(context, stackValue(1));
  if (address == 0) return false;
  callAttention();
  if (isMarried(context)) store32(address, value);
  else storeSlot(context, CONTEXT_FIRST_STACK_SLOT + untagInteger(stackValue(1)) - 1, value);
  return answer(2, value);
}

/** Makes a context the running one; whatever ran is left where it stands. */
function jumpTo(context: i32): void {
  callAttention();
  const target: i32 = activationOf(context);
  let activation: i32 = framePointer;
  while (activation != NIL && activation != target) activation = senderActivation(activation);
  if (activation == target) dropFramesTo(target);
  else enterContext(context);
}

export function contextJump(): boolean {
  const context: i32 = stackValue(0);
  if (!isContext(context) || isDead(context)) return false;
  setStackPointer(stackPointer + 4);
  saveActivePage();
  jumpTo(context);
  return true;
}

export function contextReturnTo(): boolean {
  const context: i32 = stackValue(1);
  const value: i32 = stackValue(0);
  if (!isContext(context) || isDead(context)) return false;
  setStackPointer(stackPointer + 8);
  saveActivePage();
  jumpTo(context);
  push(value);
  return true;
}

export function closureAsContextWithSender(): boolean {
  const closure: i32 = stackValue(1);
  const sender: i32 = stackValue(0);
  if (!isInstanceOf(closure, BLOCK_CLOSURE_CLASS_INDEX) || (sender != NIL && !isContext(sender))) return false;
  return answer(1, closureAsContext(closure, sender));
}

export function contextNew(): boolean {
  const method: i32 = stackValue(0);
  if (isImmediate(method) || !isCompiledCodeFormat(formatOf(method))) return false;
  return answer(1, newContext(method));
}

export function contextIsDead(): boolean {
  if (!isContext(stackValue(0))) return false;
  return answer(0, booleanOop(isDead(stackValue(0))));
}

export function methodLookup(): boolean {
  const behavior: i32 = stackValue(1);
  if (isImmediate(behavior) || !isBehavior(behavior)) return false;
  const method: i32 = lookupMethod(behavior, stackValue(0));
  return answer(1, method == 0 ? NIL : method);
}

export function processStackDepth(): boolean {
  let depth: i32 = 0;
  let activation: i32 = framePointer;
  while (activation != NIL) {
    depth++;
    activation = senderActivation(activation);
  }
  return answer(0, tagInteger(depth));
}

// --- Exceptions ---

export function findNextUnwind(): boolean {
  const context: i32 = stackValue(1);
  const end: i32 = stackValue(0);
  if (!isContext(context) || (end != NIL && !isContext(end))) return false;
  const found: i32 = findMarked(senderActivation(activationOf(context)), activationOf(end), MARK_UNWIND);
  return answer(1, found == NIL ? NIL : contextOf(found));
}

/** The second temporary of what is marked as unwinding is nil until its block begins. */
export function findOutermostRunningUnwind(): boolean {
  const context: i32 = stackValue(0);
  if (!isContext(context)) return false;
  let found: i32 = NIL;
  let activation: i32 = findMarked(senderActivation(activationOf(context)), NIL, MARK_UNWIND);
  while (activation != NIL) {
    const begun: i32 = isFrame(activation)
      ? load32(frameTemporaries(activation) - 4)
      : slotAt(activation, CONTEXT_FIRST_STACK_SLOT + 1);
    if (begun != NIL) found = activation;
    activation = findMarked(senderActivation(activation), NIL, MARK_UNWIND);
  }
  return answer(0, found == NIL ? NIL : contextOf(found));
}

export function findNextHandler(): boolean {
  const context: i32 = stackValue(0);
  if (!isContext(context)) return false;
  const found: i32 = findMarked(activationOf(context), NIL, MARK_HANDLER);
  return answer(0, found == NIL ? NIL : contextOf(found));
}

/** Drops the contexts between r and a; they are dead afterwards. Without a below r, nothing is dropped. */
export function terminateTo(): boolean {
  const context: i32 = stackValue(1);
  const end: i32 = stackValue(0);
  if (!isContext(context) || (end != NIL && !isContext(end))) return false;
  callAttention();
  let sender: i32 = senderOf(context);
  if (end == NIL || hasSender(context, end)) {
    while (sender != NIL && sender != end) {
      divorceContext(sender);
      const next: i32 = slotAt(sender, CONTEXT_SENDER);
      killContext(sender);
      sender = next;
    }
  }
  setSenderOf(context, end);
  return answer(1, context);
}

/** The running frame stays married; it is the first of its page then, which keeps the sender of its Context. */
function setSenderOf(context: i32, sender: i32): void {
  divorceContext(context);
  if (isMarried(context)) store32(frameOf(context) + FRAME_CALLER_CONTEXT, sender);
  else storeSlot(context, CONTEXT_SENDER, sender);
}

function hasSender(context: i32, target: i32): boolean {
  let sender: i32 = senderOf(context);
  while (sender != NIL && sender != target) sender = senderOf(sender);
  return sender == target;
}
