// Elementary functions with an error below one unit in the last place, and with the same bits on every engine, which the
// functions of the engines would not promise. The algorithms and coefficients are those of fdlibm (Sun Microsystems, 1993)
// and, for log2 and log10, of FreeBSD's msun. Only +, -, *, /, square root and the bits of floats are used.

import { reduceAngle, reduced, reducedTail } from "./angleReduction.ts";
import {
  floatFromWords,
  highWord,
  isFiniteFloat,
  isNegative,
  isNotANumber,
  timesTwoPower,
  truncateToHighWord,
  withHighWord,
} from "./floatParts.ts";

const SIGN_MASK: i32 = 0x7fffffff;
const HALF_PI: f64 = 1.5707963267948966;
const HALF_PI_TAIL: f64 = 6.123233995736766e-17;
const QUARTER_PI: f64 = 0.7853981633974483;
const QUARTER_PI_TAIL: f64 = 3.061616997868383e-17;
const PI: f64 = Math.PI;
const PI_TAIL: f64 = 1.2246467991473532e-16;
const TWO_POWER_54: f64 = 18014398509481984.0;

// --- Sine, cosine, tangent ---

/** Sine of x + tail, |x| <= pi/4. */
function sineNearZero(x: f64, tail: f64): f64 {
  if (Math.abs(x) < 7.450580596923828e-9) return x;
  const z: f64 = x * x;
  const v: f64 = z * x;
  const r: f64 =
    0.00833333333332249 +
    z *
      (-0.0001984126982985795 +
        z * (0.0000027557313707070068 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)));
  if (tail == 0.0) return x + v * (-0.16666666666666632 + z * r);
  return x - (z * (0.5 * tail - v * r) - tail - v * -0.16666666666666632);
}

/** Cosine of x + tail, |x| <= pi/4. */
function cosineNearZero(x: f64, tail: f64): f64 {
  const ix: i32 = highWord(x) & SIGN_MASK;
  if (ix < 0x3e400000) return 1.0;
  const z: f64 = x * x;
  const r: f64 =
    z *
    (0.0416666666666666 +
      z *
        (-0.001388888888887411 +
          z *
            (0.00002480158728947673 +
              z * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11)))));
  if (ix < 0x3fd33333) return 1.0 - (0.5 * z - (z * r - x * tail));
  const quarter: f64 = ix > 0x3fe90000 ? 0.28125 : floatFromWords(ix - 0x00200000, 0);
  return 1.0 - quarter - (0.5 * z - quarter - (z * r - x * tail));
}

/** Tangent of angle + angleTail, |angle| <= pi/4, or its negative reciprocal. */
function tangentNearZero(angle: f64, angleTail: f64, isReciprocal: boolean): f64 {
  if (Math.abs(angle) < 3.725290298461914e-9 && !isReciprocal) return angle;
  if ((highWord(angle) & SIGN_MASK) >= 0x3fe59428) return tangentNearOne(angle, angleTail, isReciprocal);
  const r: f64 = tangentRest(angle, angleTail);
  const w: f64 = angle + r;
  if (!isReciprocal) return w;
  const z: f64 = truncateToHighWord(w);
  const a: f64 = -1.0 / w;
  const t: f64 = truncateToHighWord(a);
  return t + a * (1.0 + t * z + t * (r - (z - angle)));
}

/** The same for |angle| near pi/4, by the tangent of what is missing to pi/4. */
function tangentNearOne(angle: f64, angleTail: f64, isReciprocal: boolean): f64 {
  const isNegative: boolean = angle < 0.0;
  const x: f64 = QUARTER_PI - (isNegative ? -angle : angle) + (QUARTER_PI_TAIL - (isNegative ? -angleTail : angleTail));
  const r: f64 = tangentRest(x, 0.0);
  const w: f64 = x + r;
  const v: f64 = isReciprocal ? -1.0 : 1.0;
  const result: f64 = v - 2.0 * (x - ((w * w) / (w + v) - r));
  return isNegative ? -result : result;
}

