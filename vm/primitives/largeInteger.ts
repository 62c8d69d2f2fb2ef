// Integers of any size. A LargePositiveInteger or LargeNegativeInteger is a bytes object: its magnitude, least significant
// byte first, the sign in its class. Bytes beyond the size up to the end of the body are zero, so that the magnitude can
// be read as 32-bit digits (digits.ts). Results are normalized: no leading zero bytes, and a SmallInteger when it fits.
//
// Every primitive loads its operands into the registers below; either one may be a SmallInteger.

import { allocateOops, allocateRaw, storeSlot } from "../allocation.ts";
import {
  ARRAY_CLASS_INDEX,
  BYTE_STRING_CLASS_INDEX,
  FORMAT_ARRAY,
  FORMAT_BYTES,
  HEADER_SIZE,
  LARGE_NEGATIVE_INTEGER_CLASS_INDEX,
  LARGE_POSITIVE_INTEGER_CLASS_INDEX,
  SMALL_INTEGER_MAXIMUM,
} from "../layout.ts";
import {
  copyBytes,
  countLeadingZeros,
  floatToUnsigned,
  load32,
  multiply32,
  store8,
  store32,
  unsignedToFloat,
} from "../memory.ts";
import { booleanOop, headerClassIndex, isSmallInteger, slotCountOf, tagInteger, untagInteger } from "../object.ts";
import { answer, stackValue } from "../state.ts";
import {
  addDigit,
  addDigits,
  anyBitBelow,
  bitLengthOf,
  compareDigits,
  copyDigits,
  divideDigits,
  divideSmall,
  multiplyDigits,
  reserveScratch,
  resetScratch,
  shiftDigitsLeft,
  shiftDigitsRight,
  significantDigits,
  subtractDigits,
} from "./digits.ts";
import { answerFloat, twoToThe } from "./floatParts.ts";

/** Operands beyond this many digits make a primitive fail: bit counts must stay SmallIntegers. */
const DIGIT_LIMIT: i32 = 0x1000000;
/** The largest magnitude that INTEGER_PRINT_RADIX takes, in digits: 64 KiB. */
const PRINT_DIGIT_LIMIT: i32 = 0x4000;

// --- Operands ---

let left: i32 = 0; // address of the first digit
let leftCount: i32 = 0; // significant digits
let leftNegative: boolean = false;
let right: i32 = 0;
let rightCount: i32 = 0;
let rightNegative: boolean = false;

/** The operand loaded last. */
let loaded: i32 = 0;
let loadedCount: i32 = 0;
let loadedNegative: boolean = false;

export function isLargeInteger(oop: i32): boolean {
  if ((oop & 3) != 0) return false;
  const classIndex: i32 = headerClassIndex(oop);
  return classIndex == LARGE_POSITIVE_INTEGER_CLASS_INDEX || classIndex == LARGE_NEGATIVE_INTEGER_CLASS_INDEX;
}

/** Loads an Integer; false when `oop` is something else. */
function loadOperand(oop: i32): boolean {
  if (isSmallInteger(oop)) {
    const value: i32 = untagInteger(oop);
    loaded = reserveScratch(1);
    loadedNegative = value < 0;
    loadedCount = value == 0 ? 0 : 1;
    store32(loaded, value < 0 ? -value : value);
    return true;
  }
  if (!isLargeInteger(oop)) return false;
  loaded = oop + HEADER_SIZE;
  loadedCount = significantDigits(loaded, slotCountOf(oop));
  loadedNegative = loadedCount != 0 && headerClassIndex(oop) == LARGE_NEGATIVE_INTEGER_CLASS_INDEX;
  return loadedCount <= DIGIT_LIMIT;
}

function loadLeft(oop: i32): boolean {
  resetScratch();
  if (!loadOperand(oop)) return false;
  left = loaded;
  leftCount = loadedCount;
  leftNegative = loadedNegative;
  return true;
}

/** Loads receiver and argument of a binary message. */
function loadOperands(): boolean {
  if (!loadLeft(stackValue(1)) || !loadOperand(stackValue(0))) return false;
  right = loaded;
  rightCount = loadedCount;
  rightNegative = loadedNegative;
  return true;
}

// --- Results ---

