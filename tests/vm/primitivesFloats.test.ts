// Floats: arithmetic and digits against JavaScript, elementary functions within one unit in the last place of Math, and
// the same bits on both engines.

import { describe, expect, test, vi } from "vitest";
import * as P from "../../vm/primitiveNumbers.ts";
import {
  createPrimitiveMachine,
  FAILED,
  Float,
  Oop,
  type PrimitiveMachine,
  Random,
  seed,
} from "./primitivesMachine.ts";

vi.setConfig({ testTimeout: 60_000 }); // the first test compiles the engines

const special = [0, -0, 1, -1, 0.5, 2, 1.5, 10, 1e-300, 1e300, 5e-324, -5e-324, 2.2250738585072014e-308]
  .concat([
    1.7976931348623157e308, 4503599627370495.5, 9007199254740992, 1073741823, 1073741824, -1073741824, -1073741825,
  ])
  .concat([Infinity, -Infinity, NaN, Math.PI, Math.PI / 2, Math.PI / 4, 22, 1e22, 6381956970095103 * 2 ** 797]);

function floats(count: number): number[] {
  const random = new Random(seed);
  const values = [...special];
  for (let index = 0; index < count; index++) {
    values.push(random.float(), (random.next() - 0.5) * 10, (random.next() - 0.5) * 2000);
  }
  return values;
}

const bits = new DataView(new ArrayBuffer(8));
function bitsOf(value: number): bigint {
  bits.setFloat64(0, value);
  return bits.getBigInt64(0);
}
/** How many floats lie between two floats. */
function distance(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0;
  const order = (value: number) => (bitsOf(value) < 0n ? -(bitsOf(value) & 0x7fffffffffffffffn) : bitsOf(value));
  const difference = Number(order(a) - order(b));
  return Number.isNaN(a) !== Number.isNaN(b) ? Infinity : Math.abs(difference);
}

function unary(machine: PrimitiveMachine, primitive: number, value: number): number | typeof FAILED {
  const answer = machine.call(primitive, new Float(value));
  return answer instanceof Float ? answer.value : FAILED;
}

const functions: [
  name: string,
  primitive: number,
  reference: (x: number) => number,
  isDefined: (x: number) => boolean,
][] = [
  ["sin", P.FLOAT_SINE, Math.sin, () => true],
  ["cos", P.FLOAT_COSINE, Math.cos, () => true],
  ["tan", P.FLOAT_TANGENT, Math.tan, () => true],
  ["arcSin", P.FLOAT_ARC_SINE, Math.asin, (x) => Math.abs(x) <= 1],
  ["arcCos", P.FLOAT_ARC_COSINE, Math.acos, (x) => Math.abs(x) <= 1],
  ["arcTan", P.FLOAT_ARC_TANGENT, Math.atan, () => true],
  ["exp", P.FLOAT_EXP, Math.exp, () => true],
  ["ln", P.FLOAT_LN, Math.log, (x) => !(x <= 0)],
  ["log10", P.FLOAT_LOG_10, Math.log10, (x) => !(x <= 0)],
  ["log2", P.FLOAT_LOG_2, Math.log2, (x) => !(x <= 0)],
  ["sqrt", P.FLOAT_SQUARE_ROOT, Math.sqrt, (x) => !(x < 0)],
];

describe.each(functions)("%s", (_name, primitive, reference, isDefined) => {
  test(`is within one unit in the last place, with the same bits on both engines (seed ${seed})`, async () => {
    const wasm = await createPrimitiveMachine("wasm");
    const ts = await createPrimitiveMachine("ts");
    for (const base of floats(3000)) {
      for (const value of [base, base / 2 ** Math.round(Math.log2(Math.abs(base) + 1))]) {
        const answer = unary(wasm, primitive, value);
        if (!isDefined(value)) {
          expect(answer, `of ${value}`).toBe(FAILED);
          continue;
        }
        const expected = reference(value);
        // V8's log10 is itself two units off in places.
        if (answer === FAILED || distance(answer, expected) > (reference === Math.log10 ? 2 : 1)) {
          expect.fail(`of ${value}: got ${String(answer)}, not ${expected}`);
        }
        const other = unary(ts, primitive, value);
        if (other === FAILED || bitsOf(other) !== bitsOf(answer)) {
          expect.fail(`of ${value}: ${answer} on wasm, ${String(other)} on ts`);
        }
      }
    }
  });
});

