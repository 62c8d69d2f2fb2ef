import { describe, expect, test } from "vitest";
import { instanceFormat } from "../../image/bootstrap/formats.ts";
import { HeapWriter } from "../../image/bootstrap/heapWriter.ts";
import { methodDictionaryCapacity, writeMethodDictionary } from "../../image/bootstrap/methodDictionaryWriter.ts";
import { fileMemory, HeapReader } from "../../image/heapReader.ts";
import * as layout from "../../vm/layout.ts";

function readerOf(heap: HeapWriter): HeapReader {
  return new HeapReader(fileMemory(heap.heapBytes(), layout.NIL));
}

describe("the heap writer", () => {
  test("begins with nil, false and true at their fixed addresses", () => {
    const reader = readerOf(new HeapWriter());
    expect(reader.classIndexOf(layout.NIL)).toBe(layout.UNDEFINED_OBJECT_CLASS_INDEX);
    expect(reader.classIndexOf(layout.FALSE)).toBe(layout.FALSE_CLASS_INDEX);
    expect(reader.classIndexOf(layout.TRUE)).toBe(layout.TRUE_CLASS_INDEX);
  });

  test("aligns every object to 8 bytes and fills Arrays with nil", () => {
    const heap = new HeapWriter();
    const objects = [heap.string("abc"), heap.byteArray([1, 2, 3, 4, 5]), heap.array([]), heap.float(1.5)];
    expect(objects.map((object) => object % 8)).toEqual([0, 0, 0, 0]);
    const array = heap.allocateOops(layout.ARRAY_CLASS_INDEX, layout.FORMAT_ARRAY, 3);
    expect(readerOf(heap).slotsOf(array)).toEqual([layout.NIL, layout.NIL, layout.NIL]);
  });

  test("puts the slot count of a large object into an overflow header", () => {
    const heap = new HeapWriter();
    for (const count of [254, 255, 256, 70000]) {
      const array = heap.array(new Array(count).fill(layout.TRUE));
      const reader = readerOf(heap);
      expect(reader.slotCountOf(array)).toBe(count);
      expect(reader.slotAt(array, count - 1)).toBe(layout.TRUE);
      expect(array % 8).toBe(0);
    }
  });

  test("keeps the exact size of bytes", () => {
    const heap = new HeapWriter();
    for (const size of [0, 1, 2, 3, 4, 5, 8, 1021]) {
      const object = heap.byteArray(new Uint8Array(size).fill(7));
      expect(readerOf(heap).bytesOf(object)).toEqual(new Uint8Array(size).fill(7));
    }
  });

  test.each(["", "abc", "größer", "日本語", "a\u{1f680}b", "x".repeat(3000)])("writes the string %j", (value) => {
    const heap = new HeapWriter();
    const string = heap.string(value);
    const symbol = heap.symbol(value);
    expect(readerOf(heap).stringValueOf(string)).toBe(value);
    expect(readerOf(heap).stringValueOf(symbol)).toBe(value);
  });

  test("answers the same symbol for the same characters, with a hash that does not depend on its place", () => {
    const heap = new HeapWriter();
    const other = new HeapWriter();
    other.string("something before");
    expect(heap.symbol("at:put:")).toBe(heap.symbol("at:put:"));
    expect(heap.symbol("at:")).not.toBe(heap.symbol("at:put:"));
    expect(heap.identityHashOf(heap.symbol("at:"))).toBe(other.identityHashOf(other.symbol("at:")));
    expect(heap.identityHashOf(heap.symbol("at:"))).not.toBe(0);
  });

  test.each([0n, -1n, 2n ** 30n - 1n, -(2n ** 30n), 2n ** 30n, -(2n ** 30n) - 1n, 2n ** 64n, -(10n ** 40n)])(
    "writes the integer %s",
    (value) => {
      const heap = new HeapWriter();
      const integer = heap.integer(value);
      expect(readerOf(heap).integerValueOf(integer)).toBe(value);
    },
  );

  test("writes floats as they are", () => {
    const heap = new HeapWriter();
    for (const value of [0.1, -0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324]) {
      const float = heap.float(value);
      expect(readerOf(heap).floatValueOf(float)).toBe(value);
    }
  });
});

describe("a method dictionary", () => {
  test("finds each selector by probing from its hash before it meets nil", () => {
    const heap = new HeapWriter();
    const selectors = Array.from({ length: 100 }, (_, index) => heap.symbol(`selector${index}`));
    const dictionary = writeMethodDictionary(
      heap,
      selectors.map((selector) => [selector, selector]),
    );
    const reader = readerOf(heap);
    const capacity = reader.slotCountOf(dictionary) - layout.METHOD_DICTIONARY_SELECTORS;
    const values = reader.slotAt(dictionary, layout.METHOD_DICTIONARY_ARRAY);
    for (const selector of selectors) {
      let index = reader.identityHashOf(selector) & (capacity - 1);
      const selectorAt = () => reader.slotAt(dictionary, layout.METHOD_DICTIONARY_SELECTORS + index);
      while (selectorAt() !== selector) {
        expect(selectorAt()).not.toBe(layout.NIL);
        index = (index + 1) & (capacity - 1);
      }
      expect(reader.slotAt(values, index)).toBe(selector);
    }
  });

  test("has a power of two as capacity, with room to spare", () => {
    for (let tally = 0; tally < 200; tally++) {
      const capacity = methodDictionaryCapacity(tally);
      expect(capacity & (capacity - 1)).toBe(0);
      expect(capacity).toBeGreaterThan(tally);
    }
  });
});

describe("the format of instances", () => {
  test("follows from the shape and from what is inherited", () => {
    expect(instanceFormat("normal", layout.FORMAT_EMPTY, 0)).toBe(layout.FORMAT_EMPTY);
    expect(instanceFormat("normal", layout.FORMAT_EMPTY, 2)).toBe(layout.FORMAT_FIXED);
    expect(instanceFormat("variable", layout.FORMAT_EMPTY, 0)).toBe(layout.FORMAT_ARRAY);
    expect(instanceFormat("variable", layout.FORMAT_EMPTY, 2)).toBe(layout.FORMAT_FIXED_ARRAY);
    expect(instanceFormat("normal", layout.FORMAT_ARRAY, 1)).toBe(layout.FORMAT_FIXED_ARRAY);
    expect(instanceFormat("normal", layout.FORMAT_BYTES, 0)).toBe(layout.FORMAT_BYTES);
    expect(instanceFormat("strange", layout.FORMAT_EMPTY, 0)).toBeUndefined();
  });
});
