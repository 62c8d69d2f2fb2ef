// A machine without an interpreter, with a class for every index that the machine knows, on which tests call primitives
// with JavaScript values and get JavaScript values back.

import type { EngineName, HostFunctions } from "../../platform/node/engine.ts";
import * as L from "../../vm/layout.ts";
import { type BareExports, BareMachine, instantiateBare } from "./bareMachine.ts";

interface PrimitiveExports extends BareExports {
  allocateFloat(value: number): number;
  allocateOops(classIndex: number, format: number, slotCount: number): number;
  allocateRaw(classIndex: number, format: number, slotCount: number): number;
  callPrimitive(number: number, argumentCount: number): number | boolean;
  getStackPointer(): number;
  scavenge(): void;
  setStackPointer(address: number): void;
  storeSlot(object: number, index: number, oop: number): void;
}

/** An object as it is in memory. */
export class Oop {
  constructor(readonly address: number) {}
}
/** A Float, which a JavaScript number would not tell from a SmallInteger. */
export class Float {
  constructor(readonly value: number) {}
}
/** Code points. */
export class WideString {
  constructor(readonly codePoints: number[]) {}
}
/** A class by its index. */
export class ClassAt {
  constructor(readonly index: number) {}
}

export type Value =
  | bigint
  | number
  | Float
  | string
  | Uint8Array
  | WideString
  | ClassAt
  | Oop
  | boolean
  | null
  | Value[];

/** What a failed primitive gives. */
export const FAILED = Symbol("failed");

const CLASS_FORMATS: Record<number, [format: number, fixedSlots: number]> = {
  [L.ARRAY_CLASS_INDEX]: [L.FORMAT_ARRAY, 0],
  [L.BYTE_STRING_CLASS_INDEX]: [L.FORMAT_BYTES, 0],
  [L.BYTE_ARRAY_CLASS_INDEX]: [L.FORMAT_BYTES, 0],
  [L.WIDE_STRING_CLASS_INDEX]: [L.FORMAT_WORDS32, 0],
  [L.WORD_ARRAY_CLASS_INDEX]: [L.FORMAT_WORDS32, 0],
  [L.ASSOCIATION_CLASS_INDEX]: [L.FORMAT_FIXED, 2],
  [L.BLOCK_CLOSURE_CLASS_INDEX]: [L.FORMAT_FIXED_ARRAY, 4],
  [L.CONTEXT_CLASS_INDEX]: [L.FORMAT_FIXED_ARRAY, 6],
  [L.COMPILED_METHOD_CLASS_INDEX]: [L.FORMAT_COMPILED_CODE, 0],
  [L.POINT_CLASS_INDEX]: [L.FORMAT_FIXED, 2],
  [L.WEAK_ARRAY_CLASS_INDEX]: [L.FORMAT_WEAK_ARRAY, 0],
};
const CLASS_COUNT = 64;
/** The class of all classes but itself, an instance of Metaclass. */
const CLASS_OF_CLASSES = CLASS_COUNT - 1;
const STACK_TOP = L.STACK_PAGES + 0x1800;

export class PrimitiveMachine extends BareMachine<PrimitiveExports> {
  setFlags(object: Oop, flags: number): void {
    this.setWord(object.address, this.word(object.address) | flags);
  }

  /** Calls a primitive; answers its answer, or FAILED. */
  call(primitive: number, receiver: Value, ...operands: Value[]): Value | typeof FAILED {
    const oop = this.callForOop(primitive, receiver, ...operands);
    return oop === 0 ? FAILED : this.fromOop(oop);
  }

