// Makes the heap ready to be saved: everything is old and packed, and equal heaps have equal bytes. The same objects in the
// same order always give the same image, because nothing is left of how they came there.

import { oldFree } from "./allocation.ts";
import { fullCollect } from "./collector.ts";
import { FREE_CLASS_INDEX, GREY_BIT, HEADER_SIZE, MARK_BIT, OLD_SPACE_START, REMEMBERED_BIT } from "./layout.ts";
import { load32, store32 } from "./memory.ts";
import { headerClassIndex, slotCountOf } from "./object.ts";
import { endOfObject, objectFrom } from "./walk.ts";

/** Packs the heap; afterwards [OLD_SPACE_START, heapEnd()) is all of it. Objects move. */
export function collectForSnapshot(): void {
  fullCollect();
  let address: i32 = OLD_SPACE_START;
  while (address < oldFree) {
    const object: i32 = objectFrom(address);
    address = endOfObject(object);
    cleanObject(object, address);
  }
}

/** Clears the bits that only the collectors use, and what lies between the last slot and the end of the object. */
function cleanObject(object: i32, end: i32): void {
  store32(object, load32(object) & ~(GREY_BIT | REMEMBERED_BIT));
  store32(object + 4, load32(object + 4) & ~MARK_BIT);
  const isFiller: boolean = headerClassIndex(object) == FREE_CLASS_INDEX;
  const used: i32 = isFiller ? 0 : slotCountOf(object);
  for (let pad: i32 = object + HEADER_SIZE + (used << 2); pad < end; pad += 4) store32(pad, 0);
}
