// Elementary functions in portable form: the same bits on every engine, which Math.sin and its kin do not promise. The
// methods and constants are those of fdlibm (Sun Microsystems, 1993): reduce the argument, then a polynomial.

import { STACK_PAGE_TABLE } from "../layout.ts";
import { load32, loadFloat, store32, storeFloat } from "../memory.ts";

const BITS: i32 = STACK_PAGE_TABLE + 0x9008;
const LN2_HIGH: f64 = 6.93147180369123816490e-1;
const LN2_LOW: f64 = 1.90821492927058770002e-10;
const HALF_PI_HIGH: f64 = 1.57079632673412561417;
const HALF_PI_MIDDLE: f64 = 6.07710050630396597660e-11;
const HALF_PI_LOW: f64 = 2.02226624879595063154e-21;
const PI: f64 = 3.141592653589793;
const HALF_PI: f64 = 1.5707963267948966;

/** The upper 32 bits: sign, exponent, 20 bits of the significand. */
export function highWord(value: f64): i32 {
  storeFloat(BITS, value);
  return load32(BITS + 4);
}

/** 2^exponent for a normal result. */
function powerOfTwo(exponent: i32): f64 {
  store32(BITS, 0);
  store32(BITS + 4, (exponent + 1023) << 20);
  return loadFloat(BITS);
}

/** value * 2^exponent, rounded once at most; overflow answers infinity, underflow zero. */
export function scaleByPowerOfTwo(value: f64, exponent: i32): f64 {
  let rest: i32 = exponent < -2200 ? -2200 : exponent > 2200 ? 2200 : exponent;
  let result: f64 = value;
  while (rest > 1000) {
    result = result * powerOfTwo(1000);
    rest -= 1000;
  }
  // Small steps down keep the last one exact until the result becomes subnormal.
  while (rest < -969) {
    result = result * powerOfTwo(-969);
    rest += 969;
  }
  return result * powerOfTwo(rest);
}

/** e^x: x = k ln 2 + r, then a rational function of r. */
export function exponential(x: f64): f64 {
  if (x != x) return x;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019412) return 0.0;
  const k: i32 = i32(Math.floor(x * 1.4426950408889634 + 0.5));
  const high: f64 = x - f64(k) * LN2_HIGH;
  const low: f64 = f64(k) * LN2_LOW;
  const r: f64 = high - low;
  const t: f64 = r * r;
  const c: f64 =
    r -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 +
            t * (6.61375632143793436117e-5 + t * (-1.65339022054652515390e-6 + t * 4.13813679705723846039e-8))));
  const y: f64 = 1.0 - (low - (r * c) / (2.0 - c) - high);
  return scaleByPowerOfTwo(y, k);
}

