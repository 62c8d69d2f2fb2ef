// MethodDictionaries of the first heap. Lookup probes linearly from the selector's identity hash and stops at nil.

import {
  FORMAT_FIXED_ARRAY,
  METHOD_DICTIONARY_ARRAY,
  METHOD_DICTIONARY_CLASS_INDEX,
  METHOD_DICTIONARY_SELECTORS,
  METHOD_DICTIONARY_TALLY,
  NIL,
} from "../../vm/layout.ts";
import { type HeapWriter, taggedInteger } from "./heapWriter.ts";

const MINIMUM_CAPACITY = 2;

/** A power of two with at least a quarter of the places free. */
export function methodDictionaryCapacity(tally: number): number {
  let capacity = MINIMUM_CAPACITY;
  while (tally * 4 > capacity * 3) capacity *= 2;
  return capacity;
}

/** `methods`: pairs of selector and method, both oops. */
export function writeMethodDictionary(heap: HeapWriter, methods: readonly [number, number][]): number {
  heap.category = "method dictionaries";
  const capacity = methodDictionaryCapacity(methods.length);
  const slotCount = METHOD_DICTIONARY_SELECTORS + capacity;
  const dictionary = heap.allocateOops(METHOD_DICTIONARY_CLASS_INDEX, FORMAT_FIXED_ARRAY, slotCount);
  const values = new Array<number>(capacity).fill(NIL);
  for (const [selector, method] of methods) {
    let index = heap.identityHashOf(selector) & (capacity - 1);
    while (values[index] !== NIL) index = (index + 1) & (capacity - 1);
    values[index] = method;
    heap.setSlot(dictionary, METHOD_DICTIONARY_SELECTORS + index, selector);
  }
  heap.setSlot(dictionary, METHOD_DICTIONARY_TALLY, taggedInteger(methods.length));
  heap.setSlot(dictionary, METHOD_DICTIONARY_ARRAY, heap.array(values));
  return dictionary;
}
