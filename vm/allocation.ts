// Where new objects come from, and what a store must tell the collectors.
//
//   SURVIVOR_A  SURVIVOR_B   EDEN                            OLD_SPACE_START
//   |  one of them holds  |  |objects..|free    |threshold  ||nil false true objects ..|free     |  collector's tables
//   |  what survived once |            ^edenFree                                       ^oldFree        ... memoryLimit
//
// Both spaces are filled by moving a pointer, and every object stands directly behind the one before, so that a space can
// be walked. Allocation never collects and never moves an object: past `edenThreshold` it asks the interpreter to collect at its
// next safepoint and goes on, first in the rest of eden, then in old space. So an address in a local variable stays valid
// through a whole primitive.
//
// Room is always kept for the worst case of the next collection: everything young lives and becomes old, and the full
// collector needs 8 bytes of tables for every 256 of old space. When memory is nearly full, eden shrinks to keep that
// promise. RESERVE_SIZE more is withheld until an allocation has failed, because the handler of that failure needs objects
// too; objects without which the machine cannot go on, Contexts above all, are taken from it without failing first, and have
// LAST_RESERVE_SIZE for themselves.
//
// The remembered set lists the old objects that may refer to young ones; the header says whether an object is in it. A
// fresh object in old space is entered at birth, so that any fresh object may be filled without write barrier up to the next
// collection. When the list is full, `rememberedSetOverflowed` makes the next scavenge look at all of old space instead.
//
// Of a large array only the slots that were given young objects are looked at: the list then holds the address of each such
// slot plus 1, and the array's header says nothing. Many of these make a scavenge due early, and when there are too many all
// the same, arrays are entered as a whole.

import { FATAL_NO_MEMORY, failFatally } from "./fatal.ts";
import {
  ARRAY_CLASS_INDEX,
  BLOCK_CLOSURE_CLASS_INDEX,
  CLASS_INDEX_MASK,
  CLASS_SUPERCLASS,
  CONTEXT_CLASS_INDEX,
  EDEN,
  EDEN_SIZE,
  FIRST_FREE_CLASS_INDEX,
  FLOAT_CLASS_INDEX,
  FORMAT_ARRAY,
  FORMAT_COMPILED_CODE,
  FORMAT_EPHEMERON,
  FORMAT_FIXED_ARRAY,
  FORMAT_SHIFT,
  FORMAT_WORDS64,
  HASH_MASK,
  HEADER_SIZE,
  MESSAGE_CLASS_INDEX,
  METACLASS_CLASS_INDEX,
  NIL,
  OLD_SPACE_START,
  REMEMBERED_BIT,
  REMEMBERED_SET,
  REMEMBERED_SET_CAPACITY,
  SLOT_COUNT_OVERFLOW,
  SLOT_COUNT_SHIFT,
  SPECIAL_CLASS_TABLE,
  SURVIVOR_A,
  SURVIVOR_SIZE,
  WASM_PAGE_SIZE,
} from "./layout.ts";
import { copyBytes, fillBytes, growMemory, load32, memoryPages, store32, storeFloat } from "./memory.ts";
import {
  bodySizeFor,
  formatOf,
  headerClassIndex,
  headerHash,
  isImmediate,
  setHeaderHash,
  slotAt,
  slotCountOf,
} from "./object.ts";
import { requestCheck, specialObjects } from "./state.ts";

