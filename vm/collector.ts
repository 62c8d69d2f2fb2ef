// The full collection: everything young becomes old, what is reachable is marked, and the compactor slides it together.
//
// New space is empty meanwhile and serves the marking:
//
//   survivor spaces  | fired ephemerons | ephemerons whose key is not marked yet |   free   |
//   eden             | queue: a ring of objects to be visited | batch |   free   |
//
// In a large heap nearly every look at an object or at its mark bit waits for memory. So an object is discovered without a
// look at it: its bit in the table is set, and it waits for its visit. Objects are visited in batches whose headers are read
// one after the other, so that these reads overlap. The visit marks the whole extent and the class, and scans the slots.
//
// Where discovered objects wait depends on how many there are. A few wait in the queue. When it is full, all others become
// grey, a second bit in the table; a sweep over the table visits grey objects in the order of addresses, so that however they
// are linked, neighbours share cache lines and pages. It is worth its time when many are grey; when few were, as in a
// list, the queue is opened again. Nothing can overflow. Ephemerons that find no place in their list are strong for this time.
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
import {
  bitOf,
  blockOf,
  clearTable,
  entryOf,
  isMarked,
  markExtent,
  tableBlockCount,
  tableEntries,
  tableEntriesEnd,
} from "./markBits.ts";
import { countTrailingZeros, load32, store32 } from "./memory.ts";
import { slotAt, slotCountOf } from "./object.ts";
import { visitRoots } from "./roots.ts";
import { forgetRemembered, scavenge, tenureAll } from "./scavenger.ts";
import { specialObjectAt, spendTicks } from "./state.ts";
import { PHASE_MARK, setPhase } from "./visit.ts";
import { fire, mourn, strongSlotCountOf, takeFinalization } from "./weak.ts";

const QUEUE: i32 = EDEN;
const QUEUE_SIZE: i32 = EDEN_SIZE >> 1;
/** The queue takes an object for so many blocks of the table: the time of a sweep over them is less than that of a visit. */
const BLOCKS_A_QUEUED_OBJECT: i32 = 16;
/** A batch: object, low and high header word of each, and a word of its next cache line, which is read for its own sake. */
const BATCH: i32 = EDEN + QUEUE_SIZE;
const BATCH_END: i32 = BATCH + 16 * 32;
/** Grey objects of a batch stand close together when the table's entries between them have no more bytes than this. */
const CLOSE_DISTANCE: i32 = 0x2000;
const CACHE_LINE: i32 = 64;
const PENDING: i32 = SURVIVOR_A;
const PENDING_END: i32 = SURVIVOR_A + SURVIVOR_SIZE * 2;
/** The bits of a header that are 0 in objects that are not pinned and have strong slots only. */
const NOT_PLAIN: i32 = PINNED_BIT | ((FORMAT_MASK & -4) << FORMAT_SHIFT);

/** A full collection takes about 1.5 ns for each byte that lives, and a tick is 20 ns. */
const TICKS_A_BYTE: f64 = 0.075;

/** Offsets into the ring, which wrap around when it is read: objects are between head and tail, none come behind the limit. */
let queueHead: i32 = 0;
let queueTail: i32 = 0;
let queueLimit: i32 = 0;
/** Bytes of objects that the queue takes when it is open. */
let queueCapacity: i32 = 0;
/** [PENDING, firedTop) has fired, [firedTop, pendingTop) waits for its keys to be marked. */
let firedTop: i32 = PENDING;
let pendingTop: i32 = PENDING;
/** The class table, and the address of its first slot. */
let table: i32 = 0;
let tableBody: i32 = 0;
let hasPinned: boolean = false;

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
  compact(hasPinned);
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
  const fitting: i32 = (tableBlockCount() / BLOCKS_A_QUEUED_OBJECT + 1) << 2;
  queueCapacity = fitting < QUEUE_SIZE ? fitting : QUEUE_SIZE;
  openQueue(queueCapacity);
  firedTop = PENDING;
  pendingTop = PENDING;
  hasPinned = false;
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
  if (oop < OLD_SPACE_START || (oop & 3) != 0) return;
  const entry: i32 = entryOf(oop);
  if (((load32(entry) | load32(entry + 4)) & bitOf(oop)) == 0) discover(oop, entry, bitOf(oop));
}

/** Sees to it that an object, of which neither bit is set, is visited. */
function discover(object: i32, entry: i32, bit: i32): void {
  if (queueTail < queueLimit) {
    store32(entry, load32(entry) | bit);
    store32(QUEUE | (queueTail & (QUEUE_SIZE - 1)), object);
    queueTail += 4;
  } else {
    store32(entry + 4, load32(entry + 4) | bit);
  }
}

/** Marks everything that is reachable from what was discovered. Only if the queue has reached its limit, something is grey. */
function drain(): void {
  emptyQueue();
  let found: i32 = 0;
  while (queueTail == queueLimit) {
    openQueue(found < queueCapacity >> 2 ? queueCapacity : 0);
    found = sweep();
    emptyQueue();
    if (found == 0) openQueue(queueCapacity);
  }
}

