// Method lookup and the global method cache.
//
// The cache has 4,096 entries of 32 bytes. A pair of selector and class index has two places in it, half a cache apart:
// the first, which the interpreter looks at itself, and a second, to which the pair that was there before moves when
// another one is entered. (With one place each, two sends of a loop that meet there would look up for ever.) An entry
// carries all that a send needs, so that a hit touches no other part of the method:
//   +0 selector   +4 class index   +8 method   +12 primitive   +16 address of the first bytecode   +20 temporaries that
//   are not arguments   +24 arguments   +28 its
//   translation, or how hot it is (translation.ts)
// Addresses in it are raw, so every move of objects flushes it.

import { classAt, LONGEST_SUPERCLASS_CHAIN } from "./allocation.ts";
import { argumentCountOf, entryBytecodeOf, primitiveOf, temporaryCountOf } from "./compiledCode.ts";
import {
  CLASS_METHOD_DICTIONARY,
  CLASS_SUPERCLASS,
  METHOD_CACHE,
  METHOD_CACHE_ENTRY_COUNT,
  METHOD_DICTIONARY_ARRAY,
  METHOD_DICTIONARY_SELECTORS,
  NIL,
  OLD_SPACE_START,
} from "./layout.ts";
import { copyBytes, fillBytes, load32, store32 } from "./memory.ts";
import { headerHash, isImmediate, slotAt, slotCountOf } from "./object.ts";
import { translationNumberOf } from "./translation.ts";

export const CACHE_SELECTOR: i32 = 0;
export const CACHE_CLASS_INDEX: i32 = 4;
export const CACHE_METHOD: i32 = 8;
export const CACHE_PRIMITIVE: i32 = 12;
export const CACHE_BYTECODE: i32 = 16;
export const CACHE_EXTRA_TEMPORARIES: i32 = 20;
export const CACHE_ARGUMENTS: i32 = 24;
export const CACHE_TRANSLATION: i32 = 28;

let cacheIsEmpty: boolean = true;
/** Some entry names a young selector or method, which a scavenge moves. */
let cacheHoldsYoung: boolean = false;

/** Address of the entry where this pair is looked for first. */
export function cacheEntry(selector: i32, classIndex: i32): i32 {
  return METHOD_CACHE + ((((selector >> 3) ^ (classIndex << 2) ^ classIndex) & (METHOD_CACHE_ENTRY_COUNT - 1)) << 5);
}

function otherEntry(entry: i32): i32 {
  return METHOD_CACHE + ((entry - METHOD_CACHE) ^ (METHOD_CACHE_ENTRY_COUNT << 4));
}
function isEntryFor(entry: i32, selector: i32, classIndex: i32): boolean {
  return load32(entry + CACHE_SELECTOR) == selector && load32(entry + CACHE_CLASS_INDEX) == classIndex;
}

export function flushMethodCache(): void {
  if (cacheIsEmpty) return;
  fillBytes(METHOD_CACHE, 0, METHOD_CACHE_ENTRY_COUNT << 5);
  cacheIsEmpty = true;
  cacheHoldsYoung = false;
}

/** Before young objects move: selectors and methods are old as a rule, and the cache can stay. */
export function flushYoungMethodCache(): void {
  if (cacheHoldsYoung) flushMethodCache();
}

/** Value of `selector` in one method dictionary, 0 when it is not there. Linear probing from the identity hash. */
export function methodInDictionary(dictionary: i32, selector: i32): i32 {
  const capacity: i32 = slotCountOf(dictionary) - METHOD_DICTIONARY_SELECTORS;
  if (capacity <= 0) return 0;
  const mask: i32 = capacity - 1;
  let index: i32 = headerHash(selector) & mask;
  let probes: i32 = 0;
  while (probes < capacity) {
    const candidate: i32 = slotAt(dictionary, METHOD_DICTIONARY_SELECTORS + index);
    if (candidate == selector) return slotAt(slotAt(dictionary, METHOD_DICTIONARY_ARRAY), index);
    if (candidate == NIL) return 0;
    index = (index + 1) & mask;
    probes++;
  }
  return 0;
}

/** The method that instances of `behavior` run for `selector`, 0 when none of its superclasses has one. */
export function lookupMethod(behavior: i32, selector: i32): i32 {
  if (isImmediate(selector) || selector == NIL) return 0; // nil stands in the empty slots of dictionaries
  let candidate: i32 = behavior;
  for (let remaining: i32 = LONGEST_SUPERCLASS_CHAIN; candidate != NIL && remaining > 0; remaining--) {
    const dictionary: i32 = slotAt(candidate, CLASS_METHOD_DICTIONARY);
    if (dictionary != NIL) {
      const method: i32 = methodInDictionary(dictionary, selector);
      if (method != 0) return method;
    }
    candidate = slotAt(candidate, CLASS_SUPERCLASS);
  }
  return 0;
}

function fillEntry(entry: i32, selector: i32, classIndex: i32, method: i32): void {
  cacheIsEmpty = false;
  if (selector < OLD_SPACE_START || method < OLD_SPACE_START) cacheHoldsYoung = true;
  const argumentCount: i32 = argumentCountOf(method);
  store32(entry + CACHE_SELECTOR, selector);
  store32(entry + CACHE_CLASS_INDEX, classIndex);
  store32(entry + CACHE_METHOD, method);
  store32(entry + CACHE_PRIMITIVE, primitiveOf(method));
  store32(entry + CACHE_BYTECODE, entryBytecodeOf(method));
  store32(entry + CACHE_EXTRA_TEMPORARIES, temporaryCountOf(method) - argumentCount);
  store32(entry + CACHE_ARGUMENTS, argumentCount);
  store32(entry + CACHE_TRANSLATION, translationNumberOf(method));
}

/**
 * Looks up and caches; answers the filled entry, or 0 when the selector is not understood. A super send
 * asks with the class index of the superclass: what is found there does not depend on who asks.
 */
export function findMethodEntry(selector: i32, classIndex: i32): i32 {
  const entry: i32 = cacheEntry(selector, classIndex);
  if (isEntryFor(entry, selector, classIndex)) return entry;
  const other: i32 = otherEntry(entry);
  if (isEntryFor(other, selector, classIndex)) return other;
  const method: i32 = lookupMethod(classAt(classIndex), selector);
  if (method == 0) return 0;
  copyBytes(other, entry, 32);
  fillEntry(entry, selector, classIndex, method);
  return entry;
}
