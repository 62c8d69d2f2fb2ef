// Writes the objects of a first image into a byte buffer, as they will lie in linear memory from OLD_SPACE_START on.
//
// Addresses are final: loading the result is a copy. Everything here is deterministic: objects lie in the order of the
// calls, a symbol's identity hash follows from its characters, and other objects have none until the machine gives them
// one. Objects are old from birth and never remembered, because there are no young ones yet.

import {
  ARRAY_CLASS_INDEX,
  ASSOCIATION_CLASS_INDEX,
  ASSOCIATION_KEY,
  ASSOCIATION_VALUE,
  BYTE_ARRAY_CLASS_INDEX,
  BYTE_STRING_CLASS_INDEX,
  BYTE_SYMBOL_CLASS_INDEX,
  FALSE,
  FALSE_CLASS_INDEX,
  FLOAT_CLASS_INDEX,
  FORMAT_ARRAY,
  FORMAT_BYTES,
  FORMAT_COMPILED_CODE,
  FORMAT_EMPTY,
  FORMAT_FIXED,
  FORMAT_SHIFT,
  FORMAT_WORDS32,
  FORMAT_WORDS64,
  HASH_MASK,
  HEADER_SIZE,
  LARGE_NEGATIVE_INTEGER_CLASS_INDEX,
  LARGE_POSITIVE_INTEGER_CLASS_INDEX,
  NIL,
  OLD_SPACE_START,
  SLOT_COUNT_OVERFLOW,
  SLOT_COUNT_SHIFT,
  SMALL_INTEGER_MAXIMUM,
  SMALL_INTEGER_MINIMUM,
  TRUE,
  TRUE_CLASS_INDEX,
  UNDEFINED_OBJECT_CLASS_INDEX,
  WIDE_STRING_CLASS_INDEX,
  WIDE_SYMBOL_CLASS_INDEX,
} from "../../vm/layout.ts";
import { codePointsOf, stringHash } from "../stringHash.ts";

const INITIAL_CAPACITY = 0x400000;
const LATIN_1_MAXIMUM = 0xff;

export function taggedInteger(value: number): number {
  return (value << 1) | 1;
}

export function taggedCharacter(codePoint: number): number {
  return (codePoint << 2) | 2;
}

export class HeapWriter {
  private bytes = new Uint8Array(INITIAL_CAPACITY);
  private view = new DataView(this.bytes.buffer);
  private end = 0;
  private readonly symbols = new Map<string, number>();
  private readonly sizes = new Map<string, number>();
  /** What the objects written from now on are counted as: see `sizesByCategory`. */
  category = "other";

  constructor() {
    for (const [address, classIndex] of [
      [NIL, UNDEFINED_OBJECT_CLASS_INDEX],
      [FALSE, FALSE_CLASS_INDEX],
      [TRUE, TRUE_CLASS_INDEX],
    ]) {
      const object = this.allocate(classIndex, FORMAT_EMPTY, 0);
      if (object !== address) throw new Error(`Object ${classIndex} belongs at ${address}, not at ${object}.`);
    }
  }

  // --- Raw allocation ---

  /** An object with a zero body. */
  private allocate(classIndex: number, format: number, slotCount: number): number {
    const overflows = slotCount >= SLOT_COUNT_OVERFLOW;
    const bodySize = slotCount === 0 ? 8 : (slotCount * 4 + 7) & ~7;
    const size = HEADER_SIZE + bodySize + (overflows ? 8 : 0);
    this.ensureRoom(size);
    let offset = this.end;
    if (overflows) {
      this.view.setUint32(offset, slotCount, true);
      this.view.setUint32(offset + 4, (SLOT_COUNT_OVERFLOW << SLOT_COUNT_SHIFT) >>> 0, true);
      offset += 8;
    }
    const count = overflows ? SLOT_COUNT_OVERFLOW : slotCount;
    this.view.setUint32(offset, (classIndex | (format << FORMAT_SHIFT)) >>> 0, true);
    this.view.setUint32(offset + 4, (count << SLOT_COUNT_SHIFT) >>> 0, true);
    this.end += size;
    this.sizes.set(this.category, (this.sizes.get(this.category) ?? 0) + size);
    return OLD_SPACE_START + offset;
  }

