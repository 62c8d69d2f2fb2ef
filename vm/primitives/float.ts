// Floats: boxed 64-bit IEEE 754 numbers. Arguments of arithmetic and comparison may be SmallIntegers, which convert exactly;
// with any other class the primitive fails and the image converts.

import { allocateRaw } from "../allocation.ts";
import { FLOAT_CLASS_INDEX, FORMAT_WORDS64, HEADER_SIZE, IMMUTABLE_BIT } from "../layout.ts";
import { load32, store32 } from "../memory.ts";
import { booleanOop, floatValueOf, isInstanceOf, isSmallInteger, tagInteger, untagInteger } from "../object.ts";
import { answer, stackValue } from "../state.ts";
import { reserveScratch, resetScratch, shiftDigitsLeft } from "./digits.ts";
import { answerFloat, exponentOf, highWord, isFiniteFloat, lowWord, timesTwoPower } from "./floatParts.ts";
import { integerFrom, integerFromUnsigned, isUnsigned32, unsignedFromInteger } from "./largeInteger.ts";
import {
  arcCosine,
  arcSine,
  arcTangent,
  arcTangent2,
  cosine,
  exponential,
  logarithm2,
  logarithm10,
  naturalLogarithm,
  power,
  sine,
  tangent,
} from "./math.ts";

// --- Operands ---

let left: f64 = 0.0;
let right: f64 = 0.0;

export function isFloat(oop: i32): boolean {
  return isInstanceOf(oop, FLOAT_CLASS_INDEX);
}
function isFloatOrSmallInteger(oop: i32): boolean {
  return isSmallInteger(oop) || isFloat(oop);
}
function toFloat(oop: i32): f64 {
  return isSmallInteger(oop) ? f64(untagInteger(oop)) : floatValueOf(oop);
}
/** Loads receiver and argument of a binary message. */
function loadOperands(): boolean {
  if (!isFloatOrSmallInteger(stackValue(1)) || !isFloatOrSmallInteger(stackValue(0))) return false;
  left = toFloat(stackValue(1));
  right = toFloat(stackValue(0));
  return true;
}
/** Loads the receiver of a unary message. */
function loadReceiver(): boolean {
  if (!isFloatOrSmallInteger(stackValue(0))) return false;
  left = toFloat(stackValue(0));
  return true;
}

// --- Words ---

function isWordIndex(oop: i32): boolean {
  return oop == tagInteger(1) || oop == tagInteger(2);
}
/** The high word comes first for the image, but last in memory. */
function wordAddress(floatObject: i32, indexOop: i32): i32 {
  return floatObject + HEADER_SIZE + (indexOop == tagInteger(1) ? 4 : 0);
}

export function floatAt(): boolean {
  if (!isFloat(stackValue(1)) || !isWordIndex(stackValue(0))) return false;
  const word: i32 = integerFromUnsigned(load32(wordAddress(stackValue(1), stackValue(0))));
  return word != 0 && answer(1, word);
}

export function floatAtPut(): boolean {
  const receiver: i32 = stackValue(2);
  const word: i32 = stackValue(0);
  if (!isFloat(receiver) || !isWordIndex(stackValue(1)) || !isUnsigned32(word)) return false;
  if ((load32(receiver) & IMMUTABLE_BIT) != 0) return false;
  store32(wordAddress(receiver, stackValue(1)), unsignedFromInteger(word));
  return answer(2, word);
}

/** Float class fromHighWord: a lowWord: b; every pattern is kept as it is, NaNs too. */
export function floatFromBits(): boolean {
  if (!isUnsigned32(stackValue(1)) || !isUnsigned32(stackValue(0))) return false;
  const object: i32 = allocateRaw(FLOAT_CLASS_INDEX, FORMAT_WORDS64, 2);
  if (object == 0) return false;
  store32(object + HEADER_SIZE, unsignedFromInteger(stackValue(0)));
  store32(object + HEADER_SIZE + 4, unsignedFromInteger(stackValue(1)));
  return answer(2, object);
}

export function smallIntegerAsFloat(): boolean {
  return isSmallInteger(stackValue(0)) && answerFloat(0, f64(untagInteger(stackValue(0))));
}

// --- Arithmetic ---

export function floatAdd(): boolean {
  return loadOperands() && answerFloat(1, left + right);
}
export function floatSubtract(): boolean {
  return loadOperands() && answerFloat(1, left - right);
}
export function floatMultiply(): boolean {
  return loadOperands() && answerFloat(1, left * right);
}
export function floatDivide(): boolean {
  return loadOperands() && right != 0.0 && answerFloat(1, left / right);
}

