// Objects as such: making them, their class and identity, their slots, become, and enumeration of the heap.

import {
  allocateCode,
  allocateOops,
  allocateRaw,
  classAt,
  classTableSize,
  enterClass,
  identityHashOf,
  isBehavior,
  objectSizeFor,
  storeSlot,
} from "../allocation.ts";
import { becomeOneWay, becomeTwoWay } from "../become.ts";
import { literalCountOf } from "../compiledCode.ts";
import { copyOfMarried, isContext, isMarried } from "../contexts.ts";
import { allInstances, allObjects, firstInstance, firstObject, objectAfter } from "../heap.ts";
import {
  ARRAY_CLASS_INDEX,
  CLASS_FORMAT,
  CLASS_FORMAT_SHIFT,
  CLASS_INSTANCE_SIZE_MASK,
  FALSE,
  FORMAT_ARRAY,
  FORMAT_BYTES,
  FORMAT_COMPILED_CODE,
  FORMAT_EPHEMERON,
  FORMAT_FIXED,
  FORMAT_WORDS16,
  FORMAT_WORDS32,
  FORMAT_WORDS64,
  HEADER_SIZE,
  IMMUTABLE_BIT,
  METHOD_LITERAL_COUNT_MASK,
  NIL,
  OLD_SPACE_START,
  PINNED_BIT,
  TRUE,
} from "../layout.ts";
import { copyBytes, load32, store32 } from "../memory.ts";
import {
  bodySizeFor,
  booleanOop,
  classIndexOf,
  formatOf,
  headerClassIndex,
  headerHash,
  initializeSlot,
  isImmediate,
  isOopFormat,
  isSmallInteger,
  setClassIndex,
  slotAt,
  slotCountOf,
  tagCharacter,
  tagInteger,
  untagCharacter,
  untagInteger,
} from "../object.ts";
import { callAttention, canHold } from "../process.ts";
import { tenureAll } from "../scavenger.ts";
import { answer, stackValue } from "../state.ts";
import { forgetTranslationOf } from "../translation.ts";
import { fetchMourner as takeMourner } from "../weak.ts";
import { instantiate, isReadOnly } from "./arrays.ts";

// --- Classes ---

/** Whether an oop is a class whose instances have a known format. */
function isClass(oop: i32): boolean {
  return !isImmediate(oop) && isBehavior(oop) && isSmallInteger(slotAt(oop, CLASS_FORMAT));
}
/** Format of the instances of a class. */
function formatOfClass(behavior: i32): i32 {
  return untagInteger(slotAt(behavior, CLASS_FORMAT)) >> CLASS_FORMAT_SHIFT;
}
function fixedSlotCountOfClass(behavior: i32): i32 {
  return untagInteger(slotAt(behavior, CLASS_FORMAT)) & CLASS_INSTANCE_SIZE_MASK;
}
/** The class index of a class, 0 when it has none yet: then it has no instances either. */
function knownClassIndex(behavior: i32): i32 {
  const index: i32 = headerHash(behavior);
  return index != 0 && index < classTableSize() && classAt(index) == behavior ? index : 0;
}

/** An argument more, the block for the failure, is allowed: the image tries again after a collection. */
export function basicNew(argumentCount: i32): boolean {
  const behavior: i32 = stackValue(argumentCount);
  if (!isClass(behavior)) return false;
  const object: i32 = instantiate(behavior, enterClass(behavior), 0);
  return object != 0 && answer(argumentCount, object);
}

/** As in basicNew, a block for the failure may come after the size. */
export function basicNewWithSize(argumentCount: i32): boolean {
  const behavior: i32 = stackValue(argumentCount);
  const count: i32 = stackValue(argumentCount - 1);
  if (!isSmallInteger(count) || count < 0 || !isClass(behavior)) return false;
  const format: i32 = formatOfClass(behavior);
  if (format <= FORMAT_FIXED || format == FORMAT_EPHEMERON) return false;
  const object: i32 = instantiate(behavior, enterClass(behavior), untagInteger(count));
  return object != 0 && answer(argumentCount, object);
}

