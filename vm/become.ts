// become: by replacing references. All of memory is scanned once for any number of pairs; the objects stay where they are.
//
// The objects that must be replaced are grey meanwhile, so that the scan looks up only these in the table of partners, which
// stands behind the heap:
//
//   | object | partner | object | partner | ...        open addressing, at most half full, 0 where free
//
// Identity hashes belong to identities: they change places too, so that sets need not be rehashed. A class's hash is its
// class index, so the instances of a class that became another one follow it.

import {
  classAt,
  classTableSize,
  edenFree,
  ensureMemory,
  oldFree,
  remember,
  survivorFree,
  survivorStart,
} from "./allocation.ts";
import { oldSpaceWords } from "./heap.ts";
import {
  EDEN,
  FIRST_FREE_CLASS_INDEX,
  GREY_BIT,
  HEADER_SIZE,
  NIL,
  OLD_SPACE_START,
  SPECIAL_CLASS_TABLE,
  TRUE,
} from "./layout.ts";
import { fillBytes, load32, store32 } from "./memory.ts";
import {
  headerClassIndex,
  headerHash,
  initializeSlot,
  isArray,
  setClassIndex,
  setHeaderHash,
  slotAt,
  slotCountOf,
} from "./object.ts";
import { isProcess } from "./process.ts";
import { visitRoots } from "./roots.ts";
import { specialObjectAt, spendTicksOnPass } from "./state.ts";
import { forgetSites } from "./translation.ts";
import { PHASE_BECOME, setPhase } from "./visit.ts";
import { endOfObject, objectFrom, oopSlotCountOf } from "./walk.ts";

const MAXIMUM_PAIRS: i32 = 0x400000;

let partners: i32 = 0;
let capacityMask: i32 = 0;

/**
 * Exchanges the identities of the elements of two Arrays, pair by pair. Identity hashes stay with the identities. False,
 * and nothing is done, when the sizes differ, an element is immediate, nil, true or false, or stands in two places, or a
 * Process, which the machine finds in its lists, would become something else.
 */
export function becomeTwoWay(first: i32, second: i32): boolean {
  if (!canBecome(first, second) || !areExchangeable(second) || !enterPairs(first, second, true)) return false;
  exchangeHashes(first, second);
  replaceAll();
  return true;
}

/**
 * Every reference to an element of `first` becomes one to the element of `second` at the same place, which takes over the
 * identity hash if `copyHash`. False as above; elements of `second` may be nil, true or false and stand in several places.
 */
export function becomeOneWay(first: i32, second: i32, copyHash: boolean): boolean {
  if (!canBecome(first, second) || !enterPairs(first, second, false)) return false;
  copyHashes(first, second, copyHash);
  replaceAll();
  return true;
}

function canBecome(first: i32, second: i32): boolean {
  if (!isArray(first) || !isArray(second)) return false;
  const count: i32 = slotCountOf(first);
  if (count != slotCountOf(second) || count > MAXIMUM_PAIRS || !areExchangeable(first)) return false;
  for (let index: i32 = 0; index < count; index++) {
    const partner: i32 = slotAt(second, index);
    if ((partner & 3) != 0 || isProcess(slotAt(first, index)) != isProcess(partner)) return false;
  }
  return makeTable(count);
}

/** Whether every element has an identity that it can lose. */
function areExchangeable(array: i32): boolean {
  const count: i32 = slotCountOf(array);
  for (let index: i32 = 0; index < count; index++) {
    const element: i32 = slotAt(array, index);
    if ((element & 3) != 0 || (element >= NIL && element <= TRUE)) return false;
  }
  return true;
}

// --- The table of partners ---

function makeTable(pairCount: i32): boolean {
  let capacity: i32 = 8;
  while (capacity < pairCount * 4) capacity <<= 1;
  if (!ensureMemory(oldFree + (capacity << 3))) return false;
  partners = oldFree;
  capacityMask = capacity - 1;
  fillBytes(partners, 0, capacity << 3);
  return true;
}

/** Where an object stands in the table, or would stand. */
function partnerEntry(object: i32): i32 {
  let index: i32 = (object >>> 3) & capacityMask;
  let entry: i32 = partners + (index << 3);
  while (load32(entry) != 0 && load32(entry) != object) {
    index = (index + 1) & capacityMask;
    entry = partners + (index << 3);
  }
  return entry;
}

/** Colours the objects grey and enters their partners. False when one has two partners; nothing is grey then. */
function enterPairs(first: i32, second: i32, bothWays: boolean): boolean {
  const count: i32 = slotCountOf(first);
  for (let index: i32 = 0; index < count; index++) {
    const one: i32 = slotAt(first, index);
    const other: i32 = slotAt(second, index);
    if (one == other) continue;
    if (!enterPartner(one, other) || (bothWays && !enterPartner(other, one))) {
      whiten(first);
      whiten(second);
      return false;
    }
  }
  return true;
}