/** tan(x + tail) - x. */
function tangentRest(x: f64, tail: f64): f64 {
  const z: f64 = x * x;
  const w: f64 = z * z;
  const odd: f64 =
    0.13333333333320124 +
    w *
      (0.021869488294859542 +
        w *
          (0.0035920791075913124 +
            w * (0.0005880412408202641 + w * (0.00007817944429395571 + w * -0.000018558637485527546))));
  const even: f64 =
    z *
    (0.05396825397622605 +
      w *
        (0.0088632398235993 +
          w *
            (0.0014562094543252903 +
              w * (0.0002464631348184699 + w * (0.00007140724913826082 + w * 0.00002590730518636337)))));
  const s: f64 = z * x;
  return tail + z * (s * (odd + even) + tail) + 0.3333333333333341 * s;
}

export function sine(x: f64): f64 {
  if (!isFiniteFloat(x)) return NaN;
  const quadrant: i32 = reduceAngle(x);
  const value: f64 = (quadrant & 1) == 0 ? sineNearZero(reduced, reducedTail) : cosineNearZero(reduced, reducedTail);
  return quadrant < 2 ? value : -value;
}

export function cosine(x: f64): f64 {
  if (!isFiniteFloat(x)) return NaN;
  const quadrant: i32 = reduceAngle(x);
  const value: f64 = (quadrant & 1) == 0 ? cosineNearZero(reduced, reducedTail) : sineNearZero(reduced, reducedTail);
  return quadrant == 0 || quadrant == 3 ? value : -value;
}

export function tangent(x: f64): f64 {
  if (!isFiniteFloat(x)) return NaN;
  const quadrant: i32 = reduceAngle(x);
  return tangentNearZero(reduced, reducedTail, (quadrant & 1) != 0);
}

// --- Arc sine, arc cosine, arc tangent ---

/** (asin(x) - x) / x as a function of t = x^2, t <= 1/4. */
function arcSineRatio(t: f64): f64 {
  const p: f64 =
    t *
    (0.16666666666666666 +
      t *
        (-0.3255658186224009 +
          t *
            (0.20121253213486293 +
              t * (-0.04005553450067941 + t * (0.0007915349942898145 + t * 0.00003479331075960212)))));
  const q: f64 =
    1.0 + t * (-2.403394911734414 + t * (2.0209457602335057 + t * (-0.6882839716054533 + t * 0.07703815055590194)));
  return p / q;
}

/** Arc sine, -1 <= x <= 1. */
export function arcSine(x: f64): f64 {
  const magnitude: f64 = Math.abs(x);
  if (magnitude == 1.0) return x * HALF_PI + x * HALF_PI_TAIL;
  if (magnitude < 0.5) return magnitude < 7.450580596923828e-9 ? x : x + x * arcSineRatio(x * x);
  const result: f64 = arcSineNearOne((1.0 - magnitude) * 0.5, (highWord(x) & SIGN_MASK) >= 0x3fef3333);
  return x > 0.0 ? result : -result;
}

/** asin(x) = pi/2 - 2 asin(sqrt(t)) with t = (1 - x) / 2. */
function arcSineNearOne(t: f64, isNearest: boolean): f64 {
  const ratio: f64 = arcSineRatio(t);
  const s: f64 = Math.sqrt(t);
  if (isNearest) return HALF_PI - (2.0 * (s + s * ratio) - HALF_PI_TAIL);
  const w: f64 = truncateToHighWord(s);
  const c: f64 = (t - w * w) / (s + w);
  const p: f64 = 2.0 * s * ratio - (HALF_PI_TAIL - 2.0 * c);
  return QUARTER_PI - (p - (QUARTER_PI - 2.0 * w));
}

/** Arc cosine, -1 <= x <= 1. */
export function arcCosine(x: f64): f64 {
  if (x == 1.0) return 0.0;
  if (x == -1.0) return PI + 2.0 * HALF_PI_TAIL;
  if (Math.abs(x) < 0.5) {
    if ((highWord(x) & SIGN_MASK) <= 0x3c600000) return HALF_PI + HALF_PI_TAIL;
    return HALF_PI - (x - (HALF_PI_TAIL - x * arcSineRatio(x * x)));
  }
  const t: f64 = (1.0 - Math.abs(x)) * 0.5;
  const s: f64 = Math.sqrt(t);
  const ratio: f64 = arcSineRatio(t);
  if (x < 0.0) return PI - 2.0 * (s + (ratio * s - HALF_PI_TAIL));
  const w: f64 = truncateToHighWord(s);
  const c: f64 = (t - w * w) / (s + w);
  return 2.0 * (w + (ratio * s + c));
}

