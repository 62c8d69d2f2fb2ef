// Slides what is marked towards the start of old space, in the order of addresses, and replaces every reference by the new
// address, which follows from the table of mark bits (markBits.ts). Objects below the first gap do not move at all.
//
//   before   | a | dead | b | dead | PINNED | c | dead | d |
//   after    | a | b | filler      | PINNED | c | d |
//
// A block in which a pinned object begins keeps its place: dead objects between living ones of such a block become fillers
// that are marked, so that the sum of mark bits before an object remains its distance.

import { oldFree, setOldFree } from "./allocation.ts";
import { literalCountOf } from "./compiledCode.ts";
import {
  FORMAT_COMPILED_CODE,
  FORMAT_EPHEMERON,
  FORMAT_MASK,
  FORMAT_SHIFT,
  FORMAT_WEAK_ARRAY,
  HEADER_SIZE,
  NIL,
  OLD_SPACE_START,
} from "./layout.ts";
import {
  BLOCK_SHIFT,
  blockOf,
  entryOf,
  isMarked,
  markRange,
  marksBefore,
  nextMarked,
  tableEntries,
  tableEntriesEnd,
} from "./markBits.ts";
import { copyBytes, countBits, load32, store32 } from "./memory.ts";
import { slotCountOf } from "./object.ts";
import { visitRoots } from "./roots.ts";
import { PHASE_FORWARD, setPhase } from "./visit.ts";
import { endOfObject, objectFrom, writeFiller } from "./walk.ts";
import { noteFinalization } from "./weak.ts";

/** Nothing below this address moves. */
let firstMoved: i32 = OLD_SPACE_START;

/** Compacts old space; `pinnedCount` marked objects must not move, and the entries of their blocks hold a 1. */
export function compact(pinnedCount: i32): void {
  if (pinnedCount > 0) fixBlocks();
  placeBlocks();
  setPhase(PHASE_FORWARD);
  visitRoots();
  slide(pinnedCount > 0);
}

// --- Where objects go ---

/** Gives each block its new place; a fixed block's entry holds the address of the first object that begins there. */
function placeBlocks(): void {
  let place: i32 = OLD_SPACE_START;
  firstMoved = 0;
  const end: i32 = tableEntriesEnd();
  for (let entry: i32 = tableEntries(); entry < end; entry += 8) {
    const bits: i32 = load32(entry);
    const fixed: i32 = load32(entry + 4) & -8;
    if (fixed != 0) place = fixed - (marksBefore(entry, fixed) << 3);
    store32(entry + 4, place);
    place += countBits(bits) << 3;
    if (firstMoved == 0 && bits != -1) firstMoved = blockOf(entry);
  }
}

/** Where a marked object goes, by the table. */
export function forward(object: i32): i32 {
  const entry: i32 = entryOf(object);
  return load32(entry + 4) + (marksBefore(entry, object) << 3);
}

/** A word that may hold an oop: puts the new address there. */
export function forwardReference(address: i32): void {
  const oop: i32 = load32(address);
  if (oop >= firstMoved && (oop & 3) == 0) store32(address, forward(oop));
}

// --- Pinned objects ---

/** Notes the first living object of each fixed block, and fills the gaps behind it. */
function fixBlocks(): void {
  const end: i32 = oldFree;
  let address: i32 = OLD_SPACE_START;
  let deadStart: i32 = 0;
  while (address < end) {
    const object: i32 = objectFrom(address);
    const next: i32 = endOfObject(object);
    const entry: i32 = entryOf(address);
    if (deadStart != 0 && deadStart >> BLOCK_SHIFT != address >> BLOCK_SHIFT) deadStart = 0;
    if (load32(entry + 4) != 0) deadStart = fixObject(entry, address, isMarked(object), deadStart);
    address = next;
  }
}

/** Treats an object of a fixed block; answers where the dead space before the next object of the block begins, or 0. */
function fixObject(entry: i32, address: i32, isLiving: boolean, deadStart: i32): i32 {
  const isFirst: boolean = load32(entry + 4) == 1;
  if (!isLiving) return deadStart == 0 && !isFirst ? address : deadStart;
  if (isFirst) store32(entry + 4, address);
  if (deadStart != 0) {
    writeFiller(deadStart, address);
    markRange(deadStart, address - deadStart);
  }
  return 0;
}

// --- Sliding ---

function slide(hasPinned: boolean): void {
  const end: i32 = oldFree;
  let place: i32 = OLD_SPACE_START;
  let address: i32 = nextMarked(OLD_SPACE_START);
  while (address < end) {
    const object: i32 = objectFrom(address);
    const next: i32 = endOfObject(object);
    if (hasPinned) {
      const newPlace: i32 = forward(address);
      writeFiller(place, newPlace);
      place = newPlace;
    }
    moveObject(object, address, next, place);
    place += next - address;
    address = nextMarked(next);
  }
  setOldFree(place);
}

/** Copies the bytes [from, end) of an object to `place`, with its references replaced. */
function moveObject(object: i32, from: i32, end: i32, place: i32): void {
  const format: i32 = (load32(object) >>> FORMAT_SHIFT) & FORMAT_MASK;
  let oopCount: i32 = 0;
  if (format <= FORMAT_EPHEMERON) {
    oopCount = slotCountOf(object);
    if (format == FORMAT_WEAK_ARRAY) clearWeakSlots(object);
  } else if (format >= FORMAT_COMPILED_CODE) {
    oopCount = literalCountOf(object) + 1;
  }
  const oops: i32 = object + HEADER_SIZE;
  const oopsEnd: i32 = oops + (oopCount << 2);
  if (from == place) {
    forwardInPlace(oops, oopsEnd);
    return;
  }
  const shift: i32 = from - place;
  copyWords(from, oops, shift);
  forwardAndCopy(oops, oopsEnd, shift);
  if (end - oopsEnd > 64) copyBytes(oopsEnd - shift, oopsEnd, end - oopsEnd);
  else copyWords(oopsEnd, end, shift);
}

function copyWords(from: i32, end: i32, shift: i32): void {
  for (let address: i32 = from; address < end; address += 4) store32(address - shift, load32(address));
}

function forwardInPlace(from: i32, end: i32): void {
  const start: i32 = firstMoved;
  for (let address: i32 = from; address < end; address += 4) {
    const oop: i32 = load32(address);
    if (oop >= start && (oop & 3) == 0) store32(address, forward(oop));
  }
}

function forwardAndCopy(from: i32, end: i32, shift: i32): void {
  const start: i32 = firstMoved;
  for (let address: i32 = from; address < end; address += 4) {
    let oop: i32 = load32(address);
    if (oop >= start && (oop & 3) == 0) oop = forward(oop);
    store32(address - shift, oop);
  }
}

/** The indexable slots of a weak object that refer to what is not marked become nil. The others are marked. */
function clearWeakSlots(object: i32): void {
  const end: i32 = object + HEADER_SIZE + (slotCountOf(object) << 2);
  for (let address: i32 = object + HEADER_SIZE; address < end; address += 4) {
    const oop: i32 = load32(address);
    if (oop < OLD_SPACE_START || (oop & 3) != 0 || isMarked(oop)) continue;
    store32(address, NIL);
    noteFinalization();
  }
}
