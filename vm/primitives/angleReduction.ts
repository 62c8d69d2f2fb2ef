// Bringing an angle into [-pi/4, pi/4]: subtracts the nearest multiple of pi/2. The rest is answered as a sum of two
// floats, since one would not be precise enough for sine and tangent near their zeros.
//
// Angles up to 2^20 pi/2 are reduced with pi/2 in pieces of 33 bits (W. Cody, W. Waite, 1980; fdlibm), larger ones with
// as many bits of 2/pi as matter, in integers (M. Payne, R. Hanek, 1983).

import { TRANSFER_BUFFER } from "../layout.ts";
import { countLeadingZeros, load32, store32, unsignedToFloat } from "../memory.ts";
import { clearDigits, multiplyDigits, shiftDigitsLeft } from "./digits.ts";
import { exponentOf, highWord, lowWord, timesTwoPower, truncateToHighWord } from "./floatParts.ts";

const TWO_OVER_PI: f64 = 0.6366197723675814;
// pi/2 is HALF_PI_1 + HALF_PI_1_TAIL, or HALF_PI_1 + HALF_PI_2 + HALF_PI_2_TAIL, and so on.
const HALF_PI_1: f64 = 1.5707963267341256;
const HALF_PI_1_TAIL: f64 = 6.077100506506192e-11;
const HALF_PI_2: f64 = 6.077100506303966e-11;
const HALF_PI_2_TAIL: f64 = 2.0222662487959506e-21;
const HALF_PI_3: f64 = 2.0222662487111665e-21;
const HALF_PI_3_TAIL: f64 = 8.4784276603689e-32;
const HALF_PI: f64 = 1.5707963267948966;
const HALF_PI_TAIL: f64 = 6.123233995736766e-17;
const LARGEST_MEDIUM_ANGLE: f64 = 1647099.0; // about 2^20 pi/2
const QUARTER_PI: f64 = 0.7853981633974483;

/** The reduced angle: reduced + reducedTail. */
export let reduced: f64 = 0.0;
export let reducedTail: f64 = 0.0;

function setReduced(value: f64, tail: f64): void {
  reduced = value - tail;
  reducedTail = value - reduced - tail;
}

/** Reduces a finite angle; answers the multiple of pi/2 that was subtracted, modulo 4. */
export function reduceAngle(angle: f64): i32 {
  const magnitude: f64 = Math.abs(angle);
  if (magnitude <= QUARTER_PI) {
    reduced = angle;
    reducedTail = 0.0;
    return 0;
  }
  const quadrant: i32 = magnitude < LARGEST_MEDIUM_ANGLE ? reduceMedium(magnitude) : reduceLarge(magnitude);
  if (angle > 0.0) return quadrant;
  reduced = -reduced;
  reducedTail = -reducedTail;
  return -quadrant & 3;
}

function exponentBits(value: f64): i32 {
  return (highWord(value) >> 20) & 0x7ff;
}

/** Takes more bits of pi/2 when the difference cancels so many that the tail would show. */
function reduceMedium(angle: f64): i32 {
  const n: i32 = i32(angle * TWO_OVER_PI + 0.5);
  const count: f64 = f64(n);
  const first: f64 = angle - count * HALF_PI_1;
  setReduced(first, count * HALF_PI_1_TAIL);
  if (exponentBits(angle) - exponentBits(reduced) <= 16) return n & 3;
  const second: f64 = first - count * HALF_PI_2;
  setReduced(second, count * HALF_PI_2_TAIL - (first - second - count * HALF_PI_2));
  if (exponentBits(angle) - exponentBits(reduced) <= 49) return n & 3;
  const third: f64 = second - count * HALF_PI_3;
  setReduced(third, count * HALF_PI_3_TAIL - (second - third - count * HALF_PI_3));
  return n & 3;
}

// --- Large angles: significand * 2^scale times a window of WINDOW_DIGITS digits of 2/pi ---

const WINDOW_DIGITS: i32 = 7;
const SIGNIFICAND: i32 = TRANSFER_BUFFER; // 2 digits
const WINDOW: i32 = TRANSFER_BUFFER + 16;
const PRODUCT: i32 = TRANSFER_BUFFER + 64; // WINDOW_DIGITS + 2 digits
const ALIGNED: i32 = TRANSFER_BUFFER + 128; // WINDOW_DIGITS + 4 digits

/**
 * Digits of 2/pi whose product is a multiple of 4 are left out at the top; the window then leaves 190 bits or more below
 * the point, of which at most 53 are wrong and at most 62 cancel.
 */
