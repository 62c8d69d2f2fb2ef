// The object memory as a module of its own, for tests without an interpreter.

import {
  allocateFloat,
  allocateOops,
  allocateRaw,
  bytesLeft,
  classAt,
  enterClass,
  heapEnd,
  identityHashOf,
  initializeMemory,
  loadHeapAt,
  reserveHeap,
  scavengeRequested,
  setLowSpaceThreshold,
  storeSlot,
} from "../../vm/allocation.ts";
import { becomeOneWay, becomeTwoWay } from "../../vm/become.ts";
import {
  collectAtSafepoint,
  fullCollect,
  setStressMode,
  takePendingFinalization,
  takePendingLowSpace,
} from "../../vm/collector.ts";
import { initializePages } from "../../vm/frames.ts";
import { allInstances, allObjects, firstInstance, firstObject, nextInstance, objectAfter } from "../../vm/heap.ts";
import { initializeSlot, tagInteger } from "../../vm/object.ts";
import { scavenge, tenureAll } from "../../vm/scavenger.ts";
import { collectForSnapshot } from "../../vm/snapshot.ts";
import { setSpecialObjects, specialObjects } from "../../vm/state.ts";
import { verifyHeap } from "../../vm/verifyHeap.ts";
import { fetchMourner } from "../../vm/weak.ts";

export {
  allInstances,
  allObjects,
  allocateFloat,
  allocateOops,
  allocateRaw,
  becomeOneWay,
  becomeTwoWay,
  bytesLeft,
  classAt,
  collectAtSafepoint,
  collectForSnapshot,
  enterClass,
  fetchMourner,
  firstInstance,
  firstObject,
  fullCollect,
  heapEnd,
  identityHashOf,
  initializeMemory,
  initializePages,
  loadHeapAt,
  nextInstance,
  objectAfter,
  reserveHeap,
  scavenge,
  setLowSpaceThreshold,
  setSpecialObjects,
  setStressMode,
  storeSlot,
  takePendingFinalization,
  takePendingLowSpace,
  tenureAll,
  verifyHeap,
};

export function getSpecialObjects(): i32 {
  return specialObjects;
}

/** Builds a binary tree of Arrays with `depth` levels and answers it; the caller must not let it be collected meanwhile. */
export function buildTree(classIndex: i32, format: i32, slotCount: i32, depth: i32): i32 {
  const node: i32 = allocateOops(classIndex, format, slotCount);
  if (depth > 0) {
    storeSlot(node, 0, buildTree(classIndex, format, slotCount, depth - 1));
    storeSlot(node, 1, buildTree(classIndex, format, slotCount, depth - 1));
  }
  return node;
}

/** Drops `count` fresh Arrays of `slotCount` slots, collecting whenever that is asked for. */
export function churn(classIndex: i32, format: i32, slotCount: i32, count: i32): void {
  for (let index: i32 = 0; index < count; index++) {
    allocateOops(classIndex, format, slotCount);
    if ((index & 255) == 0) collectAtSafepoint();
  }
}

/** Stores fresh objects into `count` slots of an old array, `stride` apart from the first on; scavenges when that is due. */
export function storeYoung(array: i32, slotCount: i32, stride: i32, count: i32, classIndex: i32, format: i32): void {
  let index: i32 = 0;
  for (let done: i32 = 0; done < count; done++) {
    const object: i32 = allocateOops(classIndex, format, 1);
    initializeSlot(object, 0, tagInteger(index));
    storeSlot(array, index, object);
    index = (index + stride) % slotCount;
    if (scavengeRequested) scavenge();
  }
}
