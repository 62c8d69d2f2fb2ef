// Arithmetic on natural numbers of any size in linear memory.
//
// A number is an address and a count of 32-bit digits, least significant first; the digits above `count` do not exist. A
// digit is an i32 read as unsigned. Products of two digits are made of four 16-bit ones, since the machine has no 64-bit
// integers. Nothing here allocates, except `reserveScratch` for numbers that outgrow the transfer buffer.

import { allocateRaw } from "../allocation.ts";
import { BYTE_ARRAY_CLASS_INDEX, FORMAT_BYTES, HEADER_SIZE, TRANSFER_BUFFER, TRANSFER_BUFFER_SIZE } from "../layout.ts";
import {
  copyBytes,
  countLeadingZeros,
  fillBytes,
  floatToUnsigned,
  load32,
  multiply32,
  store32,
  unsignedLess,
  unsignedToFloat,
} from "../memory.ts";
import { spendTicks, spendTicksOnPass } from "../state.ts";

const TWO_POWER_32: f64 = 4294967296.0;
const TWO_POWER_MINUS_32: f64 = 2.3283064365386963e-10;
/** A product of two digits takes about 4 ns. */
const TICKS_A_PRODUCT: f64 = 0.2;
const KARATSUBA_THRESHOLD: i32 = 48; // digits; below it the schoolbook method is faster

// --- Scratch memory: the transfer buffer, and beyond it objects that the next scavenge drops ---

let scratchEnd: i32 = TRANSFER_BUFFER;

/** Forgets all scratch numbers; every primitive that uses some begins with it. */
export function resetScratch(): void {
  scratchEnd = TRANSFER_BUFFER;
}

/** Address of room for `digitCount` digits, not cleared, 8-aligned; 0 when there is no room. */
export function reserveScratch(digitCount: i32): i32 {
  const size: i32 = (digitCount * 4 + 7) & ~7;
  if (size <= TRANSFER_BUFFER + TRANSFER_BUFFER_SIZE - scratchEnd) {
    const address: i32 = scratchEnd;
    scratchEnd += size;
    return address;
  }
  const object: i32 = allocateRaw(BYTE_ARRAY_CLASS_INDEX, FORMAT_BYTES, size >> 2);
  return object == 0 ? 0 : object + HEADER_SIZE;
}

// --- Size, comparison, copying ---

/** The count without leading zero digits. */
export function significantDigits(address: i32, count: i32): i32 {
  let n: i32 = count;
  while (n > 0 && load32(address + ((n - 1) << 2)) == 0) n--;
  return n;
}

/** Index of the highest one bit counted from 1; 0 for zero. `count` must be significant. */
export function bitLengthOf(address: i32, count: i32): i32 {
  return count == 0 ? 0 : (count << 5) - countLeadingZeros(load32(address + ((count - 1) << 2)));
}

/** -1, 0 or 1; both counts must be significant. */
export function compareDigits(a: i32, aCount: i32, b: i32, bCount: i32): i32 {
  if (aCount != bCount) return aCount < bCount ? -1 : 1;
  for (let i: i32 = aCount - 1; i >= 0; i--) {
    const x: i32 = load32(a + (i << 2));
    const y: i32 = load32(b + (i << 2));
    if (x == y) continue;
    spendTicksOnPass(aCount - i);
    return unsignedLess(x, y) ? -1 : 1;
  }
  spendTicksOnPass(aCount);
  return 0;
}

export function copyDigits(to: i32, from: i32, count: i32): void {
  copyBytes(to, from, count << 2);
}

export function clearDigits(address: i32, count: i32): void {
  fillBytes(address, 0, count << 2);
}

// --- Addition and subtraction ---