/** (x - atan(x)) / x, for |x| < 7/16. */
function arcTangentRatio(x: f64): f64 {
  const z: f64 = x * x;
  const w: f64 = z * z;
  const odd: f64 =
    z *
    (0.3333333333333293 +
      w *
        (0.14285714272503466 +
          w *
            (0.09090887133436507 + w * (0.06661073137387531 + w * (0.049768779946159324 + w * 0.016285820115365782)))));
  const even: f64 =
    w *
    (-0.19999999999876483 +
      w * (-0.11111110405462356 + w * (-0.0769187620504483 + w * (-0.058335701337905735 + w * -0.036531572744216916))));
  return odd + even;
}

/** The arc tangent of a fixed angle's tangent (in two floats) plus that of the small rest x. */
function arcTangentBeyond(angle: f64, tail: f64, x: f64): f64 {
  return angle - (x * arcTangentRatio(x) - tail - x);
}

function arcTangentOfMagnitude(x: f64): f64 {
  if (x < 0.4375) return x < 7.450580596923828e-9 ? x : x - x * arcTangentRatio(x);
  if (x < 0.6875) {
    return arcTangentBeyond(0.4636476090008061, 2.2698777452961687e-17, (2.0 * x - 1.0) / (2.0 + x));
  }
  if (x < 1.1875) return arcTangentBeyond(QUARTER_PI, QUARTER_PI_TAIL, (x - 1.0) / (x + 1.0));
  if (x < 2.4375) {
    return arcTangentBeyond(0.982793723247329, 1.3903311031230998e-17, (x - 1.5) / (1.0 + 1.5 * x));
  }
  if (x < 73786976294838210000.0) return arcTangentBeyond(HALF_PI, HALF_PI_TAIL, -1.0 / x);
  return HALF_PI + HALF_PI_TAIL;
}

export function arcTangent(x: f64): f64 {
  if (isNotANumber(x) || x == 0.0) return x;
  return x < 0.0 ? -arcTangentOfMagnitude(-x) : arcTangentOfMagnitude(x);
}

/** The angle of the point (x, y), from -pi to pi. */
export function arcTangent2(y: f64, x: f64): f64 {
  if (isNotANumber(x) || isNotANumber(y)) return NaN;
  const angle: f64 = angleAbove(Math.abs(y), x);
  return isNegative(y) ? -angle : angle;
}

/** The angle of the point (x, y), y >= 0. */
function angleAbove(y: f64, x: f64): f64 {
  if (y == 0.0) return isNegative(x) ? PI : 0.0;
  if (x == 0.0) return HALF_PI;
  if (!isFiniteFloat(x)) return angleAtInfinity(y, x > 0.0);
  if (!isFiniteFloat(y)) return HALF_PI;
  const difference: i32 = (highWord(y) >> 20) - ((highWord(x) & SIGN_MASK) >> 20);
  let angle: f64 = 0.0;
  if (difference > 60) angle = HALF_PI + 0.5 * PI_TAIL;
  else if (x > 0.0 || difference >= -60) angle = arcTangent(Math.abs(y / x));
  return x > 0.0 ? angle : PI - (angle - PI_TAIL);
}

function angleAtInfinity(y: f64, isRight: boolean): f64 {
  if (isFiniteFloat(y)) return isRight ? 0.0 : PI;
  return isRight ? QUARTER_PI : 3.0 * QUARTER_PI;
}

// --- Exponential and logarithms ---

const LN_2_HIGH: f64 = 0.6931471803691238;
const LN_2_LOW: f64 = 1.9082149292705877e-10;
const ONE_OVER_LN_2: f64 = Math.LOG2E;