/** Objects of this size in bytes and more are old from birth: copying them would cost more than it saves. */
const LARGE_OBJECT_SIZE: i32 = 0x10000;
/** The end of eden that is used only between the request for a scavenge and the scavenge. */
const EDEN_RESERVE: i32 = 0x20000;
/** Of arrays with so many slots single slots are remembered. */
const LARGE_SLOT_COUNT: i32 = 1024;
/** With so many entries in the remembered set a scavenge is due: each slot may miss all caches, in two scavenges. */
const REMEMBERED_ENOUGH: i32 = REMEMBERED_SET_CAPACITY >> 3;
/** With so many, single slots find no place any more. */
const REMEMBERED_TOO_MANY: i32 = REMEMBERED_SET_CAPACITY - (REMEMBERED_SET_CAPACITY >> 2);
/** What a handler of exhausted memory may use. */
const RESERVE_SIZE: i32 = 0x100000;
/** What only indispensable objects may use. */
const LAST_RESERVE_SIZE: i32 = 0x80000;
const MAXIMUM_SLOT_COUNT: i32 = 0x10000000;
/** Memory grows by at least this many bytes. */
const GROWTH_STEP: i32 = 0x400000;
const MINIMUM_FULL_COLLECTION_GROWTH: i32 = 0x800000;
const MINIMUM_MEMORY_LIMIT: i32 = 0xa00000;
const MAXIMUM_MEMORY_LIMIT: i32 = 0x7fff0000;

// --- New space ---

/** Address of the next object in eden. */
export let edenFree: i32 = EDEN;
/** An allocation that passes this asks for a scavenge. EDEN: every one does (stress mode, or memory is nearly full). */
export let edenThreshold: i32 = EDEN + EDEN_SIZE - EDEN_RESERVE;
let edenEnd: i32 = EDEN + EDEN_SIZE;
/** The end of eden for indispensable objects. */
let edenLastEnd: i32 = EDEN + EDEN_SIZE;
/** The survivor space in use, and the end of the objects in it. */
export let survivorStart: i32 = SURVIVOR_A;
export let survivorFree: i32 = SURVIVOR_A;

// --- Old space ---

/** Address of the next object in old space: the end of the heap. */
export let oldFree: i32 = OLD_SPACE_START;
/** End of the memory that is there. */
let memoryEnd: i32 = OLD_SPACE_START;
export let memoryLimit: i32 = MAXIMUM_MEMORY_LIMIT;
/** Old space never reaches past this, not even when everything young becomes old. */
let oldLimit: i32 = OLD_SPACE_START;
let reserveIsOpen: boolean = false;
let reserveWasTaken: boolean = false;
/** Old space past this asks for a full collection. */
let fullCollectionThreshold: i32 = 0x7fffffff;
/** Where old space ended after the last full collection. */
let collectedEnd: i32 = OLD_SPACE_START;

// --- Requests to the safepoint ---

export let scavengeRequested: boolean = false;
export let fullCollectionRequested: boolean = false;
export let lowSpaceThreshold: i32 = 0;
let lowSpacePending: boolean = false;
let spaceIsLow: boolean = false;
/** 0: off; n: scavenge at every safepoint, and collect fully at every n-th. */
export let stressInterval: i32 = 0;

// --- Remembered set ---

export let rememberedCount: i32 = 0;
export let rememberedSetOverflowed: boolean = false;

/** State of the generator of identity hashes: a snapshot keeps it. */
export let hashSeed: i32 = 1;

// --- Memory ---

/** Starts with an empty heap of which the whole linear memory may take `limitBytes`. */
export function initializeMemory(limitBytes: i32): void {
  memoryEnd = (memoryPages() * WASM_PAGE_SIZE) | 0;
  oldFree = OLD_SPACE_START;
  setSurvivor(SURVIVOR_A, SURVIVOR_A);
  setMemoryLimit(limitBytes);
  reserveIsOpen = false;
  reserveWasTaken = false;
  lowSpaceThreshold = 0;
  lowSpacePending = false;
  spaceIsLow = false;
  clearRememberedSet();
  resetEden();
  noteFullCollection();
}

/** Changes the limit, never below what is in use. */
export function setMemoryLimit(limitBytes: i32): void {
  let limit: i32 = limitBytes & -WASM_PAGE_SIZE;
  if (limit <= 0 || limit > MAXIMUM_MEMORY_LIMIT) limit = MAXIMUM_MEMORY_LIMIT;
  if (limit < MINIMUM_MEMORY_LIMIT) limit = MINIMUM_MEMORY_LIMIT;
  const inUse: i32 = memoryForHeap(oldFree) + RESERVE_SIZE + LAST_RESERVE_SIZE;
  if (limit < inUse) limit = (inUse + WASM_PAGE_SIZE - 1) & -WASM_PAGE_SIZE;
  memoryLimit = limit;
  oldLimit = heapForMemory(limit);
  limitEden();
}

