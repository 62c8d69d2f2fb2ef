// Indexed access to objects of every format. Indexes in the image count from 1.

import { allocateOops, allocateRaw, classAt, isKindOf, storeCheckRange, storeSlot } from "../allocation.ts";
import { literalCountOf } from "../compiledCode.ts";
import {
  BYTE_STRING_CLASS_INDEX,
  BYTE_SYMBOL_CLASS_INDEX,
  CLASS_FORMAT,
  CLASS_INSTANCE_SIZE_MASK,
  CONTEXT_CLASS_INDEX,
  FLOAT_CLASS_INDEX,
  FORMAT_ARRAY,
  FORMAT_BYTES,
  FORMAT_COMPILED_CODE,
  FORMAT_EPHEMERON,
  FORMAT_WEAK_ARRAY,
  FORMAT_WORDS16,
  FORMAT_WORDS32,
  FORMAT_WORDS64,
  HEADER_SIZE,
  IMMUTABLE_BIT,
  WIDE_STRING_CLASS_INDEX,
  WIDE_SYMBOL_CLASS_INDEX,
} from "../layout.ts";
import { copyBytes, fillBytes, load8, load16, load32, store8, store16, store32 } from "../memory.ts";
import {
  formatOf,
  headerClassIndex,
  isImmediate,
  isSmallInteger,
  rawElementCount,
  slotAt,
  slotCountOf,
  tagCharacter,
  tagInteger,
  untagCharacter,
  untagInteger,
} from "../object.ts";
import { answer, spendTicksOnPass, stackValue } from "../state.ts";
import { forgetTranslationOf } from "../translation.ts";
import { integerFromUnsigned, isUnsigned32, unsignedFromInteger } from "./largeInteger.ts";

/** Instance variables of an object, by its class. */
export function fixedSlotCountOf(object: i32): i32 {
  const format: i32 = formatOf(object);
  if (format == FORMAT_ARRAY || format > FORMAT_EPHEMERON) return 0;
  if (format < FORMAT_ARRAY || format == FORMAT_EPHEMERON) return slotCountOf(object);
  return (slotAt(classAt(headerClassIndex(object)), CLASS_FORMAT) >> 1) & CLASS_INSTANCE_SIZE_MASK;
}

export function isIndexableOops(format: i32): boolean {
  return format >= FORMAT_ARRAY && format <= FORMAT_WEAK_ARRAY;
}

/** Number of indexable elements, -1 when the object has none by its format. */
function elementCountOf(object: i32): i32 {
  const format: i32 = formatOf(object);
  if (isIndexableOops(format)) return slotCountOf(object) - fixedSlotCountOf(object);
  if (format >= FORMAT_COMPILED_CODE) return rawElementCount(object);
  if (format >= FORMAT_WORDS64 && headerClassIndex(object) != FLOAT_CLASS_INDEX) return rawElementCount(object);
  return -1;
}

export function isReadOnly(object: i32): boolean {
  return (load32(object) & IMMUTABLE_BIT) != 0;
}

/** The 0-based element index that `indexOop` names in `object`, -1 when it names none. */
function elementIndex(object: i32, indexOop: i32): i32 {
  if (isImmediate(object) || !isSmallInteger(indexOop) || headerClassIndex(object) == CONTEXT_CLASS_INDEX) return -1;
  const index: i32 = untagInteger(indexOop) - 1;
  return index >= 0 && index < elementCountOf(object) ? index : -1;
}

export function at(): boolean {
  const object: i32 = stackValue(1);
  const index: i32 = elementIndex(object, stackValue(0));
  if (index < 0) return false;
  const format: i32 = formatOf(object);
  if (isIndexableOops(format)) return answer(1, slotAt(object, fixedSlotCountOf(object) + index));
  if (format >= FORMAT_BYTES) return answer(1, tagInteger(load8(object + HEADER_SIZE + index)));
  if (format >= FORMAT_WORDS16) return answer(1, tagInteger(load16(object + HEADER_SIZE + (index << 1))));
  if (format < FORMAT_WORDS32) return false;
  const element: i32 = integerFromUnsigned(load32(object + HEADER_SIZE + (index << 2)));
  return element != 0 && answer(1, element);
}

