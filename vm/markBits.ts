// The full collector's table: for each block of 256 bytes of old space 8 bytes, just behind the heap.
//
//   | mark bits: one for each 8 bytes of the block, set over the whole extent of a living object | where the block goes |
//
// While objects are marked, the second word holds grey bits instead: those of headers that the marking has still to visit.
// So the new address of an object is the second word plus 8 for each mark bit before it in its block (P. Wilson's and
// H. Kermany and E. Petrank's "The Compressor", 2006, compute it so): no object needs a word for its forwarding address, and
// references can be replaced before, while, or after the objects move. Both words stand side by side because one cache line
// then serves a lookup.

import { ensureMemory, oldFree, tableSizeFor } from "./allocation.ts";
import { OLD_SPACE_START, SLOT_COUNT_OVERFLOW } from "./layout.ts";
import { countBits, countTrailingZeros, fillBytes, load32, store32 } from "./memory.ts";
import { bodySizeFor } from "./object.ts";

export const BLOCK_SHIFT: i32 = 8;
export const BLOCK_SIZE: i32 = 256;
const ENTRY_SHIFT: i32 = 3;

/** Entry of block 0, if the table went back to address 0. */
let tableOrigin: i32 = 0;
let tableStart: i32 = 0;
let tableEnd: i32 = 0;

/** Clears a table for all of old space; false when there is no memory for it. */
export function clearTable(): boolean {
  const size: i32 = tableSizeFor(oldFree);
  tableStart = oldFree;
  tableEnd = tableStart + size;
  tableOrigin = tableStart - ((OLD_SPACE_START >> BLOCK_SHIFT) << ENTRY_SHIFT);
  if (!ensureMemory(tableEnd)) return false;
  fillBytes(tableStart, 0, size);
  return true;
}

export function tableEntries(): i32 {
  return tableStart;
}
export function tableEntriesEnd(): i32 {
  return tableEnd;
}
export function tableBlockCount(): i32 {
  return (tableEnd - tableStart) >> ENTRY_SHIFT;
}
/** Address of the table's entry for the block of `address`. */
export function entryOf(address: i32): i32 {
  return tableOrigin + ((address >>> BLOCK_SHIFT) << ENTRY_SHIFT);
}
/** The bit of the table's words for the 8 bytes at `address`. */
export function bitOf(address: i32): i32 {
  return 1 << ((address >>> 3) & 31);
}
/** Where the block of an entry begins. */
export function blockOf(entry: i32): i32 {
  return ((entry - tableOrigin) >> ENTRY_SHIFT) << BLOCK_SHIFT;
}
export function isMarked(object: i32): boolean {
  return ((load32(entryOf(object)) >>> ((object >>> 3) & 31)) & 1) != 0;
}

/** Sets the mark bits of the whole extent of an object whose header gives this slot count. */
export function markExtent(object: i32, slotCount: i32): void {
  const count: i32 = slotCount < 3 ? 2 : 1 + ((slotCount + 1) >> 1);
  const bit: i32 = (object >>> 3) & 31;
  if (bit + count < 32) {
    const entry: i32 = entryOf(object);
    store32(entry, load32(entry) | (((1 << count) - 1) << bit));
  } else if (slotCount == SLOT_COUNT_OVERFLOW) {
    markRange(object - 8, 16 + bodySizeFor(load32(object - 8)));
  } else {
    markRange(object, count << 3);
  }
}

/** Sets the mark bits of `size` bytes. */
export function markRange(start: i32, size: i32): void {
  let entry: i32 = entryOf(start);
  let bit: i32 = (start >>> 3) & 31;
  let left: i32 = size >>> 3;
  while (left > 0) {
    const room: i32 = 32 - bit;
    const count: i32 = left < room ? left : room;
    store32(entry, load32(entry) | ((count == 32 ? -1 : (1 << count) - 1) << bit));
    left -= count;
    bit = 0;
    entry += 8;
  }
}

/** Address of the first marked 8 bytes at or behind `address`; something at or past the end of old space if there is none. */
export function nextMarked(address: i32): i32 {
  let entry: i32 = entryOf(address);
  const bits: i32 = load32(entry) >>> ((address >>> 3) & 31);
  if (bits != 0) return address + (countTrailingZeros(bits) << 3);
  entry += 8;
  while (entry < tableEnd) {
    const word: i32 = load32(entry);
    if (word != 0) return blockOf(entry) + (countTrailingZeros(word) << 3);
    entry += 8;
  }
  return 0x7ffffff8;
}

/** Number of mark bits of the block of `address` that stand before it. */
export function marksBefore(entry: i32, address: i32): i32 {
  return countBits(load32(entry) & ((1 << ((address >>> 3) & 31)) - 1));
}