/** Bytes that the full collector's table takes for an old space that ends at `end`. */
export function tableSizeFor(end: i32): i32 {
  return (((end - OLD_SPACE_START) >> 8) + 2) << 3;
}

/** Where memory must end for an old space that ends at `end`: all that is young may follow, and the table. */
function memoryForHeap(end: i32): i32 {
  const heap: i32 = end + EDEN_SIZE + SURVIVOR_SIZE;
  return heap + tableSizeFor(heap);
}

/** How far old space may reach when memory ends at `end`. */
function heapForMemory(end: i32): i32 {
  const blocks: i32 = (((end - OLD_SPACE_START) >> 3) / 33) | 0;
  return OLD_SPACE_START + ((blocks - 2) << 8);
}

/** Makes memory reach to `end`; false when the limit or the host forbids it. */
export function ensureMemory(end: i32): boolean {
  if (end <= memoryEnd) return true;
  if (end > memoryLimit) return false;
  let target: i32 = end;
  if (target - memoryEnd < GROWTH_STEP)
    target = memoryLimit - memoryEnd < GROWTH_STEP ? memoryLimit : memoryEnd + GROWTH_STEP;
  if (!growTo(target) && !growTo(end)) return false;
  return true;
}

function growTo(end: i32): boolean {
  const pages: i32 = (end - memoryEnd + WASM_PAGE_SIZE - 1) >> 16;
  if (growMemory(pages) < 0) return false;
  memoryEnd = (memoryPages() * WASM_PAGE_SIZE) | 0;
  return true;
}

/** Makes room for a heap of this size to be copied to OLD_SPACE_START; false when the limit forbids it. */
export function reserveHeap(sizeInBytes: i32): boolean {
  if (sizeInBytes < 0 || sizeInBytes > oldLimit - EDEN_SIZE - SURVIVOR_SIZE - OLD_SPACE_START) return false;
  return ensureMemory(memoryForHeap(OLD_SPACE_START + sizeInBytes));
}

/** Takes over the heap that the host has copied to OLD_SPACE_START; false when it is too big for the limit. */
export function loadHeapAt(sizeInBytes: i32, seed: i32): boolean {
  if ((sizeInBytes & 7) != 0 || !reserveHeap(sizeInBytes)) return false;
  oldFree = OLD_SPACE_START + sizeInBytes;
  setHashSeed(seed);
  clearRememberedSet();
  setSurvivor(SURVIVOR_A, SURVIVOR_A);
  resetEden();
  noteFullCollection();
  return true;
}

/** The end of the heap; what a snapshot saves lies between OLD_SPACE_START and here. */
export function heapEnd(): i32 {
  return oldFree;
}

/** Bytes of linear memory that a machine into which this heap were moved would not have. */
export function spareBytes(): i32 {
  return memoryEnd - memoryForHeap(oldFree);
}
/** Bytes by which old space has grown since the last full collection: nobody knows how many of them are garbage. */
export function bytesSinceCollection(): i32 {
  return oldFree - collectedEnd;
}

// --- Allocation ---

/** An object whose slots are all nil, or 0 when there is no room. Format 0 to 5. */
export function allocateOops(classIndex: i32, format: i32, slotCount: i32): i32 {
  const object: i32 = allocate(classIndex, format, slotCount);
  if (object == 0) return 0;
  const end: i32 = object + HEADER_SIZE + bodySizeFor(slotCount);
  for (let address: i32 = object + HEADER_SIZE; address < end; address += 4) store32(address, NIL);
  return object;
}

