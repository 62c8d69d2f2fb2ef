// The scavenger copies what lives in new space and forgets the rest (D. Ungar: "Generation scavenging", 1984; the copying
// order is C. Cheney's, 1970).
//
//   eden             -> the empty survivor space        (first time)
//   used survivor    -> old space                       (second time; or when the survivor space is full)
//
//   to-space   | scanned copies | copies still to be scanned |   free   | deferred list |
//                               ^scanSurvivor                ^toFree    ^toEnd
//   old space  ... | scanned copies | copies still to be scanned |
//                                   ^scanOld                     ^tenuredFree
//
// The original of a copy keeps a forwarding address: low header word 0 (no object has class index 0), high header word the
// address of the copy.
//
// Weak objects and ephemerons wait on the deferred list until everything else is copied. Those that find no place on it
// are treated as strong for this time. The remembered set tells which old objects may refer to young ones; an object stays
// in it while it does.

import {
  clearRememberedSet,
  enterRememberedSlot,
  isLargeArray,
  oldFree,
  remember,
  rememberedCount,
  rememberedSetOverflowed,
  resetEden,
  setOldFree,
  setRememberedCount,
  setSurvivor,
  survivorStart,
} from "./allocation.ts";
import { literalCountOf } from "./compiledCode.ts";
import {
  EDEN,
  FORMAT_COMPILED_CODE,
  FORMAT_EPHEMERON,
  FORMAT_MASK,
  FORMAT_SHIFT,
  FORMAT_WEAK_ARRAY,
  HEADER_SIZE,
  NEW_SPACE_START,
  NIL,
  OLD_SPACE_START,
  REMEMBERED_BIT,
  REMEMBERED_SET,
  SLOT_COUNT_OVERFLOW,
  SLOT_COUNT_SHIFT,
  SURVIVOR_A,
  SURVIVOR_B,
  SURVIVOR_SIZE,
} from "./layout.ts";
import { copyBytes, load32, store32 } from "./memory.ts";
import { bodySizeFor, formatOf, slotAt, slotCountOf } from "./object.ts";
import { visitRoots } from "./roots.ts";
import { PHASE_SCAVENGE, setPhase } from "./visit.ts";
import { endOfObject, objectFrom } from "./walk.ts";
import { fire, mourn, noteFinalization, strongSlotCountOf } from "./weak.ts";

/** Survivor spaces and eden are told apart by the address bits from here on: A is 2, B is 3, eden 4 to 7. */
const SPACE_SHIFT: i32 = 19;

let toSpace: i32 = 0;
let toFree: i32 = 0;
let toEnd: i32 = 0;
let tenuredFree: i32 = 0;
/** Objects below this address are tenured: the survivors of a scavenge before, or all. */
let tenureBelow: i32 = 0;
let scanSurvivor: i32 = 0;
let scanOld: i32 = 0;
let someForgotten: boolean = false;

export let scavengeCount: i32 = 0;

export function setScavengeCount(count: i32): void {
  scavengeCount = count;
}

/** Collects new space; young objects move. */
export function scavenge(): void {
  collectNewSpace(EDEN);
}

/** Makes everything old that lives in new space, which is empty afterwards; young objects move. */
export function tenureAll(): void {
  collectNewSpace(OLD_SPACE_START);
}

function collectNewSpace(tenureLimit: i32): void {
  scavengeCount++;
  const target: i32 = survivorStart == SURVIVOR_A ? SURVIVOR_B : SURVIVOR_A;
  toSpace = target >> SPACE_SHIFT;
  toFree = target;
  toEnd = target + SURVIVOR_SIZE;
  tenureBelow = tenureLimit;
  tenuredFree = oldFree;
  scanSurvivor = target;
  scanOld = oldFree;
  setPhase(PHASE_SCAVENGE);
  visitRoots();
  scavengeRemembered();
  scanCopies();
  resolveEphemerons();
  clearWeakSlots();
  dropForgotten();
  setSurvivor(target, toFree);
  setOldFree(tenuredFree);
  resetEden();
  mournFired(target + SURVIVOR_SIZE);
}