export function atPut(): boolean {
  const object: i32 = stackValue(2);
  const value: i32 = stackValue(0);
  const index: i32 = elementIndex(object, stackValue(1));
  if (index < 0 || isReadOnly(object) || !storeElement(object, index, value)) return false;
  return answer(2, value);
}

function storeElement(object: i32, index: i32, value: i32): boolean {
  const format: i32 = formatOf(object);
  if (isIndexableOops(format)) {
    storeSlot(object, fixedSlotCountOf(object) + index, value);
    return true;
  }
  if (!isUnsigned32(value)) return false;
  const element: i32 = unsignedFromInteger(value);
  if (format >= FORMAT_BYTES) {
    if (element >>> 8 != 0 || (format >= FORMAT_COMPILED_CODE && isInLiterals(object, index))) return false;
    store8(object + HEADER_SIZE + index, element);
    if (format >= FORMAT_COMPILED_CODE) forgetTranslationOf(object);
  } else if (format >= FORMAT_WORDS16) {
    if (element >>> 16 != 0) return false;
    store16(object + HEADER_SIZE + (index << 1), element);
  } else if (format >= FORMAT_WORDS32) store32(object + HEADER_SIZE + (index << 2), element);
  else return false;
  return true;
}

/** Whether a byte of compiled code belongs to its header or literals, which only OBJECT_AT_PUT may change. */
function isInLiterals(code: i32, index: i32): boolean {
  return index < (literalCountOf(code) + 1) << 2;
}

export function size(): boolean {
  const object: i32 = stackValue(0);
  if (isImmediate(object) || headerClassIndex(object) == CONTEXT_CLASS_INDEX) return false;
  const count: i32 = elementCountOf(object);
  return answer(0, tagInteger(count < 0 ? 0 : count));
}

export function isByteString(oop: i32): boolean {
  if (isImmediate(oop)) return false;
  const classIndex: i32 = headerClassIndex(oop);
  return classIndex == BYTE_STRING_CLASS_INDEX || classIndex == BYTE_SYMBOL_CLASS_INDEX;
}
export function isWideString(oop: i32): boolean {
  if (isImmediate(oop)) return false;
  const format: i32 = formatOf(oop);
  if (format < FORMAT_WORDS32 || format >= FORMAT_WORDS16) return false;
  return isKindOf(oop, WIDE_STRING_CLASS_INDEX) || isKindOf(oop, WIDE_SYMBOL_CLASS_INDEX);
}

export function stringAt(): boolean {
  const string: i32 = stackValue(1);
  const index: i32 = elementIndex(string, stackValue(0));
  if (index < 0) return false;
  if (formatOf(string) >= FORMAT_BYTES) return answer(1, tagCharacter(load8(string + HEADER_SIZE + index)));
  return isWideString(string) && answer(1, tagCharacter(load32(string + HEADER_SIZE + (index << 2))));
}

export function stringAtPut(): boolean {
  const string: i32 = stackValue(2);
  const value: i32 = stackValue(0);
  const index: i32 = elementIndex(string, stackValue(1));
  if (index < 0 || (value & 3) != 2 || isReadOnly(string)) return false;
  const codePoint: i32 = untagCharacter(value);
  if (formatOf(string) >= FORMAT_BYTES) {
    if (codePoint > 255) return false;
    store8(string + HEADER_SIZE + index, codePoint);
  } else if (isWideString(string)) store32(string + HEADER_SIZE + (index << 2), codePoint);
  else return false;
  return answer(2, value);
}

// --- Copying ---

/** log2 of the element size in bytes for raw formats, -1 for others. */
function elementShift(format: i32): i32 {
  if (format >= FORMAT_BYTES) return 0;
  if (format >= FORMAT_WORDS16) return 1;
  if (format >= FORMAT_WORDS32) return 2;
  return format == FORMAT_WORDS64 ? 3 : -1;
}