/** An object whose body is zero, or 0 when there is no room. For compiled code the caller fills in the literals. */
export function allocateRaw(classIndex: i32, format: i32, slotCount: i32): i32 {
  const object: i32 = allocate(classIndex, format, slotCount);
  if (object == 0) return 0;
  const size: i32 = bodySizeFor(slotCount);
  if (size > 64) {
    fillBytes(object + HEADER_SIZE, 0, size);
    return object;
  }
  const end: i32 = object + HEADER_SIZE + size;
  for (let address: i32 = object + HEADER_SIZE; address < end; address += 4) store32(address, 0);
  return object;
}

/**
 * Compiled code whose body is zero, or 0 when there is no room. It is old from birth: most of it stays, and what moves
 * cannot be translated (translation.ts).
 */
export function allocateCode(classIndex: i32, format: i32, slotCount: i32): i32 {
  const size: i32 = objectSizeFor(slotCount);
  const start: i32 = takeOld(size, 0);
  if (start == 0) return allocateRaw(classIndex, format, slotCount);
  const object: i32 = writeHeader(start, classIndex, format, slotCount);
  fillBytes(object + HEADER_SIZE, 0, bodySizeFor(slotCount));
  remember(object);
  return object;
}

/** A boxed Float, or 0 when there is no room. */
export function allocateFloat(value: f64): i32 {
  let object: i32 = edenFree;
  if (object + 16 <= edenThreshold) {
    edenFree = object + 16;
    store32(object, (FORMAT_WORDS64 << FORMAT_SHIFT) | FLOAT_CLASS_INDEX);
    store32(object + 4, 2 << SLOT_COUNT_SHIFT);
  } else {
    object = allocateSlowly(FLOAT_CLASS_INDEX, FORMAT_WORDS64, 2);
    if (object == 0) return 0;
  }
  storeFloat(object + HEADER_SIZE, value);
  return object;
}

/** The same where there must be room: between two bytecodes, as for other indispensable objects. */
export function boxFloat(value: f64): i32 {
  const object: i32 = allocateFloat(value);
  if (object != 0) return object;
  reserveWasTaken = true;
  const start: i32 = takePlace(16, LAST_RESERVE_SIZE);
  if (start == 0) {
    failFatally(FATAL_NO_MEMORY, 16);
    return NIL;
  }
  writeHeader(start, FLOAT_CLASS_INDEX, FORMAT_WORDS64, 2);
  storeFloat(start + HEADER_SIZE, value);
  return start;
}

/** An object with a header and a body that is still arbitrary. */
function allocate(classIndex: i32, format: i32, slotCount: i32): i32 {
  const object: i32 = edenFree;
  if (unsignedSmall(slotCount)) {
    const end: i32 = object + HEADER_SIZE + bodySizeFor(slotCount);
    if (end <= edenThreshold) {
      edenFree = end;
      store32(object, (format << FORMAT_SHIFT) | classIndex);
      store32(object + 4, slotCount << SLOT_COUNT_SHIFT);
      return object;
    }
  }
  return allocateSlowly(classIndex, format, slotCount);
}

/** Whether a slot count fits the header. */
function unsignedSmall(slotCount: i32): boolean {
  return slotCount >= 0 && slotCount < SLOT_COUNT_OVERFLOW;
}

/** Bytes of a whole object, overflow header included. */
export function objectSizeFor(slotCount: i32): i32 {
  return HEADER_SIZE + bodySizeFor(slotCount) + (slotCount >= SLOT_COUNT_OVERFLOW ? 8 : 0);
}

function allocateSlowly(classIndex: i32, format: i32, slotCount: i32): i32 {
  if (slotCount < 0 || slotCount > MAXIMUM_SLOT_COUNT) return 0;
  const size: i32 = objectSizeFor(slotCount);
  let start: i32 = takePlace(size, 0);
  if (start == 0) start = takeReserve(size, isIndispensable(classIndex, slotCount));
  if (start == 0) return 0;
  const object: i32 = writeHeader(start, classIndex, format, slotCount);
  if (start >= OLD_SPACE_START && mayHoldOops(format)) remember(object);
  return object;
}