/** A word outside the heap: copies the young object it refers to. */
export function scavengeReference(address: i32): void {
  const oop: i32 = load32(address);
  if (isUncopied(oop)) store32(address, copyOf(oop));
}

function isYoung(oop: i32): boolean {
  return oop < OLD_SPACE_START && oop >= NEW_SPACE_START && (oop & 3) == 0;
}
/** Whether an oop refers to a place that will be empty after the scavenge. */
function isUncopied(oop: i32): boolean {
  return isYoung(oop) && oop >> SPACE_SHIFT != toSpace;
}

// --- Copying ---

/** Where a young object is now; copies it if nobody did yet. */
function copyOf(object: i32): i32 {
  const header: i32 = load32(object);
  const high: i32 = load32(object + 4);
  if (header == 0) return high;
  const slotCount: i32 = high >>> SLOT_COUNT_SHIFT;
  if (slotCount == SLOT_COUNT_OVERFLOW) return copyLarge(object);
  const size: i32 = HEADER_SIZE + bodySizeFor(slotCount);
  const copy: i32 = placeFor(object, size);
  store32(copy, header);
  store32(copy + 4, high);
  let from: i32 = object + HEADER_SIZE;
  let to: i32 = copy + HEADER_SIZE;
  const end: i32 = object + size;
  while (from < end) {
    store32(to, load32(from));
    store32(to + 4, load32(from + 4));
    from += 8;
    to += 8;
  }
  store32(object, 0);
  store32(object + 4, copy);
  return copy;
}

function copyLarge(object: i32): i32 {
  const size: i32 = 16 + bodySizeFor(load32(object - 8));
  const copy: i32 = placeFor(object, size) + 8;
  copyBytes(copy - 8, object - 8, size);
  store32(object, 0);
  store32(object + 4, copy);
  return copy;
}

function placeFor(object: i32, size: i32): i32 {
  if (object >= tenureBelow && toFree + size <= toEnd) {
    const place: i32 = toFree;
    toFree = place + size;
    return place;
  }
  const place: i32 = tenuredFree;
  tenuredFree = place + size;
  return place;
}

// --- Scanning ---

/** Scans copies, which may bring more copies, until all are scanned. */
function scanCopies(): void {
  while (scanSurvivor < toFree || scanOld < tenuredFree) {
    while (scanSurvivor < toFree) {
      const object: i32 = objectFrom(scanSurvivor);
      scanObject(object);
      scanSurvivor = object + HEADER_SIZE + bodySizeFor(slotCountOf(object));
    }
    while (scanOld < tenuredFree) {
      const object: i32 = objectFrom(scanOld);
      if (scanObject(object)) remember(object);
      scanOld = object + HEADER_SIZE + bodySizeFor(slotCountOf(object));
    }
  }
}

/** Copies what the strong slots of an object refer to. True when it may refer to young objects afterwards. */
function scanObject(object: i32): boolean {
  const format: i32 = (load32(object) >>> FORMAT_SHIFT) & FORMAT_MASK;
  if (format < FORMAT_WEAK_ARRAY) return scanSlots(object, slotCountOf(object));
  if (format >= FORMAT_COMPILED_CODE) return scanSlots(object, literalCountOf(object) + 1);
  if (format == FORMAT_WEAK_ARRAY) return scanWeak(object);
  if (format == FORMAT_EPHEMERON) return scanEphemeron(object);
  return false;
}

function scanSlots(object: i32, slotCount: i32): boolean {
  const end: i32 = object + HEADER_SIZE + (slotCount << 2);
  let refersToYoung: boolean = false;
  for (let address: i32 = object + HEADER_SIZE; address < end; address += 4) {
    let oop: i32 = load32(address);
    if (oop >= OLD_SPACE_START || oop < NEW_SPACE_START || (oop & 3) != 0) continue;
    if (oop >> SPACE_SHIFT != toSpace) {
      oop = copyOf(oop);
      store32(address, oop);
    }
    if (oop < OLD_SPACE_START) refersToYoung = true;
  }
  return refersToYoung;
}

