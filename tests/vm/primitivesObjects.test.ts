// Objects, indexed access, bytes, the system and host streams.

import { crc32 } from "node:zlib";
import { describe, expect, test, vi } from "vitest";
import * as L from "../../vm/layout.ts";
import * as P from "../../vm/primitiveNumbers.ts";
import {
  ClassAt,
  createPrimitiveMachine,
  FAILED,
  Float,
  Oop,
  type PrimitiveMachine,
  Random,
  seed,
  type Value,
  WideString,
} from "./primitivesMachine.ts";

vi.setConfig({ testTimeout: 60_000 }); // the first test compiles the engines

const array = new ClassAt(L.ARRAY_CLASS_INDEX);
const byteString = new ClassAt(L.BYTE_STRING_CLASS_INDEX);
const wordArray = new ClassAt(L.WORD_ARRAY_CLASS_INDEX);

/** Keeps a value as one object, so that several calls can work on it. */
function keep(machine: PrimitiveMachine, value: Value): Oop {
  return new Oop(machine.toOop(value));
}
function make(machine: PrimitiveMachine, primitive: number, receiver: Value, ...operands: Value[]): Oop {
  const oop = machine.callForOop(primitive, receiver, ...operands);
  if (oop === 0) throw new Error(`primitive ${primitive} failed`);
  return new Oop(oop);
}
const charactersOf = (text: string) => [...text].map((character) => character.codePointAt(0) as number);

