// What a driver needs: ports, physical memory, interrupts, hypercalls. Only one object of the image may ask for these, the
// one in SPECIAL_HARDWARE; whoever does not hold it cannot touch a device, whatever else it does. The platform decides
// which addresses it lets through (vm/host.ts).

import { allocateRaw } from "../allocation.ts";
import {
  hostAddEntropy,
  hostBarrier,
  hostComparePhysical,
  hostConnectInterrupt,
  hostFinishInterrupt,
  hostHypercall,
  hostLoadPhysical,
  hostPhysicalAddress,
  hostPlatformText,
  hostPowerOff,
  hostReadPhysical,
  hostReadPort,
  hostStorePhysical,
  hostWritePhysical,
  hostWritePort,
  hostWritePortBytes,
} from "../host.ts";
import {
  BYTE_STRING_CLASS_INDEX,
  FORMAT_BYTES,
  HEADER_SIZE,
  NIL,
  PINNED_BIT,
  SMALL_INTEGER_MINIMUM,
  SPECIAL_HARDWARE,
  TRANSFER_BUFFER,
  TRANSFER_BUFFER_SIZE,
} from "../layout.ts";
import { copyBytes, load32, loadFloat, storeFloat } from "../memory.ts";
import { isArray, isSmallInteger, rawElementCount, slotAt, slotCountOf, tagInteger, untagInteger } from "../object.ts";
import { answer, specialObjectAt, stackValue } from "../state.ts";
import { isReadOnly } from "./arrays.ts";
import { isBytes } from "./bytes.ts";
import { transferSize } from "./hostStreams.ts";
import { integerFromFloat, integerToFloat, isInteger, isUnsigned32, unsignedFromInteger } from "./largeInteger.ts";

const LARGEST_PORT: i32 = 0xffff;
const HYPERCALL_ARGUMENTS: i32 = 5;
/** Up to here every integer is a float. */
const INTEGRAL_LIMIT: f64 = 9007199254740992.0;

// --- Arguments ---

/** Whether the receiver, below `argumentCount` arguments, is the one object that may touch the hardware. */
function mayTouchHardware(argumentCount: i32): boolean {
  const receiver: i32 = stackValue(argumentCount);
  return receiver != NIL && receiver == specialObjectAt(SPECIAL_HARDWARE);
}

/** The value of a SmallInteger from 0 to `limit`, else -1. */
function smallArgument(offset: i32, limit: i32): i32 {
  const oop: i32 = stackValue(offset);
  if (!isSmallInteger(oop) || oop < 0) return -1;
  const value: i32 = untagInteger(oop);
  return value <= limit ? value : -1;
}

/** A width in bytes, else 0. */
function widthArgument(offset: i32): i32 {
  const width: i32 = smallArgument(offset, 4);
  return width == 1 || width == 2 || width == 4 ? width : 0;
}

/** A physical address below 2^53, else -1. */
function addressArgument(offset: i32): f64 {
  if (!isInteger(stackValue(offset))) return -1.0;
  const address: f64 = integerToFloat(stackValue(offset));
  return address < INTEGRAL_LIMIT ? address : -1.0;
}

/** A physical address that is a multiple of `width`, else -1. */
function alignedArgument(offset: i32, width: i32): f64 {
  const address: f64 = addressArgument(offset);
  if (width == 0 || address < 0.0) return -1.0;
  const unit: f64 = f64(width);
  return Math.floor(address / unit) * unit == address ? address : -1.0;
}

/** What the platform answered, 0 to 2^53; negative: it refused. */
function answerFloatAsInteger(argumentCount: i32, value: f64): boolean {
  if (value < 0.0) return false;
  const oop: i32 = integerFromFloat(value);
  return oop != 0 && answer(argumentCount, oop);
}

function answerReceiver(argumentCount: i32, succeeded: boolean): boolean {
  return succeeded && answer(argumentCount, stackValue(argumentCount));
}

// --- Facts ---

