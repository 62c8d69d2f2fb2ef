// Enumeration of all objects: survivors first, then eden, then old space, each in the order of addresses. Unreachable
// objects that were not collected yet are among them.

import { allocateOops, edenFree, oldFree, survivorFree, survivorStart } from "./allocation.ts";
import { ARRAY_CLASS_INDEX, EDEN, FORMAT_ARRAY, FREE_CLASS_INDEX, OLD_SPACE_START } from "./layout.ts";
import { headerClassIndex, initializeSlot } from "./object.ts";
import { spendTicksOnPass } from "./state.ts";
import { endOfObject, objectFrom } from "./walk.ts";

/** The first object in memory. */
export function firstObject(): i32 {
  return objectAtOrBehind(survivorStart);
}

/** The object behind `object` in memory, 0 after the last. */
export function objectAfter(object: i32): i32 {
  return objectAtOrBehind(endOfObject(object));
}

/** The object that begins at `start`, or the first one of the spaces behind when a space ends there. Skips fillers. */
function objectAtOrBehind(start: i32): i32 {
  let address: i32 = start;
  while (true) {
    if (address == survivorFree) address = EDEN;
    if (address == edenFree) address = OLD_SPACE_START;
    if (address == oldFree) return 0;
    const object: i32 = objectFrom(address);
    if (headerClassIndex(object) != FREE_CLASS_INDEX) return object;
    address = endOfObject(object);
  }
}

/** The first instance in memory of the class with this index, 0 when there is none. */
export function firstInstance(classIndex: i32): i32 {
  return instanceFrom(firstObject(), classIndex);
}

/** The next instance of the class of `object`, 0 after the last. */
export function nextInstance(object: i32): i32 {
  return instanceFrom(objectAfter(object), headerClassIndex(object));
}

function instanceFrom(start: i32, classIndex: i32): i32 {
  let object: i32 = start;
  let count: i32 = 0;
  while (object != 0 && headerClassIndex(object) != classIndex) {
    object = objectAfter(object);
    count++;
  }
  spendTicksOnPass(count);
  return object;
}

/** What a walk over all objects has to look at, nearly. */
export function oldSpaceWords(): i32 {
  return (oldFree - OLD_SPACE_START) >> 2;
}

/** A new Array of all instances of the class with this index, 0 when there is no room. */
export function allInstances(classIndex: i32): i32 {
  spendTicksOnPass(oldSpaceWords());
  let count: i32 = 0;
  let object: i32 = firstInstance(classIndex);
  while (object != 0) {
    count++;
    object = nextInstance(object);
  }
  const array: i32 = allocateOops(ARRAY_CLASS_INDEX, FORMAT_ARRAY, count);
  if (array == 0) return 0;
  let index: i32 = 0;
  object = firstInstance(classIndex);
  while (object != 0) {
    if (object != array) {
      initializeSlot(array, index, object);
      index++;
    }
    object = nextInstance(object);
  }
  return array;
}

/** A new Array of all objects but itself, 0 when there is no room. */
export function allObjects(): i32 {
  spendTicksOnPass(oldSpaceWords());
  let count: i32 = 0;
  for (let object: i32 = firstObject(); object != 0; object = objectAfter(object)) count++;
  const array: i32 = allocateOops(ARRAY_CLASS_INDEX, FORMAT_ARRAY, count);
  if (array == 0) return 0;
  let index: i32 = 0;
  for (let object: i32 = firstObject(); object != 0; object = objectAfter(object)) {
    if (object == array) continue;
    initializeSlot(array, index, object);
    index++;
  }
  return array;
}