/** x - c where e^x = 1 + 2x / (c - ...): the polynomial in t = x^2 that exponential and power share. */
function exponentialPolynomial(t: f64): f64 {
  return (
    t *
    (0.16666666666666602 +
      t *
        (-0.0027777777777015593 +
          t * (0.00006613756321437934 + t * (-0.0000016533902205465252 + t * 4.1381367970572385e-8))))
  );
}

/** e^x = 2^k e^r with |r| <= ln(2)/2, where e^r is made from a rational function of r. */
export function exponential(x: f64): f64 {
  if (isNotANumber(x)) return x;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019411) return 0.0;
  if (x == 1.0) return Math.E; // the algorithm would be one unit off at the one place where everybody looks
  if (Math.abs(x) < 3.725290298461914e-9) return 1.0 + x;
  const ix: i32 = highWord(x) & SIGN_MASK;
  let k: i32 = 0;
  if (ix >= 0x3ff0a2b2) k = i32(ONE_OVER_LN_2 * x + (x > 0.0 ? 0.5 : -0.5));
  else if (ix > 0x3fd62e42) k = x > 0.0 ? 1 : -1;
  const high: f64 = x - f64(k) * LN_2_HIGH;
  const low: f64 = f64(k) * LN_2_LOW;
  const r: f64 = high - low;
  const c: f64 = r - exponentialPolynomial(r * r);
  if (k == 0) return 1.0 - ((r * c) / (c - 2.0) - r);
  return timesTwoPower(1.0 - (low - (r * c) / (2.0 - c) - high), k);
}

/** R where ln(1 + f) = f - f^2/2 + s (f^2/2 + R), s = f / (2 + f). */
function logarithmPolynomial(s: f64): f64 {
  const z: f64 = s * s;
  const w: f64 = z * z;
  const even: f64 = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const odd: f64 =
    z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  return odd + even;
}

/** The number whose logarithm is taken is 2^logExponent (1 + logFraction), with 1 + f from sqrt(1/2) to sqrt(2). */
let logExponent: i32 = 0;
let logFraction: f64 = 0.0;

function splitForLogarithm(x: f64): void {
  let value: f64 = x;
  logExponent = 0;
  if (highWord(value) < 0x00100000) {
    value *= TWO_POWER_54;
    logExponent = -54;
  }
  const high: i32 = highWord(value);
  const significand: i32 = high & 0xfffff;
  const carry: i32 = (significand + 0x95f64) & 0x100000;
  logExponent += (high >> 20) - 1023 + (carry >> 20);
  logFraction = withHighWord(value, significand | (carry ^ 0x3ff00000)) - 1.0;
}

/** NaN and infinity are their own logarithms. */
function isOwnLogarithm(x: f64): boolean {
  return isNotANumber(x) || x == Infinity;
}

/** x > 0. */
export function naturalLogarithm(x: f64): f64 {
  if (isOwnLogarithm(x)) return x;
  splitForLogarithm(x);
  const f: f64 = logFraction;
  const k: f64 = f64(logExponent);
  if (Math.abs(f) < 9.5367431640625e-7) {
    const cubic: f64 = f * f * (0.5 - 0.3333333333333333 * f);
    return k * LN_2_HIGH - (cubic - k * LN_2_LOW - f);
  }
  const s: f64 = f / (2.0 + f);
  const r: f64 = logarithmPolynomial(s);
  const significand: i32 = highWord(1.0 + f) & 0xfffff;
  if (((significand - 0x6147a) | (0x6b851 - significand)) > 0) {
    const halfSquare: f64 = 0.5 * f * f;
    return k * LN_2_HIGH - (halfSquare - (s * (halfSquare + r) + k * LN_2_LOW) - f);
  }
  return k * LN_2_HIGH - (s * (f - r) - k * LN_2_LOW - f);
}

/** ln(1 + logFraction) is logHigh + logLow, logHigh with a short significand. */
let logHigh: f64 = 0.0;
let logLow: f64 = 0.0;

function computeSplitLogarithm(): void {
  const f: f64 = logFraction;
  const halfSquare: f64 = 0.5 * f * f;
  const s: f64 = f / (2.0 + f);
  const rest: f64 = s * (halfSquare + logarithmPolynomial(s));
  logHigh = truncateToHighWord(f - halfSquare);
  logLow = f - logHigh - halfSquare + rest;
}