/** to := a + b, with aCount >= bCount; writes aCount + 1 digits. `to` may be `a` or `b`. */
export function addDigits(to: i32, a: i32, aCount: i32, b: i32, bCount: i32): void {
  spendTicksOnPass(aCount);
  let carry: i32 = 0;
  for (let i: i32 = 0; i < bCount; i++) {
    const x: i32 = load32(a + (i << 2));
    const y: i32 = load32(b + (i << 2));
    const sum: i32 = (x + y + carry) | 0;
    carry = ((x & y) | ((x | y) & ~sum)) >>> 31;
    store32(to + (i << 2), sum);
  }
  for (let i: i32 = bCount; i < aCount; i++) {
    const sum: i32 = (load32(a + (i << 2)) + carry) | 0;
    carry = carry != 0 && sum == 0 ? 1 : 0;
    store32(to + (i << 2), sum);
  }
  store32(to + (aCount << 2), carry);
}

/** to := a - b, with a >= b and aCount >= bCount; writes aCount digits. `to` may be `a` or `b`. Answers the borrow. */
export function subtractDigits(to: i32, a: i32, aCount: i32, b: i32, bCount: i32): i32 {
  spendTicksOnPass(aCount);
  let borrow: i32 = 0;
  for (let i: i32 = 0; i < bCount; i++) {
    const x: i32 = load32(a + (i << 2));
    const y: i32 = load32(b + (i << 2));
    const difference: i32 = (x - y - borrow) | 0;
    borrow = ((~x & y) | ((~x | y) & difference)) >>> 31;
    store32(to + (i << 2), difference);
  }
  for (let i: i32 = bCount; i < aCount; i++) {
    const x: i32 = load32(a + (i << 2));
    store32(to + (i << 2), (x - borrow) | 0);
    borrow = borrow != 0 && x == 0 ? 1 : 0;
  }
  return borrow;
}

/** address += addend, over as many digits as the carry needs (the caller knows that it ends). */
function addInPlace(address: i32, addend: i32, count: i32): void {
  let carry: i32 = 0;
  for (let i: i32 = 0; i < count; i++) {
    const x: i32 = load32(address + (i << 2));
    const y: i32 = load32(addend + (i << 2));
    const sum: i32 = (x + y + carry) | 0;
    carry = ((x & y) | ((x | y) & ~sum)) >>> 31;
    store32(address + (i << 2), sum);
  }
  if (carry != 0) addDigit(address + (count << 2), 1);
}

/** address += digit, over as many digits as the carry needs. */
export function addDigit(address: i32, digit: i32): void {
  let at: i32 = address;
  let carry: i32 = digit;
  while (carry != 0) {
    const sum: i32 = (load32(at) + carry) | 0;
    carry = unsignedLess(sum, carry) ? 1 : 0;
    store32(at, sum);
    at += 4;
  }
}

// --- Multiplication ---

/** to += a * digit over aCount digits; answers the carry, which belongs at to[aCount]. */
function addProductRow(to: i32, a: i32, aCount: i32, digit: i32): i32 {
  const digitLow: i32 = digit & 0xffff;
  const digitHigh: i32 = digit >>> 16;
  let carry: i32 = 0;
  for (let i: i32 = 0; i < aCount; i++) {
    const x: i32 = load32(a + (i << 2));
    const old: i32 = load32(to + (i << 2));
    const low: i32 = x & 0xffff;
    const high: i32 = x >>> 16;
    // No sum overflows: (2^16 - 1)^2 + 2 (2^16 - 1) = 2^32 - 1.
    const p0: i32 = (multiply32(low, digitLow) + (old & 0xffff) + (carry & 0xffff)) | 0;
    const p1: i32 = (multiply32(high, digitLow) + (old >>> 16) + (p0 >>> 16)) | 0;
    const p2: i32 = (multiply32(low, digitHigh) + (p1 & 0xffff) + (carry >>> 16)) | 0;
    carry = (multiply32(high, digitHigh) + (p1 >>> 16) + (p2 >>> 16)) | 0;
    store32(to + (i << 2), (p0 & 0xffff) | (p2 << 16));
  }
  return carry;
}

