// Method lookup and the global method cache.
//
// The cache is direct-mapped: 4,096 entries of 32 bytes, found by selector and class index. An entry carries all that a
// send needs, so that a hit touches no other part of the method:
//   +0 selector   +4 class index   +8 method   +12 primitive   +16 address of the first bytecode   +20 temporaries that
//   are not arguments   +24 arguments   +28 unused
// Addresses in it are raw, so every move of objects flushes it.

import { classAt } from "./allocation.ts";
import { argumentCountOf, entryBytecodeOf, primitiveOf, temporaryCountOf } from "./compiledCode.ts";
import {
  CLASS_METHOD_DICTIONARY,
  CLASS_SUPERCLASS,
  METHOD_CACHE,
  METHOD_CACHE_ENTRY_COUNT,
  METHOD_DICTIONARY_ARRAY,
  METHOD_DICTIONARY_SELECTORS,
  NIL,
} from "./layout.ts";
import { fillBytes, load32, store32 } from "./memory.ts";
import { headerHash, isImmediate, slotAt, slotCountOf } from "./object.ts";

export const CACHE_SELECTOR: i32 = 0;
export const CACHE_CLASS_INDEX: i32 = 4;
export const CACHE_METHOD: i32 = 8;
export const CACHE_PRIMITIVE: i32 = 12;
export const CACHE_BYTECODE: i32 = 16;
export const CACHE_EXTRA_TEMPORARIES: i32 = 20;
export const CACHE_ARGUMENTS: i32 = 24;

let cacheIsEmpty: boolean = true;

/** Address of the one entry where this pair may stand. */
export function cacheEntry(selector: i32, classIndex: i32): i32 {
  return METHOD_CACHE + ((((selector >> 3) ^ (classIndex << 2) ^ classIndex) & (METHOD_CACHE_ENTRY_COUNT - 1)) << 5);
}

export function flushMethodCache(): void {
  if (cacheIsEmpty) return;
  fillBytes(METHOD_CACHE, 0, METHOD_CACHE_ENTRY_COUNT << 5);
  cacheIsEmpty = true;
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
  if (isImmediate(selector)) return 0;
  let candidate: i32 = behavior;
  while (candidate != NIL) {
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
  const argumentCount: i32 = argumentCountOf(method);
  store32(entry + CACHE_SELECTOR, selector);
  store32(entry + CACHE_CLASS_INDEX, classIndex);
  store32(entry + CACHE_METHOD, method);
  store32(entry + CACHE_PRIMITIVE, primitiveOf(method));
  store32(entry + CACHE_BYTECODE, entryBytecodeOf(method));
  store32(entry + CACHE_EXTRA_TEMPORARIES, temporaryCountOf(method) - argumentCount);
  store32(entry + CACHE_ARGUMENTS, argumentCount);
}

/**
 * Looks up and caches; answers the filled entry, or 0 when the selector is not understood. A super send
 * asks with the class index of the superclass: what is found there does not depend on who asks.
 */
export function findMethodEntry(selector: i32, classIndex: i32): i32 {
  const entry: i32 = cacheEntry(selector, classIndex);
  if (load32(entry + CACHE_SELECTOR) == selector && load32(entry + CACHE_CLASS_INDEX) == classIndex) return entry;
  const method: i32 = lookupMethod(classAt(classIndex), selector);
  if (method == 0) return 0;
  fillEntry(entry, selector, classIndex, method);
  return entry;
}