/** r newMethod: byteCount header: header: all literals nil, all bytecodes 0. */
export function newMethod(): boolean {
  const behavior: i32 = stackValue(2);
  const byteCount: i32 = untagInteger(stackValue(1));
  const header: i32 = stackValue(0);
  if ((stackValue(1) & header & 1) == 0 || byteCount < 0 || byteCount > 0xffffff || !isClass(behavior)) return false;
  const classIndex: i32 = enterClass(behavior);
  if (formatOfClass(behavior) < FORMAT_COMPILED_CODE || classIndex == 0) return false;
  const oopCount: i32 = (untagInteger(header) & METHOD_LITERAL_COUNT_MASK) + 1;
  const code: i32 = allocateCode(
    classIndex,
    FORMAT_COMPILED_CODE + (-byteCount & 3),
    oopCount + ((byteCount + 3) >> 2),
  );
  if (code == 0) return false;
  initializeSlot(code, 0, header);
  for (let index: i32 = 1; index < oopCount; index++) initializeSlot(code, index, NIL);
  return answer(2, code);
}

export function byteSizeOfInstance(): boolean {
  const behavior: i32 = stackValue(1);
  const count: i32 = stackValue(0);
  if (!isSmallInteger(count) || count < 0 || count > 0x20000000 || !isClass(behavior)) return false;
  const format: i32 = formatOfClass(behavior);
  let slots: i32 = fixedSlotCountOfClass(behavior) + untagInteger(count);
  if (format >= FORMAT_BYTES) slots = (untagInteger(count) + 3) >> 2;
  else if (format >= FORMAT_WORDS16) slots = (untagInteger(count) + 1) >> 1;
  else if (format == FORMAT_WORDS64) slots = untagInteger(count) << 1;
  return answer(1, tagInteger(objectSizeFor(slots)));
}

/** r class, or the class of the one argument. */
export function classOfObject(argumentCount: i32): boolean {
  return answer(argumentCount, classAt(classIndexOf(stackValue(0))));
}

/** Class side: the class at class index a, or nil. */
export function classAtIndex(): boolean {
  const index: i32 = untagInteger(stackValue(0));
  if (!isSmallInteger(stackValue(0)) || index < 0) return false;
  return answer(1, index < classTableSize() ? classAt(index) : NIL);
}

// --- Change of class ---

/** Whether an object could have been made by a class: same element kind, room for the instance variables. */
function fitsClass(object: i32, behavior: i32): boolean {
  const format: i32 = formatOf(object);
  const classFormat: i32 = formatOfClass(behavior);
  if (isOopFormat(format)) {
    const fixed: i32 = fixedSlotCountOfClass(behavior);
    if (classFormat != format) return false;
    if (format <= FORMAT_FIXED || format == FORMAT_EPHEMERON) return slotCountOf(object) == fixed;
    return slotCountOf(object) >= fixed;
  }
  return elementKindOf(format) == elementKindOf(classFormat);
}

/** A raw format without the count of unused elements. */
function elementKindOf(format: i32): i32 {
  if (format >= FORMAT_COMPILED_CODE) return FORMAT_COMPILED_CODE;
  if (format >= FORMAT_BYTES) return FORMAT_BYTES;
  if (format >= FORMAT_WORDS16) return FORMAT_WORDS16;
  return format >= FORMAT_WORDS32 ? FORMAT_WORDS32 : format;
}

function adopt(behavior: i32, object: i32): boolean {
  if (isImmediate(object) || !isClass(behavior) || isReadOnly(object)) return false;
  if (isContext(object) || !fitsClass(object, behavior)) return false;
  const classIndex: i32 = enterClass(behavior);
  if (classIndex == 0) return false;
  setClassIndex(object, classIndex);
  return true;
}

export function changeClass(): boolean {
  return adopt(classAt(classIndexOf(stackValue(0))), stackValue(1)) && answer(1, stackValue(1));
}
export function adoptInstance(): boolean {
  return adopt(stackValue(1), stackValue(0)) && answer(1, stackValue(1));
}

// --- Identity ---

export function identical(): boolean {
  return answer(1, booleanOop(stackValue(1) == stackValue(0)));
}
export function notIdentical(): boolean {
  return answer(1, booleanOop(stackValue(1) != stackValue(0)));
}