  private ensureRoom(size: number): void {
    if (this.end + size <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.end + size));
    larger.set(this.bytes);
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }

  /** An object whose slots are all nil. */
  allocateOops(classIndex: number, format: number, slotCount: number): number {
    const object = this.allocate(classIndex, format, slotCount);
    for (let index = 0; index < slotCount; index++) this.setSlot(object, index, NIL);
    return object;
  }

  allocateBytes(classIndex: number, content: ArrayLike<number>): number {
    const slotCount = (content.length + 3) >> 2;
    const object = this.allocate(classIndex, FORMAT_BYTES + slotCount * 4 - content.length, slotCount);
    this.bytes.set(content, this.offsetOf(object) + HEADER_SIZE);
    return object;
  }

  allocateWords(classIndex: number, content: ArrayLike<number>): number {
    const object = this.allocate(classIndex, FORMAT_WORDS32, content.length);
    for (let index = 0; index < content.length; index++) this.setSlot(object, index, content[index]);
    return object;
  }

  /** Compiled code: header and literals (nil until they are set), then bytecodes. */
  allocateCode(classIndex: number, header: number, literalCount: number, bytecodes: Uint8Array): number {
    const size = (literalCount + 1) * 4 + bytecodes.length;
    const slotCount = (size + 3) >> 2;
    const code = this.allocate(classIndex, FORMAT_COMPILED_CODE + slotCount * 4 - size, slotCount);
    this.setSlot(code, 0, taggedInteger(header));
    for (let index = 1; index <= literalCount; index++) this.setSlot(code, index, NIL);
    this.bytes.set(bytecodes, this.offsetOf(code) + HEADER_SIZE + (literalCount + 1) * 4);
    return code;
  }

  // --- Slots and headers ---

  private offsetOf(object: number): number {
    return object - OLD_SPACE_START;
  }

  setSlot(object: number, index: number, oop: number): void {
    this.view.setInt32(this.offsetOf(object) + HEADER_SIZE + index * 4, oop, true);
  }

  slotAt(object: number, index: number): number {
    return this.view.getInt32(this.offsetOf(object) + HEADER_SIZE + index * 4, true);
  }

  slotCountOf(object: number): number {
    const count = this.view.getUint32(this.offsetOf(object) + 4, true) >>> SLOT_COUNT_SHIFT;
    return count === SLOT_COUNT_OVERFLOW ? this.view.getUint32(this.offsetOf(object) - 8, true) : count;
  }

  identityHashOf(object: number): number {
    return this.view.getUint32(this.offsetOf(object) + 4, true) & HASH_MASK;
  }

  setIdentityHash(object: number, hash: number): void {
    const offset = this.offsetOf(object) + 4;
    this.view.setUint32(offset, ((this.view.getUint32(offset, true) & ~HASH_MASK) | hash) >>> 0, true);
  }

  // --- Values ---

  array(elements: readonly number[]): number {
    const array = this.allocateOops(ARRAY_CLASS_INDEX, FORMAT_ARRAY, elements.length);
    for (let index = 0; index < elements.length; index++) this.setSlot(array, index, elements[index]);
    return array;
  }

  string(value: string): number {
    const codePoints = codePointsOf(value);
    return codePoints.every((codePoint) => codePoint <= LATIN_1_MAXIMUM)
      ? this.allocateBytes(BYTE_STRING_CLASS_INDEX, codePoints)
      : this.allocateWords(WIDE_STRING_CLASS_INDEX, codePoints);
  }

  /** The one symbol with these characters. */
  symbol(value: string): number {
    const existing = this.symbols.get(value);
    if (existing !== undefined) return existing;
    const category = this.category;
    this.category = "symbols";
    const symbol = this.newSymbol(codePointsOf(value));
    this.category = category;
    this.symbols.set(value, symbol);
    return symbol;
  }

  private newSymbol(codePoints: number[]): number {
    const symbol = codePoints.every((codePoint) => codePoint <= LATIN_1_MAXIMUM)
      ? this.allocateBytes(BYTE_SYMBOL_CLASS_INDEX, codePoints)
      : this.allocateWords(WIDE_SYMBOL_CLASS_INDEX, codePoints);
    this.setIdentityHash(symbol, stringHash(codePoints) & HASH_MASK || 1);
    return symbol;
  }

  /** Every symbol written so far, in the order of their first mention. */
  allSymbols(): number[] {
    return [...this.symbols.values()];
  }

  byteArray(content: ArrayLike<number>): number {
    return this.allocateBytes(BYTE_ARRAY_CLASS_INDEX, content);
  }

  float(value: number): number {
    const object = this.allocate(FLOAT_CLASS_INDEX, FORMAT_WORDS64, 2);
    this.view.setFloat64(this.offsetOf(object) + HEADER_SIZE, value, true);
    return object;
  }

  integer(value: bigint): number {
    if (value >= BigInt(SMALL_INTEGER_MINIMUM) && value <= BigInt(SMALL_INTEGER_MAXIMUM)) {
      return taggedInteger(Number(value));
    }
    const magnitude: number[] = [];
    for (let rest = value < 0n ? -value : value; rest > 0n; rest >>= 8n) magnitude.push(Number(rest & 0xffn));
    const classIndex = value < 0n ? LARGE_NEGATIVE_INTEGER_CLASS_INDEX : LARGE_POSITIVE_INTEGER_CLASS_INDEX;
    return this.allocateBytes(classIndex, magnitude);
  }

  association(key: number, value: number): number {
    const association = this.allocateOops(ASSOCIATION_CLASS_INDEX, FORMAT_FIXED, 2);
    this.setSlot(association, ASSOCIATION_KEY, key);
    this.setSlot(association, ASSOCIATION_VALUE, value);
    return association;
  }

  // --- Results ---

  /** The heap: the bytes from OLD_SPACE_START to the end of the last object. */
  heapBytes(): Uint8Array {
    return this.bytes.slice(0, this.end);
  }

  /** Bytes by category, largest first. */
  sizesByCategory(): [string, number][] {
    return [...this.sizes].sort((a, b) => b[1] - a[1]);
  }
}