/** Whether the machine itself makes such objects in the middle of a bytecode, where it cannot fail. */
function isIndispensable(classIndex: i32, slotCount: i32): boolean {
  if (classIndex == ARRAY_CLASS_INDEX) return slotCount < 128;
  return (
    classIndex == CONTEXT_CLASS_INDEX || classIndex == BLOCK_CLOSURE_CLASS_INDEX || classIndex == MESSAGE_CLASS_INDEX
  );
}

/** Room for `size` bytes, of which `extra` bytes more than usual may be used; 0 when there is none. */
function takePlace(size: i32, extra: i32): i32 {
  const start: i32 = size < LARGE_OBJECT_SIZE ? takeYoung(size, extra == 0 ? edenEnd : edenLastEnd) : 0;
  return start != 0 ? start : takeOld(size, extra);
}

function writeHeader(start: i32, classIndex: i32, format: i32, slotCount: i32): i32 {
  let object: i32 = start;
  let count: i32 = slotCount;
  if (slotCount >= SLOT_COUNT_OVERFLOW) {
    store32(start, slotCount);
    store32(start + 4, SLOT_COUNT_OVERFLOW << SLOT_COUNT_SHIFT);
    object = start + 8;
    count = SLOT_COUNT_OVERFLOW;
  }
  store32(object, (format << FORMAT_SHIFT) | classIndex);
  store32(object + 4, count << SLOT_COUNT_SHIFT);
  return object;
}

function mayHoldOops(format: i32): boolean {
  return format <= FORMAT_EPHEMERON || format >= FORMAT_COMPILED_CODE;
}

function takeYoung(size: i32, end: i32): i32 {
  const start: i32 = edenFree;
  if (size > edenThreshold - start) requestScavenge();
  if (size > end - start) return 0;
  edenFree = start + size;
  return start;
}

function takeOld(size: i32, extra: i32): i32 {
  if (size > allocationLimit() + extra - oldFree || !ensureMemory(memoryForHeap(oldFree + size))) return 0;
  const start: i32 = oldFree;
  oldFree = start + size;
  if (oldFree > fullCollectionThreshold) requestFullCollection();
  return start;
}

/** An Array of nils in old space, entered in the remembered set; 0 when there is no room. For the machine's own tables. */
export function allocateOldArray(classIndex: i32, slotCount: i32): i32 {
  const size: i32 = objectSizeFor(slotCount);
  const start: i32 = takeOld(size, 0);
  if (start == 0) return 0;
  const object: i32 = writeHeader(start, classIndex, FORMAT_ARRAY, slotCount);
  for (let address: i32 = object + HEADER_SIZE; address < start + size; address += 4) store32(address, NIL);
  remember(object);
  return object;
}

/** How far allocation may fill old space, so that everything young still finds room there. */
function allocationLimit(): i32 {
  return oldLimit - EDEN_SIZE - SURVIVOR_SIZE - closedReserve();
}
/** Bytes that are withheld. */
function closedReserve(): i32 {
  return reserveIsOpen ? LAST_RESERVE_SIZE : LAST_RESERVE_SIZE + RESERVE_SIZE;
}

/** Bytes that may still be allocated, before any collection. */
export function bytesLeft(): i32 {
  const old: i32 = allocationLimit() - oldFree;
  return (old > 0 ? old : 0) + edenEnd - edenFree;
}

// --- Low space ---

/**
 * There was no room for `size` bytes: opens the reserve until a full collection finds room again. An indispensable object
 * is taken from it, and the low-space Semaphore will tell; else the failure of the allocation tells, and that is enough.
 */
function takeReserve(size: i32, isIndispensable: boolean): i32 {
  reserveIsOpen = true;
  limitEden();
  requestFullCollection();
  if (!isIndispensable) {
    spaceIsLow = true;
    return 0;
  }
  reserveWasTaken = true;
  return takePlace(size, LAST_RESERVE_SIZE);
}