/** A normalized Integer of the magnitude at `address`; 0 when there is no room. */
export function integerFrom(address: i32, count: i32, negative: boolean): i32 {
  const n: i32 = significantDigits(address, count);
  if (n == 0) return tagInteger(0);
  const top: i32 = load32(address + ((n - 1) << 2));
  if (n == 1 && top > 0) {
    if (top <= SMALL_INTEGER_MAXIMUM) return tagInteger(negative ? -top : top);
    if (negative && top == SMALL_INTEGER_MAXIMUM + 1) return tagInteger(-top);
  }
  const classIndex: i32 = negative ? LARGE_NEGATIVE_INTEGER_CLASS_INDEX : LARGE_POSITIVE_INTEGER_CLASS_INDEX;
  const object: i32 = allocateRaw(classIndex, FORMAT_BYTES + (countLeadingZeros(top) >> 3), n);
  if (object != 0) copyDigits(object + HEADER_SIZE, address, n);
  return object;
}

function answerInteger(argumentCount: i32, address: i32, count: i32, negative: boolean): boolean {
  const oop: i32 = integerFrom(address, count, negative);
  if (oop == 0) return false;
  return answer(argumentCount, oop);
}

/** An Integer of a 32-bit pattern read as unsigned, for clocks and elements of words; 0 when there is no room. */
export function integerFromUnsigned(value: i32): i32 {
  if (value >= 0 && value <= SMALL_INTEGER_MAXIMUM) return tagInteger(value);
  const object: i32 = allocateRaw(
    LARGE_POSITIVE_INTEGER_CLASS_INDEX,
    FORMAT_BYTES + (countLeadingZeros(value) >> 3),
    1,
  );
  if (object != 0) store32(object + HEADER_SIZE, value);
  return object;
}

/** An Integer of an integral float from 0 to 2^53; 0 when there is no room. */
export function integerFromFloat(value: f64): i32 {
  resetScratch();
  const digits: i32 = reserveScratch(2);
  const high: f64 = Math.floor(value / 4294967296.0);
  store32(digits, floatToUnsigned(value - high * 4294967296.0));
  store32(digits + 4, floatToUnsigned(high));
  return integerFrom(digits, 2, false);
}

/** Whether an oop is an Integer from 0 to 2^32 - 1. */
export function isUnsigned32(oop: i32): boolean {
  if (isSmallInteger(oop)) return oop >= 0;
  if ((oop & 3) != 0 || headerClassIndex(oop) != LARGE_POSITIVE_INTEGER_CLASS_INDEX) return false;
  return significantDigits(oop + HEADER_SIZE, slotCountOf(oop)) <= 1;
}

/** The 32-bit pattern of an Integer from 0 to 2^32 - 1. */
export function unsignedFromInteger(oop: i32): i32 {
  if (isSmallInteger(oop)) return untagInteger(oop);
  return slotCountOf(oop) == 0 ? 0 : load32(oop + HEADER_SIZE);
}

// --- Addition and subtraction ---

/** Answers left plus right, the right one taken with the given sign. */
function answerSum(negative: boolean): boolean {
  if (leftCount < rightCount) return answerOrderedSum(right, rightCount, negative, left, leftCount, leftNegative);
  return answerOrderedSum(left, leftCount, leftNegative, right, rightCount, negative);
}

function answerOrderedSum(a: i32, aCount: i32, aNegative: boolean, b: i32, bCount: i32, bNegative: boolean): boolean {
  const result: i32 = reserveScratch(aCount + 1);
  if (result == 0) return false;
  if (aNegative == bNegative) {
    addDigits(result, a, aCount, b, bCount);
    return answerInteger(1, result, aCount + 1, aNegative);
  }
  if (compareDigits(a, aCount, b, bCount) < 0) {
    subtractDigits(result, b, bCount, a, aCount);
    return answerInteger(1, result, bCount, bNegative);
  }
  subtractDigits(result, a, aCount, b, bCount);
  return answerInteger(1, result, aCount, aNegative);
}

export function integerAdd(): boolean {
  return loadOperands() && answerSum(rightNegative);
}
export function integerSubtract(): boolean {
  return loadOperands() && answerSum(!rightNegative);
}

// --- Comparison ---