describe.each(["wasm", "ts"] as const)("indexed access on engine %s", (engine) => {
  test("at:, at:put: and size work for oops, bytes and words, within bounds", async () => {
    const machine = await createPrimitiveMachine(engine);
    const cases: [Value, Value, Value][] = [
      [[1, 2, 3], null, "x"],
      [new Uint8Array([1, 2, 3]), 255, 256],
      ["abc", 0, -1],
      [new WideString([1, 2, 3]), 2n ** 32n - 1n, 2n ** 32n],
    ];
    for (const [contents, good, bad] of cases) {
      const object = keep(machine, contents);
      expect(machine.call(P.SIZE, object)).toBe(3n);
      expect(machine.call(P.AT_PUT, object, 3, good)).toEqual(typeof good === "number" ? BigInt(good) : good);
      expect(machine.call(P.AT, object, 3)).toEqual(typeof good === "number" ? BigInt(good) : good);
      if (bad !== "x") expect(machine.call(P.AT_PUT, object, 1, bad)).toBe(FAILED);
      for (const index of [0, 4, -1, 2n ** 40n, "1"]) {
        expect(machine.call(P.AT, object, index)).toBe(FAILED);
        expect(machine.call(P.AT_PUT, object, index, 1)).toBe(FAILED);
      }
      machine.setFlags(object, L.IMMUTABLE_BIT);
      expect(machine.call(P.AT_PUT, object, 1, 1)).toBe(FAILED);
    }
  });

  test("instance variables come before the indexable ones, and only instVarAt: reaches them", async () => {
    const machine = await createPrimitiveMachine(engine);
    const closure = make(machine, P.NEW_WITH_SIZE, new ClassAt(L.BLOCK_CLOSURE_CLASS_INDEX), 2);
    expect(machine.call(P.SIZE, closure)).toBe(2n);
    machine.call(P.AT_PUT, closure, 1, 7);
    expect(machine.call(P.INSTANCE_VARIABLE_AT, closure, 5)).toBe(7n);
    machine.call(P.INSTANCE_VARIABLE_AT_PUT, closure, 4, 8);
    expect(machine.call(P.SLOT_AT, closure, 4)).toBe(8n);
    expect(machine.call(P.INSTANCE_VARIABLE_AT, closure, 7)).toBe(FAILED);
    expect(machine.call(P.INSTANCE_VARIABLE_AT, "abc", 1)).toBe(FAILED);
  });

  test("a Context is out of reach", async () => {
    const machine = await createPrimitiveMachine(engine);
    const context = make(machine, P.NEW_WITH_SIZE, new ClassAt(L.CONTEXT_CLASS_INDEX), 4);
    for (const primitive of [P.AT, P.INSTANCE_VARIABLE_AT]) expect(machine.call(primitive, context, 1)).toBe(FAILED);
    expect(machine.call(P.SIZE, context)).toBe(FAILED);
    expect(machine.call(P.SET_IMMUTABLE, context, true)).toBe(FAILED);
  });

  test("strings answer and take Characters", async () => {
    const machine = await createPrimitiveMachine(engine);
    expect(machine.call(P.STRING_AT, "aé", 2)).toBe("é");
    expect(machine.call(P.STRING_AT, new WideString([0x1f600]), 1)).toBe("😀");
    const narrow = keep(machine, "abc");
    const wide = machine.callForOop(P.CHARACTER_VALUE, null, 0x1f600);
    expect(machine.call(P.STRING_AT_PUT, narrow, 1, new Oop(wide))).toBe(FAILED);
    expect(machine.call(P.STRING_AT_PUT, narrow, 1, new Oop(machine.callForOop(P.CHARACTER_VALUE, null, 255)))).toBe(
      "ÿ",
    );
    expect(machine.fromOop(narrow.address)).toBe("ÿbc");
    expect(machine.call(P.STRING_AT_PUT, narrow, 1, 65)).toBe(FAILED);
  });

  test("replaceFrom:to:with:startingAt: copies equal kinds, also within one object", async () => {
    const machine = await createPrimitiveMachine(engine);
    const replace = (target: Value, start: number, stop: number, source: Value, from: number) =>
      machine.call(P.REPLACE_FROM_TO, target, start, stop, source, from);
    expect(replace([1, 2, 3, 4], 2, 3, [7, 8, 9], 2)).toEqual([1n, 8n, 9n, 4n]);
    expect(replace("hello", 1, 2, new Uint8Array([65, 66]), 1)).toBe("ABllo");
    expect(replace(new WideString([1, 2, 3]), 2, 3, "xy", 1)).toEqual(new WideString([1, 120, 121]));
    const bytes = keep(machine, "abcdef");
    expect(replace(bytes, 2, 6, bytes, 1)).toBe("aabcde");
    expect(replace(bytes, 1, 0, "", 1)).toBe("aabcde");
    for (const [start, stop, from] of [
      [0, 1, 1],
      [1, 7, 1],
      [1, 2, 6],
      [3, 1, 1],
      [1, 2, 0],
    ] as const) {
      expect(replace(bytes, start, stop, "abcdef", from)).toBe(FAILED);
    }
    expect(replace(bytes, 1, 1, [1], 1)).toBe(FAILED);
    expect(replace([1], 1, 1, "a", 1)).toBe(FAILED);
  });

  test("atAllPut: fills every kind", async () => {
    const machine = await createPrimitiveMachine(engine);
    expect(machine.call(P.CONSTANT_FILL, [1, 2], null)).toEqual([null, null]);
    expect(machine.call(P.CONSTANT_FILL, new Uint8Array(3), 9)).toEqual(new Uint8Array([9, 9, 9]));
    expect(machine.call(P.CONSTANT_FILL, new WideString([0, 0]), 70000)).toEqual(new WideString([70000, 70000]));
    expect(machine.call(P.CONSTANT_FILL, new Uint8Array(3), 256)).toBe(FAILED);
  });
});

