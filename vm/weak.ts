// Weak arrays, ephemerons and the mourning queue: what scavenger and full collector share.
//
// A weak object's indexable slots do not hold what they refer to; they become nil when it goes. An ephemeron holds the
// rest of its slots only while its key (slot 0) is reachable from elsewhere. When it no longer is, the ephemeron fires: it
// turns into an ordinary object, key and values live on, and it is put on the mourning queue, where the image finds it
// (B. Hayes: "Ephemerons: a new finalization mechanism", 1997).
//
// The mourning queue is an Array among the special objects:
//   | index of the first mourner: SmallInteger | number of mourners: SmallInteger | slots 2 ...: mourners, else nil |

import { allocateOldArray, classAt, storeSlot } from "./allocation.ts";
import {
  ARRAY_CLASS_INDEX,
  CLASS_FORMAT,
  CLASS_INSTANCE_SIZE_MASK,
  FORMAT_EPHEMERON,
  FORMAT_FIXED,
  NIL,
  SPECIAL_MOURN_QUEUE,
} from "./layout.ts";
import {
  headerClassIndex,
  initializeSlot,
  isArray,
  setFormat,
  slotAt,
  slotCountOf,
  tagInteger,
  untagInteger,
} from "./object.ts";
import { requestCheck, specialObjectAt, specialObjects } from "./state.ts";

const QUEUE_FIRST: i32 = 0;
const QUEUE_COUNT: i32 = 1;
const QUEUE_SLOTS: i32 = 2;
const INITIAL_QUEUE_SIZE: i32 = 64;

let finalizationPending: boolean = false;

/** A weak slot became nil, or an ephemeron fired. */
export function noteFinalization(): void {
  finalizationPending = true;
  requestCheck();
}

/** True once after noteFinalization: the caller signals the finalization Semaphore. */
export function takeFinalization(): boolean {
  const pending: boolean = finalizationPending;
  finalizationPending = false;
  return pending;
}

/** Number of instance variables of a weak object: these slots are strong. */
export function strongSlotCountOf(weakObject: i32): i32 {
  const count: i32 =
    untagInteger(slotAt(classAt(headerClassIndex(weakObject)), CLASS_FORMAT)) & CLASS_INSTANCE_SIZE_MASK;
  const slotCount: i32 = slotCountOf(weakObject);
  return count < slotCount ? count : slotCount;
}

/** The ephemeron becomes an ordinary object. */
export function fire(ephemeron: i32): void {
  setFormat(ephemeron, FORMAT_FIXED);
}

/** Puts a fired ephemeron on the queue. When there is no room for that, it becomes an ephemeron again, to fire next time. */
export function mourn(ephemeron: i32): void {
  const queue: i32 = queueWithRoom();
  if (queue == 0) {
    setFormat(ephemeron, FORMAT_EPHEMERON);
    return;
  }
  const count: i32 = untagInteger(slotAt(queue, QUEUE_COUNT));
  storeSlot(queue, untagInteger(slotAt(queue, QUEUE_FIRST)) + count, ephemeron);
  initializeSlot(queue, QUEUE_COUNT, tagInteger(count + 1));
  noteFinalization();
}

/** The queue with a free slot behind its last mourner, or 0. */
function queueWithRoom(): i32 {
  const queue: i32 = specialObjectAt(SPECIAL_MOURN_QUEUE);
  if (!isArray(queue)) return newQueue(INITIAL_QUEUE_SIZE);
  const end: i32 = untagInteger(slotAt(queue, QUEUE_FIRST)) + untagInteger(slotAt(queue, QUEUE_COUNT));
  return end < slotCountOf(queue) ? queue : copyOfQueue(queue);
}

function newQueue(slotCount: i32): i32 {
  const queue: i32 = allocateOldArray(ARRAY_CLASS_INDEX, slotCount);
  if (queue == 0) return 0;
  initializeSlot(queue, QUEUE_FIRST, tagInteger(QUEUE_SLOTS));
  initializeSlot(queue, QUEUE_COUNT, tagInteger(0));
  storeSlot(specialObjects, SPECIAL_MOURN_QUEUE, queue);
  return queue;
}

function copyOfQueue(oldQueue: i32): i32 {
  const first: i32 = untagInteger(slotAt(oldQueue, QUEUE_FIRST));
  const count: i32 = untagInteger(slotAt(oldQueue, QUEUE_COUNT));
  const queue: i32 = newQueue(QUEUE_SLOTS + INITIAL_QUEUE_SIZE + count * 2);
  if (queue == 0) return 0;
  for (let index: i32 = 0; index < count; index++)
    storeSlot(queue, QUEUE_SLOTS + index, slotAt(oldQueue, first + index));
  initializeSlot(queue, QUEUE_COUNT, tagInteger(count));
  return queue;
}

/** Takes the ephemeron that has mourned longest off the queue; nil when there is none. */
export function fetchMourner(): i32 {
  const queue: i32 = specialObjectAt(SPECIAL_MOURN_QUEUE);
  if (!isArray(queue)) return NIL;
  const first: i32 = untagInteger(slotAt(queue, QUEUE_FIRST));
  const count: i32 = untagInteger(slotAt(queue, QUEUE_COUNT));
  if (count == 0) return NIL;
  const mourner: i32 = slotAt(queue, first);
  initializeSlot(queue, first, NIL);
  initializeSlot(queue, QUEUE_FIRST, tagInteger(count == 1 ? QUEUE_SLOTS : first + 1));
  initializeSlot(queue, QUEUE_COUNT, tagInteger(count - 1));
  return mourner;
}