function scanWeak(object: i32): boolean {
  if (!defer(object)) return scanSlots(object, slotCountOf(object));
  scanSlots(object, strongSlotCountOf(object));
  return true;
}

function scanEphemeron(object: i32): boolean {
  if (slotCountOf(object) == 0) return false;
  if (isUncopied(slotAt(object, 0)) && load32(slotAt(object, 0)) != 0 && defer(object)) return true;
  return scanSlots(object, slotCountOf(object));
}

/** Puts a weak object or ephemeron (an old one, or the copy) on the deferred list; false when that is full. */
function defer(object: i32): boolean {
  if (toEnd - 4 < toFree) return false;
  toEnd -= 4;
  store32(toEnd, object);
  return true;
}

// --- Remembered set ---

function scavengeRemembered(): void {
  if (rememberedSetOverflowed) {
    scavengeAllOfOldSpace();
    return;
  }
  const end: i32 = REMEMBERED_SET + (rememberedCount << 2);
  let kept: i32 = REMEMBERED_SET;
  for (let entry: i32 = REMEMBERED_SET; entry < end; entry += 4) {
    const item: i32 = load32(entry);
    if ((item & 1) != 0 ? scavengeSlot(item - 1) : scavengeObject(item)) {
      store32(kept, item);
      kept += 4;
    }
  }
  const added: i32 = (rememberedCount << 2) - (end - REMEMBERED_SET);
  copyBytes(kept, end, added);
  setRememberedCount((kept + added - REMEMBERED_SET) >> 2);
}

/** A remembered slot of a large array: true when it still refers to a young object. */
function scavengeSlot(address: i32): boolean {
  let oop: i32 = load32(address);
  if (isUncopied(oop)) {
    oop = copyOf(oop);
    store32(address, oop);
  }
  return isYoung(oop);
}

/** A remembered object: true when it must stay in the list. Of a large array single slots are entered behind it. */
function scavengeObject(object: i32): boolean {
  if (isLargeArray(object) ? scavengeLargeArray(object) : scanObject(object)) return true;
  store32(object, load32(object) & ~REMEMBERED_BIT);
  return false;
}

/** True when not all slots that refer to young objects found a place in the list. */
function scavengeLargeArray(object: i32): boolean {
  const end: i32 = object + HEADER_SIZE + (slotCountOf(object) << 2);
  let isIncomplete: boolean = false;
  for (let address: i32 = object + HEADER_SIZE; address < end; address += 4) {
    const oop: i32 = load32(address);
    if (oop >= OLD_SPACE_START || (oop & 3) != 0) continue;
    if (scavengeSlot(address) && !enterRememberedSlot(address)) isIncomplete = true;
  }
  return isIncomplete;
}

/** The list lost some objects: finds those that refer to young ones by walking over all old objects. */
function scavengeAllOfOldSpace(): void {
  clearRememberedSet();
  const end: i32 = oldFree;
  let address: i32 = OLD_SPACE_START;
  while (address < end) {
    const object: i32 = objectFrom(address);
    store32(object, load32(object) & ~REMEMBERED_BIT);
    if (scanObject(object)) remember(object);
    address = endOfObject(object);
  }
}

// --- Ephemerons and weak slots ---

function resolveEphemerons(): void {
  let fired: boolean = true;
  while (fired) {
    while (scanLivingEphemerons()) scanCopies();
    fired = fireEphemerons();
    scanCopies();
  }
}