  /** The address or tagged word that a primitive answers, 0 when it fails. Checks that it keeps the stack in order. */
  callForOop(primitive: number, receiver: Value, ...operands: Value[]): number {
    const oops = [receiver, ...operands].map((value) => this.toOop(value));
    oops.forEach((oop, index) => {
      this.setWord(STACK_TOP - index * 4, oop);
    });
    const top = STACK_TOP - operands.length * 4;
    this.vm.setStackPointer(top);
    const succeeded = Boolean(this.vm.callPrimitive(primitive, operands.length));
    const expected = succeeded ? STACK_TOP : top;
    if (this.vm.getStackPointer() !== expected) throw new Error(`primitive ${primitive} left the stack out of order`);
    if (succeeded) return this.word(STACK_TOP);
    oops.forEach((oop, index) => {
      if (this.word(STACK_TOP - index * 4) !== oop)
        throw new Error(`primitive ${primitive} failed and changed the stack`);
    });
    return 0;
  }

  /** Drops everything that earlier calls have made. */
  forget(): void {
    this.vm.setStackPointer(STACK_TOP);
    this.vm.scavenge();
  }

  toOop(value: Value): number {
    if (value === null) return L.NIL;
    if (typeof value === "boolean") return value ? L.TRUE : L.FALSE;
    if (typeof value === "number") return this.newInteger(BigInt(value));
    if (typeof value === "bigint") return this.newInteger(value);
    if (typeof value === "string") return this.newBytes(L.BYTE_STRING_CLASS_INDEX, Buffer.from(value, "latin1"));
    if (value instanceof Float) return this.vm.allocateFloat(value.value);
    if (value instanceof Uint8Array) return this.newBytes(L.BYTE_ARRAY_CLASS_INDEX, value);
    if (value instanceof WideString) return this.newWords(value.codePoints);
    if (value instanceof ClassAt) return this.classAt(value.index);
    if (value instanceof Oop) return value.address;
    const array = this.vm.allocateOops(L.ARRAY_CLASS_INDEX, L.FORMAT_ARRAY, value.length);
    value.forEach((element, index) => {
      this.vm.storeSlot(array, index, this.toOop(element));
    });
    return array;
  }

  classAt(index: number): number {
    return this.word(this.word(SPECIAL + 8 + L.SPECIAL_CLASS_TABLE * 4) + 8 + index * 4);
  }

  newBytes(classIndex: number, contents: Uint8Array): number {
    const words = (contents.length + 3) >> 2;
    const object = this.vm.allocateRaw(classIndex, L.FORMAT_BYTES + words * 4 - contents.length, words);
    this.vm.memory().set(contents, object + 8);
    return object;
  }

  private newWords(elements: number[]): number {
    const object = this.vm.allocateRaw(L.WIDE_STRING_CLASS_INDEX, L.FORMAT_WORDS32, elements.length);
    elements.forEach((element, index) => {
      this.setWord(object + 8 + index * 4, element);
    });
    return object;
  }

  private newInteger(value: bigint): number {
    if (value >= -(2n ** 30n) && value < 2n ** 30n) return (Number(value) << 1) | 1;
    const digits = (value < 0n ? -value : value).toString(16);
    const magnitude = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex").reverse();
    const classIndex = value < 0n ? L.LARGE_NEGATIVE_INTEGER_CLASS_INDEX : L.LARGE_POSITIVE_INTEGER_CLASS_INDEX;
    return this.newBytes(classIndex, magnitude);
  }

