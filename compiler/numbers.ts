// Reads number literals: 12, 16r1F, 2r1e4, 1e10, 1.5e-3, 16r1F.8, 3.14s2, 3s2, each with an optional minus sign.

import type { Literal } from "./compiledCode.ts";

const RADIX = /^(-?)(\d+)r(-?)([0-9A-Z]+)(?:\.([0-9A-Z]+))?(?:[edq](-?\d+))?$/;
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:[edq](-?\d+))?(?:(s)(\d*))?$/;
/** An exponent beyond this makes an integer of more digits than anybody wants at compile time. */
const MAXIMUM_EXPONENT = 100_000;
const MAXIMUM_SCALE = 1_000_000;

/** Answers the literal, or a sentence that says why the text is not a number. */
export function readNumber(text: string): Literal | string {
  const radix = RADIX.exec(text);
  if (radix !== null) return readRadixNumber(radix);
  const decimal = DECIMAL.exec(text);
  if (decimal === null) return `${text} is not a number`;
  const [, sign, whole, fraction = "", exponentText, isScaled, scaleText] = decimal;
  const exponent = exponentText === undefined ? 0 : Number(exponentText);
  if (Math.abs(exponent) > MAXIMUM_EXPONENT && isScaled === undefined && fraction !== "") {
    return { kind: "float", value: Number(`${sign}${whole}.${fraction}e${exponent}`) };
  }
  if (Math.abs(exponent) > MAXIMUM_EXPONENT) return `the exponent ${exponent} is too large`;
  if (isScaled !== undefined) return scaledDecimal(sign, whole, fraction, exponent, scaleText);
  if (fraction !== "" || exponent < 0) return decimalFloat(sign, whole, fraction, exponent);
  return integer(sign, BigInt(whole) * 10n ** BigInt(exponent));
}

function integer(sign: string, magnitude: bigint): Literal {
  return { kind: "integer", value: sign === "-" ? -magnitude : magnitude };
}

/** An integer with a negative exponent stays one when it can: 100e-2 is 1. */
function decimalFloat(sign: string, whole: string, fraction: string, exponent: number): Literal {
  if (fraction === "") {
    const divisor = 10n ** BigInt(-exponent);
    if (BigInt(whole) % divisor === 0n) return integer(sign, BigInt(whole) / divisor);
  }
  return { kind: "float", value: Number(`${sign}${whole}.${fraction || "0"}e${exponent}`) };
}

function scaledDecimal(
  sign: string,
  whole: string,
  fraction: string,
  exponent: number,
  scaleText: string,
): Literal | string {
  const scale = scaleText === "" ? fraction.length : Number(scaleText);
  if (scale > MAXIMUM_SCALE) return `the scale ${scaleText} is too large`;
  let numerator = BigInt(whole + fraction);
  let denominator = 10n ** BigInt(fraction.length);
  if (exponent >= 0) numerator *= 10n ** BigInt(exponent);
  else denominator *= 10n ** BigInt(-exponent);
  const divisor = greatestCommonDivisor(numerator, denominator);
  numerator /= divisor;
  return {
    kind: "scaledDecimal",
    numerator: sign === "-" ? -numerator : numerator,
    denominator: denominator / divisor,
    scale,
  };
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? 1n : a;
}

function readRadixNumber(match: RegExpExecArray): Literal | string {
  const [, firstSign, radixText, secondSign, whole, fraction = "", exponentText] = match;
  const radix = Number(radixText);
  if (radix < 2 || radix > 36) return `the radix ${radixText} is not between 2 and 36`;
  const digits = whole + fraction;
  const wrong = [...digits].find((digit) => Number.parseInt(digit, 36) >= radix);
  if (wrong !== undefined) return `${wrong} is not a digit in base ${radix}`;
  const exponent = exponentText === undefined ? 0 : Number(exponentText);
  if (Math.abs(exponent) > MAXIMUM_EXPONENT) return `the exponent ${exponent} is too large`;
  const sign = firstSign === secondSign ? "" : "-";
  const magnitude = parseDigits(digits, radix);
  const power = exponent - fraction.length;
  if (fraction === "" && power >= 0) return integer(sign, magnitude * BigInt(radix) ** BigInt(power));
  if (power >= 0) return { kind: "float", value: signed(sign, Number(magnitude * BigInt(radix) ** BigInt(power))) };
  const divisor = BigInt(radix) ** BigInt(-power);
  if (fraction === "" && magnitude % divisor === 0n) return integer(sign, magnitude / divisor);
  return { kind: "float", value: signed(sign, nearestFloat(magnitude, divisor)) };
}

function signed(sign: string, value: number): number {
  return sign === "-" ? -value : value;
}

function parseDigits(digits: string, radix: number): bigint {
  if (radix === 10) return BigInt(digits);
  if (radix === 16) return BigInt(`0x${digits}`);
  if (radix === 8) return BigInt(`0o${digits}`);
  if (radix === 2) return BigInt(`0b${digits}`);
  let value = 0n;
  for (const digit of digits) value = value * BigInt(radix) + BigInt(Number.parseInt(digit, 36));
  return value;
}

/** The float nearest to numerator / denominator, ties to even: 64 significant bits and a sticky bit, rounded once. */
export function nearestFloat(numerator: bigint, denominator: bigint): number {
  if (numerator === 0n) return 0;
  const shift = 66 - (bitLength(numerator) - bitLength(denominator));
  const scaled = shift >= 0 ? numerator << BigInt(shift) : numerator;
  const divisor = shift >= 0 ? denominator : denominator << BigInt(-shift);
  let quotient = scaled / divisor;
  if (scaled % divisor !== 0n) quotient |= 1n;
  return scaleByPowerOfTwo(quotient, -shift);
}

function bitLength(value: bigint): number {
  return value.toString(2).length;
}

/** value * 2^exponent, rounded once also where the result is subnormal. */
function scaleByPowerOfTwo(value: bigint, exponent: number): number {
  const lowest = -1074;
  const excess = lowest - 2 - exponent;
  if (excess > 0 && bitLength(value) + exponent < -1022 + 1) {
    const kept = value >> BigInt(excess);
    const sticky = kept << BigInt(excess) === value ? kept : kept | 1n;
    return roundQuarters(sticky) * 2 ** lowest;
  }
  let result = Number(value);
  let rest = exponent;
  while (rest < -500) {
    result *= 2 ** -500;
    rest += 500;
  }
  while (rest > 500) {
    result *= 2 ** 500;
    rest -= 500;
  }
  return result * 2 ** rest;
}

/** value / 4 rounded to the nearest integer, ties to even. */
function roundQuarters(value: bigint): number {
  const whole = value >> 2n;
  const rest = value & 3n;
  const up = rest === 3n || (rest === 2n && (whole & 1n) === 1n);
  return Number(up ? whole + 1n : whole);
}
