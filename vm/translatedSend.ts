// What translations (translation.ts) call: sends that their sites do not know, and whatever is not worth being written out in
// each of them. Those that may activate something are given ip, sp and fp; they answer the value of the send, or 0 with the
// registers set, and then the translation must answer 0, too.
//
// A site has two entries of 16 bytes, the later receiver's first:
//   +0 class index of the receiver, 0: none   +4 the function of the method found; 0: it answers a variable; -1: a constant
//   +8 offset of that variable from the receiver, or that constant   +12 of a closure: its CompiledBlock, to which the
//   function belongs; 0 else

import { classAt, identityHashOf, storeSlot } from "./allocation.ts";
import { methodClassOf } from "./compiledCode.ts";
import { closureTakes } from "./contexts.ts";
import { hostRunTranslation } from "./host.ts";
import {
  ARRAY_CLASS_INDEX,
  BLOCK_CLOSURE_CLASS_INDEX,
  BYTE_ARRAY_CLASS_INDEX,
  BYTE_STRING_CLASS_INDEX,
  CLASS_SUPERCLASS,
  CLOSURE_COMPILED_BLOCK,
  HEADER_SIZE,
  IMMUTABLE_BIT,
  NIL,
  NO_CLASS_INDEX,
} from "./layout.ts";
import {
  CACHE_CLASS_INDEX,
  CACHE_METHOD,
  CACHE_PRIMITIVE,
  CACHE_SELECTOR,
  CACHE_TRANSLATION,
  cacheEntry,
  findMethodEntry,
} from "./lookup.ts";
import { copyBytes, load32, store8, store32 } from "./memory.ts";
import { classIndexOf, headerClassIndex, rawElementCount, slotAt, slotCountOf } from "./object.ts";
import { CLOSURE_VALUE, QUICK_RETURN_FIRST_VARIABLE, QUICK_RETURN_SELF } from "./primitiveNumbers.ts";
import { attention, clearAttention } from "./process.ts";
import {
  activateClosure,
  pushMethodFrame,
  quickConstant,
  runPrimitive,
  sendDoesNotUnderstand,
  specialSelector,
} from "./send.ts";
import { countTick, setFramePointer, setInstructionPointer, setStackPointer, stackPointer } from "./state.ts";
import { translateHotMethod, translationOfBlock, translationOfLoop } from "./translation.ts";

/** The translation stops here: the interpreter goes on. */
export function leaveTranslation(ip: i32, sp: i32, fp: i32): i32 {
  setInstructionPointer(ip);
  setStackPointer(sp);
  setFramePointer(fp);
  return 0;
}

/** Sends `selector` to the receiver under the topmost `argumentCount` operands; `ip` is that of the bytecode behind the send. */
export function translatedSend(selector: i32, argumentCount: i32, site: i32, ip: i32, sp: i32, fp: i32): i32 {
  return sendFrom(selector, argumentCount, classIndexOf(load32(sp + (argumentCount << 2))), site, ip, sp, fp);
}
/** The same with one of the special selectors. */
export function translatedSpecialSend(index: i32, argumentCount: i32, site: i32, ip: i32, sp: i32, fp: i32): i32 {
  return translatedSend(specialSelector(index), argumentCount, site, ip, sp, fp);
}
/** The same with the lookup beginning above the class of `method`. */
export function translatedSuperSend(selector: i32, argumentCount: i32, method: i32, ip: i32, sp: i32, fp: i32): i32 {
  return sendFrom(selector, argumentCount, superclassIndexOf(method), 0, ip, sp, fp);
}
/** The index with which a super send in this code begins its lookup. */
export function superclassIndexOf(code: i32): i32 {
  const superclass: i32 = slotAt(methodClassOf(code), CLASS_SUPERCLASS);
  return superclass == NIL ? NO_CLASS_INDEX : identityHashOf(superclass);
}

function sendFrom(selector: i32, argumentCount: i32, classIndex: i32, site: i32, ip: i32, sp: i32, fp: i32): i32 {
  let entry: i32 = cacheEntry(selector, classIndex);
  if (((load32(entry + CACHE_SELECTOR) ^ selector) | (load32(entry + CACHE_CLASS_INDEX) ^ classIndex)) != 0) {
    entry = findMethodEntry(selector, classIndex);
    if (entry == 0) {
      leaveTranslation(ip, sp, fp);
      sendDoesNotUnderstand(selector, argumentCount, classIndex);
      countTick();
      return 0;
    }
  }
  const primitive: i32 = load32(entry + CACHE_PRIMITIVE);
  if (primitive != 0) {
    const receiver: i32 = load32(sp + (argumentCount << 2));
    if (primitive >= QUICK_RETURN_SELF && primitive < QUICK_RETURN_FIRST_VARIABLE + 256) {
      return quickAnswer(primitive, receiver, classIndex, site);
    }
    if (
      primitive == CLOSURE_VALUE &&
      classIndex == BLOCK_CLOSURE_CLASS_INDEX &&
      closureTakes(receiver, argumentCount)
    ) {
      return runClosure(receiver, argumentCount, site, ip, sp, fp);
    }
    leaveTranslation(ip, sp, fp);
    clearAttention();
    if (runPrimitive(primitive, argumentCount, classIndex)) return attention ? 0 : load32(stackPointer);
  }
  let translation: i32 = load32(entry + CACHE_TRANSLATION);
  if (translation < 0) {
    store32(entry + CACHE_TRANSLATION, translation + 1);
    translation = translation == -1 ? translateHotMethod(entry) : 0;
  }
  if (translation == 0) {
    leaveTranslation(ip, sp, fp);
    pushMethodFrame(load32(entry + CACHE_METHOD), argumentCount);
    countTick();
    return 0;
  }
  if (primitive == 0) fillSite(site, classIndex, translation, 0, 0);
  return hostRunTranslation(translation, sp, fp, ip);
}