/** -1, 0 or 1. */
function compareOperands(): i32 {
  if (leftCount == 0 && rightCount == 0) return 0;
  if (leftCount == 0) return rightNegative ? 1 : -1;
  if (rightCount == 0 || leftNegative != rightNegative) return leftNegative ? -1 : 1;
  const order: i32 = compareDigits(left, leftCount, right, rightCount);
  return leftNegative ? -order : order;
}

export function integerLess(): boolean {
  return loadOperands() && answer(1, booleanOop(compareOperands() < 0));
}
export function integerGreater(): boolean {
  return loadOperands() && answer(1, booleanOop(compareOperands() > 0));
}
export function integerLessOrEqual(): boolean {
  return loadOperands() && answer(1, booleanOop(compareOperands() <= 0));
}
export function integerGreaterOrEqual(): boolean {
  return loadOperands() && answer(1, booleanOop(compareOperands() >= 0));
}
export function integerEqual(): boolean {
  return loadOperands() && answer(1, booleanOop(compareOperands() == 0));
}
export function integerNotEqual(): boolean {
  return loadOperands() && answer(1, booleanOop(compareOperands() != 0));
}

// --- Multiplication and division ---

export function integerMultiply(): boolean {
  if (!loadOperands()) return false;
  const count: i32 = leftCount + rightCount;
  if (count > DIGIT_LIMIT) return false;
  const result: i32 = reserveScratch(count);
  if (result == 0) return false;
  multiplyDigits(result, left, leftCount, right, rightCount);
  return answerInteger(1, result, count, leftNegative != rightNegative);
}

let quotient: i32 = 0;
let quotientCount: i32 = 0;
let remainder: i32 = 0; // has room for one digit more than remainderCount
let remainderCount: i32 = 0; // significant digits

/** Divides the magnitudes; false when the right one is 0 or there is no room. */
function divideOperands(): boolean {
  if (rightCount == 0) return false;
  quotientCount = leftCount < rightCount ? 0 : leftCount - rightCount + 1;
  quotient = reserveScratch(quotientCount + 1); // one digit more, for rounding
  remainder = reserveScratch(leftCount + 1);
  if (quotient == 0 || remainder == 0) return false;
  copyDigits(remainder, left, leftCount);
  store32(remainder + (leftCount << 2), 0);
  if (quotientCount == 0) remainderCount = leftCount;
  else remainderCount = divideLoaded();
  return true;
}

function divideLoaded(): i32 {
  const divisor: i32 = load32(right);
  if (rightCount > 1 || divisor <= 0 || divisor > SMALL_INTEGER_MAXIMUM) {
    divideDigits(quotient, remainder, leftCount, right, rightCount);
    return significantDigits(remainder, rightCount);
  }
  copyDigits(quotient, left, leftCount);
  store32(remainder, divideSmall(quotient, leftCount, divisor));
  return significantDigits(remainder, 1);
}

/** Turns the truncated quotient and its remainder into the one rounded down and the modulo, which has the divisor's sign. */
function floorDivision(): boolean {
  if (remainderCount == 0 || leftNegative == rightNegative) return true;
  store32(quotient + (quotientCount << 2), 0);
  addDigit(quotient, 1);
  quotientCount++;
  const modulo: i32 = reserveScratch(rightCount);
  if (modulo == 0) return false;
  subtractDigits(modulo, right, rightCount, remainder, remainderCount);
  remainder = modulo;
  remainderCount = rightCount;
  return true;
}

export function integerDivide(): boolean {
  if (!loadOperands() || !divideOperands() || remainderCount != 0) return false;
  return answerInteger(1, quotient, quotientCount, leftNegative != rightNegative);
}
export function integerQuotient(): boolean {
  if (!loadOperands() || !divideOperands()) return false;
  return answerInteger(1, quotient, quotientCount, leftNegative != rightNegative);
}
export function integerRemainder(): boolean {
  if (!loadOperands() || !divideOperands()) return false;
  return answerInteger(1, remainder, remainderCount, leftNegative);
}
export function integerFloorDivide(): boolean {
  if (!loadOperands() || !divideOperands() || !floorDivision()) return false;
  return answerInteger(1, quotient, quotientCount, leftNegative != rightNegative);
}
export function integerModulo(): boolean {
  if (!loadOperands() || !divideOperands() || !floorDivision()) return false;
  return answerInteger(1, remainder, remainderCount, rightNegative);
}
export function integerDivRem(): boolean {
  if (!loadOperands() || !divideOperands()) return false;
  const pair: i32 = allocateOops(ARRAY_CLASS_INDEX, FORMAT_ARRAY, 2);
  const first: i32 = integerFrom(quotient, quotientCount, leftNegative != rightNegative);
  const second: i32 = integerFrom(remainder, remainderCount, leftNegative);
  if (pair == 0 || first == 0 || second == 0) return false;
  storeSlot(pair, 0, first);
  storeSlot(pair, 1, second);
  return answer(1, pair);
}

