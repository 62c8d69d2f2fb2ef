// The full collection: everything young becomes old, what is reachable is marked, and the compactor slides it together.
//
// New space is empty meanwhile and serves the marking:
//
//   survivor spaces  | fired ephemerons | ephemerons whose key is not marked yet |   free   |
//   eden             | marked objects to be visited ->   free   <- big arrays, next index | batch |
//
// A reference to an unmarked object sets the mark bit of its header and puts it on the stack, without a look at the object:
// in a large heap that look costs more than all the rest. Objects come off the stack in batches whose headers are read
// one after the other, so that these reads overlap. The visit marks the whole extent and the class, and scans the slots.
// When the stack is full, objects are marked only, and the heap is searched for them afterwards. Ephemerons that find no
// place in their list are strong for this time.
//
// The class table does not hold its classes: an object holds its class, and a class that neither instances nor references
// hold leaves the table.

import {
  checkLowSpace,
  classTableSize,
  edenFree,
  isFullCollectionDue,
  isSpaceLow,
  noteFullCollection,
  oldFree,
  resetEden,
  scavengeRequested,
  setStressMode as setStressInterval,
  setSurvivor,
  stressInterval,
  takePendingLowSpace as takeLowSpace,
} from "./allocation.ts";
import { compact, forward } from "./compactor.ts";
import { literalCountOf } from "./compiledCode.ts";
import { FATAL_NO_MEMORY, failFatally } from "./fatal.ts";
import {
  CLASS_INDEX_MASK,
  EDEN,
  EDEN_SIZE,
  FALSE,
  FIRST_FREE_CLASS_INDEX,
  FORMAT_COMPILED_CODE,
  FORMAT_EPHEMERON,
  FORMAT_MASK,
  FORMAT_SHIFT,
  FORMAT_WEAK_ARRAY,
  GREY_BIT,
  HEADER_SIZE,
  NIL,
  OLD_SPACE_START,
  PINNED_BIT,
  SLOT_COUNT_OVERFLOW,
  SLOT_COUNT_SHIFT,
  SPECIAL_CLASS_TABLE,
  SURVIVOR_A,
  SURVIVOR_SIZE,
  TRUE,
} from "./layout.ts";
import { clearTable, entryOf, isMarked, markExtent, markRange } from "./markBits.ts";
import { load32, store32 } from "./memory.ts";
import { slotAt, slotCountOf } from "./object.ts";
import { visitRoots } from "./roots.ts";
import { forgetRemembered, scavenge, tenureAll } from "./scavenger.ts";
import { specialObjectAt, spendTicks } from "./state.ts";
import { PHASE_MARK, setPhase } from "./visit.ts";
import { endOfObject, objectFrom, startOfObject } from "./walk.ts";
import { fire, mourn, strongSlotCountOf, takeFinalization } from "./weak.ts";

/** A batch: object, low and high header word of each, and a word of its next cache line, which is read for its own sake. */
const BATCH: i32 = EDEN + EDEN_SIZE - 512;
const CACHE_LINE: i32 = 64;
const BATCH_COUNT: i32 = 32;
const PENDING: i32 = SURVIVOR_A;
const PENDING_END: i32 = SURVIVOR_A + SURVIVOR_SIZE * 2;
/** Arrays with more slots are scanned in portions, so that their elements do not fill the stack. */
const PORTION: i32 = 1024;

/** A full collection takes about 1.5 ns for each byte that lives, and a tick is 20 ns. */
const TICKS_A_BYTE: f64 = 0.075;

let stackTop: i32 = EDEN;
/** The lowest pair of array and index; the two stacks must not meet. */
let arraysTop: i32 = BATCH;
let stackOverflowed: boolean = false;
/** [PENDING, firedTop) has fired, [firedTop, pendingTop) waits for its keys to be marked. */
let firedTop: i32 = PENDING;
let pendingTop: i32 = PENDING;
/** The class table, and the address of its first slot. */
let table: i32 = 0;
let tableBody: i32 = 0;
let pinnedCount: i32 = 0;

export let fullCollectionCount: i32 = 0;
let safepointCount: i32 = 0;

// --- When to collect ---

/** Collects if an allocation or somebody else has asked for it: objects move. */
export function collectAtSafepoint(): void {
  if (stressInterval > 0) {
    collectUnderStress();
    return;
  }
  if (scavengeRequested) scavenge();
  if (isFullCollectionDue() || isSpaceLow()) fullCollect();
}

function collectUnderStress(): void {
  safepointCount = (safepointCount + 1) | 0;
  if (safepointCount % stressInterval == 0) fullCollect();
  else if (edenFree > EDEN || scavengeRequested) scavenge();
}

