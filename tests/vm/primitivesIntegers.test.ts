// Integers of any size against BigInt, on seeded random inputs; the seed stands in the name of each test that uses one.

import { describe, expect, test, vi } from "vitest";
import * as P from "../../vm/primitiveNumbers.ts";
import { createPrimitiveMachine, FAILED, Float, Random, seed } from "./primitivesMachine.ts";

vi.setConfig({ testTimeout: 60_000 }); // the first test compiles the engines

const abs = (a: bigint) => (a < 0n ? -a : a);
const floorDivide = (a: bigint, b: bigint) => a / b - (a % b !== 0n && a < 0n !== b < 0n ? 1n : 0n);
const modulo = (a: bigint, b: bigint) => a - b * floorDivide(a, b);

const binary: [name: string, primitive: number, reference: (a: bigint, b: bigint) => unknown][] = [
  ["+", P.INTEGER_ADD, (a, b) => a + b],
  ["-", P.INTEGER_SUBTRACT, (a, b) => a - b],
  ["*", P.INTEGER_MULTIPLY, (a, b) => a * b],
  ["//", P.INTEGER_FLOOR_DIVIDE, (a, b) => (b === 0n ? FAILED : floorDivide(a, b))],
  ["\\\\", P.INTEGER_MODULO, (a, b) => (b === 0n ? FAILED : modulo(a, b))],
  ["quo:", P.INTEGER_QUOTIENT, (a, b) => (b === 0n ? FAILED : a / b)],
  ["rem:", P.INTEGER_REMAINDER, (a, b) => (b === 0n ? FAILED : a % b)],
  ["/", P.INTEGER_DIVIDE, (a, b) => (b === 0n || a % b !== 0n ? FAILED : a / b)],
  ["divRem", P.INTEGER_DIV_REM, (a, b) => (b === 0n ? FAILED : [a / b, a % b])],
  ["bitAnd:", P.INTEGER_BIT_AND, (a, b) => a & b],
  ["bitOr:", P.INTEGER_BIT_OR, (a, b) => a | b],
  ["bitXor:", P.INTEGER_BIT_XOR, (a, b) => a ^ b],
  ["<", P.INTEGER_LESS, (a, b) => a < b],
  [">", P.INTEGER_GREATER, (a, b) => a > b],
  ["<=", P.INTEGER_LESS_OR_EQUAL, (a, b) => a <= b],
  [">=", P.INTEGER_GREATER_OR_EQUAL, (a, b) => a >= b],
  ["=", P.INTEGER_EQUAL, (a, b) => a === b],
  ["~=", P.INTEGER_NOT_EQUAL, (a, b) => a !== b],
];

const corners = [
  0n,
  1n,
  -1n,
  2n,
  3n,
  10n,
  0xffffn,
  0x10000n,
  2n ** 30n - 1n,
  2n ** 30n,
  2n ** 30n + 1n,
  2n ** 31n,
  2n ** 32n,
]
  .concat([2n ** 32n - 1n, 2n ** 64n - 1n, 2n ** 64n, 2n ** 64n - 2n ** 32n, 2n ** 96n - 1n, 10n ** 40n])
  .flatMap((a) => [a, -a]);