describe.each(["wasm", "ts"] as const)("objects on engine %s", (engine) => {
  test("new makes what the class says", async () => {
    const machine = await createPrimitiveMachine(engine);
    expect(machine.call(P.NEW_WITH_SIZE, array, 3)).toEqual([null, null, null]);
    expect(machine.call(P.NEW, array)).toEqual([]);
    expect(machine.call(P.NEW_WITH_SIZE, byteString, 5)).toBe("\0\0\0\0\0");
    const association = make(machine, P.NEW, new ClassAt(L.ASSOCIATION_CLASS_INDEX));
    expect(machine.call(P.INSTANCE_VARIABLE_AT, association, 2)).toBe(null);
    expect(machine.call(P.SIZE, association)).toBe(0n);
    expect(machine.call(P.SIZE, make(machine, P.NEW_WITH_SIZE, wordArray, 1000))).toBe(1000n);
    expect(machine.call(P.NEW_WITH_SIZE, new ClassAt(L.ASSOCIATION_CLASS_INDEX), 1)).toBe(FAILED);
    expect(machine.call(P.NEW_WITH_SIZE, array, -1)).toBe(FAILED);
    expect(machine.call(P.NEW_WITH_SIZE, array, 2 ** 30 - 1)).toBe(FAILED);
    expect(machine.call(P.NEW, [1, 2, 3])).toBe(FAILED);
    expect(machine.call(P.NEW, 3)).toBe(FAILED);
  });

  test("compiled code keeps its literals and its bytecodes apart", async () => {
    const machine = await createPrimitiveMachine(engine);
    const code = make(machine, P.NEW_METHOD, new ClassAt(L.COMPILED_METHOD_CLASS_INDEX), 5, 3);
    expect(machine.call(P.SIZE, code)).toBe(21n);
    expect(machine.call(P.OBJECT_AT, code, 1)).toBe(3n);
    expect(machine.call(P.OBJECT_AT_PUT, code, 4, "x")).toBe("x");
    expect(machine.call(P.OBJECT_AT, code, 4)).toBe("x");
    expect(machine.call(P.OBJECT_AT, code, 5)).toBe(FAILED);
    expect(machine.call(P.OBJECT_AT_PUT, code, 1, 4)).toBe(FAILED);
    expect(machine.call(P.AT_PUT, code, 16, 7)).toBe(FAILED);
    expect(machine.call(P.AT_PUT, code, 17, 7)).toBe(7n);
    expect(machine.call(P.AT, code, 17)).toBe(7n);
    const copy = make(machine, P.SHALLOW_COPY, code);
    expect(machine.call(P.OBJECT_AT, copy, 4)).toBe("x");
    expect(machine.call(P.OBJECT_POINTS_TO, copy, new Oop(machine.callForOop(P.OBJECT_AT, code, 4)))).toBe(true);
  });

  test("a copy has the elements of its original and another identity", async () => {
    const machine = await createPrimitiveMachine(engine);
    for (const value of [[1, "x", null], "abcde", new Uint8Array([1, 2, 3]), new WideString([70000]), new Float(1.5)]) {
      const original = keep(machine, value);
      const hash = machine.call(P.IDENTITY_HASH, original);
      machine.setFlags(original, L.IMMUTABLE_BIT);
      const copy = make(machine, P.SHALLOW_COPY, original);
      expect(machine.fromOop(copy.address)).toEqual(machine.fromOop(original.address));
      expect(machine.call(P.IDENTITY_HASH, copy)).not.toBe(hash);
      expect(machine.call(P.IS_IMMUTABLE, copy)).toBe(false);
    }
    expect(machine.call(P.SHALLOW_COPY, 3)).toBe(FAILED);
  });

  test("class, identity and identity hash", async () => {
    const machine = await createPrimitiveMachine(engine);
    expect(machine.callForOop(P.CLASS, "x")).toBe(machine.classAt(L.BYTE_STRING_CLASS_INDEX));
    expect(machine.callForOop(P.CLASS, 3)).toBe(machine.classAt(L.SMALL_INTEGER_CLASS_INDEX));
    expect(machine.callForOop(P.CLASS, null, "x")).toBe(machine.classAt(L.BYTE_STRING_CLASS_INDEX));
    const object = keep(machine, [1]);
    expect(machine.call(P.IDENTITY_HASH, object)).toBe(machine.call(P.IDENTITY_HASH, object));
    expect(machine.call(P.IDENTITY_HASH, object)).toBeGreaterThan(0n);
    expect(machine.call(P.IDENTITY_HASH, 1)).toBe(FAILED);
    expect(machine.call(P.CLASS_IDENTITY_HASH, array)).toBe(BigInt(L.ARRAY_CLASS_INDEX));
    expect(machine.callForOop(P.CLASS_AT_INDEX, null, L.ARRAY_CLASS_INDEX)).toBe(machine.classAt(L.ARRAY_CLASS_INDEX));
    expect(machine.call(P.CLASS_AT_INDEX, null, 100000)).toBe(null);
    expect(machine.call(P.IDENTICAL, object, object)).toBe(true);
    expect(machine.call(P.NOT_IDENTICAL, object, [1])).toBe(true);
    expect(machine.call(P.CHARACTER_AS_INTEGER, new Oop(machine.callForOop(P.CHARACTER_VALUE, null, 955)))).toBe(955n);
    expect(machine.call(P.CHARACTER_VALUE, null, -1)).toBe(FAILED);
    expect(machine.call(P.CHARACTER_VALUE, null, 2 ** 22)).toBe(FAILED);
  });

  test("an object changes its class only to one of the same shape", async () => {
    const machine = await createPrimitiveMachine(engine);
    const bytes = keep(machine, "abc");
    expect(machine.call(P.ADOPT_INSTANCE, new ClassAt(L.BYTE_ARRAY_CLASS_INDEX), bytes)).toBeInstanceOf(Oop);
    expect(machine.fromOop(bytes.address)).toEqual(new Uint8Array([97, 98, 99]));
    expect(machine.call(P.CHANGE_CLASS, bytes, "x")).toBe("abc");
    expect(machine.call(P.ADOPT_INSTANCE, array, bytes)).toBe(FAILED);
    expect(machine.call(P.ADOPT_INSTANCE, new ClassAt(L.BLOCK_CLOSURE_CLASS_INDEX), [1, 2, 3, 4])).toBe(FAILED);
    const point = make(machine, P.NEW, new ClassAt(L.POINT_CLASS_INDEX));
    expect(machine.call(P.ADOPT_INSTANCE, new ClassAt(L.ASSOCIATION_CLASS_INDEX), point)).toBeInstanceOf(Oop);
    expect(machine.call(P.CHANGE_CLASS, 3, "x")).toBe(FAILED);
  });

  test("immutable objects refuse every store", async () => {
    const machine = await createPrimitiveMachine(engine);
    const object = keep(machine, [1, 2]);
    expect(machine.call(P.SET_IMMUTABLE, object, true)).toBe(false);
    expect(machine.call(P.IS_IMMUTABLE, object)).toBe(true);
    expect(machine.call(P.IS_IMMUTABLE, 3)).toBe(true);
    expect(machine.call(P.INSTANCE_VARIABLE_AT_PUT, object, 1, 5)).toBe(FAILED);
    expect(machine.call(P.REPLACE_FROM_TO, object, 1, 1, [5], 1)).toBe(FAILED);
    expect(machine.call(P.CONSTANT_FILL, object, 5)).toBe(FAILED);
    expect(machine.call(P.ADOPT_INSTANCE, new ClassAt(L.WEAK_ARRAY_CLASS_INDEX), object)).toBe(FAILED);
    expect(machine.call(P.SET_IMMUTABLE, object, false)).toBe(true);
    expect(machine.call(P.AT_PUT, object, 1, 5)).toBe(5n);
    const float = keep(machine, new Float(1));
    machine.call(P.SET_IMMUTABLE, float, true);
    expect(machine.call(P.FLOAT_AT_PUT, float, 1, 0)).toBe(FAILED);
    expect(machine.call(P.SET_PINNED, object, true)).toBe(false);
    expect(machine.call(P.IS_PINNED, object)).toBe(true);
  });

  test("instances can be enumerated", async () => {
    const machine = await createPrimitiveMachine(engine);
    const closureClass = new ClassAt(L.BLOCK_CLOSURE_CLASS_INDEX);
    expect(machine.call(P.SOME_INSTANCE, closureClass)).toBe(FAILED);
    expect(machine.call(P.ALL_INSTANCES, closureClass)).toEqual([]);
    const first = make(machine, P.NEW, closureClass);
    const second = make(machine, P.NEW, closureClass);
    expect(machine.call(P.ALL_INSTANCES, closureClass)).toEqual([first, second]);
    expect(machine.call(P.SOME_INSTANCE, closureClass)).toEqual(first);
    expect(machine.call(P.NEXT_INSTANCE, first)).toEqual(second);
    expect(machine.call(P.NEXT_INSTANCE, second)).toBe(FAILED);
    let count = 0;
    for (let oop = machine.callForOop(P.SOME_OBJECT, null); oop !== 1; count++) {
      oop = machine.callForOop(P.NEXT_OBJECT, new Oop(oop));
    }
    expect((machine.call(P.ALL_OBJECTS, null) as Value[]).length).toBe(count);
  });
});