/** Collects everything; objects move. */
export function fullCollect(): void {
  fullCollectionCount++;
  tenureAll();
  forgetRemembered();
  if (!clearTable()) {
    failFatally(FATAL_NO_MEMORY, oldFree);
    return;
  }
  mark();
  compact(pinnedCount);
  setSurvivor(SURVIVOR_A, SURVIVOR_A);
  mournFired();
  resetEden();
  noteFullCollection();
  checkLowSpace();
  if (stressInterval == 0) spendTicks(f64(oldFree - OLD_SPACE_START) * TICKS_A_BYTE);
}

export function setFullCollectionCount(count: i32): void {
  fullCollectionCount = count;
}

export function takePendingFinalization(): boolean {
  return takeFinalization();
}
export function takePendingLowSpace(): boolean {
  return takeLowSpace();
}
/** Scavenges at every safepoint and collects fully at every `interval`-th; 0 ends that. For tests. */
export function setStressMode(interval: i32): void {
  safepointCount = 0;
  setStressInterval(interval);
}

// --- Marking ---

function mark(): void {
  stackTop = EDEN;
  arraysTop = BATCH;
  stackOverflowed = false;
  firedTop = PENDING;
  pendingTop = PENDING;
  pinnedCount = 0;
  table = specialObjectAt(SPECIAL_CLASS_TABLE);
  tableBody = table + HEADER_SIZE;
  setPhase(PHASE_MARK);
  markExtent(table, load32(table + 4) >>> SLOT_COUNT_SHIFT);
  markKnownClasses();
  markOop(NIL);
  markOop(FALSE);
  markOop(TRUE);
  visitRoots();
  drain();
  resolveEphemerons();
  forgetDeadClasses();
}

function markKnownClasses(): void {
  const count: i32 = classTableSize();
  for (let index: i32 = 0; index < count && index < FIRST_FREE_CLASS_INDEX; index++) {
    markReference(tableBody + (index << 2));
  }
}

/** A word that may hold an oop: marks the object it refers to. */
export function markReference(address: i32): void {
  markOop(load32(address));
}

function markOop(oop: i32): void {
  if (oop < OLD_SPACE_START || (oop & 3) != 0 || isMarked(oop)) return;
  markRange(oop, 8);
  push(oop);
}

/** Puts an object whose header is marked on the stack. */
function push(object: i32): void {
  if (stackTop >= arraysTop) {
    stackOverflowed = true;
    return;
  }
  store32(stackTop, object);
  stackTop += 4;
}

/** Marks everything that is reachable from the objects on the stack. */
function drain(): void {
  emptyStacks();
  while (stackOverflowed) {
    stackOverflowed = false;
    visitMarked();
  }
}

function emptyStacks(): void {
  while (stackTop > EDEN || arraysTop < BATCH) {
    while (stackTop > EDEN) visitBatch();
    if (arraysTop < BATCH) {
      arraysTop += 8;
      scanPortion(load32(arraysTop - 8), load32(arraysTop - 4));
    }
  }
}

function visitBatch(): void {
  let batch: i32 = BATCH;
  const bottom: i32 = stackTop - BATCH_COUNT * 4;
  while (stackTop > EDEN && stackTop > bottom) {
    stackTop -= 4;
    const object: i32 = load32(stackTop);
    store32(batch, object);
    store32(batch + 4, load32(object));
    store32(batch + 8, load32(object + 4));
    store32(batch + 12, load32(object + CACHE_LINE - HEADER_SIZE));
    batch += 16;
  }
  for (let entry: i32 = BATCH; entry < batch; entry += 16) {
    visit(load32(entry), load32(entry + 4), load32(entry + 8) >>> SLOT_COUNT_SHIFT);
  }
}

/** Visits every marked object again: some of them did not find room on the stack. */
function visitMarked(): void {
  let address: i32 = OLD_SPACE_START;
  while (address < oldFree) {
    const object: i32 = objectFrom(address);
    if (isMarked(object) && object != table) {
      visit(object, load32(object), load32(object + 4) >>> SLOT_COUNT_SHIFT);
      emptyStacks();
    }
    address = endOfObject(object);
  }
}