/** The queue, which is empty, takes objects until so many bytes of them wait; the others become grey. */
function openQueue(size: i32): void {
  queueHead = 0;
  queueTail = 0;
  queueLimit = size;
}

/**
 * Visits the grey objects in the order of addresses; answers how many there were. Where they stand close together, what has
 * become grey among them meanwhile is visited at once, while it is in the cache.
 */
function sweep(): i32 {
  let found: i32 = 0;
  let batch: i32 = BATCH;
  let first: i32 = 0;
  const end: i32 = tableEntriesEnd();
  for (let entry: i32 = tableEntries(); entry < end; entry += 8) {
    let grey: i32 = load32(entry + 4);
    if (grey == 0) continue;
    store32(entry, load32(entry) | grey);
    store32(entry + 4, 0);
    if (batch == BATCH) first = entry;
    const block: i32 = blockOf(entry);
    while (grey != 0) {
      batch = gather(block + (countTrailingZeros(grey) << 3), batch);
      grey &= grey - 1;
      found++;
    }
    if (batch >= BATCH_END) {
      visitBatch(batch);
      batch = BATCH;
      if (entry - first <= CLOSE_DISTANCE) entry = first - 8;
    }
  }
  visitBatch(batch);
  return found;
}

/** A queue that was never full goes on taking as many objects as leave it. */
function emptyQueue(): void {
  while (queueHead < queueTail) {
    let batch: i32 = BATCH;
    while (queueHead < queueTail && batch < BATCH_END) {
      batch = gather(load32(QUEUE | (queueHead & (QUEUE_SIZE - 1))), batch);
      queueHead += 4;
    }
    if (queueTail < queueLimit) queueLimit = queueHead + queueCapacity;
    visitBatch(batch);
  }
}

/** Reads what the visit of an object needs first; answers where the next object of the batch has its place. */
function gather(object: i32, batch: i32): i32 {
  store32(batch, object);
  store32(batch + 4, load32(object));
  store32(batch + 8, load32(object + 4));
  store32(batch + 12, load32(object + CACHE_LINE - HEADER_SIZE));
  return batch + 16;
}

/** Visits what was gathered up to `end`: marks the whole extents and the classes, and scans the strong slots. */
function visitBatch(end: i32): void {
  for (let entry: i32 = BATCH; entry < end; entry += 16) {
    const object: i32 = load32(entry);
    const header: i32 = load32(entry + 4);
    const count: i32 = load32(entry + 8) >>> SLOT_COUNT_SHIFT;
    markExtent(object, count);
    markReference(tableBody + ((header & CLASS_INDEX_MASK) << 2));
    const isPlain: boolean = (header & NOT_PLAIN) == 0 && count != SLOT_COUNT_OVERFLOW;
    const body: i32 = object + HEADER_SIZE;
    scanRange(body, body + ((isPlain ? count : slotCountToScan(object, header)) << 2));
  }
}

/** How many slots of an object have to be scanned now; sees to pinned objects and ephemerons. */
function slotCountToScan(object: i32, header: i32): i32 {
  if ((header & PINNED_BIT) != 0) hasPinned = true;
  const format: i32 = (header >>> FORMAT_SHIFT) & FORMAT_MASK;
  if (format < FORMAT_WEAK_ARRAY) return slotCountOf(object);
  if (format >= FORMAT_COMPILED_CODE) return literalCountOf(object) + 1;
  if (format == FORMAT_WEAK_ARRAY) return strongSlotCountOf(object);
  return format != FORMAT_EPHEMERON || isDeferred(object) ? 0 : slotCountOf(object);
}

function scanRange(from: i32, to: i32): void {
  for (let address: i32 = from; address < to; address += 4) {
    const oop: i32 = load32(address);
    if (oop <= NIL || (oop & 3) != 0) continue;
    const entry: i32 = entryOf(oop);
    const bit: i32 = bitOf(oop);
    if (((load32(entry) | load32(entry + 4)) & bit) == 0) discover(oop, entry, bit);
  }
}

// --- Ephemerons ---

function isKeyMarked(ephemeron: i32): boolean {
  const key: i32 = slotAt(ephemeron, 0);
  return (key & 3) != 0 || isMarked(key);
}

/** As scanRange for all slots, apart from it so that it stays in line where time matters. */
function scanEphemeron(ephemeron: i32): void {
  const slotCount: i32 = slotCountOf(ephemeron);
  for (let index: i32 = 0; index < slotCount; index++) markOop(slotAt(ephemeron, index));
}

/** Puts an ephemeron whose key is not marked aside; false when it is to be scanned at once. */
function isDeferred(ephemeron: i32): boolean {
  if (slotCountOf(ephemeron) == 0 || isKeyMarked(ephemeron) || pendingTop == PENDING_END) return false;
  store32(pendingTop, ephemeron);
  pendingTop += 4;
  return true;
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
      scanEphemeron(ephemeron);
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
  for (let entry: i32 = first; entry < firedTop; entry += 4) fire(load32(entry));
  for (let entry: i32 = first; entry < firedTop; entry += 4) scanEphemeron(load32(entry));
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