/** x > 0. */
export function logarithm2(x: f64): f64 {
  if (isOwnLogarithm(x)) return x;
  splitForLogarithm(x);
  computeSplitLogarithm();
  const k: f64 = f64(logExponent);
  const high: f64 = logHigh * 1.4426950407214463;
  const low: f64 = (logLow + logHigh) * 1.6751713164886512e-10 + logLow * 1.4426950407214463;
  const sum: f64 = k + high;
  return low + (k - sum + high) + sum;
}

/** x > 0. */
export function logarithm10(x: f64): f64 {
  if (isOwnLogarithm(x)) return x;
  splitForLogarithm(x);
  computeSplitLogarithm();
  const k: f64 = f64(logExponent);
  const high: f64 = logHigh * 0.4342944818781689;
  const scaled: f64 = k * 0.30102999566361177;
  const low: f64 =
    k * 3.694239077158931e-13 + (logLow + logHigh) * 2.5082946711645275e-11 + logLow * 0.4342944818781689;
  const sum: f64 = scaled + high;
  return low + (scaled - sum + high) + sum;
}

// --- Power ---

const NOT_INTEGRAL: i32 = 0;
const ODD: i32 = 1;
const EVEN: i32 = 2;

function parityOf(y: f64): i32 {
  if (Math.floor(y) != y) return NOT_INTEGRAL;
  const half: f64 = y * 0.5;
  return Math.floor(half) == half ? EVEN : ODD;
}

/** x^y as IEEE 754 defines it: 1 when x is 1 or y is 0, even for NaN. */
export function power(x: f64, y: f64): f64 {
  if (y == 0.0 || x == 1.0) return 1.0;
  if (isNotANumber(x) || isNotANumber(y)) return NaN;
  const magnitude: f64 = Math.abs(x);
  if (!isFiniteFloat(y)) return magnitude == 1.0 ? 1.0 : zeroOrInfinity(magnitude > 1.0, y);
  if (y == 1.0) return x;
  if (y == 2.0) return x * x;
  if (y == -1.0) return 1.0 / x;
  if (y == 0.5 && x >= 0.0) return Math.sqrt(x) + 0.0;
  const parity: i32 = isNegative(x) ? parityOf(y) : EVEN;
  if (parity == NOT_INTEGRAL && x < 0.0 && isFiniteFloat(x)) return NaN;
  const result: f64 = powerOfMagnitude(magnitude, y);
  return parity == ODD ? -result : result;
}

/** A number above or below 1 to a power so large that only its sign matters. */
function zeroOrInfinity(isAboveOne: boolean, y: f64): f64 {
  return isAboveOne == y > 0.0 ? Infinity : 0.0;
}

/** log2(x) is log2High + log2Low, log2High with a short significand. */
let log2High: f64 = 0.0;
let log2Low: f64 = 0.0;

function powerOfMagnitude(x: f64, y: f64): f64 {
  if (x == 1.0) return 1.0;
  if (x == 0.0 || x == Infinity) return zeroOrInfinity(x > 1.0, y);
  if (Math.abs(y) > 2147483648.0) {
    const ix: i32 = highWord(x);
    if (ix < 0x3fefffff || ix > 0x3ff00000 || Math.abs(y) > 18446744073709552000.0) return zeroOrInfinity(x > 1.0, y);
    computeLog2NearOne(x);
  } else {
    computeLog2(x);
  }
  const yHigh: f64 = truncateToHighWord(y);
  const low: f64 = (y - yHigh) * log2High + y * log2Low;
  return exponentialOf2(yHigh * log2High, low);
}

/** |x - 1| <= 2^-20: the series of the logarithm to the fourth power. */
function computeLog2NearOne(x: f64): void {
  const t: f64 = x - 1.0;
  const w: f64 = t * t * (0.5 - t * (0.3333333333333333 - t * 0.25));
  const u: f64 = 1.4426950216293335 * t;
  const v: f64 = t * 1.9259629911266175e-8 - w * ONE_OVER_LN_2;
  log2High = truncateToHighWord(u + v);
  log2Low = v - (log2High - u);
}