describe.each(["wasm", "ts"] as const)("bytes on engine %s", (engine) => {
  test(`compare, equality and search agree with Buffer (seed ${seed})`, async () => {
    const machine = await createPrimitiveMachine(engine);
    const random = new Random(seed);
    const word = () => Buffer.from(Array.from({ length: random.below(12) }, () => 97 + random.below(2)));
    for (let round = 0; round < 500; round++) {
      const a = word();
      const b = word();
      expect(machine.call(P.BYTES_COMPARE, a, b)).toBe(BigInt(Buffer.compare(a, b)));
      expect(machine.call(P.BYTES_EQUAL, a, b.toString())).toBe(a.equals(b));
      const start = 1 + random.below(12);
      expect(machine.call(P.BYTES_INDEX_OF, a, 98, start)).toBe(BigInt(a.indexOf(98, start - 1) + 1));
      const found = b.length === 0 ? 0 : a.indexOf(b, start - 1) + 1;
      expect(machine.call(P.BYTES_FIND, a, b, start), `${b} in ${a} from ${start}`).toBe(BigInt(found));
    }
    expect(machine.call(P.BYTES_EQUAL, new WideString([1, 70000]), new WideString([1, 70000]))).toBe(true);
    expect(machine.call(P.BYTES_EQUAL, new WideString([1, 70000]), new WideString([1, 70001]))).toBe(false);
    expect(machine.call(P.BYTES_EQUAL, "x", [1])).toBe(FAILED);
    expect(machine.call(P.BYTES_INDEX_OF, "abc", 97, 0)).toBe(FAILED);
  });

  test("the hash of a string is FNV-1a over its code points", async () => {
    const machine = await createPrimitiveMachine(engine);
    const reference = (codePoints: number[]) =>
      BigInt(codePoints.reduce((hash, code) => Math.imul(hash ^ code, 0x01000193), 0x811c9dc5 | 0) & 0x3fffffff);
    for (const text of ["", "a", "at:put:", "ÄÖÜ"]) {
      expect(machine.call(P.BYTES_HASH, text)).toBe(reference(charactersOf(text)));
      expect(machine.call(P.BYTES_HASH, new WideString(charactersOf(text)))).toBe(reference(charactersOf(text)));
    }
    expect(machine.call(P.BYTES_HASH, [1])).toBe(FAILED);
  });

  test("UTF-8 goes both ways", async () => {
    const machine = await createPrimitiveMachine(engine);
    for (const text of ["", "plain", "Grüße", "\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}", "λ → 😀"]) {
      const isWide = charactersOf(text).some((code) => code > 255);
      const string = isWide ? new WideString(charactersOf(text)) : text;
      const encoded = new Uint8Array(Buffer.from(text));
      expect(machine.call(P.BYTES_UTF8_ENCODE, string)).toEqual(encoded);
      expect(machine.call(P.BYTES_UTF8_DECODE, null, encoded, 1, encoded.length)).toEqual(string);
    }
    expect(machine.call(P.BYTES_UTF8_DECODE, null, Buffer.from("xäy"), 2, 3)).toBe("ä");
    for (const code of [0xd800, 0xdfff, 0x110000]) {
      expect(machine.call(P.BYTES_UTF8_ENCODE, new WideString([code]))).toBe(FAILED);
    }
  });

  test(`decoding refuses exactly what TextDecoder refuses (seed ${seed})`, async () => {
    const machine = await createPrimitiveMachine(engine);
    const random = new Random(seed);
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const leads = [
      0x41, 0x80, 0xbf, 0xc0, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff, 0x9f, 0xa0, 0x8f, 0x90,
    ];
    for (let round = 0; round < 5000; round++) {
      const bytes = Uint8Array.from({ length: 1 + random.below(5) }, () => leads[random.below(leads.length)] as number);
      let expected: number[] | undefined;
      try {
        expected = charactersOf(decoder.decode(bytes));
      } catch {}
      const answer = machine.call(P.BYTES_UTF8_DECODE, null, bytes, 1, bytes.length);
      const codes =
        answer === FAILED
          ? undefined
          : typeof answer === "string"
            ? charactersOf(answer)
            : (answer as WideString).codePoints;
      expect(codes, Buffer.from(bytes).toString("hex")).toEqual(expected);
    }
  });

  test("CRC-32 agrees with zlib, in one piece and in two", async () => {
    const machine = await createPrimitiveMachine(engine);
    const bytes = Buffer.from("The quick brown fox jumps over the lazy dog");
    expect(machine.call(P.BYTES_CRC32, bytes, 0)).toBe(BigInt(crc32(bytes)));
    const half = machine.call(P.BYTES_CRC32, bytes.subarray(0, 20), 0) as bigint;
    expect(machine.call(P.BYTES_CRC32, bytes.subarray(20), half)).toBe(BigInt(crc32(bytes)));
    expect(machine.call(P.BYTES_CRC32, bytes, -1)).toBe(FAILED);
  });
});