/** Scans those deferred ephemerons whose key turned out to live; true when there was one. */
function scanLivingEphemerons(): boolean {
  let found: boolean = false;
  const end: i32 = (toSpace << SPACE_SHIFT) + SURVIVOR_SIZE;
  for (let entry: i32 = toEnd; entry < end; entry += 4) {
    const object: i32 = load32(entry);
    if (object == 0 || formatOf(object) != FORMAT_EPHEMERON) continue;
    const key: i32 = slotAt(object, 0);
    if (isUncopied(key) && load32(key) != 0) continue;
    store32(entry, 0);
    if (!scanSlots(object, slotCountOf(object))) forget(object);
    found = true;
  }
  return found;
}

/** The keys of the deferred ephemerons that are left are reachable from nowhere else. False when there are none. */
function fireEphemerons(): boolean {
  let found: boolean = false;
  const end: i32 = (toSpace << SPACE_SHIFT) + SURVIVOR_SIZE;
  for (let entry: i32 = toEnd; entry < end; entry += 4) {
    const object: i32 = load32(entry);
    if (object == 0 || formatOf(object) != FORMAT_EPHEMERON) continue;
    fire(object);
    if (!scanSlots(object, slotCountOf(object))) forget(object);
    found = true;
  }
  return found;
}

function clearWeakSlots(): void {
  const end: i32 = (toSpace << SPACE_SHIFT) + SURVIVOR_SIZE;
  for (let entry: i32 = toEnd; entry < end; entry += 4) {
    const object: i32 = load32(entry);
    if (object == 0 || formatOf(object) != FORMAT_WEAK_ARRAY) continue;
    if (!clearSlotsOf(object)) forget(object);
    store32(entry, 0);
  }
}

/** True when the weak object still refers to young objects. */
function clearSlotsOf(object: i32): boolean {
  const end: i32 = object + HEADER_SIZE + (slotCountOf(object) << 2);
  let refersToYoung: boolean = false;
  for (let address: i32 = object + HEADER_SIZE; address < end; address += 4) {
    const oop: i32 = load32(address);
    if (!isYoung(oop)) continue;
    let place: i32 = oop;
    if (oop >> SPACE_SHIFT != toSpace) {
      place = load32(oop) == 0 ? load32(oop + 4) : NIL;
      store32(address, place);
      if (place == NIL) noteFinalization();
    }
    if (place < OLD_SPACE_START) refersToYoung = true;
  }
  return refersToYoung;
}

/** A deferred object, remembered to be safe, turned out to refer to nothing young. */
function forget(object: i32): void {
  const header: i32 = load32(object);
  if ((header & REMEMBERED_BIT) == 0) return;
  store32(object, header & ~REMEMBERED_BIT);
  someForgotten = true;
}

/** Takes the objects that `forget` was told of off the list. */
function dropForgotten(): void {
  if (!someForgotten) return;
  someForgotten = false;
  let kept: i32 = 0;
  for (let index: i32 = 0; index < rememberedCount; index++) {
    const item: i32 = load32(REMEMBERED_SET + (index << 2));
    if ((item & 1) == 0 && (load32(item) & REMEMBERED_BIT) == 0) continue;
    store32(REMEMBERED_SET + (kept << 2), item);
    kept++;
  }
  setRememberedCount(kept);
}

/** What is still on the deferred list are the fired ephemerons, the first one at its end. */
function mournFired(end: i32): void {
  for (let entry: i32 = end - 4; entry >= toEnd; entry -= 4) {
    if (load32(entry) != 0) mourn(load32(entry));
  }
}

/** When nothing is young, nothing need be remembered: clears the bits and the list. */
export function forgetRemembered(): void {
  if (rememberedSetOverflowed) {
    let address: i32 = OLD_SPACE_START;
    while (address < oldFree) {
      const object: i32 = objectFrom(address);
      store32(object, load32(object) & ~REMEMBERED_BIT);
      address = endOfObject(object);
    }
  } else {
    for (let index: i32 = 0; index < rememberedCount; index++) {
      const item: i32 = load32(REMEMBERED_SET + (index << 2));
      if ((item & 1) == 0) store32(item, load32(item) & ~REMEMBERED_BIT);
    }
  }
  clearRememberedSet();
}