/** ln x for x > 0: x = 2^k (1 + f), sqrt(2)/2 < 1 + f < sqrt(2). */
export function logarithm(x: f64): f64 {
  if (!(x - x == 0.0)) return x;
  let value: f64 = x;
  let k: i32 = 0;
  if (value < 2.2250738585072014e-308) {
    value = value * 18014398509481984.0;
    k = -54;
  }
  let high: i32 = highWord(value);
  k += (high >> 20) - 1023;
  high = high & 0xfffff;
  const adjust: i32 = (high + 0x95f64) & 0x100000;
  storeFloat(BITS, value);
  store32(BITS + 4, high | (adjust ^ 0x3ff00000));
  k += adjust >> 20;
  const f: f64 = loadFloat(BITS) - 1.0;
  const s: f64 = f / (2.0 + f);
  const z: f64 = s * s;
  const w: f64 = z * z;
  const t1: f64 = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const t2: f64 =
    z *
    (6.666666666666735130e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const r: f64 = t1 + t2;
  const half: f64 = 0.5 * f * f;
  const dk: f64 = f64(k);
  return dk * LN2_HIGH - (half - (s * (half + r) + dk * LN2_LOW) - f);
}

function sineKernel(x: f64, y: f64): f64 {
  const z: f64 = x * x;
  const v: f64 = z * x;
  const r: f64 =
    8.33333333332248946124e-3 +
    z *
      (-1.98412698298579493134e-4 +
        z * (2.75573137070700676789e-6 + z * (-2.50507602534068634195e-8 + z * 1.58969099521155010221e-10)));
  return x - (z * (0.5 * y - v * r) - y - v * -1.66666666666666324348e-1);
}

function cosineKernel(x: f64, y: f64): f64 {
  const z: f64 = x * x;
  const r: f64 =
    z *
    (4.16666666666666019037e-2 +
      z *
        (-1.38888888888741095749e-3 +
          z *
            (2.48015872894767294178e-5 +
              z * (-2.75573143513906633035e-7 + z * (2.08757232129817482790e-9 + z * -1.13596475577881948265e-11)))));
  const half: f64 = 0.5 * z;
  const w: f64 = 1.0 - half;
  return w + (1.0 - w - half + (z * r - x * y));
}

/** The remainder of x by pi/2 and its tail; the quadrant is left in `quadrant`. Exact enough up to about 2^30. */
let quadrant: i32 = 0;
let tail: f64 = 0.0;

function reduceByHalfPi(x: f64): f64 {
  const n: f64 = Math.floor(x * 0.6366197723675814 + 0.5);
  quadrant = i32(n - Math.floor(n / 4.0) * 4.0);
  const r: f64 = x - n * HALF_PI_HIGH;
  const w: f64 = n * HALF_PI_MIDDLE;
  const r2: f64 = r - w;
  const w2: f64 = n * HALF_PI_LOW - (r - r2 - w);
  const y: f64 = r2 - w2;
  tail = r2 - y - w2;
  return y;
}

export function sine(x: f64): f64 {
  if (!(x - x == 0.0)) return NaN;
  const y: f64 = reduceByHalfPi(x);
  const value: f64 = (quadrant & 1) != 0 ? cosineKernel(y, tail) : sineKernel(y, tail);
  return (quadrant & 2) != 0 ? -value : value;
}

export function cosine(x: f64): f64 {
  if (!(x - x == 0.0)) return NaN;
  const y: f64 = reduceByHalfPi(x);
  const value: f64 = (quadrant & 1) != 0 ? sineKernel(y, tail) : cosineKernel(y, tail);
  return quadrant == 1 || quadrant == 2 ? -value : value;
}

export function tangent(x: f64): f64 {
  return sine(x) / cosine(x);
}

/** Series for |x| < 7/16. */
function arcTangentKernel(x: f64): f64 {
  const z: f64 = x * x;
  const w: f64 = z * z;
  const s1: f64 =
    z *
    (3.33333333333329318027e-1 +
      w *
        (1.42857142725034663711e-1 +
          w *
            (9.09088713343650656196e-2 +
              w * (6.66107313738753120669e-2 + w * (4.97687799461593236017e-2 + w * 1.62858201153657823623e-2)))));
  const s2: f64 =
    w *
    (-1.99999999998764832476e-1 +
      w *
        (-1.11111104054623557880e-1 +
          w * (-7.69187620504482999495e-2 + w * (-5.83357013379057348645e-2 + w * -3.65315727442169155270e-2))));
  return x * (s1 + s2);
}

export function arcTangent(x: f64): f64 {
  if (x != x) return x;
  const a: f64 = Math.abs(x);
  let high: f64 = 0.0;
  let low: f64 = 0.0;
  let r: f64 = a;
  if (a > 1.0e19) return x < 0.0 ? -HALF_PI : HALF_PI;
  if (a >= 2.4375) {
    r = -1.0 / a;
    high = HALF_PI;
    low = 6.12323399573676603587e-17;
  } else if (a >= 1.1875) {
    r = (a - 1.5) / (1.0 + 1.5 * a);
    high = 9.82793723247329054082e-1;
    low = 1.39033110312309984516e-17;
  } else if (a >= 0.6875) {
    r = (a - 1.0) / (a + 1.0);
    high = 7.85398163397448278999e-1;
    low = 3.06161699786838301793e-17;
  } else if (a >= 0.4375) {
    r = (2.0 * a - 1.0) / (2.0 + a);
    high = 4.63647609000806093515e-1;
    low = 2.26987774529616870924e-17;
  }
  const value: f64 = high - (arcTangentKernel(r) - low - r);
  return x < 0.0 ? -value : value;
}

/** The angle of the point (x, y). */
export function arcTangent2(y: f64, x: f64): f64 {
  if (x != x || y != y) return NaN;
  if (x == 0.0) return y == 0.0 ? 0.0 : y > 0.0 ? HALF_PI : -HALF_PI;
  const angle: f64 = arcTangent(y / x);
  if (x > 0.0) return angle;
  return y < 0.0 ? angle - PI : angle + PI;
}

export function arcSine(x: f64): f64 {
  return arcTangent2(x, Math.sqrt((1.0 - x) * (1.0 + x)));
}

export function arcCosine(x: f64): f64 {
  return arcTangent2(Math.sqrt((1.0 - x) * (1.0 + x)), x);
}

/** x^y: by squaring for integral y of moderate size, else by logarithm. */
export function power(x: f64, y: f64): f64 {
  if (y == 0.0) return 1.0;
  if (Math.floor(y) == y && Math.abs(y) <= 1024.0) {
    const result: f64 = integralPower(x, i32(Math.abs(y)));
    return y < 0.0 ? 1.0 / result : result;
  }
  if (x == 0.0) return y > 0.0 ? 0.0 : Infinity;
  if (y == 0.5) return Math.sqrt(x);
  const value: f64 = exponential(y * logarithm(Math.abs(x)));
  const half: f64 = y * 0.5;
  return x < 0.0 && Math.floor(half) != half ? -value : value;
}

function integralPower(x: f64, n: i32): f64 {
  let base: f64 = x;
  let rest: i32 = n;
  let result: f64 = 1.0;
  while (rest > 0) {
    if ((rest & 1) != 0) result = result * base;
    base = base * base;
    rest = rest >> 1;
  }
  return result;
}
