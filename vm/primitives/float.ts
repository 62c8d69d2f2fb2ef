// Floats: boxed IEEE 754 doubles. A SmallInteger argument is taken as a float; anything else makes the primitive fail.

import { allocateFloat } from "../allocation.ts";
import { FLOAT_CLASS_INDEX, HEADER_SIZE, STACK_PAGE_TABLE } from "../layout.ts";
import { load32, loadFloat, store32 } from "../memory.ts";
import {
  booleanOop,
  floatValueOf,
  isInstanceOf,
  isSmallInteger,
  tagInteger,
  untagInteger,
} from "../object.ts";
import { answer, stackValue } from "../state.ts";
import { integerFrom, integerFromUnsigned, isUnsigned32, unsignedFromInteger } from "./largeInteger.ts";
import {
  arcCosine,
  arcSine,
  arcTangent,
  arcTangent2,
  cosine,
  exponential,
  highWord,
  logarithm,
  power,
  scaleByPowerOfTwo,
  sine,
  tangent,
} from "./math.ts";

/** Eight bytes where a float's bits are read and made. */
const BITS: i32 = STACK_PAGE_TABLE + 0x9000;
/** Room for the digits of the largest float as an integer. */
const INTEGER_DIGITS: i32 = STACK_PAGE_TABLE + 0x9100;

export function isFloat(oop: i32): boolean {
  return isInstanceOf(oop, FLOAT_CLASS_INDEX);
}
export function answerFloat(argumentCount: i32, value: f64): boolean {
  const oop: i32 = allocateFloat(value);
  return oop != 0 && answer(argumentCount, oop);
}

/** Whether receiver and argument are numbers that these primitives take. */
function areOperands(): boolean {
  return isFloat(stackValue(1)) && isNumber(stackValue(0));
}
function isNumber(oop: i32): boolean {
  return isSmallInteger(oop) || isFloat(oop);
}
function valueOf(oop: i32): f64 {
  return isSmallInteger(oop) ? f64(untagInteger(oop)) : floatValueOf(oop);
}
function receiver(): f64 {
  return valueOf(stackValue(1));
}
function argument(): f64 {
  return valueOf(stackValue(0));
}

// --- Arithmetic and comparison ---

export function smallIntegerAsFloat(): boolean {
  return isSmallInteger(stackValue(0)) && answerFloat(0, f64(untagInteger(stackValue(0))));
}
export function floatAdd(): boolean {
  return areOperands() && answerFloat(1, receiver() + argument());
}
export function floatSubtract(): boolean {
  return areOperands() && answerFloat(1, receiver() - argument());
}
export function floatMultiply(): boolean {
  return areOperands() && answerFloat(1, receiver() * argument());
}
export function floatDivide(): boolean {
  return areOperands() && argument() != 0.0 && answerFloat(1, receiver() / argument());
}
export function floatLess(): boolean {
  return areOperands() && answer(1, booleanOop(receiver() < argument()));
}
export function floatGreater(): boolean {
  return areOperands() && answer(1, booleanOop(receiver() > argument()));
}
export function floatLessOrEqual(): boolean {
  return areOperands() && answer(1, booleanOop(receiver() <= argument()));
}
export function floatGreaterOrEqual(): boolean {
  return areOperands() && answer(1, booleanOop(receiver() >= argument()));
}
export function floatEqual(): boolean {
  return areOperands() && answer(1, booleanOop(receiver() == argument()));
}
export function floatNotEqual(): boolean {
  return areOperands() && answer(1, booleanOop(receiver() != argument()));
}

// --- Parts ---

function isFinite64(value: f64): boolean {
  return value - value == 0.0;
}

/** Exponent e of a finite value that is not zero: 2^e <= |value| < 2^(e+1). */
export function exponentOf(value: f64): i32 {
  const biased: i32 = (highWord(value) >> 20) & 0x7ff;
  if (biased != 0) return biased - 1023;
  return ((highWord(value * 18014398509481984.0) >> 20) & 0x7ff) - 1023 - 54;
}