function enterPartner(object: i32, partner: i32): boolean {
  const header: i32 = load32(object);
  if ((header & GREY_BIT) != 0) return false;
  store32(object, header | GREY_BIT);
  const entry: i32 = partnerEntry(object);
  store32(entry, object);
  store32(entry + 4, partner);
  return true;
}

function whiten(array: i32): void {
  const count: i32 = slotCountOf(array);
  for (let index: i32 = 0; index < count; index++) {
    const object: i32 = slotAt(array, index);
    store32(object, load32(object) & ~GREY_BIT);
  }
}

function whitenPartners(): void {
  const end: i32 = partners + ((capacityMask + 1) << 3);
  for (let entry: i32 = partners; entry < end; entry += 8) {
    const object: i32 = load32(entry);
    if (object != 0) store32(object, load32(object) & ~GREY_BIT);
  }
}

// --- Hashes ---

function exchangeHashes(first: i32, second: i32): void {
  const count: i32 = slotCountOf(first);
  for (let index: i32 = 0; index < count; index++) {
    const hash: i32 = headerHash(slotAt(first, index));
    setHeaderHash(slotAt(first, index), headerHash(slotAt(second, index)));
    setHeaderHash(slotAt(second, index), hash);
  }
}

/** A class that the machine knows by its index keeps that index whatever it becomes. */
function copyHashes(first: i32, second: i32, always: boolean): void {
  const count: i32 = slotCountOf(first);
  for (let index: i32 = 0; index < count; index++) {
    const object: i32 = slotAt(first, index);
    const target: i32 = slotAt(second, index);
    const hash: i32 = headerHash(object);
    const isKnownClass: boolean = hash != 0 && hash < FIRST_FREE_CLASS_INDEX && classAt(hash) == object;
    if (hash != 0 && (always || isKnownClass) && !(target >= NIL && target <= TRUE)) setHeaderHash(target, hash);
  }
}

// --- Replacing references ---

/** Code stays where it is, and so do its translations; but a selector may now lead to other code, or a class be another one. */
function replaceAll(): void {
  spendTicksOnPass(oldSpaceWords());
  setPhase(PHASE_BECOME);
  visitRoots();
  forgetSites();
  replaceInSpace(survivorStart, survivorFree);
  replaceInSpace(EDEN, edenFree);
  replaceInSpace(OLD_SPACE_START, oldFree);
  whitenPartners();
  mergeClassIndices();
}

/** A word that may hold an oop: puts the partner there if there is one. */
export function becomeReference(address: i32): void {
  const oop: i32 = load32(address);
  if ((oop & 3) == 0 && (load32(oop) & GREY_BIT) != 0) store32(address, load32(partnerEntry(oop) + 4));
}

function replaceInSpace(start: i32, end: i32): void {
  let address: i32 = start;
  while (address < end) {
    const object: i32 = objectFrom(address);
    if (replaceInObject(object) && object >= OLD_SPACE_START) remember(object);
    address = endOfObject(object);
  }
}

/** True when a slot was given a young object. */
function replaceInObject(object: i32): boolean {
  const end: i32 = object + HEADER_SIZE + (oopSlotCountOf(object) << 2);
  let refersToYoung: boolean = false;
  for (let address: i32 = object + HEADER_SIZE; address < end; address += 4) {
    const oop: i32 = load32(address);
    if ((oop & 3) != 0 || (load32(oop) & GREY_BIT) == 0) continue;
    const partner: i32 = load32(partnerEntry(oop) + 4);
    store32(address, partner);
    if (partner < OLD_SPACE_START) refersToYoung = true;
  }
  return refersToYoung;
}

// --- Classes ---

/** When a class now stands at two places of the class table, its instances get the index that is its hash. */
function mergeClassIndices(): void {
  if (!hasStrayClass()) return;
  mergeInSpace(survivorStart, survivorFree);
  mergeInSpace(EDEN, edenFree);
  mergeInSpace(OLD_SPACE_START, oldFree);
  const table: i32 = specialObjectAt(SPECIAL_CLASS_TABLE);
  const count: i32 = classTableSize();
  for (let index: i32 = FIRST_FREE_CLASS_INDEX; index < count; index++) {
    if (isStray(index)) initializeSlot(table, index, NIL);
  }
}

/** Whether the class at this index stands in the table at its hash as well. */
function isStray(classIndex: i32): boolean {
  const behavior: i32 = classAt(classIndex);
  if (behavior == NIL) return false;
  const hash: i32 = headerHash(behavior);
  return hash != classIndex && hash != 0 && hash < classTableSize() && classAt(hash) == behavior;
}

function hasStrayClass(): boolean {
  const count: i32 = classTableSize();
  for (let index: i32 = 1; index < count; index++) {
    if (isStray(index)) return true;
  }
  return false;
}

function mergeInSpace(start: i32, end: i32): void {
  let address: i32 = start;
  while (address < end) {
    const object: i32 = objectFrom(address);
    const classIndex: i32 = headerClassIndex(object);
    if (classIndex != 0 && isStray(classIndex)) setClassIndex(object, headerHash(classAt(classIndex)));
    address = endOfObject(object);
  }
}
