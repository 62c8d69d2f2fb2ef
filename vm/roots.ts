// Where collections begin: the special objects, the active frame, and all frames on stack pages. Classes are reached
// through the class table among the special objects; the collector treats that one itself.

import {
  activePage,
  FRAME_CALLER,
  FRAME_CALLER_CONTEXT,
  FRAME_CALLER_IP,
  FRAME_CLOSURE,
  FRAME_CONTEXT,
  FRAME_METHOD,
  FRAME_TEMPORARIES,
  headFrameOf,
  headInstructionPointerOf,
  headStackPointerOf,
  saveActivePage,
  setHeadInstructionPointer,
} from "./frames.ts";
import { STACK_PAGE_COUNT, STACK_PAGE_TABLE } from "./layout.ts";
import { flushMethodCache, flushYoungMethodCache } from "./lookup.ts";
import { load32, store32 } from "./memory.ts";
import { setInstructionPointer, setSpecialObjects, specialObjects } from "./state.ts";
import { isScavenging, visitReference } from "./visit.ts";

/** A word beyond the stack page table where registers are put while they are visited. */
const CELL: i32 = STACK_PAGE_TABLE + 0x800;

function visitRange(from: i32, to: i32): void {
  for (let address: i32 = from; address < to; address += 4) visitReference(address);
}

/** Visits one frame from its operands up to its receiver; answers by how much its method moved. */
function visitFrame(fp: i32, sp: i32): i32 {
  const method: i32 = load32(fp + FRAME_METHOD);
  visitRange(sp, fp);
  if (load32(fp + FRAME_CONTEXT) != 0) visitReference(fp + FRAME_CONTEXT);
  if (load32(fp + FRAME_CLOSURE) != 0) visitReference(fp + FRAME_CLOSURE);
  visitReference(fp + FRAME_METHOD);
  if (load32(fp + FRAME_CALLER) == 0) visitReference(fp + FRAME_CALLER_CONTEXT);
  visitRange(fp + FRAME_CALLER_IP + 4, load32(fp + FRAME_TEMPORARIES) + 8);
  return load32(fp + FRAME_METHOD) - method;
}

function visitPage(page: i32): void {
  let fp: i32 = headFrameOf(page);
  const shift: i32 = visitFrame(fp, headStackPointerOf(page));
  setHeadInstructionPointer(page, headInstructionPointerOf(page) + shift);
  while (load32(fp + FRAME_CALLER) != 0) {
    const callee: i32 = fp;
    fp = load32(callee + FRAME_CALLER);
    const callerShift: i32 = visitFrame(fp, load32(callee + FRAME_TEMPORARIES) + 8);
    store32(callee + FRAME_CALLER_IP, load32(callee + FRAME_CALLER_IP) + callerShift);
  }
}

/** Visits every word outside the heap that may hold an oop, and corrects the addresses of bytecodes. */
export function visitRoots(): void {
  store32(CELL, specialObjects);
  visitReference(CELL);
  setSpecialObjects(load32(CELL));
  saveActivePage();
  for (let page: i32 = 0; page < STACK_PAGE_COUNT; page++) {
    if (headFrameOf(page) != 0) visitPage(page);
  }
  if (activePage >= 0) setInstructionPointer(headInstructionPointerOf(activePage));
  if (isScavenging()) flushYoungMethodCache();
  else flushMethodCache();
}
