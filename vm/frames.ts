// Frames and stack pages.
//
// A frame lives on a stack page, which grows downwards. `fp` is the address of the lowest word of its header:
//
//   receiver                tp + 4     (replaced by the answer when the frame returns)
//   argument 0              tp
//   ... temporary i         tp - 4 i
//   caller ip               fp + 20    in the first frame of a page: the Context to return to, or nil
//   caller fp               fp + 16    in the first frame of a page: 0
//   method or block         fp + 12
//   tp                      fp + 8
//   closure                 fp + 4     0 in the frame of a method
//   context                 fp + 0     0 until somebody looks at the frame
//   operands                fp - 4 ... sp
//
// While a frame runs a callee, its operands end above the callee's receiver: its sp is the callee's tp + 8.
//
// The pages are a pool for all processes. A process that waits keeps its frames on its page; when the pool is empty, the
// page that was left longest ago is written out to Contexts (flushed) and taken. A stack that outgrows its page goes on
// in another one, whose first frame returns to the Context of the last frame of the old page.
//
// Entry of the page table, 32 bytes, valid while the page is not the active one:
//   +0 head fp (0: the page is free)   +4 head sp   +8 head ip   +12 stamp of the last use   +16 depth in pages   +20 next free

import {
  LARGE_FRAME_SLOTS,
  STACK_PAGE_COUNT,
  STACK_PAGE_SHIFT,
  STACK_PAGE_SIZE,
  STACK_PAGE_TABLE,
  STACK_PAGES,
} from "./layout.ts";
import { load32, store32 } from "./memory.ts";
import {
  framePointer,
  instructionPointer,
  setFramePointer,
  setInstructionPointer,
  setStackPointer,
  stackPointer,
} from "./state.ts";

export const FRAME_CONTEXT: i32 = 0;
export const FRAME_CLOSURE: i32 = 4;
export const FRAME_TEMPORARIES: i32 = 8;
export const FRAME_METHOD: i32 = 12;
export const FRAME_CALLER: i32 = 16;
export const FRAME_CALLER_IP: i32 = 20;
export const FRAME_CALLER_CONTEXT: i32 = 20; // of the first frame of a page
export const FRAME_HEADER_SIZE: i32 = 24;

const PAGE_HEAD_FP: i32 = 0;
const PAGE_HEAD_SP: i32 = 4;
const PAGE_HEAD_IP: i32 = 8;
const PAGE_STAMP: i32 = 12;
const PAGE_DEPTH: i32 = 16;
const PAGE_NEXT_FREE: i32 = 20;
const PAGE_ENTRY_SHIFT: i32 = 5;

// The largest frame that an activation may build below the limit: 63 temporaries, the header, a large frame's operands,
// a doesNotUnderstand: message or an unwinding send on top.
const PAGE_RESERVE: i32 = (63 + 6 + LARGE_FRAME_SLOTS + 16) * 4;

/** The page that the running frame is on, -1 when nothing runs. */
export let activePage: i32 = -1;
/** An activation that finds sp below this takes another page first. */
export let stackLimit: i32 = 0;
let freePages: i32 = -1;
let stamp: i32 = 0;

export function pageEntry(page: i32): i32 {
  return STACK_PAGE_TABLE + (page << PAGE_ENTRY_SHIFT);
}
export function pageOf(fp: i32): i32 {
  return (fp - STACK_PAGES) >> STACK_PAGE_SHIFT;
}
export function pageTop(page: i32): i32 {
  return STACK_PAGES + (page + 1) * STACK_PAGE_SIZE;
}
export function headFrameOf(page: i32): i32 {
  return load32(pageEntry(page) + PAGE_HEAD_FP);
}
export function headStackPointerOf(page: i32): i32 {
  return load32(pageEntry(page) + PAGE_HEAD_SP);
}
export function headInstructionPointerOf(page: i32): i32 {
  return load32(pageEntry(page) + PAGE_HEAD_IP);
}
export function setHeadInstructionPointer(page: i32, ip: i32): void {
  store32(pageEntry(page) + PAGE_HEAD_IP, ip);
}
export function depthOf(page: i32): i32 {
  return load32(pageEntry(page) + PAGE_DEPTH);
}
export function setDepth(page: i32, depth: i32): void {
  store32(pageEntry(page) + PAGE_DEPTH, depth);
}