function reduceLarge(angle: f64): i32 {
  const scale: i32 = exponentOf(angle) - 52;
  const first: i32 = scale < 34 ? 0 : (scale - 2) >> 5;
  store32(SIGNIFICAND, lowWord(angle));
  store32(SIGNIFICAND + 4, (highWord(angle) & 0xfffff) | 0x100000);
  for (let i: i32 = 0; i < WINDOW_DIGITS; i++) {
    store32(WINDOW + (i << 2), twoOverPiDigit(first + WINDOW_DIGITS - 1 - i));
  }
  multiplyDigits(PRODUCT, SIGNIFICAND, 2, WINDOW, WINDOW_DIGITS);
  const fractionBits: i32 = ((first + WINDOW_DIGITS) << 5) - scale;
  const fractionDigits: i32 = (fractionBits + 31) >> 5;
  clearDigits(ALIGNED, WINDOW_DIGITS + 4);
  shiftDigitsLeft(ALIGNED, PRODUCT, WINDOW_DIGITS + 2, (fractionDigits << 5) - fractionBits);
  const quadrant: i32 = load32(ALIGNED + (fractionDigits << 2)) & 3;
  const isAboveHalf: boolean = load32(ALIGNED + ((fractionDigits - 1) << 2)) < 0;
  if (isAboveHalf) negateFraction(fractionDigits);
  setFraction(fractionDigits);
  if (!isAboveHalf) return quadrant;
  reduced = -reduced;
  reducedTail = -reducedTail;
  return (quadrant + 1) & 3;
}

/** Replaces the fraction f by 1 - f. */
function negateFraction(count: i32): void {
  let carry: i32 = 1;
  for (let i: i32 = 0; i < count; i++) {
    const digit: i32 = (~load32(ALIGNED + (i << 2)) + carry) | 0;
    if (digit != 0) carry = 0;
    store32(ALIGNED + (i << 2), digit);
  }
}

/** Sets the reduced angle to the fraction times pi/2, from the 96 bits below the leading zeros of the fraction. */
function setFraction(count: i32): void {
  let top: i32 = count - 1;
  while (top > 2 && load32(ALIGNED + (top << 2)) == 0) top--;
  const zeros: i32 = countLeadingZeros(load32(ALIGNED + (top << 2)));
  shiftDigitsLeft(ALIGNED, ALIGNED, top + 1, zeros);
  const digit2: i32 = load32(ALIGNED + (top << 2));
  const digit1: i32 = load32(ALIGNED + ((top - 1) << 2));
  const digit0: i32 = load32(ALIGNED + ((top - 2) << 2));
  const high: f64 = unsignedToFloat(digit2) * 4294967296.0 + unsignedToFloat(digit1 & -2048);
  const low: f64 = f64(digit1 & 2047) + unsignedToFloat(digit0) * 2.3283064365386963e-10;
  const scale: i32 = ((top - 1 - count) << 5) - zeros;
  setProduct(timesTwoPower(high, scale), timesTwoPower(low, scale));
}

/** Multiplies by pi/2 to twice the precision of a float (T. Dekker, 1971). */
function setProduct(high: f64, low: f64): void {
  const product: f64 = high * HALF_PI;
  const a: f64 = truncateToHighWord(high);
  const b: f64 = high - a;
  const c: f64 = truncateToHighWord(HALF_PI);
  const d: f64 = HALF_PI - c;
  const error: f64 = a * c - product + a * d + b * c + b * d;
  const tail: f64 = error + (high * HALF_PI_TAIL + low * HALF_PI);
  reduced = product + tail;
  reducedTail = product - reduced + tail;
}

/** Digit `index` (from 0, 32 bits each) of 2/pi behind the point. */
function twoOverPiDigit(index: i32): i32 {
  switch (index) {
    case 0:
      return 0xa2f9836e | 0;
    case 1:
      return 0x4e441529;
    case 2:
      return 0xfc2757d1 | 0;
    case 3:
      return 0xf534ddc0 | 0;
    case 4:
      return 0xdb629599 | 0;
    case 5:
      return 0x3c439041;
    case 6:
      return 0xfe5163ab | 0;
    case 7:
      return 0xdebbc561 | 0;
    case 8:
      return 0xb7246e3a | 0;
    case 9:
      return 0x424dd2e0;
    case 10:
      return 0x06492eea;
    case 11:
      return 0x09d1921c;
    case 12:
      return 0xfe1deb1c | 0;
    case 13:
      return 0xb129a73e | 0;
    case 14:
      return 0xe88235f5 | 0;
    case 15:
      return 0x2ebb4484;
    case 16:
      return 0xe99c7026 | 0;
    case 17:
      return 0xb45f7e41 | 0;
    case 18:
      return 0x3991d639;
    case 19:
      return 0x835339f4 | 0;
    case 20:
      return 0x9c845f8b | 0;
    case 21:
      return 0xbdf9283b | 0;
    case 22:
      return 0x1ff897ff;
    case 23:
      return 0xde05980f | 0;
    case 24:
      return 0xef2f118b | 0;
    case 25:
      return 0x5a0a6d1f;
    case 26:
      return 0x6d367ecf;
    case 27:
      return 0x27cb09b7;
    case 28:
      return 0x4f463f66;
    case 29:
      return 0x9e5fea2d | 0;
    case 30:
      return 0x7527bac7;
    case 31:
      return 0xebe5f17b | 0;
    case 32:
      return 0x3d0739f7;
    case 33:
      return 0x8a5292ea | 0;
    case 34:
      return 0x6bfb5fb1;
    case 35:
      return 0x1f8d5d08;
    case 36:
      return 0x56033046;
    case 37:
      return 0xfc7b6bab | 0;
    default:
      return 0;
  }
}