/** number := number * factor + addend in place; answers the digit that runs over. */
export function multiplyAddSmall(address: i32, count: i32, factor: i32, addend: i32): i32 {
  spendTicksOnPass(count << 1);
  let carry: i32 = addend;
  const factorLow: i32 = factor & 0xffff;
  const factorHigh: i32 = factor >>> 16;
  for (let i: i32 = 0; i < count; i++) {
    const x: i32 = load32(address + (i << 2));
    const low: i32 = x & 0xffff;
    const high: i32 = x >>> 16;
    const p0: i32 = (multiply32(low, factorLow) + (carry & 0xffff)) | 0;
    const p1: i32 = (multiply32(high, factorLow) + (p0 >>> 16)) | 0;
    const p2: i32 = (multiply32(low, factorHigh) + (p1 & 0xffff) + (carry >>> 16)) | 0;
    carry = (multiply32(high, factorHigh) + (p1 >>> 16) + (p2 >>> 16)) | 0;
    store32(address + (i << 2), (p0 & 0xffff) | (p2 << 16));
  }
  return carry;
}

/** to := a * b by rows; writes aCount + bCount digits, none of them in `a` or `b`. */
function multiplySchoolbook(to: i32, a: i32, aCount: i32, b: i32, bCount: i32): void {
  clearDigits(to, aCount + bCount);
  for (let i: i32 = 0; i < bCount; i++) {
    const row: i32 = to + (i << 2);
    store32(row + (aCount << 2), addProductRow(row, a, aCount, load32(b + (i << 2))));
  }
}

/** Digits of scratch that `multiplyEqual` needs for two numbers of `count` digits. */
function karatsubaScratch(count: i32): i32 {
  return 4 * count + 256;
}

/**
 * to := a * b, both of `count` digits (A. Karatsuba, Yu. Ofman, 1962): with a = a1 B + a0, b = b1 B + b0,
 * a b = a1 b1 B^2 + ((a1 + a0)(b1 + b0) - a1 b1 - a0 b0) B + a0 b0.
 */
function multiplyEqual(to: i32, a: i32, b: i32, count: i32, scratch: i32): void {
  if (count < KARATSUBA_THRESHOLD) {
    multiplySchoolbook(to, a, count, b, count);
    return;
  }
  const half: i32 = (count + 1) >> 1;
  const rest: i32 = count - half;
  const sumCount: i32 = half + 1;
  const aSum: i32 = to; // the two sums lie in `to` until their product is made
  const bSum: i32 = scratch;
  const middle: i32 = scratch + (sumCount << 2);
  const deeper: i32 = middle + (sumCount << 3);
  addDigits(aSum, a, half, a + (half << 2), rest);
  addDigits(bSum, b, half, b + (half << 2), rest);
  multiplyEqual(middle, aSum, bSum, sumCount, deeper);
  multiplyEqual(to, a, b, half, deeper);
  multiplyEqual(to + (half << 3), a + (half << 2), b + (half << 2), rest, deeper);
  subtractDigits(middle, middle, sumCount << 1, to, half << 1);
  subtractDigits(middle, middle, sumCount << 1, to + (half << 3), rest << 1);
  addInPlace(to + (half << 2), middle, significantDigits(middle, sumCount << 1));
}

/** Pieces of b, each as long as a, are multiplied with a and added up. `piece` has room for 2 aCount digits. */
function multiplyInPieces(to: i32, a: i32, aCount: i32, b: i32, bCount: i32, piece: i32, scratch: i32): void {
  clearDigits(to, aCount + bCount);
  let done: i32 = 0;
  while (done < bCount) {
    const count: i32 = bCount - done < aCount ? bCount - done : aCount;
    if (count == aCount) multiplyEqual(piece, a, b + (done << 2), aCount, scratch);
    else multiplySchoolbook(piece, a, aCount, b + (done << 2), count);
    addInPlace(to + (done << 2), piece, significantDigits(piece, aCount + count));
    done += count;
  }
}