/** The integer part, of any size: the 53 bits of the significand shifted into 32-bit digits. */
export function floatTruncated(): boolean {
  if (!isFloat(stackValue(0))) return false;
  const value: f64 = floatValueOf(stackValue(0));
  if (!isFinite64(value)) return false;
  const magnitude: f64 = Math.abs(value);
  if (magnitude < 1073741823.0) return answer(0, tagInteger(i32(value)));
  const exponent: i32 = exponentOf(magnitude);
  const digits: i32 = (exponent >> 5) + 1;
  let rest: f64 = scaleByPowerOfTwo(magnitude, -32 * (digits - 1));
  for (let index: i32 = digits - 1; index >= 0; index--) {
    const digit: f64 = Math.floor(rest);
    store32(INTEGER_DIGITS + (index << 2), digit >= 2147483648.0 ? i32(digit - 4294967296.0) : i32(digit));
    rest = (rest - digit) * 4294967296.0;
  }
  const oop: i32 = integerFrom(INTEGER_DIGITS, digits, value < 0.0);
  return oop != 0 && answer(0, oop);
}
export function floatFractionPart(): boolean {
  if (!isFloat(stackValue(0))) return false;
  const value: f64 = floatValueOf(stackValue(0));
  if (!isFinite64(value)) return false;
  return answerFloat(0, value < 0.0 ? value - Math.ceil(value) : value - Math.floor(value));
}
export function floatExponent(): boolean {
  if (!isFloat(stackValue(0))) return false;
  const value: f64 = floatValueOf(stackValue(0));
  return isFinite64(value) && value != 0.0 && answer(0, tagInteger(exponentOf(value)));
}
export function floatTimesTwoPower(): boolean {
  if (!isFloat(stackValue(1)) || !isSmallInteger(stackValue(0))) return false;
  return answerFloat(1, scaleByPowerOfTwo(receiver(), untagInteger(stackValue(0))));
}

/** Word 1 is the high one. */
export function floatAt(): boolean {
  if (!isFloat(stackValue(1)) || (stackValue(0) != tagInteger(1) && stackValue(0) != tagInteger(2))) return false;
  const offset: i32 = stackValue(0) == tagInteger(1) ? 4 : 0;
  const oop: i32 = integerFromUnsigned(load32(stackValue(1) + HEADER_SIZE + offset));
  return oop != 0 && answer(1, oop);
}
export function floatAtPut(): boolean {
  const index: i32 = stackValue(1);
  if (!isFloat(stackValue(2)) || (index != tagInteger(1) && index != tagInteger(2))) return false;
  if (!isUnsigned32(stackValue(0))) return false;
  const offset: i32 = index == tagInteger(1) ? 4 : 0;
  store32(stackValue(2) + HEADER_SIZE + offset, unsignedFromInteger(stackValue(0)));
  return answer(2, stackValue(0));
}
export function floatFromBits(): boolean {
  if (!isUnsigned32(stackValue(0)) || !isUnsigned32(stackValue(1))) return false;
  store32(BITS, unsignedFromInteger(stackValue(0)));
  store32(BITS + 4, unsignedFromInteger(stackValue(1)));
  return answerFloat(2, loadFloat(BITS));
}

// --- Functions ---

function unary(): f64 {
  return floatValueOf(stackValue(0));
}
export function floatSquareRoot(): boolean {
  return isFloat(stackValue(0)) && !(unary() < 0.0) && answerFloat(0, Math.sqrt(unary()));
}
export function floatSine(): boolean {
  return isFloat(stackValue(0)) && answerFloat(0, sine(unary()));
}
export function floatCosine(): boolean {
  return isFloat(stackValue(0)) && answerFloat(0, cosine(unary()));
}
export function floatTangent(): boolean {
  return isFloat(stackValue(0)) && answerFloat(0, tangent(unary()));
}
export function floatArcSine(): boolean {
  return isFloat(stackValue(0)) && Math.abs(unary()) <= 1.0 && answerFloat(0, arcSine(unary()));
}
export function floatArcCosine(): boolean {
  return isFloat(stackValue(0)) && Math.abs(unary()) <= 1.0 && answerFloat(0, arcCosine(unary()));
}
export function floatArcTangent(): boolean {
  return isFloat(stackValue(0)) && answerFloat(0, arcTangent(unary()));
}
export function floatArcTangent2(): boolean {
  return areOperands() && answerFloat(1, arcTangent2(receiver(), argument()));
}
export function floatLn(): boolean {
  return isFloat(stackValue(0)) && unary() > 0.0 && answerFloat(0, logarithm(unary()));
}
export function floatLog10(): boolean {
  return isFloat(stackValue(0)) && unary() > 0.0 && answerFloat(0, logarithm(unary()) * 0.4342944819032518);
}
export function floatLog2(): boolean {
  return isFloat(stackValue(0)) && unary() > 0.0 && answerFloat(0, logarithm(unary()) * 1.4426950408889634);
}
export function floatExp(): boolean {
  return isFloat(stackValue(0)) && answerFloat(0, exponential(unary()));
}
export function floatPower(): boolean {
  if (!areOperands()) return false;
  if (receiver() < 0.0 && Math.floor(argument()) != argument()) return false;
  return answerFloat(1, power(receiver(), argument()));
}