test("log10 of the powers of ten and log2 of those of two are exact", async () => {
  const machine = await createPrimitiveMachine("wasm");
  for (let power = 0; power <= 22; power++) expect(unary(machine, P.FLOAT_LOG_10, 10 ** power)).toBe(power);
  for (let power = -1074; power < 1024; power++) expect(unary(machine, P.FLOAT_LOG_2, 2 ** power)).toBe(power);
});

const binaryFunctions: [string, number, (a: number, b: number) => number][] = [
  ["raisedTo:", P.FLOAT_POWER, (a, b) => (Math.abs(a) === 1 && Math.abs(b) === Infinity ? 1 : a === 1 ? 1 : a ** b)],
  ["arcTan:", P.FLOAT_ARC_TANGENT_2, Math.atan2],
];
describe.each(binaryFunctions)("%s", (_name, primitive, reference) => {
  test(`is within one unit in the last place, with the same bits on both engines (seed ${seed})`, async () => {
    const wasm = await createPrimitiveMachine("wasm");
    const ts = await createPrimitiveMachine("ts");
    const random = new Random(seed);
    const pairs = special.flatMap((a) => [...special, 3, -3, 0.3, 1e9, 2 ** 31 + 2].map((b) => [a, b] as const));
    for (let round = 0; round < 4000; round++) {
      pairs.push([random.float(), random.float()], [random.next() * 100, (random.next() - 0.5) * 300]);
      pairs.push([random.float(), (random.next() - 0.5) * 4], [1 + (random.next() - 0.5) / 1e7, random.next() * 1e10]);
      pairs.push([(random.next() - 0.5) * 20, random.below(50) - 25]);
    }
    for (const [a, b] of pairs) {
      const answer = wasm.call(primitive, new Float(a), new Float(b));
      if (primitive === P.FLOAT_POWER && a < 0 && Number.isFinite(b) && !Number.isInteger(b)) {
        expect(answer).toBe(FAILED);
        continue;
      }
      const value = (answer as Float).value;
      if (!(distance(value, reference(a, b)) <= 1)) expect.fail(`${a}, ${b}: got ${value}, not ${reference(a, b)}`);
      const other = (ts.call(primitive, new Float(a), new Float(b)) as Float).value;
      if (bitsOf(other) !== bitsOf(value)) expect.fail(`${a}, ${b}: ${value} on wasm, ${other} on ts`);
    }
  });
});

