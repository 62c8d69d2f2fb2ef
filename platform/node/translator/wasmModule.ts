// Writes WebAssembly modules with one function (WebAssembly Core Specification 1.0, chapter 5, binary format).

const VALUE_I32 = 0x7f;
const VALUE_I64 = 0x7e;
const VALUE_F64 = 0x7c;
const BLOCK_EMPTY = 0x40;

/** Opcodes that translations use. */
export const OP = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  drop: 0x1a,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  load: 0x28,
  load8: 0x2d,
  store: 0x36,
  const: 0x41,
  eqz: 0x45,
  eq: 0x46,
  ne: 0x47,
  lt: 0x48,
  gt: 0x4a,
  gtUnsigned: 0x4b,
  le: 0x4c,
  ge: 0x4e,
  geUnsigned: 0x4f,
  add: 0x6a,
  subtract: 0x6b,
  multiply: 0x6c,
  divide: 0x6d,
  remainder: 0x6f,
  and: 0x71,
  or: 0x72,
  xor: 0x73,
  shiftLeft: 0x74,
  shiftRight: 0x75,
  shiftRightUnsigned: 0x76,
  // 64 bits
  extend: 0xac,
  wrap: 0xa7,
  multiplyLong: 0x7e,
  neLong: 0x52,
  // Floats
  loadFloat: 0x2b,
  storeFloat: 0x39,
  eqFloat: 0x61,
  neFloat: 0x62,
  ltFloat: 0x63,
  gtFloat: 0x64,
  leFloat: 0x65,
  geFloat: 0x66,
  addFloat: 0xa0,
  subtractFloat: 0xa1,
  multiplyFloat: 0xa2,
  divideFloat: 0xa3,
  convert: 0xb7,
} as const;

export interface FunctionImport {
  name: string;
  /** One letter a parameter: i (32 bits) or d (Float). */
  parameters: string;
  hasResult: boolean;
}

/** The bytes of a module. All results are i32. */
class Bytes {
  readonly list: number[] = [];

