// Printing floats: the shortest decimal digits that read back as the same float and, among those, the ones nearest to it
// (G. Steele, J. White: "How to print floating-point numbers accurately", 1990; R. Burger, K. Dybvig, 1996).
//
// The float is numerator / denominator; below / denominator and above / denominator are the distances to the ends of the
// interval of numbers that round to it. All four are naturals of the same fixed count of 32-bit digits.

import { allocateOops, allocateRaw, storeSlot } from "../allocation.ts";
import { ARRAY_CLASS_INDEX, BYTE_STRING_CLASS_INDEX, FORMAT_ARRAY, FORMAT_BYTES, HEADER_SIZE } from "../layout.ts";
import { copyBytes, store8, store32 } from "../memory.ts";
import { floatValueOf, tagInteger } from "../object.ts";
import { answer, stackValue } from "../state.ts";
import {
  addDigits,
  clearDigits,
  compareDigits,
  copyDigits,
  multiplyAddSmall,
  reserveScratch,
  resetScratch,
  shiftDigitsLeft,
  subtractDigits,
} from "./digits.ts";
import { isFloat } from "./float.ts";
import { exponentOf, highWord, isFiniteFloat, lowWord } from "./floatParts.ts";

const LOG10_OF_2: f64 = 0.3010299956639812;
const MOST_DIGITS: i32 = 17;
const SMALLEST_EXPONENT: i32 = -1074; // of the lowest bit of a significand

let numerator: i32 = 0;
let denominator: i32 = 0;
let below: i32 = 0;
let above: i32 = 0;
let sum: i32 = 0;
let text: i32 = 0;
let count: i32 = 0; // digits of each number
let isEven: boolean = false; // an even significand: the ends of the interval round to it too

/** { digits. e }: the receiver is d.ddd * 10^e. Fails unless it is finite and positive. */
export function floatShortestDigits(): boolean {
  const oop: i32 = stackValue(0);
  if (!isFloat(oop)) return false;
  const value: f64 = floatValueOf(oop);
  if (!(value > 0.0) || !isFiniteFloat(value)) return false;
  const exponent: i32 = exponentOf(value);
  prepare(value, exponent);
  const decimalExponent: i32 = scale(exponent);
  const length: i32 = generate();
  const string: i32 = allocateRaw(BYTE_STRING_CLASS_INDEX, FORMAT_BYTES + (-length & 3), (length + 3) >> 2);
  const pair: i32 = allocateOops(ARRAY_CLASS_INDEX, FORMAT_ARRAY, 2);
  if (string == 0 || pair == 0) return false;
  copyBytes(string + HEADER_SIZE, text, length);
  storeSlot(pair, 0, string);
  storeSlot(pair, 1, tagInteger(decimalExponent));
  return answer(0, pair);
}

function reserveNumber(): i32 {
  const address: i32 = reserveScratch(count + 2);
  clearDigits(address, count + 2);
  return address;
}

/** Sets up the fraction: everything times 2, or times 4 where the float below is only half as far as the one above. */
function prepare(value: f64, exponent: i32): void {
  const isNormal: boolean = exponent >= SMALLEST_EXPONENT + 52;
  const lowest: i32 = isNormal ? exponent - 52 : SMALLEST_EXPONENT;
  const low: i32 = lowWord(value);
  const high: i32 = (highWord(value) & 0xfffff) | (isNormal ? 0x100000 : 0);
  const isUneven: boolean = low == 0 && high == 0x100000 && exponent > SMALLEST_EXPONENT + 52;
  resetScratch();
  count = (((lowest < 0 ? -lowest : lowest) + 72) >> 5) + 1;
  numerator = reserveNumber();
  denominator = reserveNumber();
  below = reserveNumber();
  above = reserveNumber();
  sum = reserveNumber();
  text = reserveScratch(8);
  isEven = (low & 1) == 0;
  const shift: i32 = isUneven ? 2 : 1;
  store32(numerator, low);
  store32(numerator + 4, high);
  shiftInPlace(numerator, 2, shift + (lowest > 0 ? lowest : 0));
  store32(denominator, 1);
  shiftInPlace(denominator, 1, shift + (lowest < 0 ? -lowest : 0));
  store32(below, 1);
  shiftInPlace(below, 1, lowest > 0 ? lowest : 0);
  store32(above, 1);
  shiftInPlace(above, 1, shift - 1 + (lowest > 0 ? lowest : 0));
}

function shiftInPlace(number: i32, digitCount: i32, shift: i32): void {
  copyDigits(sum, number, digitCount);
  shiftDigitsLeft(number, sum, digitCount, shift);
  clearDigits(sum, digitCount);
}

/**
 * Multiplies by the power of ten that makes the first digit come out of numerator * 10 / denominator; answers the
 * exponent of that digit. The estimate from the binary exponent is right or one too small.
 */
function scale(exponent: i32): i32 {
  const estimate: i32 = i32(Math.ceil(f64(exponent) * LOG10_OF_2 - 1.0e-10));
  if (estimate >= 0) {
    multiplyByPowerOfTen(denominator, estimate);
  } else {
    multiplyByPowerOfTen(numerator, -estimate);
    multiplyByPowerOfTen(below, -estimate);
    multiplyByPowerOfTen(above, -estimate);
  }
  if (isAtUpperEnd()) return estimate;
  multiplyByTen();
  return estimate - 1;
}

function multiplyByPowerOfTen(number: i32, power: i32): void {
  let rest: i32 = power;
  for (; rest >= 9; rest -= 9) multiplyAddSmall(number, count, 1000000000, 0);
  for (; rest > 0; rest--) multiplyAddSmall(number, count, 10, 0);
}

function multiplyByTen(): void {
  multiplyAddSmall(numerator, count, 10, 0);
  multiplyAddSmall(below, count, 10, 0);
  multiplyAddSmall(above, count, 10, 0);
}

/** Whether numerator + above reaches the denominator: the next digit up is inside the interval. */
function isAtUpperEnd(): boolean {
  addDigits(sum, numerator, count, above, count);
  const order: i32 = compareDigits(sum, count, denominator, count);
  return isEven ? order >= 0 : order > 0;
}

function isAtLowerEnd(): boolean {
  const order: i32 = compareDigits(numerator, count, below, count);
  return isEven ? order <= 0 : order < 0;
}

/** Takes the denominator off the numerator as often as it goes, 0 to 9 times. */
function nextDigit(): i32 {
  let digit: i32 = 0;
  while (compareDigits(numerator, count, denominator, count) >= 0) {
    subtractDigits(numerator, numerator, count, denominator, count);
    digit++;
  }
  return digit;
}

/** Writes the digits; answers how many. */
function generate(): i32 {
  let length: i32 = 0;
  while (length < MOST_DIGITS) {
    const digit: i32 = nextDigit();
    const isLow: boolean = isAtLowerEnd();
    const isHigh: boolean = isAtUpperEnd();
    const roundsUp: boolean = isHigh && (!isLow || isNearerAbove(digit));
    store8(text + length, 48 + digit + (roundsUp ? 1 : 0));
    length++;
    if (isLow || isHigh) return length;
    multiplyByTen();
  }
  return length;
}

/** Whether the next digit up is nearer; of two equally near ones the even one counts as nearer. */
function isNearerAbove(digit: i32): boolean {
  addDigits(sum, numerator, count, numerator, count);
  const order: i32 = compareDigits(sum, count, denominator, count);
  return order > 0 || (order == 0 && (digit & 1) != 0);
}