/** to := a * b; writes aCount + bCount digits, none of them in `a` or `b`. */
export function multiplyDigits(to: i32, a: i32, aCount: i32, b: i32, bCount: i32): void {
  spendTicks(f64(aCount) * f64(bCount) * TICKS_A_PRODUCT);
  if (aCount > bCount) {
    multiplyDigits(to, b, bCount, a, aCount);
    return;
  }
  const scratch: i32 = aCount < KARATSUBA_THRESHOLD ? 0 : reserveScratch(karatsubaScratch(aCount));
  const piece: i32 = scratch == 0 || aCount == bCount ? 0 : reserveScratch(aCount << 1);
  if (scratch != 0 && aCount == bCount) multiplyEqual(to, a, b, aCount, scratch);
  else if (piece != 0) multiplyInPieces(to, a, aCount, b, bCount, piece, scratch);
  else multiplySchoolbook(to, b, bCount, a, aCount);
}

// --- Division ---

/** number := number quo: divisor in place, 0 < divisor < 2^30; answers the remainder. */
export function divideSmall(address: i32, count: i32, divisor: i32): i32 {
  spendTicksOnPass(count << 2);
  const reciprocal: f64 = 1.0 / f64(divisor);
  let remainder: i32 = 0;
  for (let at: i32 = address + ((count - 1) << 2); at >= address; at -= 4) {
    const digit: i32 = load32(at);
    // The estimate is off by at most one, so the low 32 bits of the remainder tell its sign.
    const dividend: f64 = f64(remainder) * TWO_POWER_32 + unsignedToFloat(digit);
    let quotient: i32 = toDigit(dividend * reciprocal);
    remainder = (digit - multiply32(quotient, divisor)) | 0;
    if (remainder < 0) {
      remainder = (remainder + divisor) | 0;
      quotient = (quotient - 1) | 0;
    } else if (remainder >= divisor) {
      remainder = (remainder - divisor) | 0;
      quotient = (quotient + 1) | 0;
    }
    store32(at, quotient);
  }
  return remainder;
}

/** The integral part of a float, cut off at the largest digit. */
function toDigit(value: f64): i32 {
  return value >= TWO_POWER_32 ? -1 : floatToUnsigned(Math.floor(value));
}

/** to -= a * digit over aCount digits; answers what is still to be taken from to[aCount] (a digit). */
function subtractProductRow(to: i32, a: i32, aCount: i32, digit: i32): i32 {
  const digitLow: i32 = digit & 0xffff;
  const digitHigh: i32 = digit >>> 16;
  let carry: i32 = 0;
  for (let i: i32 = 0; i < aCount; i++) {
    const x: i32 = load32(a + (i << 2));
    const low: i32 = x & 0xffff;
    const high: i32 = x >>> 16;
    const p0: i32 = (multiply32(low, digitLow) + (carry & 0xffff)) | 0;
    const p1: i32 = (multiply32(high, digitLow) + (p0 >>> 16)) | 0;
    const p2: i32 = (multiply32(low, digitHigh) + (p1 & 0xffff) + (carry >>> 16)) | 0;
    carry = (multiply32(high, digitHigh) + (p1 >>> 16) + (p2 >>> 16)) | 0;
    const product: i32 = (p0 & 0xffff) | (p2 << 16);
    const old: i32 = load32(to + (i << 2));
    store32(to + (i << 2), (old - product) | 0);
    if (unsignedLess(old, product)) carry = (carry + 1) | 0;
  }
  return carry;
}

