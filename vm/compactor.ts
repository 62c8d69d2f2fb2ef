// Slides what is marked towards the start of old space, in the order of addresses, and replaces every reference by the new
// address, which follows from the table of mark bits (markBits.ts). Objects below the first gap do not move at all.
//
//   before   | a | dead | b | dead | PINNED | c | dead | d |
//   after    | a | b | filler      | PINNED | c | d |
//
// A block in which a pinned object begins keeps its place: dead objects between living ones of such a block become fillers
// that are marked, so that the sum of mark bits before an object remains its distance.

import { oldFree, setOldFree } from "./allocation.ts";
import {
  FORMAT_MASK,
  FORMAT_SHIFT,
  FORMAT_WEAK_ARRAY,
  HEADER_SIZE,
  NIL,
  OLD_SPACE_START,
  PINNED_BIT,
  SLOT_COUNT_OVERFLOW,
  SLOT_COUNT_SHIFT,
  TRANSLATION_TABLE_CAPACITY,
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
import { forgetTranslations, translatedCodeAt } from "./translation.ts";
import { PHASE_FORWARD, setPhase } from "./visit.ts";
import { endOfObject, objectFrom, oopSlotCountOf, writeFiller } from "./walk.ts";
import { noteFinalization } from "./weak.ts";

/** The bits of a header that are 0 in objects whose slots are all strong. */
const NOT_PLAIN: i32 = (FORMAT_MASK & -4) << FORMAT_SHIFT;

/** Nothing below this address moves. */
let firstMoved: i32 = OLD_SPACE_START;

/** Compacts old space; `hasPinned` when some marked objects must not move. */
export function compact(hasPinned: boolean): void {
  if (hasPinned) fixBlocks();
  placeBlocks();
  if (!doTranslationsStay()) forgetTranslations();
  setPhase(PHASE_FORWARD);
  visitRoots();
  slide(hasPinned);
}

/** Whether all code that was translated lives and keeps its place. */
function doTranslationsStay(): boolean {
  for (let index: i32 = 0; index < TRANSLATION_TABLE_CAPACITY; index++) {
    const code: i32 = translatedCodeAt(index);
    if (code != 0 && (!isMarked(code) || (code >= firstMoved && forward(code) != code))) return false;
  }
  return true;
}

// --- Where objects go ---

/** Gives each block its new place; a fixed block's entry holds the address of the first object that begins there. */
function placeBlocks(): void {
  let place: i32 = OLD_SPACE_START;
  firstMoved = 0;
  const end: i32 = tableEntriesEnd();
  for (let entry: i32 = tableEntries(); entry < end; entry += 8) {
    const bits: i32 = load32(entry);
    const fixed: i32 = load32(entry + 4);
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

function fixBlocks(): void {
  let address: i32 = OLD_SPACE_START;
  while (address < oldFree) address = fixBlock(address);
}

/** Fixes the block that begins with the object at `from` if one of its objects is pinned; answers where the next begins. */
function fixBlock(from: i32): i32 {
  let isFixed: boolean = false;
  let address: i32 = from;
  while (address < oldFree && address >> BLOCK_SHIFT == from >> BLOCK_SHIFT) {
    const object: i32 = objectFrom(address);
    if ((load32(object) & PINNED_BIT) != 0 && isMarked(object)) isFixed = true;
    address = endOfObject(object);
  }
  if (isFixed) fillGaps(from, address);
  return address;
}

/** Notes the first living object of a fixed block, and fills the gaps between it and the last one. */
function fillGaps(from: i32, end: i32): void {
  let livingEnd: i32 = 0;
  let address: i32 = from;
  while (address < end) {
    const object: i32 = objectFrom(address);
    const next: i32 = endOfObject(object);
    if (isMarked(object)) {
      if (livingEnd == 0) store32(entryOf(address) + 4, address);
      else {
        writeFiller(livingEnd, address);
        markRange(livingEnd, address - livingEnd);
      }
      livingEnd = next;
    }
    address = next;
  }
}

// --- Sliding ---

function slide(hasPinned: boolean): void {
  const end: i32 = oldFree;
  let place: i32 = OLD_SPACE_START;
  let address: i32 = nextMarked(OLD_SPACE_START);
  while (address < end) {
    if (hasPinned) {
      const newPlace: i32 = forward(address);
      writeFiller(place, newPlace);
      place = newPlace;
    }
    const next: i32 = moveObject(address, place);
    place += next - address;
    address = next < firstMoved ? next : nextMarked(next);
  }
  setOldFree(place);
}

/** Copies the object that begins at `from` to `place`, with its references replaced; answers where it ended. */
function moveObject(from: i32, place: i32): i32 {
  const object: i32 = objectFrom(from);
  const header: i32 = load32(object);
  const count: i32 = load32(object + 4) >>> SLOT_COUNT_SHIFT;
  const oops: i32 = object + HEADER_SIZE;
  let oopCount: i32 = count;
  let end: i32 = oops + (((count + 1) & -2) << 2);
  if ((header & NOT_PLAIN) != 0 || count == SLOT_COUNT_OVERFLOW || count == 0) {
    end = endOfObject(object);
    oopCount = oopSlotCountOf(object);
    if (((header >>> FORMAT_SHIFT) & FORMAT_MASK) == FORMAT_WEAK_ARRAY) clearWeakSlots(object);
  }
  const oopsEnd: i32 = oops + (oopCount << 2);
  if (from == place) {
    forwardInPlace(oops, oopsEnd);
    return end;
  }
  const shift: i32 = from - place;
  copyWords(from, oops, shift);
  forwardAndCopy(oops, oopsEnd, shift);
  if (end - oopsEnd > 64) copyBytes(oopsEnd - shift, oopsEnd, end - oopsEnd);
  else copyWords(oopsEnd, end, shift);
  return end;
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