describe.each(["wasm", "ts"] as const)("the host on engine %s", (engine) => {
  test("clocks, time zone and entropy come from the host", async () => {
    const machine: PrimitiveMachine = await createPrimitiveMachine(engine, {
      hostUtcMicroseconds: () => 1_700_000_000_123_456,
      hostMonotonicMicroseconds: () => 2 ** 29 * 1000 + 5_999,
      hostTimeZoneMinutes: () => -90,
      hostRandomBytes: (address, count) => void machine.vm.memory().fill(7, address, address + count),
    });
    expect(machine.call(P.UTC_MICROSECONDS, null)).toBe(1_700_000_000_123_456n);
    expect(machine.call(P.MONOTONIC_MICROSECONDS, null)).toBe(BigInt(2 ** 29 * 1000 + 5_999));
    expect(machine.call(P.MILLISECOND_CLOCK, null)).toBe(5n);
    expect(machine.call(P.TIME_ZONE_MINUTES, null)).toBe(-90n);
    expect(machine.call(P.RANDOM_BYTES, null, new Uint8Array(100000))).toEqual(new Uint8Array(100000).fill(7));
  });

  test("writing goes on until the host is busy and tells when the stream is closed", async () => {
    let room = 100_000;
    const taken: Buffer[] = [];
    const machine: PrimitiveMachine = await createPrimitiveMachine(engine, {
      hostWrite: (stream, address, count) => {
        if (stream === 9) return -1;
        const size = Math.min(room, count);
        taken.push(Buffer.from(machine.vm.memory().slice(address, address + size)));
        room -= size;
        return size;
      },
    });
    const bytes = Buffer.from(Array.from({ length: 150_000 }, (_, index) => index % 251));
    expect(machine.call(P.HOST_WRITE, null, bytes, 1, bytes.length, 1)).toBe(100_000n);
    expect(Buffer.concat(taken).equals(bytes.subarray(0, 100_000))).toBe(true);
    expect(machine.call(P.HOST_WRITE, null, "xyz", 2, 2, 1)).toBe(0n);
    expect(machine.call(P.HOST_WRITE, null, "xyz", 1, 3, 9)).toBe(null);
    expect(machine.call(P.HOST_WRITE, null, "xyz", 2, 3, 1)).toBe(FAILED);
    expect(machine.call(P.HOST_WRITE, null, "xyz", 0, 1, 1)).toBe(FAILED);
    expect(machine.call(P.HOST_WRITE, null, [1], 1, 1, 1)).toBe(FAILED);
  });

  test("reading fills the part that was asked for", async () => {
    const machine: PrimitiveMachine = await createPrimitiveMachine(engine, {
      hostRead: (stream, address, count) => {
        if (stream === 9) return -1;
        machine.vm.memory().set(Buffer.from("hello").subarray(0, count), address);
        return Math.min(5, count);
      },
    });
    const bytes = keep(machine, new Uint8Array(8));
    expect(machine.call(P.HOST_READ, null, bytes, 3, 4, 0)).toBe(4n);
    expect(machine.fromOop(bytes.address)).toEqual(new Uint8Array([0, 0, ...Buffer.from("hell"), 0, 0]));
    expect(machine.call(P.HOST_READ, null, bytes, 1, 8, 9)).toBe(null);
    expect(machine.call(P.HOST_READ, null, bytes, 9, 0, 0)).toBe(0n);
    machine.setFlags(bytes, L.IMMUTABLE_BIT);
    expect(machine.call(P.HOST_READ, null, bytes, 1, 8, 0)).toBe(FAILED);
  });

  test("parameters of the machine are numbers, and unknown ones fail", async () => {
    const machine = await createPrimitiveMachine(engine);
    for (let index = 1; index <= 8; index++)
      expect(machine.call(P.VM_PARAMETER, null, index)).toBeGreaterThanOrEqual(0n);
    expect(machine.call(P.VM_PARAMETER, null, 99)).toBe(FAILED);
    expect(machine.call(P.BYTES_LEFT, null)).toBeGreaterThan(2n ** 29n);
    expect(machine.call(P.VERIFY_HEAP, null)).toBe(true);
  });
});
