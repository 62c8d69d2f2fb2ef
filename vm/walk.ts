// Walking over a space: every object begins where the one before ends. Dead space in old space, which there is only around
// pinned objects, is covered by fillers: objects with class index 0. A filler without slots is a header alone, so that
// 8 bytes can be filled too; every other object has a body of at least 8 bytes.

import { literalCountOf } from "./compiledCode.ts";
import {
  CLASS_INDEX_MASK,
  FORMAT_COMPILED_CODE,
  FORMAT_EPHEMERON,
  FORMAT_SHIFT,
  FORMAT_WORDS32,
  HEADER_SIZE,
  SLOT_COUNT_OVERFLOW,
  SLOT_COUNT_SHIFT,
} from "./layout.ts";
import { load32, store32 } from "./memory.ts";
import { bodySizeFor, formatOf, slotCountOf } from "./object.ts";

/** The object whose first byte, that of its overflow header if it has one, is at `address`. */
export function objectFrom(address: i32): i32 {
  return load32(address + 4) >>> SLOT_COUNT_SHIFT == SLOT_COUNT_OVERFLOW ? address + 8 : address;
}

/** First byte of an object, that of its overflow header if it has one. */
export function startOfObject(object: i32): i32 {
  return load32(object + 4) >>> SLOT_COUNT_SHIFT == SLOT_COUNT_OVERFLOW ? object - 8 : object;
}

/** Where the next object begins. */
export function endOfObject(object: i32): i32 {
  const slotCount: i32 = slotCountOf(object);
  if (slotCount == 0 && (load32(object) & CLASS_INDEX_MASK) == 0) return object + HEADER_SIZE;
  return object + HEADER_SIZE + bodySizeFor(slotCount);
}

/** Covers dead space, a multiple of 8 bytes. */
export function writeFiller(from: i32, to: i32): void {
  if (from == to) return;
  const size: i32 = to - from;
  let object: i32 = from;
  let slotCount: i32 = (size - HEADER_SIZE) >> 2;
  if (slotCount >= SLOT_COUNT_OVERFLOW) {
    store32(from, slotCount - 2);
    store32(from + 4, SLOT_COUNT_OVERFLOW << SLOT_COUNT_SHIFT);
    object = from + 8;
    slotCount = SLOT_COUNT_OVERFLOW;
  }
  store32(object, FORMAT_WORDS32 << FORMAT_SHIFT);
  store32(object + 4, slotCount << SLOT_COUNT_SHIFT);
}

/** Number of leading slots that hold oops, weak ones included. */
export function oopSlotCountOf(object: i32): i32 {
  const format: i32 = formatOf(object);
  if (format <= FORMAT_EPHEMERON) return slotCountOf(object);
  return format >= FORMAT_COMPILED_CODE ? literalCountOf(object) + 1 : 0;
}