/** The text must fit the transfer buffer, which no platform comes near. */
export function platformText(): boolean {
  const size: i32 = hostPlatformText(TRANSFER_BUFFER, TRANSFER_BUFFER_SIZE);
  if (size < 0 || size > TRANSFER_BUFFER_SIZE) return false;
  const text: i32 = allocateRaw(BYTE_STRING_CLASS_INDEX, FORMAT_BYTES + (-size & 3), (size + 3) >> 2);
  if (text == 0) return false;
  copyBytes(text + HEADER_SIZE, TRANSFER_BUFFER, size);
  return answer(0, text);
}

// --- Ports ---

export function readPort(): boolean {
  const port: i32 = smallArgument(1, LARGEST_PORT);
  const width: i32 = widthArgument(0);
  if (!mayTouchHardware(2) || port < 0 || width == 0) return false;
  return answerFloatAsInteger(2, hostReadPort(port, width));
}

export function writePort(): boolean {
  const port: i32 = smallArgument(2, LARGEST_PORT);
  const width: i32 = widthArgument(1);
  if (!mayTouchHardware(3) || port < 0 || width == 0 || !isUnsigned32(stackValue(0))) return false;
  return answerReceiver(3, hostWritePort(port, width, unsignedFromInteger(stackValue(0))));
}

// --- Physical memory ---

export function loadPhysical(): boolean {
  const width: i32 = widthArgument(0);
  const address: f64 = addressArgument(1);
  if (!mayTouchHardware(2) || width == 0 || address < 0.0) return false;
  return answerFloatAsInteger(2, hostLoadPhysical(address, width));
}

export function storePhysical(): boolean {
  const width: i32 = widthArgument(1);
  const address: f64 = alignedArgument(2, width);
  if (!mayTouchHardware(3) || address < 0.0 || !isUnsigned32(stackValue(0))) return false;
  return answerReceiver(3, hostStorePhysical(address, width, unsignedFromInteger(stackValue(0))));
}

/** Stores a value if another one is there. */
export function comparePhysical(): boolean {
  const width: i32 = widthArgument(2);
  const address: f64 = alignedArgument(3, width);
  if (!mayTouchHardware(4) || address < 0.0 || width < 2) return false;
  if (!isUnsigned32(stackValue(1)) || !isUnsigned32(stackValue(0))) return false;
  const expected: i32 = unsignedFromInteger(stackValue(1));
  return answerFloatAsInteger(4, hostComparePhysical(address, width, expected, unsignedFromInteger(stackValue(0))));
}

let bytes: i32 = 0;
let byteCount: i32 = 0;

/** Loads the last three arguments: bytes, start and count; false when they name no part of the bytes. */
function loadRange(): boolean {
  const object: i32 = stackValue(2);
  if (!isBytes(object) || (stackValue(1) & stackValue(0) & 1) == 0) return false;
  const first: i32 = untagInteger(stackValue(1)) - 1;
  byteCount = untagInteger(stackValue(0));
  if (first < 0 || byteCount < 0 || byteCount > rawElementCount(object) - first) return false;
  bytes = object + HEADER_SIZE + first;
  return true;
}

export function writePortBytes(): boolean {
  const port: i32 = smallArgument(3, LARGEST_PORT);
  if (!mayTouchHardware(4) || port < 0 || !loadRange()) return false;
  for (let done: i32 = 0; done < byteCount; done += TRANSFER_BUFFER_SIZE) {
    const chunk: i32 = transferSize(byteCount - done);
    copyBytes(TRANSFER_BUFFER, bytes + done, chunk);
    if (!hostWritePortBytes(port, TRANSFER_BUFFER, chunk)) return false;
  }
  return answerReceiver(4, true);
}

export function readPhysical(): boolean {
  const address: f64 = addressArgument(3);
  if (!mayTouchHardware(4) || address < 0.0 || !loadRange() || isReadOnly(stackValue(2))) return false;
  for (let done: i32 = 0; done < byteCount; done += TRANSFER_BUFFER_SIZE) {
    const chunk: i32 = transferSize(byteCount - done);
    if (!hostReadPhysical(address + f64(done), TRANSFER_BUFFER, chunk)) return false;
    copyBytes(bytes + done, TRANSFER_BUFFER, chunk);
  }
  return answer(4, stackValue(2));
}