export function replaceFromTo(): boolean {
  const target: i32 = stackValue(4);
  const source: i32 = stackValue(1);
  const start: i32 = stackValue(3);
  const stop: i32 = stackValue(2);
  const from: i32 = stackValue(0);
  if (isImmediate(target) || isImmediate(source) || (start & stop & from & 1) == 0 || isReadOnly(target)) return false;
  const first: i32 = untagInteger(start) - 1;
  const count: i32 = untagInteger(stop) - first;
  const sourceFirst: i32 = untagInteger(from) - 1;
  if (count == 0) return answer(4, target);
  if (count < 0 || first < 0 || sourceFirst < 0) return false;
  if (headerClassIndex(target) == CONTEXT_CLASS_INDEX || headerClassIndex(source) == CONTEXT_CLASS_INDEX) return false;
  if (first + count > elementCountOf(target) || sourceFirst + count > elementCountOf(source)) return false;
  spendTicksOnPass(count);
  return copyElements(target, first, source, sourceFirst, count) && answer(4, target);
}

function copyElements(target: i32, first: i32, source: i32, sourceFirst: i32, count: i32): boolean {
  const targetFormat: i32 = formatOf(target);
  const sourceFormat: i32 = formatOf(source);
  if (isIndexableOops(targetFormat) && isIndexableOops(sourceFormat)) {
    const to: i32 = target + HEADER_SIZE + ((fixedSlotCountOf(target) + first) << 2);
    copyBytes(to, source + HEADER_SIZE + ((fixedSlotCountOf(source) + sourceFirst) << 2), count << 2);
    storeCheckRange(target, to, to + (count << 2));
    return true;
  }
  if (targetFormat >= FORMAT_COMPILED_CODE || sourceFormat >= FORMAT_COMPILED_CODE) return false;
  const shift: i32 = elementShift(targetFormat);
  if (shift >= 0 && shift == elementShift(sourceFormat)) {
    copyBytes(target + HEADER_SIZE + (first << shift), source + HEADER_SIZE + (sourceFirst << shift), count << shift);
    return true;
  }
  if (!isWideString(target) || !isByteString(source)) return false;
  for (let index: i32 = 0; index < count; index++) {
    store32(target + HEADER_SIZE + ((first + index) << 2), load8(source + HEADER_SIZE + sourceFirst + index));
  }
  return true;
}

/** r atAllPut: a, where every element is the same oop or raw value. */
export function constantFill(): boolean {
  const object: i32 = stackValue(1);
  const value: i32 = stackValue(0);
  if (isImmediate(object) || isReadOnly(object) || headerClassIndex(object) == CONTEXT_CLASS_INDEX) return false;
  const count: i32 = elementCountOf(object);
  const format: i32 = formatOf(object);
  if (count < 0 || format >= FORMAT_COMPILED_CODE) return false;
  spendTicksOnPass(count);
  if (format >= FORMAT_BYTES && isUnsigned32(value) && unsignedFromInteger(value) >>> 8 == 0) {
    fillBytes(object + HEADER_SIZE, unsignedFromInteger(value), count);
    return answer(1, object);
  }
  for (let index: i32 = 0; index < count; index++) if (!storeElement(object, index, value)) return false;
  return answer(1, object);
}

// --- Instantiation ---

/** Class format: the object format in bits 16 and up, the number of instance variables below. */
function formatOfClass(behavior: i32): i32 {
  return untagInteger(slotAt(behavior, CLASS_FORMAT)) >> 16;
}

/** An instance with `count` indexable elements; 0 when the format or the room forbids it. */
export function instantiate(behavior: i32, classIndex: i32, count: i32): i32 {
  const format: i32 = formatOfClass(behavior);
  const fixed: i32 = untagInteger(slotAt(behavior, CLASS_FORMAT)) & CLASS_INSTANCE_SIZE_MASK;
  if (classIndex == 0 || format >= FORMAT_COMPILED_CODE || (format > FORMAT_EPHEMERON && format < FORMAT_WORDS64))
    return 0;
  if (isIndexableOops(format)) return allocateOops(classIndex, format, fixed + count);
  if (format <= FORMAT_EPHEMERON) return count == 0 ? allocateOops(classIndex, format, fixed) : 0;
  if (format >= FORMAT_BYTES) {
    const words: i32 = (count + 3) >> 2;
    return allocateRaw(classIndex, FORMAT_BYTES + (words * 4 - count), words);
  }
  if (format >= FORMAT_WORDS16) {
    const words: i32 = (count + 1) >> 1;
    return allocateRaw(classIndex, FORMAT_WORDS16 + (words * 2 - count), words);
  }
  return allocateRaw(classIndex, format, format == FORMAT_WORDS64 ? count * 2 : count);
}