// --- Bits ---

const BIT_AND: i32 = 0;
const BIT_OR: i32 = 1;
const BIT_XOR: i32 = 2;

function combineBits(operation: i32, a: i32, b: i32): i32 {
  if (operation == BIT_AND) return a & b;
  return operation == BIT_OR ? a | b : a ^ b;
}

/**
 * Combines two's complements of unlimited width. The complement of a negative number is made on the way: its digits are
 * inverted and 1 is added, which carries as long as the digits are 0.
 */
function answerBits(operation: i32): boolean {
  if (!loadOperands()) return false;
  const count: i32 = (leftCount > rightCount ? leftCount : rightCount) + 1;
  const result: i32 = reserveScratch(count);
  if (result == 0) return false;
  const negative: boolean = combineBits(operation, leftNegative ? 1 : 0, rightNegative ? 1 : 0) != 0;
  let leftCarry: i32 = 1;
  let rightCarry: i32 = 1;
  let carry: i32 = 1;
  for (let i: i32 = 0; i < count; i++) {
    let a: i32 = i < leftCount ? load32(left + (i << 2)) : 0;
    let b: i32 = i < rightCount ? load32(right + (i << 2)) : 0;
    if (leftNegative) {
      a = (~a + leftCarry) | 0;
      if (a != 0) leftCarry = 0;
    }
    if (rightNegative) {
      b = (~b + rightCarry) | 0;
      if (b != 0) rightCarry = 0;
    }
    let digit: i32 = combineBits(operation, a, b);
    if (negative) {
      digit = (~digit + carry) | 0;
      if (digit != 0) carry = 0;
    }
    store32(result + (i << 2), digit);
  }
  return answerInteger(1, result, count, negative);
}

export function integerBitAnd(): boolean {
  return answerBits(BIT_AND);
}
export function integerBitOr(): boolean {
  return answerBits(BIT_OR);
}
export function integerBitXor(): boolean {
  return answerBits(BIT_XOR);
}

export function integerBitShift(): boolean {
  const shiftOop: i32 = stackValue(0);
  if (!isSmallInteger(shiftOop) || !loadLeft(stackValue(1))) return false;
  const shift: i32 = untagInteger(shiftOop);
  return shift >= 0 ? answerShiftedLeft(shift) : answerShiftedRight(-shift);
}

function answerShiftedLeft(shift: i32): boolean {
  if (leftCount == 0) return answer(1, tagInteger(0));
  const count: i32 = leftCount + (shift >> 5) + 1;
  if (count > DIGIT_LIMIT) return false;
  const result: i32 = reserveScratch(count);
  if (result == 0) return false;
  shiftDigitsLeft(result, left, leftCount, shift);
  return answerInteger(1, result, count, leftNegative);
}

/** Rounds down, as two's complement does: a negative number that loses a one bit grows by 1 in magnitude. */
function answerShiftedRight(shift: i32): boolean {
  const digits: i32 = shift >> 5;
  if (digits >= leftCount) return answer(1, tagInteger(leftNegative ? -1 : 0));
  const count: i32 = leftCount - digits;
  const result: i32 = reserveScratch(count + 1);
  if (result == 0) return false;
  shiftDigitsRight(result, left, leftCount, shift);
  store32(result + (count << 2), 0);
  if (leftNegative && anyBitBelow(left, shift)) addDigit(result, 1);
  return answerInteger(1, result, count + 1, leftNegative);
}

export function integerBitLength(): boolean {
  return loadLeft(stackValue(0)) && answer(0, tagInteger(bitLengthOf(left, leftCount)));
}

// --- Printing ---

function digitCharacter(digit: i32): i32 {
  return digit < 10 ? 48 + digit : 55 + digit;
}

