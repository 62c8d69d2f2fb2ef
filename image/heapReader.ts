// A read-only view of a heap: objects, their headers, slots and values. It works on the memory of a living machine, which
// may be replaced when it grows, as well as on the heap of an image file.

import * as layout from "../vm/layout.ts";

/** Where a heap lies. Both functions are asked anew at every access. */
export interface HeapMemory {
  /** The bytes; the one at offset 0 has the address `start`. */
  view(): DataView;
  start: number;
  specialObjectsOop(): number;
}

/** The memory of a machine, whose linear memory begins at address 0. */
export function livingMemory(buffer: () => ArrayBufferLike, specialObjectsOop: () => number): HeapMemory {
  let view = new DataView(buffer());
  return {
    start: 0,
    specialObjectsOop,
    view() {
      const current = buffer();
      if (view.buffer !== current) view = new DataView(current);
      return view;
    },
  };
}

/** The heap of an image file. */
export function fileMemory(heap: Uint8Array, specialObjectsOop: number): HeapMemory {
  const view = new DataView(heap.buffer, heap.byteOffset, heap.byteLength);
  return { start: layout.OLD_SPACE_START, specialObjectsOop: () => specialObjectsOop, view: () => view };
}

export class HeapReader {
  constructor(protected readonly memory: HeapMemory) {}

  // --- Words and headers ---

  private wordAt(address: number): number {
    return this.memory.view().getInt32(address - this.memory.start, true);
  }

  isSmallInteger(oop: number): boolean {
    return (oop & 1) !== 0;
  }

  isCharacter(oop: number): boolean {
    return (oop & 3) === 2;
  }

  isImmediate(oop: number): boolean {
    return (oop & 3) !== 0;
  }

  classIndexOf(oop: number): number {
    if (this.isSmallInteger(oop)) return layout.SMALL_INTEGER_CLASS_INDEX;
    if (this.isCharacter(oop)) return layout.CHARACTER_CLASS_INDEX;
    return this.wordAt(oop) & layout.CLASS_INDEX_MASK;
  }

  formatOf(object: number): number {
    return (this.wordAt(object) >>> layout.FORMAT_SHIFT) & layout.FORMAT_MASK;
  }

  identityHashOf(object: number): number {
    return this.wordAt(object + 4) & layout.HASH_MASK;
  }

  /** Number of 4-byte slots in the body. */
  slotCountOf(object: number): number {
    const count = this.wordAt(object + 4) >>> layout.SLOT_COUNT_SHIFT;
    return count === layout.SLOT_COUNT_OVERFLOW ? this.wordAt(object - 8) : count;
  }

  /** Slot `index`, from 0, over instance variables and then indexable oops. */
  slotAt(object: number, index: number): number {
    return this.wordAt(object + layout.HEADER_SIZE + index * 4);
  }

  slotsOf(object: number): number[] {
    return Array.from({ length: this.slotCountOf(object) }, (_, index) => this.slotAt(object, index));
  }

  // --- Raw objects ---

  private hasBytes(object: number): boolean {
    return this.formatOf(object) >= layout.FORMAT_BYTES;
  }

  /** A copy of the bytes of a byte object, bytecodes and literals of compiled code included. */
  bytesOf(object: number): Uint8Array {
    const unused = this.hasBytes(object) ? this.formatOf(object) & 3 : 0;
    const view = this.memory.view();
    const offset = view.byteOffset + object + layout.HEADER_SIZE - this.memory.start;
    return new Uint8Array(view.buffer, offset, this.slotCountOf(object) * 4 - unused).slice();
  }

  isString(oop: number): boolean {
    const classIndex = this.classIndexOf(oop);
    return classIndex >= layout.BYTE_STRING_CLASS_INDEX && classIndex <= layout.WIDE_SYMBOL_CLASS_INDEX;
  }

  isSymbol(oop: number): boolean {
    const classIndex = this.classIndexOf(oop);
    return classIndex === layout.BYTE_SYMBOL_CLASS_INDEX || classIndex === layout.WIDE_SYMBOL_CLASS_INDEX;
  }

  /** Characters of a string or symbol, byte or wide. */
  stringValueOf(string: number): string {
    const codePoints = this.hasBytes(string) ? this.bytesOf(string) : this.slotsOf(string);
    let value = "";
    for (const codePoint of codePoints) value += String.fromCodePoint(codePoint);
    return value;
  }

  isArray(oop: number): boolean {
    return this.classIndexOf(oop) === layout.ARRAY_CLASS_INDEX;
  }

  // --- Numbers ---

  smallIntegerValueOf(oop: number): number {
    return oop >> 1;
  }

  characterValueOf(oop: number): number {
    return oop >>> 2;
  }

  floatValueOf(float: number): number {
    return this.memory.view().getFloat64(float + layout.HEADER_SIZE - this.memory.start, true);
  }

  isLargeInteger(oop: number): boolean {
    const classIndex = this.classIndexOf(oop);
    return (
      classIndex === layout.LARGE_POSITIVE_INTEGER_CLASS_INDEX ||
      classIndex === layout.LARGE_NEGATIVE_INTEGER_CLASS_INDEX
    );
  }

  /** Value of an Integer of any size. */
  integerValueOf(oop: number): bigint {
    if (this.isSmallInteger(oop)) return BigInt(this.smallIntegerValueOf(oop));
    const digits = [...this.bytesOf(oop)].reverse().map((byte) => byte.toString(16).padStart(2, "0"));
    const magnitude = BigInt(`0x0${digits.join("")}`);
    return this.classIndexOf(oop) === layout.LARGE_NEGATIVE_INTEGER_CLASS_INDEX ? -magnitude : magnitude;
  }

  // --- Special objects ---

  specialObject(index: number): number {
    return this.slotAt(this.memory.specialObjectsOop(), index);
  }

  /** The class of any oop. */
  classOf(oop: number): number {
    return this.slotAt(this.specialObject(layout.SPECIAL_CLASS_TABLE), this.classIndexOf(oop));
  }
}