describe.each(["wasm", "ts"] as const)("floats on engine %s", (engine) => {
  test("arithmetic and comparison agree with JavaScript, SmallIntegers as arguments too", async () => {
    const machine = await createPrimitiveMachine(engine);
    for (const a of special) {
      for (const b of [...special, 3, 7]) {
        for (const operand of Number.isInteger(b) && Math.abs(b) < 2 ** 30 && !Object.is(b, -0)
          ? [new Float(b), b]
          : [new Float(b)]) {
          const call = (primitive: number) => machine.call(primitive, new Float(a), operand);
          expect(call(P.FLOAT_ADD)).toEqual(new Float(a + b));
          expect(call(P.FLOAT_SUBTRACT)).toEqual(new Float(a - b));
          expect(call(P.FLOAT_MULTIPLY)).toEqual(new Float(a * b));
          expect(call(P.FLOAT_DIVIDE)).toEqual(b === 0 ? FAILED : new Float(a / b));
          expect(call(P.FLOAT_LESS)).toBe(a < b);
          expect(call(P.FLOAT_GREATER)).toBe(a > b);
          expect(call(P.FLOAT_LESS_OR_EQUAL)).toBe(a <= b);
          expect(call(P.FLOAT_GREATER_OR_EQUAL)).toBe(a >= b);
          expect(call(P.FLOAT_EQUAL)).toBe(a === b);
          expect(call(P.FLOAT_NOT_EQUAL)).toBe(a !== b);
        }
      }
    }
    expect(machine.call(P.FLOAT_ADD, new Float(1), 2n ** 40n)).toBe(FAILED);
    expect(machine.call(P.FLOAT_ADD, new Float(1), null)).toBe(FAILED);
  });

  test("every NaN that arithmetic makes has the same bits", async () => {
    const machine = await createPrimitiveMachine(engine);
    for (const [a, primitive, b] of [
      [Infinity, P.FLOAT_SUBTRACT, Infinity],
      [0, P.FLOAT_MULTIPLY, -Infinity],
    ] as const) {
      const oop = machine.callForOop(primitive, new Float(a), new Float(b));
      expect([machine.word(oop + 8), machine.word(oop + 12)]).toEqual([0, 0x7ff80000]);
    }
  });

  test(`truncated answers integers of any size (seed ${seed})`, async () => {
    const machine = await createPrimitiveMachine(engine);
    for (const value of floats(500)) {
      const expected = Number.isFinite(value) ? BigInt(Math.trunc(value)) : FAILED;
      expect(machine.call(P.FLOAT_TRUNCATED, new Float(value)), `of ${value}`).toBe(expected);
      const fraction = Number.isFinite(value) ? new Float(value - Math.trunc(value)) : FAILED;
      expect(machine.call(P.FLOAT_FRACTION_PART, new Float(value)), `of ${value}`).toEqual(fraction);
    }
  });

  test(`exponent and timesTwoPower take a float apart and put it together (seed ${seed})`, async () => {
    const machine = await createPrimitiveMachine(engine);
    for (const value of floats(500)) {
      const exponent = machine.call(P.FLOAT_EXPONENT, new Float(value));
      if (value === 0 || !Number.isFinite(value)) {
        expect(exponent).toBe(FAILED);
        continue;
      }
      const significand = (machine.call(P.FLOAT_TIMES_TWO_POWER, new Float(value), -(exponent as bigint)) as Float)
        .value;
      expect(Math.abs(significand)).toBeGreaterThanOrEqual(1);
      expect(Math.abs(significand)).toBeLessThan(2);
      expect(machine.call(P.FLOAT_TIMES_TWO_POWER, new Float(significand), exponent as bigint)).toEqual(
        new Float(value),
      );
    }
    expect(machine.call(P.FLOAT_TIMES_TWO_POWER, new Float(1), 2 ** 29)).toEqual(new Float(Infinity));
    expect(machine.call(P.FLOAT_TIMES_TWO_POWER, new Float(1), -(2 ** 29))).toEqual(new Float(0));
  });

  test(`words of a float can be read, and a float made of words (seed ${seed})`, async () => {
    const machine = await createPrimitiveMachine(engine);
    for (const value of floats(100)) {
      if (Number.isNaN(value)) continue;
      const high = machine.call(P.FLOAT_AT, new Float(value), 1) as bigint;
      const low = machine.call(P.FLOAT_AT, new Float(value), 2) as bigint;
      expect((high << 32n) | low).toBe(BigInt.asUintN(64, bitsOf(value)));
      expect(machine.call(P.FLOAT_FROM_BITS, null, high, low)).toEqual(new Float(value));
      const copy = new Oop(machine.toOop(new Float(0)));
      machine.call(P.FLOAT_AT_PUT, copy, 1, high);
      machine.call(P.FLOAT_AT_PUT, copy, 2, low);
      expect(machine.fromOop(copy.address)).toEqual(new Float(value));
    }
    expect(machine.call(P.FLOAT_AT, new Float(1), 3)).toBe(FAILED);
  });

  test(`the shortest digits are those that JavaScript prints (seed ${seed})`, async () => {
    const machine = await createPrimitiveMachine(engine);
    const powers = Array.from({ length: 2098 }, (_, index) => 2 ** (index - 1074));
    const decimals = Array.from({ length: 632 }, (_, index) => Number(`1e${index - 323}`));
    for (const value of [...floats(2000).map(Math.abs), ...powers, ...decimals]) {
      const answer = machine.call(P.FLOAT_SHORTEST_DIGITS, new Float(value));
      if (value === 0 || !Number.isFinite(value)) {
        expect(answer).toBe(FAILED);
        continue;
      }
      const [mantissa = "", exponent] = value.toExponential().split("e");
      expect(answer, `of ${value}`).toEqual([mantissa.replace(".", ""), BigInt(exponent as string)]);
    }
  });
});
