// Floats taken apart and put together: sign, exponent and significand by way of memory, since the portable subset has no
// other way to see the bits of a float.

import { allocateFloat } from "../allocation.ts";
import { HEADER_SIZE, STACK_PAGE_TABLE } from "../layout.ts";
import { load32, loadFloat, store32, storeFloat } from "../memory.ts";
import { answer } from "../state.ts";

/** Eight bytes beyond the stack page table. */
const CELL: i32 = STACK_PAGE_TABLE + 0x810;

const SIGN_MASK: i32 = 0x7fffffff;
export const QUIET_NAN_HIGH_WORD: i32 = 0x7ff80000;

/** Sign, exponent and the upper 20 bits of the significand. */
export function highWord(value: f64): i32 {
  storeFloat(CELL, value);
  return load32(CELL + 4);
}
export function lowWord(value: f64): i32 {
  storeFloat(CELL, value);
  return load32(CELL);
}
export function floatFromWords(high: i32, low: i32): f64 {
  store32(CELL, low);
  store32(CELL + 4, high);
  return loadFloat(CELL);
}
export function withHighWord(value: f64, high: i32): f64 {
  storeFloat(CELL, value);
  store32(CELL + 4, high);
  return loadFloat(CELL);
}
/** The value with the lower 32 bits of its significand cleared: products of two such values are exact. */
export function truncateToHighWord(value: f64): f64 {
  storeFloat(CELL, value);
  store32(CELL, 0);
  return loadFloat(CELL);
}

export function isFiniteFloat(value: f64): boolean {
  return value - value == 0.0;
}
export function isNotANumber(value: f64): boolean {
  return !(value <= Infinity);
}
export function isNegative(value: f64): boolean {
  return highWord(value) < 0;
}

/** 2^exponent, for exponents of normal floats: -1022 to 1023. */
export function twoToThe(exponent: i32): f64 {
  return floatFromWords((exponent + 1023) << 20, 0);
}

/** value * 2^power, rounded once: what makes a number subnormal comes last. */
export function timesTwoPower(value: f64, power: i32): f64 {
  let result: f64 = value;
  let n: i32 = power;
  for (let i: i32 = 0; i < 2 && n > 1023; i++) {
    result *= twoToThe(1023);
    n -= 1023;
  }
  for (let i: i32 = 0; i < 2 && n < -1022; i++) {
    result *= twoToThe(-969);
    n += 969;
  }
  if (n > 1023) n = 1023;
  if (n < -1022) n = -1022;
  return result * twoToThe(n);
}

/** e with 2^e <= |value| < 2^(e + 1), for finite values other than 0. */
export function exponentOf(value: f64): i32 {
  const exponent: i32 = (highWord(value) & SIGN_MASK) >> 20;
  if (exponent != 0) return exponent - 1023;
  return ((highWord(value * 18014398509481984.0) & SIGN_MASK) >> 20) - 1023 - 54;
}

/** Answers a boxed Float. Every NaN gets the same bits, or memory would differ between engines. */
export function answerFloat(argumentCount: i32, value: f64): boolean {
  const object: i32 = allocateFloat(value);
  if (object == 0) return false;
  if (isNotANumber(value)) {
    store32(object + HEADER_SIZE, 0);
    store32(object + HEADER_SIZE + 4, QUIET_NAN_HIGH_WORD);
  }
  return answer(argumentCount, object);
}
