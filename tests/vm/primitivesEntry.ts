// The primitives as a module of their own, called on a stack that a test writes.

import {
  allocateFloat,
  allocateOops,
  allocateRaw,
  initializeMemory,
  loadHeapAt,
  reserveHeap,
  storeSlot,
} from "../../vm/allocation.ts";
import { initializePages } from "../../vm/frames.ts";
import { callPrimitive } from "../../vm/primitives/table.ts";
import { scavenge } from "../../vm/scavenger.ts";
import { setSpecialObjects, setStackPointer, stackPointer } from "../../vm/state.ts";

export {
  allocateFloat,
  allocateOops,
  allocateRaw,
  callPrimitive,
  initializeMemory,
  initializePages,
  loadHeapAt,
  reserveHeap,
  scavenge,
  setSpecialObjects,
  setStackPointer,
  storeSlot,
};

export function getStackPointer(): i32 {
  return stackPointer;
}