export function writePhysical(): boolean {
  const address: f64 = addressArgument(3);
  if (!mayTouchHardware(4) || address < 0.0 || !loadRange()) return false;
  for (let done: i32 = 0; done < byteCount; done += TRANSFER_BUFFER_SIZE) {
    const chunk: i32 = transferSize(byteCount - done);
    copyBytes(TRANSFER_BUFFER, bytes + done, chunk);
    if (!hostWritePhysical(address + f64(done), TRANSFER_BUFFER, chunk)) return false;
  }
  return answerReceiver(4, true);
}

export function barrier(): boolean {
  return mayTouchHardware(0) && answerReceiver(0, hostBarrier());
}

/** A device may write into a pinned object at any time: it does not move, and the image keeps it alive. */
export function physicalAddress(): boolean {
  const object: i32 = stackValue(0);
  if (!mayTouchHardware(1) || !isBytes(object) || (load32(object) & PINNED_BIT) == 0) return false;
  return answerFloatAsInteger(1, hostPhysicalAddress(object + HEADER_SIZE));
}

// --- Interrupts ---

export function connectInterrupt(): boolean {
  const line: i32 = smallArgument(1, 0xffff);
  const signalIndex: i32 = stackValue(0) == NIL ? 0 : smallArgument(0, 0xffff);
  if (!mayTouchHardware(2) || line < 0 || signalIndex < 0) return false;
  return answerReceiver(2, hostConnectInterrupt(line, signalIndex));
}

export function finishInterrupt(): boolean {
  const line: i32 = smallArgument(0, 0xffff);
  return mayTouchHardware(1) && line >= 0 && answerReceiver(1, hostFinishInterrupt(line));
}

// --- Hypervisor ---

/** Copies the arguments to the transfer buffer as floats, with zeros behind; false when they are no such integers. */
function loadHypercallArguments(array: i32): boolean {
  if (!isArray(array) || slotCountOf(array) > HYPERCALL_ARGUMENTS) return false;
  for (let index: i32 = 0; index < HYPERCALL_ARGUMENTS; index++) {
    let value: f64 = 0.0;
    if (index < slotCountOf(array)) {
      if (!isInteger(slotAt(array, index))) return false;
      value = integerToFloat(slotAt(array, index));
    }
    if (value >= INTEGRAL_LIMIT || value <= -INTEGRAL_LIMIT) return false;
    storeFloat(TRANSFER_BUFFER + (index << 3), value);
  }
  return true;
}

export function hypercall(): boolean {
  const number: i32 = smallArgument(1, 0xff);
  if (!mayTouchHardware(2) || number < 0 || !loadHypercallArguments(stackValue(0))) return false;
  if (!hostHypercall(number, TRANSFER_BUFFER)) return false;
  const result: f64 = loadFloat(TRANSFER_BUFFER);
  if (result < 0.0) return result >= f64(SMALL_INTEGER_MINIMUM) && answer(2, tagInteger(i32(result)));
  return answerFloatAsInteger(2, result);
}

export function powerOff(): boolean {
  const status: i32 = smallArgument(0, 255);
  return mayTouchHardware(1) && status >= 0 && answerReceiver(1, hostPowerOff(status));
}

export function reboot(): boolean {
  return mayTouchHardware(0) && answerReceiver(0, hostPowerOff(-1));
}

// --- Entropy ---

export function addEntropy(): boolean {
  const object: i32 = stackValue(0);
  if (!mayTouchHardware(1) || !isBytes(object)) return false;
  const size: i32 = rawElementCount(object);
  for (let done: i32 = 0; done < size; done += TRANSFER_BUFFER_SIZE) {
    const chunk: i32 = transferSize(size - done);
    copyBytes(TRANSFER_BUFFER, object + HEADER_SIZE + done, chunk);
    if (!hostAddEntropy(TRANSFER_BUFFER, chunk)) return false;
  }
  return answerReceiver(1, true);
}