/** Low space means: fewer than `bytes` left, even after a full collection. */
export function setLowSpaceThreshold(bytes: i32): void {
  lowSpaceThreshold = bytes;
}

/** To be asked after a full collection. What was said once is said again only after there was space in between. */
export function checkLowSpace(): void {
  const isLow: boolean = reserveWasTaken || bytesLeft() < lowSpaceThreshold;
  if (isLow && !spaceIsLow) lowSpacePending = true;
  spaceIsLow = isLow;
}

/** After a full collection: even what only indispensable objects may use is half taken. */
export function isReserveRunningOut(): boolean {
  return reserveWasTaken && oldFree > oldLimit - EDEN_SIZE - SURVIVOR_SIZE - (LAST_RESERVE_SIZE >> 1);
}

/** Whether space seems to have become low. */
export function isSpaceLow(): boolean {
  return !spaceIsLow && (reserveWasTaken || bytesLeft() < lowSpaceThreshold);
}

/** True once after space became low: the caller signals the low-space Semaphore. */
export function takePendingLowSpace(): boolean {
  const pending: boolean = lowSpacePending;
  lowSpacePending = false;
  return pending;
}

// --- Requests ---

export function requestScavenge(): void {
  scavengeRequested = true;
  requestCheck();
}
export function requestFullCollection(): void {
  fullCollectionRequested = true;
  requestCheck();
}
/** Scavenges at every safepoint and collects fully at every `interval`-th; 0 ends that. For tests. */
export function setStressMode(interval: i32): void {
  stressInterval = interval;
  limitEden();
}

// --- What the collectors tell ---

/** Eden is empty again. */
export function resetEden(): void {
  edenFree = EDEN;
  scavengeRequested = false;
  limitEden();
}

/** Keeps eden so small that all that is young finds room in old space. */
function limitEden(): void {
  ensureMemory(memoryForHeap(oldFree));
  const heapLimit: i32 = heapForMemory(memoryEnd);
  const limit: i32 = heapLimit < oldLimit ? heapLimit : oldLimit;
  const room: i32 = limit - oldFree - (survivorFree - survivorStart) - closedReserve();
  const size: i32 = edenSizeFor(room);
  edenEnd = EDEN + size;
  edenLastEnd = EDEN + edenSizeFor(room + LAST_RESERVE_SIZE);
  edenThreshold = size < EDEN_RESERVE * 2 ? EDEN + (size >> 1) : edenEnd - EDEN_RESERVE;
  if (stressInterval > 0) edenThreshold = EDEN;
}

function edenSizeFor(room: i32): i32 {
  if (room >= EDEN_SIZE) return EDEN_SIZE;
  return room > 0 ? room & -16 : 0;
}

export function setSurvivor(start: i32, free: i32): void {
  survivorStart = start;
  survivorFree = free;
}
export function setOldFree(address: i32): void {
  oldFree = address;
}

/** After a full collection: the next one is due when old space has grown by half of what lives. */
export function noteFullCollection(): void {
  fullCollectionRequested = false;
  collectedEnd = oldFree;
  if (reserveIsOpen && allocationLimit() - oldFree > RESERVE_SIZE * 2) {
    reserveIsOpen = false;
    reserveWasTaken = false;
  }
  const limit: i32 = allocationLimit();
  let growth: i32 = (oldFree - OLD_SPACE_START) >> 1;
  if (growth < MINIMUM_FULL_COLLECTION_GROWTH) growth = MINIMUM_FULL_COLLECTION_GROWTH;
  const room: i32 = limit > oldFree ? limit - oldFree : oldLimit - oldFree;
  if (growth > room - (room >> 2)) {
    // The last stretch is not worth ever more collections that find nothing.
    const least: i32 = (oldFree - OLD_SPACE_START) >> 4;
    growth = room - (room >> 2) > least ? room - (room >> 2) : least;
    if (growth > room) growth = room;
  }
  fullCollectionThreshold = oldFree + growth;
}