  fromOop(oop: number): Value {
    if ((oop & 1) !== 0) return BigInt(oop >> 1);
    if ((oop & 3) === 2) return String.fromCodePoint(oop >>> 2);
    if (oop === L.NIL) return null;
    if (oop === L.TRUE || oop === L.FALSE) return oop === L.TRUE;
    const slots = this.slotCount(oop);
    switch (this.word(oop) & L.CLASS_INDEX_MASK) {
      case L.FLOAT_CLASS_INDEX:
        return new Float(new DataView(this.vm.memory().buffer).getFloat64(oop + 8, true));
      case L.LARGE_POSITIVE_INTEGER_CLASS_INDEX:
        return this.readMagnitude(oop);
      case L.LARGE_NEGATIVE_INTEGER_CLASS_INDEX:
        return -this.readMagnitude(oop);
      case L.BYTE_STRING_CLASS_INDEX:
        return Buffer.from(this.readBytes(oop)).toString("latin1");
      case L.BYTE_ARRAY_CLASS_INDEX:
        return this.readBytes(oop);
      case L.WIDE_STRING_CLASS_INDEX:
        return new WideString(Array.from({ length: slots }, (_, index) => this.word(oop + 8 + index * 4)));
      case L.ARRAY_CLASS_INDEX:
        return Array.from({ length: slots }, (_, index) => this.fromOop(this.word(oop + 8 + index * 4)));
      default:
        return new Oop(oop);
    }
  }

  private readBytes(oop: number): Uint8Array {
    const unused = (this.word(oop) >>> L.FORMAT_SHIFT) & 7;
    return this.vm.memory().slice(oop + 8, oop + 8 + this.slotCount(oop) * 4 - unused);
  }

  /** Refuses what is not normalized: a leading zero byte, or a value that a SmallInteger could hold. */
  private readMagnitude(oop: number): bigint {
    const magnitude = Buffer.from(this.readBytes(oop)).reverse();
    const value = BigInt(`0x${magnitude.toString("hex") || "0"}`);
    const isNegative = (this.word(oop) & L.CLASS_INDEX_MASK) === L.LARGE_NEGATIVE_INTEGER_CLASS_INDEX;
    const limit = isNegative ? 2n ** 30n : 2n ** 30n - 1n;
    if (magnitude[0] === 0 || value <= limit) throw new Error(`not normalized: ${value}`);
    return value;
  }
}

const SPECIAL = L.OLD_SPACE_START + 48;

export async function createPrimitiveMachine(
  engine: EngineName,
  host: Partial<HostFunctions> = {},
): Promise<PrimitiveMachine> {
  const machine = new PrimitiveMachine(await instantiateBare(engine, "tests/vm/primitivesEntry.ts", 0x40000000, host));
  const { special, table } = machine.writeFirstObjects(CLASS_COUNT);
  for (let index = 1; index < CLASS_COUNT; index++) {
    const [format, fixed] = CLASS_FORMATS[index] ?? [L.FORMAT_EMPTY, 0];
    const metaclass = index === CLASS_OF_CLASSES ? L.METACLASS_CLASS_INDEX : CLASS_OF_CLASSES;
    machine.writeClass(table, index, metaclass, (format << L.CLASS_FORMAT_SHIFT) | fixed);
  }
  machine.load(special);
  machine.vm.setStackPointer(STACK_TOP);
  return machine;
}

/** A seeded generator (mulberry32): a failing test prints the seed, and the seed gives the same inputs again. */
export class Random {
  constructor(private state: number) {}

  /** 0 <= value < 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }
  /** An integer of up to `bits` bits, often with long runs of equal bits, where carries go wrong. */
  integer(bits: number): bigint {
    let value = 0n;
    for (let left = this.below(bits + 1); left > 0; ) {
      const run = Math.min(left, 1 + this.below(this.below(4) === 0 ? 70 : 31));
      const kind = this.below(3);
      const part = kind === 0 ? 0n : kind === 1 ? 2n ** BigInt(run) - 1n : BigInt(this.below(2 ** Math.min(run, 31)));
      value = (value << BigInt(run)) | part;
      left -= run;
    }
    return this.below(2) === 0 ? value : -value;
  }
  /** Any finite float, every exponent equally likely. */
  float(): number {
    const view = new DataView(new ArrayBuffer(8));
    view.setUint32(0, this.below(4294967296));
    view.setUint32(4, this.below(4294967296));
    const value = view.getFloat64(0);
    return Number.isFinite(value) ? value : this.float();
  }
}

/** From the environment variable SEED, else another one in each run. */
export const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