function fillSite(site: i32, classIndex: i32, translation: i32, value: i32, block: i32): void {
  if (site == 0) return;
  copyBytes(site + 16, site, 16);
  store32(site, classIndex);
  store32(site + 4, translation);
  store32(site + 8, value);
  store32(site + 12, block);
}

/** What a method answers that answers a constant or a variable. */
function quickAnswer(primitive: i32, receiver: i32, classIndex: i32, site: i32): i32 {
  if (primitive == QUICK_RETURN_SELF) return receiver;
  if (primitive < QUICK_RETURN_FIRST_VARIABLE) {
    fillSite(site, classIndex, -1, quickConstant(primitive), 0);
    return quickConstant(primitive);
  }
  const offset: i32 = HEADER_SIZE + ((primitive - QUICK_RETURN_FIRST_VARIABLE) << 2);
  fillSite(site, classIndex, 0, offset, 0);
  return load32(receiver + offset);
}

function runClosure(closure: i32, argumentCount: i32, site: i32, ip: i32, sp: i32, fp: i32): i32 {
  const block: i32 = slotAt(closure, CLOSURE_COMPILED_BLOCK);
  const translation: i32 = translationOfBlock(block);
  if (translation != 0) {
    fillSite(site, BLOCK_CLOSURE_CLASS_INDEX, translation, 0, block);
    return hostRunTranslation(translation, sp, fp, ip);
  }
  leaveTranslation(ip, sp, fp);
  activateClosure(closure, argumentCount);
  countTick();
  return 0;
}

/** The translation of a loop comes to the end of a loop around it, which begins at `ip`: goes on in that one's translation. */
export function continueLoop(code: i32, ip: i32, sp: i32, fp: i32): i32 {
  const translation: i32 = translationOfLoop(code, ip);
  return translation != 0 ? hostRunTranslation(translation, sp, fp, 0) : leaveTranslation(ip, sp, fp);
}

/** The stack page is full: the method's frame begins a fresh one, and the interpreter goes on there. */
export function activateOnFreshPage(method: i32, argumentCount: i32, ip: i32, sp: i32, fp: i32): i32 {
  leaveTranslation(ip, sp, fp);
  pushMethodFrame(method, argumentCount);
  countTick();
  return 0;
}
/** The same for a closure under its arguments. */
export function activateClosureOnFreshPage(argumentCount: i32, ip: i32, sp: i32, fp: i32): i32 {
  leaveTranslation(ip, sp, fp);
  activateClosure(load32(sp + (argumentCount << 2)), argumentCount);
  countTick();
  return 0;
}

// --- Answers without a send: 0 where the message must be sent ---

/** Stores an element of an Array, String or ByteArray; answers the value. */
export function storeElement(receiver: i32, index: i32, value: i32): i32 {
  if ((receiver & 3) != 0 || (index & 1) == 0 || index < 2 || (load32(receiver) & IMMUTABLE_BIT) != 0) return 0;
  const kind: i32 = headerClassIndex(receiver);
  if (kind == ARRAY_CLASS_INDEX) {
    if (index >> 1 > slotCountOf(receiver)) return 0;
    storeSlot(receiver, (index >> 1) - 1, value);
    return value;
  }
  if (kind == BYTE_STRING_CLASS_INDEX) {
    if (index >> 1 > rawElementCount(receiver) || (value & 3) != 2 || value >>> 10 != 0) return 0;
    store8(receiver + 7 + (index >> 1), value >>> 2);
    return value;
  }
  if (kind != BYTE_ARRAY_CLASS_INDEX || index >> 1 > rawElementCount(receiver)) return 0;
  if ((value & 1) == 0 || value >>> 9 != 0) return 0;
  store8(receiver + 7 + (index >> 1), value >> 1);
  return value;
}
/** The class of any oop. */
export function classOf(oop: i32): i32 {
  return classAt(classIndexOf(oop));
}