/** Fails for immediates, which are their own hash, and for a class when the class table cannot grow. */
export function identityHash(): boolean {
  const object: i32 = stackValue(0);
  if (isImmediate(object)) return false;
  const hash: i32 = identityHashOf(object);
  return hash != 0 && answer(0, tagInteger(hash));
}

export function classIdentityHash(): boolean {
  const behavior: i32 = stackValue(0);
  if (isImmediate(behavior) || !isBehavior(behavior)) return false;
  const hash: i32 = enterClass(behavior);
  return hash != 0 && answer(0, tagInteger(hash));
}

export function characterValue(): boolean {
  const code: i32 = stackValue(0);
  if (!isSmallInteger(code) || untagInteger(code) >>> 22 != 0) return false;
  return answer(1, tagCharacter(untagInteger(code)));
}
export function characterAsInteger(): boolean {
  const character: i32 = stackValue(0);
  return (character & 3) == 2 && answer(0, tagInteger(untagCharacter(character)));
}

// Become moves no object, but it may replace the running method: `interpret` must load its registers again.

export function become(): boolean {
  if (!becomeTwoWay(stackValue(1), stackValue(0))) return false;
  callAttention();
  return answer(1, stackValue(1));
}
export function becomeOneWayCopyingHash(): boolean {
  if (!becomeOneWay(stackValue(1), stackValue(0), true)) return false;
  callAttention();
  return answer(1, stackValue(1));
}
export function forwardIdentityCopyHash(): boolean {
  const copyHash: i32 = stackValue(0);
  if (copyHash != TRUE && copyHash != FALSE) return false;
  if (!becomeOneWay(stackValue(2), stackValue(1), copyHash == TRUE)) return false;
  callAttention();
  return answer(2, stackValue(2));
}

// --- Slots ---

/** The 0-based slot that an index names, instance variables first; -1 when it names none. */
function slotIndex(object: i32, indexOop: i32): i32 {
  if (isImmediate(object) || !isSmallInteger(indexOop) || isContext(object) || !isOopFormat(formatOf(object)))
    return -1;
  const index: i32 = untagInteger(indexOop) - 1;
  return index >= 0 && index < slotCountOf(object) ? index : -1;
}

export function instanceVariableAt(): boolean {
  const index: i32 = slotIndex(stackValue(1), stackValue(0));
  return index >= 0 && answer(1, slotAt(stackValue(1), index));
}
export function instanceVariableAtPut(): boolean {
  const object: i32 = stackValue(2);
  const index: i32 = slotIndex(object, stackValue(1));
  if (index < 0 || isReadOnly(object) || !canHold(object, index, stackValue(0))) return false;
  storeSlot(object, index, stackValue(0));
  return answer(2, stackValue(0));
}

/** The 0-based word of header and literals that an index names; -1 when it names none. */
function codeSlotIndex(code: i32, indexOop: i32): i32 {
  if (isImmediate(code) || formatOf(code) < FORMAT_COMPILED_CODE || !isSmallInteger(indexOop)) return -1;
  const index: i32 = untagInteger(indexOop) - 1;
  return index >= 0 && index <= literalCountOf(code) ? index : -1;
}

export function objectAt(): boolean {
  const index: i32 = codeSlotIndex(stackValue(1), stackValue(0));
  return index >= 0 && answer(1, slotAt(stackValue(1), index));
}

/** The header may change too, but not the number of literals. */
export function objectAtPut(): boolean {
  const code: i32 = stackValue(2);
  const value: i32 = stackValue(0);
  const index: i32 = codeSlotIndex(code, stackValue(1));
  if (index < 0 || isReadOnly(code)) return false;
  if (index == 0) {
    if (!isSmallInteger(value) || (untagInteger(value) & METHOD_LITERAL_COUNT_MASK) != literalCountOf(code))
      return false;
  }
  storeSlot(code, index, value);
  forgetTranslationOf(code);
  return answer(2, value);
}

/** Number of slots that hold oops. */
function oopCountOf(object: i32): i32 {
  const format: i32 = formatOf(object);
  if (isOopFormat(format)) return slotCountOf(object);
  return format >= FORMAT_COMPILED_CODE ? literalCountOf(object) + 1 : 0;
}