/** Divides by the largest power of the radix that is below 2^30, and writes the digits of each remainder. */
export function integerPrintRadix(): boolean {
  const radixOop: i32 = stackValue(0);
  if (!isSmallInteger(radixOop) || !loadLeft(stackValue(1))) return false;
  const radix: i32 = untagInteger(radixOop);
  if (radix < 2 || radix > 36 || leftCount > PRINT_DIGIT_LIMIT) return false;
  let chunk: i32 = radix;
  let chunkLength: i32 = 1;
  while (chunk <= ((SMALL_INTEGER_MAXIMUM / radix) | 0)) {
    chunk = multiply32(chunk, radix);
    chunkLength++;
  }
  const chunkBits: i32 = 31 - countLeadingZeros(chunk);
  const capacity: i32 = (((bitLengthOf(left, leftCount) / chunkBits) | 0) + 1) * chunkLength + 1;
  const number: i32 = reserveScratch(leftCount + 1);
  const text: i32 = reserveScratch((capacity + 3) >> 2);
  if (number == 0 || text == 0) return false;
  copyDigits(number, left, leftCount);
  const start: i32 = writeNumeral(number, text + capacity, radix, chunk, chunkLength);
  return answerBytes(start, text + capacity - start);
}

/** Writes the numeral that ends before `end`; answers where it starts. */
function writeNumeral(number: i32, end: i32, radix: i32, chunk: i32, chunkLength: i32): i32 {
  let start: i32 = end;
  let count: i32 = leftCount;
  while (count > 0) {
    let rest: i32 = divideSmall(number, count, chunk);
    count = significantDigits(number, count);
    for (let i: i32 = 0; count > 0 ? i < chunkLength : rest > 0; i++) {
      start--;
      store8(start, digitCharacter((rest % radix) | 0));
      rest = (rest / radix) | 0;
    }
  }
  if (start == end) {
    start--;
    store8(start, 48);
  }
  if (leftNegative) {
    start--;
    store8(start, 45);
  }
  return start;
}

function answerBytes(address: i32, size: i32): boolean {
  const string: i32 = allocateRaw(BYTE_STRING_CLASS_INDEX, FORMAT_BYTES + (-size & 3), (size + 3) >> 2);
  if (string == 0) return false;
  copyBytes(string + HEADER_SIZE, address, size);
  return answer(1, string);
}

// --- To Float ---

export function isInteger(oop: i32): boolean {
  return isSmallInteger(oop) || isLargeInteger(oop);
}

/**
 * The float nearest to an Integer, to the even one when two are equally near. The 64 highest bits, the lowest of which
 * also stands for all those below, are added as two exact halves: that rounds once.
 */
export function integerToFloat(oop: i32): f64 {
  if (isSmallInteger(oop)) return f64(untagInteger(oop));
  const address: i32 = oop + HEADER_SIZE;
  const count: i32 = significantDigits(address, slotCountOf(oop));
  const magnitude: f64 = digitsToFloat(address, count);
  return headerClassIndex(oop) == LARGE_NEGATIVE_INTEGER_CLASS_INDEX ? -magnitude : magnitude;
}

function digitsToFloat(address: i32, count: i32): f64 {
  const shift: i32 = bitLengthOf(address, count) - 64;
  if (shift > 1024 - 64) return Infinity;
  if (count < 3) {
    const low: f64 = count > 0 ? unsignedToFloat(load32(address)) : 0.0;
    return count > 1 ? unsignedToFloat(load32(address + 4)) * 4294967296.0 + low : low;
  }
  const sticky: i32 = anyBitBelow(address, shift) ? 1 : 0;
  const low: f64 = unsignedToFloat(digitAtBit(address, count, shift) | sticky);
  const high: f64 = unsignedToFloat(digitAtBit(address, count, shift + 32));
  return (high * 4294967296.0 + low) * twoToThe(shift);
}

/** 32 bits from bit `index` on. */
function digitAtBit(address: i32, count: i32, index: i32): i32 {
  const digit: i32 = index >> 5;
  const bits: i32 = index & 31;
  const low: i32 = load32(address + (digit << 2)) >>> bits;
  if (bits == 0 || digit + 1 >= count) return low;
  return low | (load32(address + ((digit + 1) << 2)) << (32 - bits));
}

export function integerAsFloat(): boolean {
  const oop: i32 = stackValue(0);
  return isInteger(oop) && answerFloat(0, integerToFloat(oop));
}
