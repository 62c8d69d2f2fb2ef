// Checks what every other part takes for granted: that the spaces can be walked, that each reference hits the header of an
// object, that each object has a class, and that the remembered set is complete. For tests, and for an image that does not
// believe its machine.
//
// Where headers are is noted in a bit map behind the heap, one bit for each 8 bytes from NEW_SPACE_START on.

import {
  classAt,
  classTableSize,
  edenFree,
  ensureMemory,
  oldFree,
  rememberedCount,
  rememberedSetOverflowed,
  survivorFree,
  survivorStart,
} from "./allocation.ts";
import {
  CLASS_INDEX_MASK,
  EDEN,
  FREE_CLASS_INDEX,
  GREY_BIT,
  HEADER_SIZE,
  NEW_SPACE_START,
  NIL,
  OLD_SPACE_START,
  REMEMBERED_BIT,
  REMEMBERED_SET,
} from "./layout.ts";
import { fillBytes, load32, store32 } from "./memory.ts";
import { headerClassIndex, headerHash, isImmediate } from "./object.ts";
import { visitRoots } from "./roots.ts";
import { PHASE_VERIFY, setPhase } from "./visit.ts";
import { endOfObject, objectFrom, oopSlotCountOf } from "./walk.ts";

let bitMap: i32 = 0;
let firstWrong: i32 = 0;
let rememberedFound: i32 = 0;

/** 0 when everything is sound, else the address of the first wrong word, or -1 when there is no memory for the check. */
export function verifyHeap(): i32 {
  const size: i32 = (((oldFree - NEW_SPACE_START) >> 8) + 1) << 2;
  if (!ensureMemory(oldFree + size)) return -1;
  bitMap = oldFree;
  fillBytes(bitMap, 0, size);
  firstWrong = 0;
  rememberedFound = 0;
  noteHeaders(survivorStart, survivorFree);
  noteHeaders(EDEN, edenFree);
  noteHeaders(OLD_SPACE_START, oldFree);
  if (firstWrong != 0) return firstWrong;
  verifySpace(survivorStart, survivorFree);
  verifySpace(EDEN, edenFree);
  verifySpace(OLD_SPACE_START, oldFree);
  verifyRememberedSet();
  verifyClassTable();
  setPhase(PHASE_VERIFY);
  visitRoots();
  return firstWrong;
}

function report(address: i32): void {
  if (firstWrong == 0) firstWrong = address;
}

function wordFor(object: i32): i32 {
  return bitMap + (((object - NEW_SPACE_START) >> 8) << 2);
}

function noteHeaders(start: i32, end: i32): void {
  let address: i32 = start;
  while (address < end) {
    const object: i32 = objectFrom(address);
    if (headerClassIndex(object) != FREE_CLASS_INDEX) {
      const word: i32 = wordFor(object);
      store32(word, load32(word) | (1 << ((object >>> 3) & 31)));
    }
    const next: i32 = endOfObject(object);
    if (next <= address) {
      report(address);
      return;
    }
    address = next;
  }
  if (address != end) report(address);
}

function isReference(oop: i32): boolean {
  if (isImmediate(oop)) return true;
  if ((oop & 7) != 0 || oop < NEW_SPACE_START || oop >= oldFree) return false;
  return ((load32(wordFor(oop)) >>> ((oop >>> 3) & 31)) & 1) != 0;
}

/** A word outside the heap. */
export function verifyReference(address: i32): void {
  if (!isReference(load32(address))) report(address);
}

function verifySpace(start: i32, end: i32): void {
  let address: i32 = start;
  while (address < end) {
    const object: i32 = objectFrom(address);
    if (headerClassIndex(object) != FREE_CLASS_INDEX) verifyObject(object);
    address = endOfObject(object);
  }
}

function verifyObject(object: i32): void {
  const header: i32 = load32(object);
  const classIndex: i32 = header & CLASS_INDEX_MASK;
  if (classIndex >= classTableSize() || classAt(classIndex) == NIL || (header & GREY_BIT) != 0) report(object);
  const isRemembered: boolean = (header & REMEMBERED_BIT) != 0;
  if (isRemembered) rememberedFound++;
  const end: i32 = object + HEADER_SIZE + (oopSlotCountOf(object) << 2);
  if (end > endOfObject(object)) {
    report(object);
    return;
  }
  for (let address: i32 = object + HEADER_SIZE; address < end; address += 4) {
    const oop: i32 = load32(address);
    if (!isReference(oop)) report(address);
    else if (object >= OLD_SPACE_START && oop < OLD_SPACE_START && !isImmediate(oop)) {
      if (!isRemembered && !isRememberedSlot(address)) report(address);
    }
  }
}

function isRememberedSlot(address: i32): boolean {
  for (let index: i32 = 0; index < rememberedCount; index++) {
    if (load32(REMEMBERED_SET + (index << 2)) == address + 1) return true;
  }
  return rememberedSetOverflowed;
}

function verifyRememberedSet(): void {
  let slotCount: i32 = 0;
  for (let index: i32 = 0; index < rememberedCount; index++) {
    const entry: i32 = REMEMBERED_SET + (index << 2);
    const object: i32 = load32(entry);
    if ((object & 1) != 0) {
      slotCount++;
      if (object < OLD_SPACE_START || object >= oldFree || (object & 3) != 1) report(entry);
    } else if (object < OLD_SPACE_START || !isReference(object) || (load32(object) & REMEMBERED_BIT) == 0)
      report(entry);
  }
  if (!rememberedSetOverflowed && rememberedFound != rememberedCount - slotCount) report(REMEMBERED_SET);
}

/** A class's identity hash is its index. */
function verifyClassTable(): void {
  const count: i32 = classTableSize();
  for (let index: i32 = 1; index < count; index++) {
    const behavior: i32 = classAt(index);
    if (behavior != NIL && headerHash(behavior) != index) report(behavior);
  }
}