/** The value of the digits from `index` downwards, as many as a float can hold, with the digit at `index` as unit. */
function leadingFloat(address: i32, index: i32): f64 {
  let value: f64 = unsignedToFloat(load32(address + (index << 2)));
  if (index > 0) value += unsignedToFloat(load32(address + ((index - 1) << 2))) * TWO_POWER_MINUS_32;
  if (index < 2) return value;
  return value + unsignedToFloat(load32(address + ((index - 2) << 2))) * (TWO_POWER_MINUS_32 * TWO_POWER_MINUS_32);
}

/**
 * Long division (D. Knuth, TAOCP 2, 4.3.1, algorithm D): `a` with aCount + 1 digits, the topmost zero, becomes the
 * remainder in its low bCount digits; aCount - bCount + 1 digits of `quotient` are written. aCount >= bCount > 0, both
 * significant. A digit of the quotient is estimated in floating point: three leading digits give it with an error far
 * below 2^-16, so that the estimate is right or one too large.
 */
export function divideDigits(quotient: i32, a: i32, aCount: i32, b: i32, bCount: i32): void {
  spendTicks(f64(aCount) * f64(bCount) * TICKS_A_PRODUCT);
  const divisor: f64 = leadingFloat(b, bCount - 1);
  for (let i: i32 = aCount - bCount; i >= 0; i--) {
    const part: i32 = a + (i << 2);
    const top: i32 = part + (bCount << 2);
    const dividend: f64 = unsignedToFloat(load32(top)) * TWO_POWER_32 + leadingFloat(a, i + bCount - 1);
    let digit: i32 = toDigit(dividend / divisor + 0.0000152587890625);
    if (digit != 0) {
      const taken: i32 = subtractProductRow(part, b, bCount, digit);
      const rest: i32 = (load32(top) - taken) | 0;
      store32(top, rest);
      if (rest != 0) {
        digit = (digit - 1) | 0;
        addInPlace(part, b, bCount);
      }
    }
    store32(quotient + (i << 2), digit);
  }
}

// --- Shifts ---

/** to := a * 2^shift; writes aCount + (shift >> 5) + 1 digits. `to` may be `a` only if shift is below 32. */
export function shiftDigitsLeft(to: i32, a: i32, aCount: i32, shift: i32): void {
  spendTicksOnPass(aCount);
  const digits: i32 = shift >> 5;
  const bits: i32 = shift & 31;
  const high: i32 = to + (digits << 2);
  if (bits == 0) {
    copyDigits(high, a, aCount);
    store32(high + (aCount << 2), 0);
  } else {
    let above: i32 = 0;
    for (let i: i32 = aCount - 1; i >= 0; i--) {
      const digit: i32 = load32(a + (i << 2));
      store32(high + ((i + 1) << 2), (above << bits) | (digit >>> (32 - bits)));
      above = digit;
    }
    store32(high, above << bits);
  }
  clearDigits(to, digits);
}

/** to := a / 2^shift, rounded down, with shift below 32 * aCount; writes aCount - (shift >> 5) digits. `to` may be `a`. */
export function shiftDigitsRight(to: i32, a: i32, aCount: i32, shift: i32): void {
  const count: i32 = aCount - (shift >> 5);
  spendTicksOnPass(count);
  const from: i32 = a + ((shift >> 5) << 2);
  const bits: i32 = shift & 31;
  if (bits == 0) {
    copyDigits(to, from, count);
    return;
  }
  for (let i: i32 = 0; i < count; i++) {
    const above: i32 = i + 1 < count ? load32(from + ((i + 1) << 2)) : 0;
    store32(to + (i << 2), (load32(from + (i << 2)) >>> bits) | (above << (32 - bits)));
  }
}

/** Whether one of the lowest `bitCount` bits is set; bitCount at most 32 * count. */
export function anyBitBelow(address: i32, bitCount: i32): boolean {
  const whole: i32 = bitCount >> 5;
  for (let i: i32 = 0; i < whole; i++) if (load32(address + (i << 2)) != 0) return true;
  const bits: i32 = bitCount & 31;
  return bits != 0 && load32(address + (whole << 2)) << (32 - bits) != 0;
}
