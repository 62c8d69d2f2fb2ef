// SmallIntegers. The interpreter does most of this itself; these are for perform:, super sends and the like. They fail
// when an operand is not a SmallInteger or the result does not fit; the image then goes on with the primitives of
// largeInteger.ts.

import { allocateOops, storeSlot } from "../allocation.ts";
import { FORMAT_FIXED, POINT_CLASS_INDEX } from "../layout.ts";
import { countLeadingZeros, multiply32 } from "../memory.ts";
import { booleanOop, fitsSmallInteger, isSmallInteger, tagInteger, untagInteger } from "../object.ts";
import { answer, stackValue } from "../state.ts";

/** Whether receiver and argument of a binary message are SmallIntegers. */
function areSmallIntegers(): boolean {
  return (stackValue(0) & stackValue(1) & 1) != 0;
}
function receiver(): i32 {
  return untagInteger(stackValue(1));
}
function argument(): i32 {
  return untagInteger(stackValue(0));
}
function answerIfSmall(value: i32): boolean {
  return fitsSmallInteger(value) && answer(1, tagInteger(value));
}

// --- Arithmetic ---

export function smallIntegerAdd(): boolean {
  return areSmallIntegers() && answerIfSmall((receiver() + argument()) | 0);
}
export function smallIntegerSubtract(): boolean {
  return areSmallIntegers() && answerIfSmall((receiver() - argument()) | 0);
}

/** The product is checked in floating point, which is exact enough: it is off by less than 2^9 near 2^62. */
export function smallIntegerMultiply(): boolean {
  if (!areSmallIntegers()) return false;
  const product: f64 = f64(receiver()) * f64(argument());
  if (product < -1073741824.0 || product > 1073741823.0) return false;
  return answer(1, tagInteger(multiply32(receiver(), argument())));
}

function canDivide(): boolean {
  return areSmallIntegers() && argument() != 0;
}
function quotient(): i32 {
  return (receiver() / argument()) | 0;
}
function remainder(): i32 {
  return (receiver() % argument()) | 0;
}
/** Whether the truncated quotient is one too large to be the one rounded down. */
function isQuotientRoundedUp(): boolean {
  return remainder() != 0 && (receiver() ^ argument()) < 0;
}

export function smallIntegerDivide(): boolean {
  return canDivide() && remainder() == 0 && answerIfSmall(quotient());
}
export function smallIntegerQuotient(): boolean {
  return canDivide() && answerIfSmall(quotient());
}
export function smallIntegerRemainder(): boolean {
  return canDivide() && answerIfSmall(remainder());
}
export function smallIntegerFloorDivide(): boolean {
  return canDivide() && answerIfSmall(isQuotientRoundedUp() ? quotient() - 1 : quotient());
}
export function smallIntegerModulo(): boolean {
  return canDivide() && answerIfSmall(isQuotientRoundedUp() ? remainder() + argument() : remainder());
}

// --- Comparison ---

export function smallIntegerLess(): boolean {
  return areSmallIntegers() && answer(1, booleanOop(receiver() < argument()));
}
export function smallIntegerGreater(): boolean {
  return areSmallIntegers() && answer(1, booleanOop(receiver() > argument()));
}
export function smallIntegerLessOrEqual(): boolean {
  return areSmallIntegers() && answer(1, booleanOop(receiver() <= argument()));
}
export function smallIntegerGreaterOrEqual(): boolean {
  return areSmallIntegers() && answer(1, booleanOop(receiver() >= argument()));
}
export function smallIntegerEqual(): boolean {
  return areSmallIntegers() && answer(1, booleanOop(receiver() == argument()));
}
export function smallIntegerNotEqual(): boolean {
  return areSmallIntegers() && answer(1, booleanOop(receiver() != argument()));
}

// --- Bits ---

export function smallIntegerBitAnd(): boolean {
  return areSmallIntegers() && answer(1, tagInteger(receiver() & argument()));
}
export function smallIntegerBitOr(): boolean {
  return areSmallIntegers() && answer(1, tagInteger(receiver() | argument()));
}
export function smallIntegerBitXor(): boolean {
  return areSmallIntegers() && answer(1, tagInteger(receiver() ^ argument()));
}

export function smallIntegerBitShift(): boolean {
  if (!areSmallIntegers()) return false;
  const value: i32 = receiver();
  const shift: i32 = argument();
  if (shift < 0) return answer(1, tagInteger(value >> (shift < -31 ? 31 : -shift)));
  const bits: i32 = 32 - countLeadingZeros(value < 0 ? ~value : value);
  if (value != 0 && bits + shift > 30) return false;
  return answer(1, tagInteger(shift > 30 ? 0 : value << shift));
}

/** r hashMultiply: the low 28 bits of r * 1664525. */
export function hashMultiply(): boolean {
  const oop: i32 = stackValue(0);
  return isSmallInteger(oop) && answer(0, tagInteger(multiply32(untagInteger(oop), 1664525) & 0xfffffff));
}

/** r @ a. */
export function makePoint(): boolean {
  const point: i32 = allocateOops(POINT_CLASS_INDEX, FORMAT_FIXED, 2);
  if (point == 0) return false;
  storeSlot(point, 0, stackValue(1));
  storeSlot(point, 1, stackValue(0));
  return answer(1, point);
}