// --- Comparison ---

export function floatLess(): boolean {
  return loadOperands() && answer(1, booleanOop(left < right));
}
export function floatGreater(): boolean {
  return loadOperands() && answer(1, booleanOop(left > right));
}
export function floatLessOrEqual(): boolean {
  return loadOperands() && answer(1, booleanOop(left <= right));
}
export function floatGreaterOrEqual(): boolean {
  return loadOperands() && answer(1, booleanOop(left >= right));
}
export function floatEqual(): boolean {
  return loadOperands() && answer(1, booleanOop(left == right));
}
export function floatNotEqual(): boolean {
  return loadOperands() && answer(1, booleanOop(left != right));
}

// --- Parts ---

export function floatTruncated(): boolean {
  if (!loadReceiver() || !isFiniteFloat(left)) return false;
  if (left > -1073741824.0 && left < 1073741824.0) return answer(0, tagInteger(i32(left)));
  return answerLargeTruncated(exponentOf(left) - 52);
}

/** The significand as an integer of 53 bits, shifted into its place; |left| >= 2^30, so that shift is above -23. */
function answerLargeTruncated(shift: i32): boolean {
  resetScratch();
  const significand: i32 = reserveScratch(2);
  const whole: f64 = shift < 0 ? Math.trunc(left) : left;
  const high: i32 = (highWord(whole) & 0xfffff) | 0x100000;
  const low: i32 = lowWord(whole);
  if (shift < 0) {
    store32(significand, (low >>> -shift) | (high << (32 + shift)));
    store32(significand + 4, high >>> -shift);
  } else {
    store32(significand, low);
    store32(significand + 4, high);
  }
  const count: i32 = shift < 0 ? 2 : 3 + (shift >> 5);
  const digits: i32 = reserveScratch(count);
  if (shift >= 0) shiftDigitsLeft(digits, significand, 2, shift);
  const oop: i32 = integerFrom(shift < 0 ? significand : digits, count, left < 0.0);
  return oop != 0 && answer(0, oop);
}

export function floatFractionPart(): boolean {
  return loadReceiver() && isFiniteFloat(left) && answerFloat(0, left - Math.trunc(left));
}

export function floatExponent(): boolean {
  return loadReceiver() && left != 0.0 && isFiniteFloat(left) && answer(0, tagInteger(exponentOf(left)));
}

export function floatTimesTwoPower(): boolean {
  const powerOop: i32 = stackValue(0);
  if (!isSmallInteger(powerOop) || !isFloatOrSmallInteger(stackValue(1))) return false;
  return answerFloat(1, timesTwoPower(toFloat(stackValue(1)), untagInteger(powerOop)));
}

// --- Functions ---

export function floatSquareRoot(): boolean {
  return loadReceiver() && !(left < 0.0) && answerFloat(0, Math.sqrt(left));
}
export function floatSine(): boolean {
  return loadReceiver() && answerFloat(0, sine(left));
}
export function floatCosine(): boolean {
  return loadReceiver() && answerFloat(0, cosine(left));
}
export function floatTangent(): boolean {
  return loadReceiver() && answerFloat(0, tangent(left));
}
export function floatArcSine(): boolean {
  return loadReceiver() && left >= -1.0 && left <= 1.0 && answerFloat(0, arcSine(left));
}
export function floatArcCosine(): boolean {
  return loadReceiver() && left >= -1.0 && left <= 1.0 && answerFloat(0, arcCosine(left));
}
export function floatArcTangent(): boolean {
  return loadReceiver() && answerFloat(0, arcTangent(left));
}
export function floatArcTangent2(): boolean {
  return loadOperands() && answerFloat(1, arcTangent2(left, right));
}
export function floatExp(): boolean {
  return loadReceiver() && answerFloat(0, exponential(left));
}
export function floatLn(): boolean {
  return loadReceiver() && !(left <= 0.0) && answerFloat(0, naturalLogarithm(left));
}
export function floatLog10(): boolean {
  return loadReceiver() && !(left <= 0.0) && answerFloat(0, logarithm10(left));
}
export function floatLog2(): boolean {
  return loadReceiver() && !(left <= 0.0) && answerFloat(0, logarithm2(left));
}
export function floatPower(): boolean {
  if (!loadOperands()) return false;
  if (left < 0.0 && isFiniteFloat(right) && Math.floor(right) != right) return false;
  return answerFloat(1, power(left, right));
}
