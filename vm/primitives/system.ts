// The machine itself: memory, clocks, random bytes, parameters.
//
// VM_PARAMETER answers by index:
//   1  bytes of old space in use                 5  bytes that may still be allocated
//   2  bytes of linear memory                    6  scavenges since the start
//   3  bytes of eden                             7  full collections since the start
//   4  bytes of eden in use                      8  bytes of all objects, garbage not yet collected included

import {
  bytesLeft,
  edenFree,
  oldFree,
  setLowSpaceThreshold,
  setMemoryLimit,
  storeSlot,
  survivorFree,
  survivorStart,
} from "../allocation.ts";
import { fullCollect, fullCollectionCount } from "../collector.ts";
import { hostMonotonicMicroseconds, hostRandomBytes, hostTimeZoneMinutes, hostUtcMicroseconds } from "../host.ts";
import {
  EDEN,
  EDEN_SIZE,
  HEADER_SIZE,
  NIL,
  OLD_SPACE_START,
  SPECIAL_LOW_SPACE_SEMAPHORE,
  TRANSFER_BUFFER,
  TRANSFER_BUFFER_SIZE,
  WASM_PAGE_SIZE,
} from "../layout.ts";
import { copyBytes, memoryPages } from "../memory.ts";
import { booleanOop, isSmallInteger, rawElementCount, tagInteger, untagInteger } from "../object.ts";
import { callAttention, isSemaphore } from "../process.ts";
import { scavenge, scavengeCount } from "../scavenger.ts";
import { answer, specialObjects, stackValue } from "../state.ts";
import { verifyHeap } from "../verifyHeap.ts";
import { isReadOnly } from "./arrays.ts";
import { isBytes } from "./bytes.ts";
import { transferSize } from "./hostStreams.ts";
import { integerFromFloat, integerFromUnsigned, isUnsigned32, unsignedFromInteger } from "./largeInteger.ts";

function answerSize(argumentCount: i32, size: i32): boolean {
  const oop: i32 = integerFromUnsigned(size);
  return oop != 0 && answer(argumentCount, oop);
}

// --- Memory ---

export function answerBytesLeft(): boolean {
  return answerSize(0, bytesLeft());
}

// After a collection `interpret` must load its registers again, which it does only when the primitive succeeds.

function answerBytesLeftAfterCollection(): boolean {
  callAttention();
  const oop: i32 = integerFromUnsigned(bytesLeft());
  return answer(0, oop == 0 ? tagInteger(0) : oop);
}
export function collectEverything(): boolean {
  fullCollect();
  return answerBytesLeftAfterCollection();
}
export function collectNewSpace(): boolean {
  scavenge();
  return answerBytesLeftAfterCollection();
}

export function answerSpecialObjects(): boolean {
  return answer(0, specialObjects);
}

export function lowSpaceSemaphore(): boolean {
  const semaphore: i32 = stackValue(0);
  if (semaphore != NIL && !isSemaphore(semaphore)) return false;
  storeSlot(specialObjects, SPECIAL_LOW_SPACE_SEMAPHORE, semaphore);
  return answer(1, stackValue(1));
}

/** An unsigned argument that is a size in bytes: what does not fit 31 bits counts as the largest. */
function sizeArgument(oop: i32): i32 {
  const size: i32 = unsignedFromInteger(oop);
  return size < 0 ? 0x7fffffff : size;
}

export function signalAtBytesLeft(): boolean {
  if (!isUnsigned32(stackValue(0))) return false;
  setLowSpaceThreshold(sizeArgument(stackValue(0)));
  return answer(1, stackValue(1));
}
export function memoryLimitPut(): boolean {
  if (!isUnsigned32(stackValue(0))) return false;
  setMemoryLimit(sizeArgument(stackValue(0)));
  return answer(1, stackValue(1));
}

/** Only the host can take memory back; it looks for spareBytes after this slice. */
export function shrinkMemory(): boolean {
  fullCollect();
  callAttention();
  return answer(0, stackValue(0));
}

export function verifyHeapPrimitive(): boolean {
  return answer(0, booleanOop(verifyHeap() == 0));
}

// --- Clocks ---

export function utcMicroseconds(): boolean {
  const time: i32 = integerFromFloat(hostUtcMicroseconds());
  return time != 0 && answer(0, time);
}
export function monotonicMicroseconds(): boolean {
  const time: i32 = integerFromFloat(hostMonotonicMicroseconds());
  return time != 0 && answer(0, time);
}
export function millisecondClock(): boolean {
  const milliseconds: f64 = Math.floor(hostMonotonicMicroseconds() / 1000.0);
  const wraps: f64 = Math.floor(milliseconds / 536870912.0);
  return answer(0, tagInteger(i32(milliseconds - wraps * 536870912.0)));
}
export function timeZoneMinutes(): boolean {
  return answer(0, tagInteger(hostTimeZoneMinutes()));
}

// --- Entropy ---

export function randomBytes(): boolean {
  const bytes: i32 = stackValue(0);
  if (!isBytes(bytes) || isReadOnly(bytes)) return false;
  const size: i32 = rawElementCount(bytes);
  for (let done: i32 = 0; done < size; done += TRANSFER_BUFFER_SIZE) {
    const chunk: i32 = transferSize(size - done);
    hostRandomBytes(TRANSFER_BUFFER, chunk);
    copyBytes(bytes + HEADER_SIZE + done, TRANSFER_BUFFER, chunk);
  }
  return answer(1, bytes);
}

// --- Parameters ---

/** The parameter at an index (see the head of this file), -1 when there is none. */
function parameterAt(index: i32): i32 {
  switch (index) {
    case 1:
      return oldFree - OLD_SPACE_START;
    case 2:
      return (memoryPages() * WASM_PAGE_SIZE) | 0;
    case 3:
      return EDEN_SIZE;
    case 4:
      return edenFree - EDEN;
    case 5:
      return bytesLeft();
    case 6:
      return scavengeCount;
    case 7:
      return fullCollectionCount;
    case 8:
      return oldFree - OLD_SPACE_START + (edenFree - EDEN) + (survivorFree - survivorStart);
    default:
      return -1;
  }
}

export function vmParameter(): boolean {
  if (!isSmallInteger(stackValue(0))) return false;
  const value: i32 = parameterAt(untagInteger(stackValue(0)));
  return value >= 0 && answerSize(1, value);
}