  byte(...values: number[]): this {
    this.list.push(...values);
    return this;
  }
  /** LEB128 of a number below 2^32. */
  unsigned(value: number): this {
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.list.push((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.list.push(rest);
    return this;
  }
  signed(value: number): this {
    let rest = value | 0;
    while (rest < -64 || rest > 63) {
      this.list.push((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    this.list.push(rest & 0x7f);
    return this;
  }
  text(text: string): this {
    return this.unsigned(text.length).byte(...Buffer.from(text, "latin1"));
  }
  append(other: Bytes): this {
    for (const value of other.list) this.list.push(value);
    return this;
  }
}

/** The body of a function, with its control structure. Labels are numbers that `open` answers. */
export class FunctionBody {
  private readonly code = new Bytes();
  private depth = 0;

  op(opcode: number): this {
    this.code.byte(opcode);
    return this;
  }
  constant(value: number): this {
    this.code.byte(OP.const).signed(value);
    return this;
  }
  get(local: number): this {
    this.code.byte(OP.localGet).unsigned(local);
    return this;
  }
  set(local: number): this {
    this.code.byte(OP.localSet).unsigned(local);
    return this;
  }
  tee(local: number): this {
    this.code.byte(OP.localTee).unsigned(local);
    return this;
  }
  getGlobal(index: number): this {
    this.code.byte(OP.globalGet).unsigned(index);
    return this;
  }
  setGlobal(index: number): this {
    this.code.byte(OP.globalSet).unsigned(index);
    return this;
  }
  /** Loads the word at the address on the stack plus `offset`. */
  load(offset: number): this {
    this.code.byte(OP.load, 2).unsigned(offset);
    return this;
  }
  store(offset: number): this {
    this.code.byte(OP.store, 2).unsigned(offset);
    return this;
  }
  load8(offset: number): this {
    this.code.byte(OP.load8, 0).unsigned(offset);
    return this;
  }
  loadFloat(offset: number): this {
    this.code.byte(OP.loadFloat, 3).unsigned(offset);
    return this;
  }
  storeFloat(offset: number): this {
    this.code.byte(OP.storeFloat, 3).unsigned(offset);
    return this;
  }
  floatConstant(value: number): this {
    this.code.byte(0x44, ...new Uint8Array(Float64Array.of(value).buffer));
    return this;
  }
  call(index: number): this {
    this.code.byte(OP.call).unsigned(index);
    return this;
  }
  callIndirect(type: number): this {
    this.code.byte(OP.callIndirect).unsigned(type).byte(0);
    return this;
  }
  /** Opens a block, loop or if; answers its label. */
  open(opcode: number): number {
    this.code.byte(opcode, BLOCK_EMPTY);
    return this.depth++;
  }
  else(): this {
    return this.op(OP.else);
  }
  close(): this {
    this.depth--;
    return this.op(OP.end);
  }
  branch(label: number): this {
    this.code.byte(OP.br).unsigned(this.depth - 1 - label);
    return this;
  }
  branchIf(label: number): this {
    this.code.byte(OP.brIf).unsigned(this.depth - 1 - label);
    return this;
  }
  bytes(): Bytes {
    return this.code;
  }
}

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const EXTERNAL = { function: 0, table: 1, memory: 2, global: 3 };
const LARGEST_MEMORY_PAGES = 0x8000;

/**
 * A module that imports `memory`, `table`, the mutable `globals` and the `functions` from "machine", and exports its function
 * of `parameterCount` parameters and one result as "run". Type 0 is that of the function itself. Behind its parameters it has
 * `localCount` locals of 32 bits, one of 64, and `floatCount` Floats.
 */
export function encodeModule(
  globals: readonly string[],
  functions: readonly FunctionImport[],
  parameterCount: number,
  localCount: number,
  floatCount: number,
  body: FunctionBody,
): Uint8Array<ArrayBuffer> {
  const types = [typeKey("i".repeat(parameterCount), true)];
  for (const { parameters, hasResult } of functions) {
    if (!types.includes(typeKey(parameters, hasResult))) types.push(typeKey(parameters, hasResult));
  }
  const module = new Bytes().byte(...HEADER);
  const typeSection = new Bytes().unsigned(types.length);
  for (const key of types) {
    const [parameters, results] = key.split(":");
    typeSection.byte(0x60).unsigned(parameters.length);
    for (const letter of parameters) typeSection.byte(letter === "d" ? VALUE_F64 : VALUE_I32);
    typeSection.unsigned(results.length).byte(...Array(results.length).fill(VALUE_I32));
  }
  section(module, 1, typeSection);
  const imports = new Bytes().unsigned(2 + globals.length + functions.length);
  imports.text("machine").text("memory").byte(EXTERNAL.memory, 1).unsigned(0).unsigned(LARGEST_MEMORY_PAGES);
  imports.text("machine").text("table").byte(EXTERNAL.table, 0x70, 0).unsigned(0);
  for (const name of globals) imports.text("machine").text(name).byte(EXTERNAL.global, VALUE_I32, 1);
  for (const { name, parameters, hasResult } of functions) {
    imports
      .text("machine")
      .text(name)
      .byte(EXTERNAL.function)
      .unsigned(types.indexOf(typeKey(parameters, hasResult)));
  }
  section(module, 2, imports);
  section(module, 3, new Bytes().unsigned(1).unsigned(0));
  section(module, 7, new Bytes().unsigned(1).text("run").byte(EXTERNAL.function).unsigned(functions.length));
  const locals = new Bytes();
  locals.unsigned(3).unsigned(localCount).byte(VALUE_I32).unsigned(1).byte(VALUE_I64);
  locals.unsigned(floatCount).byte(VALUE_F64);
  const whole = locals.append(body.bytes()).byte(OP.end);
  section(module, 10, new Bytes().unsigned(1).unsigned(whole.list.length).append(whole));
  return Uint8Array.from(module.list);
}

function typeKey(parameters: string, hasResult: boolean): string {
  return `${parameters}:${hasResult ? "i" : ""}`;
}

function section(module: Bytes, id: number, content: Bytes): void {
  module.byte(id).unsigned(content.list.length).append(content);
}

/** A module whose function "run" calls the function of the table with the number of its first parameter, with the other three. */
export function encodeCaller(): Uint8Array<ArrayBuffer> {
  const module = new Bytes().byte(...HEADER);
  const types = new Bytes().unsigned(2);
  for (const count of [4, 3])
    types
      .byte(0x60)
      .unsigned(count)
      .byte(...Array(count).fill(VALUE_I32))
      .byte(1, VALUE_I32);
  section(module, 1, types);
  section(module, 2, new Bytes().unsigned(1).text("machine").text("table").byte(EXTERNAL.table, 0x70, 0).unsigned(0));
  section(module, 3, new Bytes().unsigned(1).unsigned(0));
  section(module, 7, new Bytes().unsigned(1).text("run").byte(EXTERNAL.function).unsigned(0));
  const body = new FunctionBody().get(1).get(2).get(3).get(0).callIndirect(1).bytes();
  const whole = new Bytes().unsigned(0).append(body).byte(OP.end);
  section(module, 10, new Bytes().unsigned(1).unsigned(whole.list.length).append(whole));
  return Uint8Array.from(module.list);
}
