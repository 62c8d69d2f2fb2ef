// The stack of the running process as text on the stream of errors, for the report of a machine that failed: without
// allocation, and without belief in anything that it reads. One line for each activation, the innermost first:
//
//     [] in Receiver(Class)>>selector

import { classAt } from "./allocation.ts";
import { homeMethodOf, literalAt, literalCountOf, methodClassOf } from "./compiledCode.ts";
import { frameOf, isContext, isMarried } from "./contexts.ts";
import { FRAME_CALLER, FRAME_CALLER_CONTEXT, FRAME_METHOD, FRAME_TEMPORARIES } from "./frames.ts";
import { hostWrite } from "./host.ts";
import {
  CLASS_NAME,
  COMPILED_BLOCK_CLASS_INDEX,
  CONTEXT_METHOD,
  CONTEXT_RECEIVER,
  CONTEXT_SENDER,
  HEADER_SIZE,
  METACLASS_CLASS_INDEX,
  METACLASS_THIS_CLASS,
  METHOD_STATE_SELECTOR,
  NEW_SPACE_START,
  STACK_PAGE_COUNT,
  STACK_PAGE_SIZE,
  STACK_PAGES,
  TRANSFER_BUFFER,
  WASM_PAGE_SIZE,
} from "./layout.ts";
import { load8, load32, memoryPages, multiply32, store8 } from "./memory.ts";
import {
  classIndexOf,
  formatOf,
  isBytesFormat,
  isCompiledCodeFormat,
  isInstanceOf,
  isOopFormat,
  rawElementCount,
  slotAt,
  slotCountOf,
} from "./object.ts";
import { framePointer } from "./state.ts";

const STREAM_ERRORS: i32 = 2;
const MOST_LINES: i32 = 60;
const LONGEST_NAME: i32 = 100;
const SPACE: i32 = 0x20;
const LINE_FEED: i32 = 0x0a;
const QUESTION_MARK: i32 = 0x3f;

let end: i32 = 0;
let lines: i32 = 0;

function put(byte: i32): void {
  store8(end, byte);
  end++;
}

function endLine(): void {
  put(LINE_FEED);
  hostWrite(STREAM_ERRORS, TRANSFER_BUFFER, end - TRANSFER_BUFFER);
  lines++;
}

// --- What can be read ---

/** Whether an oop is the address of something inside memory. */
function isReadable(oop: i32): boolean {
  const limit: i32 = multiply32(memoryPages(), WASM_PAGE_SIZE) - 16;
  return (oop & 7) == 0 && oop >= NEW_SPACE_START && oop < limit;
}

function hasSlot(oop: i32, index: i32): boolean {
  return isReadable(oop) && isOopFormat(formatOf(oop)) && slotCountOf(oop) > index;
}

function isFrame(fp: i32): boolean {
  return (fp & 3) == 0 && fp >= STACK_PAGES && fp < STACK_PAGES + STACK_PAGE_COUNT * STACK_PAGE_SIZE;
}

// --- Names ---

/** A String or Symbol of bytes; a question mark for anything else. */
function putName(oop: i32): void {
  if (!isReadable(oop) || !isBytesFormat(formatOf(oop))) {
    put(QUESTION_MARK);
    return;
  }
  const size: i32 = rawElementCount(oop);
  for (let index: i32 = 0; index < size && index < LONGEST_NAME; index++) put(load8(oop + HEADER_SIZE + index));
}

function putClassWord(): void {
  put(SPACE);
  put(0x63);
  put(0x6c);
  put(0x61);
  put(0x73);
  put(0x73);
}

function putClassName(behavior: i32): void {
  if (!hasSlot(behavior, CLASS_NAME)) {
    put(QUESTION_MARK);
  } else if (isInstanceOf(behavior, METACLASS_CLASS_INDEX)) {
    const instance: i32 = slotAt(behavior, METACLASS_THIS_CLASS);
    putName(hasSlot(instance, CLASS_NAME) ? slotAt(instance, CLASS_NAME) : 0);
    putClassWord();
  } else putName(slotAt(behavior, CLASS_NAME));
}

function putSelector(method: i32): void {
  const state: i32 = literalAt(method, literalCountOf(method) - 2);
  if (hasSlot(state, METHOD_STATE_SELECTOR)) putName(slotAt(state, METHOD_STATE_SELECTOR));
  else putName(state);
}

function putBlockMark(): void {
  put(0x5b);
  put(0x5d);
  put(SPACE);
  put(0x69);
  put(0x6e);
  put(SPACE);
}

// --- Lines ---

function putActivation(code: i32, receiver: i32): void {
  end = TRANSFER_BUFFER;
  for (let count: i32 = 0; count < 4; count++) put(SPACE);
  if (!isReadable(code) || !isCompiledCodeFormat(formatOf(code))) {
    put(QUESTION_MARK);
  } else {
    if (isInstanceOf(code, COMPILED_BLOCK_CLASS_INDEX)) putBlockMark();
    putMethod(homeMethodOf(code), receiver);
  }
  endLine();
}

function putMethod(method: i32, receiver: i32): void {
  const isKnown: boolean = (receiver & 3) != 0 || isReadable(receiver);
  const receiverClass: i32 = isKnown ? classAt(classIndexOf(receiver)) : 0;
  putClassName(receiverClass);
  if (methodClassOf(method) != receiverClass) {
    put(0x28);
    putClassName(methodClassOf(method));
    put(0x29);
  }
  put(0x3e);
  put(0x3e);
  putSelector(method);
}

/** The frames from `fp` to the end of its page; answers the Context that the last one returns to. */
function putFrames(frame: i32): i32 {
  let fp: i32 = frame;
  while (isFrame(fp) && lines < MOST_LINES) {
    putActivation(load32(fp + FRAME_METHOD), load32(load32(fp + FRAME_TEMPORARIES) + 4));
    if (load32(fp + FRAME_CALLER) == 0) return load32(fp + FRAME_CALLER_CONTEXT);
    fp = load32(fp + FRAME_CALLER);
  }
  return 0;
}

/** Writes the stack, as far as it can be read, and no more than some dozens of lines. */
export function writeStack(): void {
  lines = 0;
  let context: i32 = putFrames(framePointer);
  while (isReadable(context) && isContext(context) && lines < MOST_LINES) {
    if (isMarried(context)) context = putFrames(frameOf(context));
    else {
      putActivation(slotAt(context, CONTEXT_METHOD), slotAt(context, CONTEXT_RECEIVER));
      context = slotAt(context, CONTEXT_SENDER);
    }
  }
}