/** Marks the extent and the class of an object and scans it. `count` is the slot count in its header. */
function visit(object: i32, header: i32, count: i32): void {
  markExtent(object, count);
  if ((header & PINNED_BIT) != 0) notePinned(object);
  markReference(tableBody + ((header & CLASS_INDEX_MASK) << 2));
  const format: i32 = (header >>> FORMAT_SHIFT) & FORMAT_MASK;
  if (format < FORMAT_WEAK_ARRAY) {
    if (count == SLOT_COUNT_OVERFLOW) scanPortion(object, 0);
    else scanSlots(object, count);
  } else if (format >= FORMAT_COMPILED_CODE) {
    scanSlots(object, literalCountOf(object) + 1);
  } else if (format == FORMAT_WEAK_ARRAY) {
    scanSlots(object, strongSlotCountOf(object));
  } else if (format == FORMAT_EPHEMERON) {
    scanEphemeron(object);
  }
}

/** Tells the compactor that the block where the object begins must stay in its place. */
function notePinned(object: i32): void {
  pinnedCount++;
  store32(entryOf(startOfObject(object)) + 4, 1);
}

function scanSlots(object: i32, slotCount: i32): void {
  scanRange(object + HEADER_SIZE, object + HEADER_SIZE + (slotCount << 2));
}

/** Scans PORTION slots from `index` on; the rest must wait. */
function scanPortion(object: i32, index: i32): void {
  let end: i32 = slotCountOf(object);
  if (end - index > PORTION && arraysTop - 8 >= stackTop) {
    end = index + PORTION;
    arraysTop -= 8;
    store32(arraysTop, object);
    store32(arraysTop + 4, end);
  }
  scanRange(object + HEADER_SIZE + (index << 2), object + HEADER_SIZE + (end << 2));
}

function scanRange(from: i32, to: i32): void {
  for (let address: i32 = from; address < to; address += 4) {
    const oop: i32 = load32(address);
    if (oop <= NIL || (oop & 3) != 0) continue;
    const entry: i32 = entryOf(oop);
    const bits: i32 = load32(entry);
    const bit: i32 = 1 << ((oop >>> 3) & 31);
    if ((bits & bit) != 0) continue;
    store32(entry, bits | bit);
    push(oop);
  }
}

// --- Ephemerons ---

function isKeyMarked(ephemeron: i32): boolean {
  const key: i32 = slotAt(ephemeron, 0);
  return (key & 3) != 0 || isMarked(key);
}

/** Scans an ephemeron whose key is marked; puts another one aside, grey so that it stands in the list only once. */
function scanEphemeron(ephemeron: i32): void {
  const header: i32 = load32(ephemeron);
  if ((header & GREY_BIT) != 0 || slotCountOf(ephemeron) == 0) return;
  if (isKeyMarked(ephemeron) || pendingTop == PENDING_END) {
    scanSlots(ephemeron, slotCountOf(ephemeron));
    return;
  }
  store32(ephemeron, header | GREY_BIT);
  store32(pendingTop, ephemeron);
  pendingTop += 4;
}

function clearGrey(object: i32): void {
  store32(object, load32(object) & ~GREY_BIT);
}

function resolveEphemerons(): void {
  while (firedTop < pendingTop) {
    while (scanLivingEphemerons()) drain();
    firePending();
    drain();
  }
}

/** Scans the pending ephemerons whose key is marked by now and keeps the others; true when there was one. */
function scanLivingEphemerons(): boolean {
  const end: i32 = pendingTop;
  let kept: i32 = firedTop;
  for (let entry: i32 = firedTop; entry < end; entry += 4) {
    const ephemeron: i32 = load32(entry);
    if (isKeyMarked(ephemeron)) {
      clearGrey(ephemeron);
      scanSlots(ephemeron, slotCountOf(ephemeron));
    } else {
      store32(kept, ephemeron);
      kept += 4;
    }
  }
  pendingTop = kept;
  return kept < end;
}

/** Nothing else refers to the keys of the pending ephemerons. */
function firePending(): void {
  const first: i32 = firedTop;
  firedTop = pendingTop;
  for (let entry: i32 = first; entry < firedTop; entry += 4) {
    clearGrey(load32(entry));
    fire(load32(entry));
  }
  for (let entry: i32 = first; entry < firedTop; entry += 4) scanSlots(load32(entry), slotCountOf(load32(entry)));
}

/** Queues the fired ephemerons, which have moved (the compactor's table still tells where to). */
function mournFired(): void {
  for (let entry: i32 = PENDING; entry < pendingTop; entry += 4) store32(entry, forward(load32(entry)));
  for (let entry: i32 = PENDING; entry < pendingTop; entry += 4) mourn(load32(entry));
}

// --- Classes ---

function forgetDeadClasses(): void {
  const count: i32 = classTableSize();
  for (let index: i32 = FIRST_FREE_CLASS_INDEX; index < count; index++) {
    const address: i32 = tableBody + (index << 2);
    if (!isMarked(load32(address))) store32(address, NIL);
  }
}