export function initializePages(): void {
  freePages = -1;
  activePage = -1;
  for (let page: i32 = STACK_PAGE_COUNT - 1; page >= 0; page--) {
    store32(pageEntry(page) + PAGE_HEAD_FP, 0);
    store32(pageEntry(page) + PAGE_NEXT_FREE, freePages);
    freePages = page;
  }
}

/** Takes a page off the free list, -1 when there is none. */
export function takeFreePage(): i32 {
  const page: i32 = freePages;
  if (page >= 0) freePages = load32(pageEntry(page) + PAGE_NEXT_FREE);
  return page;
}

export function releasePage(page: i32): void {
  store32(pageEntry(page) + PAGE_HEAD_FP, 0);
  store32(pageEntry(page) + PAGE_NEXT_FREE, freePages);
  freePages = page;
  if (page == activePage) activePage = -1;
}

/** The page in use that was left longest ago, never the active one. */
export function leastRecentPage(): i32 {
  let oldest: i32 = -1;
  for (let page: i32 = 0; page < STACK_PAGE_COUNT; page++) {
    if (page == activePage || headFrameOf(page) == 0) continue;
    if (oldest < 0 || ((load32(pageEntry(page) + PAGE_STAMP) - load32(pageEntry(oldest) + PAGE_STAMP)) | 0) < 0)
      oldest = page;
  }
  return oldest;
}

/** Writes the registers into the active page's entry, so that the page can be walked like any other. */
export function saveActivePage(): void {
  if (activePage < 0 || framePointer == 0) return; // idle: the entry was written when the process went to sleep
  const entry: i32 = pageEntry(activePage);
  store32(entry + PAGE_HEAD_FP, framePointer);
  store32(entry + PAGE_HEAD_SP, stackPointer);
  store32(entry + PAGE_HEAD_IP, instructionPointer);
}

/** Nothing runs any more: the page keeps its frames like that of any process that waits. */
export function leaveActivePage(): void {
  saveActivePage();
  activePage = -1;
  setFramePointer(0);
}

/** Makes `page` the active one and loads the registers from its entry. */
export function activatePage(page: i32): void {
  const entry: i32 = pageEntry(page);
  stamp = (stamp + 1) | 0;
  store32(entry + PAGE_STAMP, stamp);
  activePage = page;
  stackLimit = STACK_PAGES + page * STACK_PAGE_SIZE + PAGE_RESERVE;
  setFramePointer(load32(entry + PAGE_HEAD_FP));
  setStackPointer(load32(entry + PAGE_HEAD_SP));
  setInstructionPointer(load32(entry + PAGE_HEAD_IP));
}

/** Enters what will be the page's head when it is activated. */
export function setPageHead(page: i32, fp: i32, sp: i32, ip: i32): void {
  const entry: i32 = pageEntry(page);
  store32(entry + PAGE_HEAD_FP, fp);
  store32(entry + PAGE_HEAD_SP, sp);
  store32(entry + PAGE_HEAD_IP, ip);
}

// --- Reading a frame ---

export function frameMethod(fp: i32): i32 {
  return load32(fp + FRAME_METHOD);
}
export function frameTemporaries(fp: i32): i32 {
  return load32(fp + FRAME_TEMPORARIES);
}
export function frameReceiver(fp: i32): i32 {
  return load32(load32(fp + FRAME_TEMPORARIES) + 4);
}
/** Arguments, copied values and temporaries: the words between receiver and header. */
export function frameTemporaryCount(fp: i32): i32 {
  return (load32(fp + FRAME_TEMPORARIES) - (fp + FRAME_CALLER_IP)) >> 2;
}
/** The frame that `fp` called on its own page (saveActivePage first), 0 when it is the head. */
export function calleeOf(fp: i32): i32 {
  let frame: i32 = headFrameOf(pageOf(fp));
  let callee: i32 = 0;
  while (frame != fp && frame != 0) {
    callee = frame;
    frame = load32(frame + FRAME_CALLER);
  }
  return callee;
}
/** Where the frame's operands end (saveActivePage first). */
export function frameStackPointer(fp: i32, callee: i32): i32 {
  return callee == 0 ? headStackPointerOf(pageOf(fp)) : load32(callee + FRAME_TEMPORARIES) + 8;
}
/** Address of the bytecode with which the frame goes on (saveActivePage first). */
export function frameInstructionPointer(fp: i32, callee: i32): i32 {
  return callee == 0 ? headInstructionPointerOf(pageOf(fp)) : load32(callee + FRAME_CALLER_IP);
}
