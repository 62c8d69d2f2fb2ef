// A read-only view of a heap: objects, their headers, slots and values. It works on the memory of a living machine, which
// may be replaced when it grows, as well as on the heap of an image file.

import * as layout from "../vm/layout.ts";

/** Where a heap lies. Both functions are asked anew at every access. */
export interface HeapMemory {
  /** The bytes; the one at offset 0 has the address `start`. */
  view(): DataView;
  start: number;
  /** End of old space. */
  end(): number;
  specialObjectsOop(): number;
}

/** What a machine has to tell about its heap: a Machine of platform/node/engine.ts does. */
export interface LivingHeap {
  /** Linear memory from address 0 on. */
  memory(): Uint8Array;
  getHeapEnd(): number;
  getSpecialObjects(): number;
}

export function livingMemory(machine: LivingHeap): HeapMemory {
  // A machine gives memory back by taking another one; the view must not keep the old one alive.
  let known = new WeakRef(new DataView(machine.memory().buffer));
  return {
    start: 0,
    end: () => machine.getHeapEnd(),
    specialObjectsOop: () => machine.getSpecialObjects(),
    view() {
      const current = machine.memory().buffer;
      const view = known.deref();
      if (view?.buffer === current) return view;
      const fresh = new DataView(current);
      known = new WeakRef(fresh);
      return fresh;
    },
  };
}

/** The heap of an image file. */
export function fileMemory(heap: Uint8Array, specialObjectsOop: number): HeapMemory {
  const view = new DataView(heap.buffer, heap.byteOffset, heap.byteLength);
  const end = layout.OLD_SPACE_START + heap.length;
  return {
    start: layout.OLD_SPACE_START,
    end: () => end,
    specialObjectsOop: () => specialObjectsOop,
    view: () => view,
  };
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

  // --- All objects ---

  /** Every object of old space in the order of addresses; fillers are left out. */
  *objects(): Iterable<number> {
    const end = this.memory.end();
    let address = layout.OLD_SPACE_START;
    while (address < end) {
      const overflows = this.wordAt(address + 4) >>> layout.SLOT_COUNT_SHIFT === layout.SLOT_COUNT_OVERFLOW;
      const object = overflows ? address + layout.HEADER_SIZE : address;
      if (this.classIndexOf(object) !== layout.FREE_CLASS_INDEX) yield object;
      address = object + layout.HEADER_SIZE + this.bodySizeOf(object);
    }
  }

  /** Bytes of the body, padding included. A filler may lack one. */
  private bodySizeOf(object: number): number {
    const slotCount = this.slotCountOf(object);
    if (slotCount === 0 && this.classIndexOf(object) === layout.FREE_CLASS_INDEX) return 0;
    return slotCount === 0 ? 8 : (slotCount * 4 + 7) & ~7;
  }

  /** Bytes that an object takes, headers and padding included. */
  sizeOf(object: number): number {
    const overflows = this.slotCountOf(object) >= layout.SLOT_COUNT_OVERFLOW;
    return layout.HEADER_SIZE + this.bodySizeOf(object) + (overflows ? 8 : 0);
  }
}