/**
 * x = 2^n value, value near a base of 1 or 3/2: log2(value / base) is an odd polynomial of
 * s = (value - base) / (value + base), kept in two parts all along.
 */
function computeLog2(x: f64): void {
  const isSubnormal: boolean = highWord(x) < 0x00100000;
  const normal: f64 = isSubnormal ? x * 9007199254740992.0 : x;
  const significand: i32 = highWord(normal) & 0xfffff;
  const isNearTwo: boolean = significand >= 0xbb67a;
  const isNearThreeHalves: boolean = significand > 0x3988e && !isNearTwo;
  const ix: i32 = (significand | 0x3ff00000) - (isNearTwo ? 0x00100000 : 0);
  const value: f64 = withHighWord(normal, ix);
  const n: f64 = f64((highWord(normal) >> 20) - 1023 - (isSubnormal ? 53 : 0) + (isNearTwo ? 1 : 0));
  const base: f64 = isNearThreeHalves ? 1.5 : 1.0;
  const baseLog2High: f64 = isNearThreeHalves ? 0.5849624872207642 : 0.0;
  const baseLog2Low: f64 = isNearThreeHalves ? 1.350039202129749e-8 : 0.0;

  const u: f64 = value - base;
  const v: f64 = 1.0 / (value + base);
  const s: f64 = u * v;
  const sHigh: f64 = truncateToHighWord(s);
  const sumHigh: f64 = floatFromWords(((ix >> 1) | 0x20000000) + 0x00080000 + (isNearThreeHalves ? 0x40000 : 0), 0);
  const sumLow: f64 = value - (sumHigh - base);
  const sLow: f64 = v * (u - sHigh * sumHigh - sHigh * sumLow);

  // 3 ln(value / base) / (2 s) = 3 + s^2 + r = tHigh + tLow.
  const r: f64 = logarithmSeries(s * s) + sLow * (sHigh + s);
  const highSquare: f64 = sHigh * sHigh;
  const tHigh: f64 = truncateToHighWord(3.0 + highSquare + r);
  const tLow: f64 = r - (tHigh - 3.0 - highSquare);

  // Times s, times 2 / (3 ln 2), plus log2(base) and n.
  const a: f64 = sHigh * tHigh;
  const b: f64 = sLow * tHigh + tLow * s;
  const pHigh: f64 = truncateToHighWord(a + b);
  const pLow: f64 = b - (pHigh - a);
  const zHigh: f64 = 0.9617967009544373 * pHigh;
  const zLow: f64 = -7.028461650952758e-9 * pHigh + pLow * 0.9617966939259756 + baseLog2Low;
  log2High = truncateToHighWord(zHigh + zLow + baseLog2High + n);
  log2Low = zLow - (log2High - n - baseLog2High - zHigh);
}

function logarithmSeries(square: f64): f64 {
  return (
    square *
    square *
    (0.5999999999999946 +
      square *
        (0.4285714285785502 +
          square *
            (0.33333332981837743 +
              square * (0.272728123808534 + square * (0.23066074577556175 + square * 0.20697501780033842)))))
  );
}

/** 2^(high + low). */
function exponentialOf2(high: f64, low: f64): f64 {
  const z: f64 = low + high;
  if (z >= 1024.0 && (z > 1024.0 || low + 8.008566259537294e-17 > z - high)) return Infinity;
  if (z <= -1075.0 && (z < -1075.0 || low <= z - high)) return 0.0;
  let whole: f64 = 0.0;
  if (Math.abs(z) > 0.5) whole = z < 0.0 ? Math.ceil(z - 0.5) : Math.floor(z + 0.5);
  const rest: f64 = high - whole;
  const t: f64 = truncateToHighWord(low + rest);
  const u: f64 = t * 0.6931471824645996;
  const v: f64 = (low - (t - rest)) * Math.LN2 + t * -1.904654299957768e-9;
  const x: f64 = u + v;
  const w: f64 = v - (x - u);
  const c: f64 = x - exponentialPolynomial(x * x);
  const r: f64 = (x * c) / (c - 2.0) - (w + x * w);
  return timesTwoPower(1.0 - (r - x), i32(whole));
}