export function isFullCollectionDue(): boolean {
  return fullCollectionRequested || oldFree > fullCollectionThreshold;
}

// --- Write barrier ---

/** Stores with write barrier. */
export function storeSlot(object: i32, index: i32, oop: i32): void {
  const address: i32 = object + HEADER_SIZE + (index << 2);
  store32(address, oop);
  if (object >= OLD_SPACE_START && (load32(object) & REMEMBERED_BIT) == 0) {
    if (oop < OLD_SPACE_START && (oop & 3) == 0) rememberStore(object, address);
  }
}

/** The write barrier alone: to be called when `value` was stored into an instance variable of `object`. */
export function storeCheck(object: i32, value: i32): void {
  if (object >= OLD_SPACE_START && (value & 3) == 0 && value < OLD_SPACE_START) remember(object);
}

/** A young object was stored into the slot at `address` of an old object. */
function rememberStore(object: i32, address: i32): void {
  if (load32(object + 4) >>> SLOT_COUNT_SHIFT == SLOT_COUNT_OVERFLOW && isLargeArray(object))
    rememberSlot(object, address);
  else remember(object);
}

/** The write barrier for the slots from address `from` up to `end`, after they were all stored into. */
export function storeCheckRange(object: i32, from: i32, end: i32): void {
  if (object < OLD_SPACE_START) return;
  for (let address: i32 = from; address < end; address += 4) {
    const oop: i32 = load32(address);
    if (oop < OLD_SPACE_START && (oop & 3) == 0) rememberStore(object, address);
  }
}

/** Whether single slots of an object can be remembered. */
export function isLargeArray(object: i32): boolean {
  return slotCountOf(object) >= LARGE_SLOT_COUNT && formatOf(object) <= FORMAT_FIXED_ARRAY;
}

function rememberSlot(object: i32, address: i32): void {
  if ((load32(object) & REMEMBERED_BIT) != 0) return;
  const last: i32 = REMEMBERED_SET + ((rememberedCount - 1) << 2);
  if (rememberedCount > 0 && load32(last) == address + 1) return;
  if (!enterRememberedSlot(address)) remember(object);
  if (rememberedCount >= REMEMBERED_ENOUGH) requestScavenge();
}

/** Appends a slot to the list; false when there are too many already. */
export function enterRememberedSlot(address: i32): boolean {
  if (rememberedCount >= REMEMBERED_TOO_MANY) return false;
  store32(REMEMBERED_SET + (rememberedCount << 2), address + 1);
  rememberedCount++;
  return true;
}

/** Enters an old object into the remembered set, unless it is there. */
export function remember(object: i32): void {
  const header: i32 = load32(object);
  if ((header & REMEMBERED_BIT) != 0) return;
  store32(object, header | REMEMBERED_BIT);
  enterRemembered(object);
}

/** Appends an object that has its remembered bit to the list. */
export function enterRemembered(object: i32): void {
  if (rememberedCount == REMEMBERED_SET_CAPACITY) {
    rememberedSetOverflowed = true;
    return;
  }
  store32(REMEMBERED_SET + (rememberedCount << 2), object);
  rememberedCount++;
}

/** Forgets the list; the bits in the headers are the caller's affair. */
export function clearRememberedSet(): void {
  rememberedCount = 0;
  rememberedSetOverflowed = false;
}
export function setRememberedCount(count: i32): void {
  rememberedCount = count;
}

// --- Identity hashes and the class table ---

export function setHashSeed(seed: i32): void {
  hashSeed = seed == 0 ? 0x2545f491 : seed;
}
/** Next number of G. Marsaglia's xorshift generator (2003), 1 to HASH_MASK. */
function nextHash(): i32 {
  let hash: i32 = 0;
  while (hash == 0) {
    let x: i32 = hashSeed;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    hashSeed = x;
    hash = (x >>> 7) & HASH_MASK;
  }
  return hash;
}