export function objectPointsTo(): boolean {
  const object: i32 = stackValue(1);
  if (isImmediate(object) || (isContext(object) && isMarried(object))) return false;
  const count: i32 = oopCountOf(object);
  for (let index: i32 = 0; index < count; index++) {
    if (slotAt(object, index) == stackValue(0)) return answer(1, TRUE);
  }
  return answer(1, FALSE);
}

/** Fails for immediates. As in basicNew, there may be a block for the failure. */
export function shallowCopy(argumentCount: i32): boolean {
  const object: i32 = stackValue(argumentCount);
  if (isImmediate(object)) return false;
  if (isContext(object) && isMarried(object)) return answer(argumentCount, copyOfMarried(object));
  const format: i32 = formatOf(object);
  const count: i32 = slotCountOf(object);
  const copy: i32 = isOopFormat(format)
    ? allocateOops(headerClassIndex(object), format, count)
    : allocateRaw(headerClassIndex(object), format, count);
  if (copy == 0) return false;
  copyBytes(copy + HEADER_SIZE, object + HEADER_SIZE, bodySizeFor(count));
  return answer(argumentCount, copy);
}

// --- Flags ---

function hasFlag(object: i32, flag: i32): boolean {
  return (load32(object) & flag) != 0;
}
function setFlag(object: i32, flag: i32, value: boolean): void {
  store32(object, value ? load32(object) | flag : load32(object) & ~flag);
}
/** Sets a header flag of the receiver to the Boolean argument; answers what it was. */
function answerSettingFlag(flag: i32): boolean {
  const object: i32 = stackValue(1);
  const value: i32 = stackValue(0);
  if (isImmediate(object) || (value != TRUE && value != FALSE)) return false;
  const old: boolean = hasFlag(object, flag);
  setFlag(object, flag, value == TRUE);
  return answer(1, booleanOop(old));
}

export function isPinned(): boolean {
  return answer(0, booleanOop(!isImmediate(stackValue(0)) && hasFlag(stackValue(0), PINNED_BIT)));
}
/** A young object becomes old first, with all others: only old space can leave an object where it is. */
export function setPinned(): boolean {
  if (stackValue(0) == TRUE && !isImmediate(stackValue(1)) && stackValue(1) < OLD_SPACE_START) {
    tenureAll();
    callAttention();
  }
  return answerSettingFlag(PINNED_BIT);
}
/** Immediates are immutable by nature. */
export function isImmutable(): boolean {
  return answer(0, booleanOop(isImmediate(stackValue(0)) || hasFlag(stackValue(0), IMMUTABLE_BIT)));
}
/** Fails for a Context: the machine writes into it. */
export function setImmutable(): boolean {
  return !isContext(stackValue(1)) && answerSettingFlag(IMMUTABLE_BIT);
}

// --- Enumeration ---

export function someInstance(): boolean {
  if (!isClass(stackValue(0))) return false;
  const classIndex: i32 = knownClassIndex(stackValue(0));
  const object: i32 = classIndex == 0 ? 0 : firstInstance(classIndex);
  return object != 0 && answer(0, object);
}
export function nextInstance(): boolean {
  if (isImmediate(stackValue(0))) return false;
  const classIndex: i32 = headerClassIndex(stackValue(0));
  let object: i32 = objectAfter(stackValue(0));
  while (object != 0 && headerClassIndex(object) != classIndex) object = objectAfter(object);
  return object != 0 && answer(0, object);
}
export function someObject(): boolean {
  return answer(0, firstObject());
}
export function nextObject(): boolean {
  if (isImmediate(stackValue(0))) return false;
  const object: i32 = objectAfter(stackValue(0));
  return answer(0, object == 0 ? tagInteger(0) : object);
}

/** As in basicNew, there may be a block for the failure. */
export function answerAllInstances(argumentCount: i32): boolean {
  const behavior: i32 = stackValue(argumentCount);
  if (!isClass(behavior)) return false;
  const classIndex: i32 = knownClassIndex(behavior);
  const array: i32 = classIndex == 0 ? allocateOops(ARRAY_CLASS_INDEX, FORMAT_ARRAY, 0) : allInstances(classIndex);
  return array != 0 && answer(argumentCount, array);
}
export function answerAllObjects(): boolean {
  const array: i32 = allObjects();
  return array != 0 && answer(0, array);
}

export function fetchMourner(): boolean {
  return answer(0, takeMourner());
}
