// Reading and writing objects: tags, headers, slots. See layout.ts for the picture. Functions here never allocate and
// never check; `oop` is any object pointer, immediate ones included, `object` one that has a header.

import {
  ARRAY_CLASS_INDEX,
  CHARACTER_CLASS_INDEX,
  CLASS_INDEX_MASK,
  FALSE,
  FORMAT_BYTES,
  FORMAT_MASK,
  FORMAT_SHIFT,
  FORMAT_WORDS16,
  FORMAT_WORDS32,
  FORMAT_WORDS64,
  HASH_MASK,
  HEADER_SIZE,
  SLOT_COUNT_OVERFLOW,
  SLOT_COUNT_SHIFT,
  SMALL_INTEGER_CLASS_INDEX,
  SMALL_INTEGER_MAXIMUM,
  SMALL_INTEGER_MINIMUM,
  TRUE,
} from "./layout.ts";
import { load32, loadFloat, store32 } from "./memory.ts";

export function isSmallInteger(oop: i32): boolean {
  return (oop & 1) != 0;
}
export function isCharacter(oop: i32): boolean {
  return (oop & 3) == 2;
}
export function isImmediate(oop: i32): boolean {
  return (oop & 3) != 0;
}
export function tagInteger(value: i32): i32 {
  return (value << 1) | 1;
}
export function untagInteger(oop: i32): i32 {
  return oop >> 1;
}
export function fitsSmallInteger(value: i32): boolean {
  return value >= SMALL_INTEGER_MINIMUM && value <= SMALL_INTEGER_MAXIMUM;
}
export function tagCharacter(codePoint: i32): i32 {
  return (codePoint << 2) | 2;
}
export function untagCharacter(oop: i32): i32 {
  return oop >>> 2;
}
export function booleanOop(value: boolean): i32 {
  return value ? TRUE : FALSE;
}

// --- Header ---

/** Class index of an object with a header. */
export function headerClassIndex(object: i32): i32 {
  return load32(object) & CLASS_INDEX_MASK;
}
/** Class index of any oop. */
export function classIndexOf(oop: i32): i32 {
  if ((oop & 3) == 0) return load32(oop) & CLASS_INDEX_MASK;
  return (oop & 1) != 0 ? SMALL_INTEGER_CLASS_INDEX : CHARACTER_CLASS_INDEX;
}
export function isInstanceOf(oop: i32, classIndex: i32): boolean {
  return (oop & 3) == 0 && (load32(oop) & CLASS_INDEX_MASK) == classIndex;
}
export function isArray(oop: i32): boolean {
  return isInstanceOf(oop, ARRAY_CLASS_INDEX);
}
export function formatOf(object: i32): i32 {
  return (load32(object) >>> FORMAT_SHIFT) & FORMAT_MASK;
}
export function setClassIndex(object: i32, classIndex: i32): void {
  store32(object, (load32(object) & ~CLASS_INDEX_MASK) | classIndex);
}
export function setFormat(object: i32, format: i32): void {
  store32(object, (load32(object) & ~(FORMAT_MASK << FORMAT_SHIFT)) | (format << FORMAT_SHIFT));
}
/** Identity hash as it stands in the header, 0 when none was assigned. */
export function headerHash(object: i32): i32 {
  return load32(object + 4) & HASH_MASK;
}
export function setHeaderHash(object: i32, hash: i32): void {
  store32(object + 4, (load32(object + 4) & ~HASH_MASK) | hash);
}
/** Number of 4-byte slots in the body. */
export function slotCountOf(object: i32): i32 {
  const count: i32 = load32(object + 4) >>> SLOT_COUNT_SHIFT;
  return count == SLOT_COUNT_OVERFLOW ? load32(object - 8) : count;
}
/** Bytes of the body, padding included: a multiple of 8, at least 8. */
export function bodySizeFor(slotCount: i32): i32 {
  return slotCount == 0 ? 8 : (slotCount * 4 + 7) & ~7;
}

// --- Slots ---

/** Slot `index`, counted from 0 over instance variables and then indexable oops. */
export function slotAt(object: i32, index: i32): i32 {
  return load32(object + HEADER_SIZE + (index << 2));
}
/** Stores an oop without a write barrier: for immediates, NIL, TRUE, FALSE, and objects fresh from eden. */
export function initializeSlot(object: i32, index: i32, oop: i32): void {
  store32(object + HEADER_SIZE + (index << 2), oop);
}
export function floatValueOf(floatObject: i32): f64 {
  return loadFloat(floatObject + HEADER_SIZE);
}

// --- Formats ---

export function isOopFormat(format: i32): boolean {
  return format <= 5;
}
export function isBytesFormat(format: i32): boolean {
  return format >= FORMAT_BYTES && format < FORMAT_BYTES + 8;
}
export function isCompiledCodeFormat(format: i32): boolean {
  return format >= FORMAT_BYTES + 8;
}
/** Elements of a raw (not oop) object: bytes, 16-, 32- or 64-bit units by its format. */
export function rawElementCount(object: i32): i32 {
  const format: i32 = formatOf(object);
  const size: i32 = slotCountOf(object) << 2;
  if (format >= FORMAT_BYTES) return size - (format & 7);
  if (format >= FORMAT_WORDS16) return (size >> 1) - (format & 3);
  if (format >= FORMAT_WORDS32) return (size >> 2) - (format & 1);
  if (format == FORMAT_WORDS64) return size >> 3;
  return 0;
}