/** Identity hash, assigned now if there was none: never 0, except for a class that finds no room in the class table. */
export function identityHashOf(object: i32): i32 {
  let hash: i32 = headerHash(object);
  if (hash != 0) return hash;
  if (isBehavior(object)) return enterClass(object);
  hash = nextHash();
  setHeaderHash(object, hash);
  return hash;
}

/** Whether an object is a class or metaclass: an instance of Metaclass or of an instance of Metaclass. */
export function isBehavior(object: i32): boolean {
  const classIndex: i32 = headerClassIndex(object);
  return classIndex == METACLASS_CLASS_INDEX || headerClassIndex(classAt(classIndex)) == METACLASS_CLASS_INDEX;
}

function classTable(): i32 {
  return load32(specialObjects + HEADER_SIZE + (SPECIAL_CLASS_TABLE << 2));
}

/** The class with this index, nil when there is none. The index must be below the size of the class table. */
export function classAt(classIndex: i32): i32 {
  return load32(classTable() + HEADER_SIZE + (classIndex << 2));
}
/** A chain of superclasses that goes on beyond this goes round: a program has made a class inherit from itself. */
export const LONGEST_SUPERCLASS_CHAIN: i32 = 100000;

/** Whether an object's class is the one with this index or inherits from it. */
export function isKindOf(oop: i32, classIndex: i32): boolean {
  if (isImmediate(oop)) return false;
  if (headerClassIndex(oop) == classIndex) return true;
  const wanted: i32 = classAt(classIndex);
  let behavior: i32 = classAt(headerClassIndex(oop));
  for (let remaining: i32 = LONGEST_SUPERCLASS_CHAIN; remaining > 0; remaining--) {
    if (behavior == wanted || behavior == NIL) break;
    behavior = slotAt(behavior, CLASS_SUPERCLASS);
  }
  return behavior == wanted;
}
export function classTableSize(): i32 {
  return slotCountOf(classTable());
}

/** The class index of a class, which is its identity hash too; assigned now if it had none. 0: no room. */
export function enterClass(behavior: i32): i32 {
  const hash: i32 = headerHash(behavior);
  if (hash != 0 && hash < classTableSize() && classAt(hash) == behavior) return hash;
  const classIndex: i32 = freeClassIndex();
  if (classIndex == 0) return 0;
  storeSlot(classTable(), classIndex, behavior);
  setHeaderHash(behavior, classIndex);
  return classIndex;
}

let classIndexHint: i32 = FIRST_FREE_CLASS_INDEX;

/** The lowest free index at or after the last one taken, so that an index is not soon used again. */
function freeClassIndex(): i32 {
  const size: i32 = classTableSize();
  if (classIndexHint >= size) classIndexHint = FIRST_FREE_CLASS_INDEX;
  for (let count: i32 = size - FIRST_FREE_CLASS_INDEX; count > 0; count--) {
    const candidate: i32 = classIndexHint;
    classIndexHint = candidate + 1 < size ? candidate + 1 : FIRST_FREE_CLASS_INDEX;
    if (classAt(candidate) == NIL) return candidate;
  }
  return growClassTable() ? freeClassIndex() : 0;
}

function growClassTable(): boolean {
  const oldTable: i32 = classTable();
  const oldSize: i32 = slotCountOf(oldTable);
  if (oldSize > CLASS_INDEX_MASK) return false;
  const newSize: i32 = oldSize < 512 ? 1024 : oldSize << 1;
  const newTable: i32 = allocateOldArray(headerClassIndex(oldTable), newSize);
  if (newTable == 0) return false;
  copyBytes(newTable + HEADER_SIZE, oldTable + HEADER_SIZE, oldSize << 2);
  storeSlot(specialObjects, SPECIAL_CLASS_TABLE, newTable);
  classIndexHint = oldSize < FIRST_FREE_CLASS_INDEX ? FIRST_FREE_CLASS_INDEX : oldSize;
  return true;
}