describe.each(["wasm", "ts"] as const)("integers on engine %s", (engine) => {
  test.each(binary)(`%s agrees with BigInt (seed ${seed})`, async (_name, primitive, reference) => {
    const machine = await createPrimitiveMachine(engine);
    const random = new Random(seed);
    const check = (a: bigint, b: bigint) => {
      const answer = machine.call(primitive, a, b);
      const expected = reference(a, b);
      if (String(answer) !== String(expected))
        expect.fail(`${a} and ${b}: got ${String(answer)}, not ${String(expected)}`);
    };
    for (const a of corners) for (const b of corners) check(a, b);
    machine.forget();
    for (let round = 0; round < 1500; round++) {
      const bits = round < 1000 ? 200 : 3000;
      const b = random.integer(random.below(bits));
      check(random.integer(bits), b);
      check(b * random.integer(100), b);
      if (round % 100 === 0) machine.forget();
    }
  });

  test(`products of thousands of digits are right (seed ${seed})`, async () => {
    const machine = await createPrimitiveMachine(engine);
    const random = new Random(seed);
    for (const [aBits, bBits] of [
      [20000, 20000],
      [1600, 1600],
      [50000, 3000],
      [3000, 50000],
      [100000, 99000],
    ] as const) {
      const a = (1n << BigInt(aBits)) + random.integer(aBits);
      const b = (1n << BigInt(bBits)) + random.integer(bBits);
      expect(machine.call(P.INTEGER_MULTIPLY, a, b) === a * b, `${aBits} by ${bBits} bits`).toBe(true);
      expect(machine.call(P.INTEGER_QUOTIENT, a * b + 1n, b) === a).toBe(true);
      machine.forget();
    }
  });

  test(`bitShift: and the bit length agree with BigInt (seed ${seed})`, async () => {
    const machine = await createPrimitiveMachine(engine);
    const random = new Random(seed);
    for (let round = 0; round < 2000; round++) {
      const a = random.integer(300);
      const shift = random.below(400);
      expect(machine.call(P.INTEGER_BIT_SHIFT, a, shift)).toBe(a << BigInt(shift));
      expect(machine.call(P.INTEGER_BIT_SHIFT, a, -shift)).toBe(a >> BigInt(shift));
      expect(machine.call(P.INTEGER_BIT_LENGTH, a)).toBe(a === 0n ? 0n : BigInt(abs(a).toString(2).length));
      if (round % 500 === 0) machine.forget();
    }
  });

  test(`numerals in every radix agree with BigInt (seed ${seed})`, async () => {
    const machine = await createPrimitiveMachine(engine);
    const random = new Random(seed);
    for (let radix = 2; radix <= 36; radix++) {
      const powers = [1n, 5n, 6n, 30n].map((power) => BigInt(radix) ** power);
      const values = [0n, ...powers, ...powers.map((power) => power - 1n)];
      for (let round = 0; round < 20; round++) values.push(random.integer(500));
      for (const value of values) {
        expect(machine.call(P.INTEGER_PRINT_RADIX, value, radix)).toBe(value.toString(radix).toUpperCase());
      }
      machine.forget();
    }
    expect(machine.call(P.INTEGER_PRINT_RADIX, 10n, 1)).toBe(FAILED);
    expect(machine.call(P.INTEGER_PRINT_RADIX, 10n, 37)).toBe(FAILED);
  });

  test("a numeral of thirty thousand digits takes less than a second", async () => {
    const machine = await createPrimitiveMachine(engine);
    const value = 7n ** 35500n;
    const start = performance.now();
    expect(machine.call(P.INTEGER_PRINT_RADIX, value, 10)).toBe(value.toString());
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test(`asFloat rounds to the nearest even float (seed ${seed})`, async () => {
    const machine = await createPrimitiveMachine(engine);
    const random = new Random(seed);
    const halves = [
      2n ** 53n + 1n,
      2n ** 54n + 2n,
      2n ** 54n + 6n,
      2n ** 100n + 2n ** 47n,
      2n ** 100n + 2n ** 47n + 1n,
    ];
    const values = [
      ...corners,
      ...halves,
      2n ** 1023n,
      2n ** 1024n - 1n,
      2n ** 1024n - 2n ** 970n,
      2n ** 1024n - 2n ** 970n - 1n,
    ];
    values.push(2n ** 1024n, -(2n ** 2000n));
    for (let round = 0; round < 1000; round++) values.push(random.integer(1100));
    for (const value of values) expect(machine.call(P.INTEGER_AS_FLOAT, value)).toEqual(new Float(Number(value)));
  });

  test("operands that are no integers make every primitive fail", async () => {
    const machine = await createPrimitiveMachine(engine);
    for (const [name, primitive] of binary) {
      expect(machine.call(primitive, 2n ** 40n, "x"), name).toBe(FAILED);
      expect(machine.call(primitive, null, 1), name).toBe(FAILED);
      expect(machine.call(primitive, new Float(1), 1), name).toBe(FAILED);
    }
    expect(machine.call(P.INTEGER_BIT_SHIFT, 1, 2n ** 40n)).toBe(FAILED);
    expect(machine.call(P.INTEGER_BIT_SHIFT, 1, 2 ** 30 - 1)).toBe(FAILED);
  });
});

const small: typeof binary = [
  ["+", P.SMALL_INTEGER_ADD, (a, b) => a + b],
  ["-", P.SMALL_INTEGER_SUBTRACT, (a, b) => a - b],
  ["*", P.SMALL_INTEGER_MULTIPLY, (a, b) => a * b],
  ["//", P.SMALL_INTEGER_FLOOR_DIVIDE, (a, b) => (b === 0n ? FAILED : floorDivide(a, b))],
  ["\\\\", P.SMALL_INTEGER_MODULO, (a, b) => (b === 0n ? FAILED : modulo(a, b))],
  ["quo:", P.SMALL_INTEGER_QUOTIENT, (a, b) => (b === 0n ? FAILED : a / b)],
  ["rem:", P.SMALL_INTEGER_REMAINDER, (a, b) => (b === 0n ? FAILED : a % b)],
  ["/", P.SMALL_INTEGER_DIVIDE, (a, b) => (b === 0n || a % b !== 0n ? FAILED : a / b)],
  ["bitAnd:", P.SMALL_INTEGER_BIT_AND, (a, b) => a & b],
  ["bitOr:", P.SMALL_INTEGER_BIT_OR, (a, b) => a | b],
  ["bitXor:", P.SMALL_INTEGER_BIT_XOR, (a, b) => a ^ b],
  ["bitShift:", P.SMALL_INTEGER_BIT_SHIFT, (a, b) => (b < 0n ? a >> -b : b > 64n ? (a === 0n ? 0n : FAILED) : a << b)],
  ["<", P.SMALL_INTEGER_LESS, (a, b) => a < b],
  [">=", P.SMALL_INTEGER_GREATER_OR_EQUAL, (a, b) => a >= b],
  ["=", P.SMALL_INTEGER_EQUAL, (a, b) => a === b],
];

describe.each(["wasm", "ts"] as const)("SmallIntegers on engine %s", (engine) => {
  test.each(small)(`%s answers or, beyond 31 bits, fails (seed ${seed})`, async (_name, primitive, reference) => {
    const machine = await createPrimitiveMachine(engine);
    const random = new Random(seed);
    const limit = 2n ** 30n;
    const values = [
      0n,
      1n,
      -1n,
      2n,
      3n,
      7n,
      -7n,
      29n,
      30n,
      31n,
      -30n,
      -31n,
      -32n,
      65n,
      limit - 1n,
      -limit,
      -limit + 1n,
    ];
    for (let round = 0; round < 40; round++) values.push(random.integer(30));
    const inRange = values.filter((value) => value < limit && value >= -limit);
    for (const a of inRange) {
      for (const b of inRange) {
        const expected = reference(a, b);
        const fits = typeof expected !== "bigint" || (expected < limit && expected >= -limit);
        expect(machine.call(primitive, a, b), `${a} and ${b}`).toBe(fits ? expected : FAILED);
      }
    }
    expect(machine.call(primitive, 1, 2n ** 40n)).toBe(FAILED);
    expect(machine.call(primitive, 1, null)).toBe(FAILED);
  });
});
