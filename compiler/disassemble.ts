// Lists bytecodes as text, one line each:
//
//     5 <81> push constant: 1
//
// first the pc (the offset in the bytecodes, from 0), then the bytes, then what they do. A block's own code is listed
// below the line that pushes it.

import * as bytecodes from "../vm/bytecodes.ts";
import type { CodeData, Literal } from "./compiledCode.ts";
import { printLiteral } from "./printLiteral.ts";
import { SPECIAL_SELECTOR_NAMES } from "./specialSelectors.ts";

/** What the disassembler needs to know of code: of compiled data (`listing`), or of a method in a living image. */
export interface ListedCode {
  bytecodes: Uint8Array;
  /** Text of literal `index`, from 0. */
  printLiteral(index: number): string;
  /** The code of the block in literal `index`. */
  blockAt(index: number): ListedCode | undefined;
}

export function listedCode(code: CodeData): ListedCode {
  return {
    bytecodes: code.bytecodes,
    printLiteral: (index) => printed(code.literals[index]),
    blockAt: (index) => {
      const literal = code.literals[index];
      return literal?.kind === "block" ? listedCode(literal.code) : undefined;
    },
  };
}

function printed(literal: Literal | undefined): string {
  return literal === undefined ? "a literal that is missing" : printLiteral(literal);
}

/** The listing of compiled data: frame, literals' text in place, nested blocks. */
export function listing(code: CodeData): string {
  return disassemble(listedCode(code)).join("\n");
}

export function disassemble(code: ListedCode, indent = ""): string[] {
  const lines: string[] = [];
  const reader = new Reader(code);
  while (!reader.isAtEnd) {
    const start = reader.position;
    const text = reader.next();
    const bytes = [...code.bytecodes.subarray(start, reader.position)];
    lines.push(`${indent}${start} <${bytes.map(hexadecimal).join(" ")}> ${text}`);
    if (reader.block !== undefined) lines.push(...disassemble(reader.block, `${indent}    `));
  }
  return lines;
}

function hexadecimal(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, "0");
}

/** Bytecodes of one byte that say everything. */
const PLAIN = new Map<number, string>([
  [bytecodes.PUSH_RECEIVER, "self"],
  [bytecodes.PUSH_TRUE, "push constant: true"],
  [bytecodes.PUSH_FALSE, "push constant: false"],
  [bytecodes.PUSH_NIL, "push constant: nil"],
  [bytecodes.PUSH_ZERO, "push constant: 0"],
  [bytecodes.PUSH_ONE, "push constant: 1"],
  [bytecodes.PUSH_THIS_CONTEXT, "push thisContext"],
  [bytecodes.DUPLICATE_TOP, "dup"],
  [bytecodes.RETURN_RECEIVER, "return self"],
  [bytecodes.RETURN_TRUE, "return true"],
  [bytecodes.RETURN_FALSE, "return false"],
  [bytecodes.RETURN_NIL, "return nil"],
  [bytecodes.RETURN_TOP, "return top"],
  [bytecodes.BLOCK_RETURN_NIL, "block return nil"],
  [bytecodes.BLOCK_RETURN_TOP, "block return top"],
  [bytecodes.NO_OPERATION, "no operation"],
  [bytecodes.POP, "pop"],
]);

type Describe = (reader: Reader, operand: number) => string;

/** Ranges of bytecodes of one byte: the first of the range, its length, and what the distance from the first means. */
const RANGES: [number, number, Describe][] = [
  [bytecodes.PUSH_RECEIVER_VARIABLE, 16, (_reader, index) => `push instance variable: ${index}`],
  [bytecodes.PUSH_LITERAL_VARIABLE, 16, (reader, index) => `push variable: ${reader.literal(index)}`],
  [bytecodes.PUSH_LITERAL, 32, (reader, index) => `push constant: ${reader.literal(index)}`],
  [bytecodes.PUSH_TEMPORARY, 12, (_reader, index) => `push temporary: ${index}`],
  [bytecodes.SEND_ARITHMETIC, 32, (_reader, index) => `send: ${SPECIAL_SELECTOR_NAMES[index]}`],
  [bytecodes.SEND_0, 48, (reader, index) => `send: ${reader.selector(index & 15)}`],
  [bytecodes.JUMP, 8, (reader, distance) => `jump to: ${reader.position + distance + 1}`],
  [bytecodes.JUMP_TRUE, 8, (reader, distance) => `jump when true to: ${reader.position + distance + 1}`],
  [bytecodes.JUMP_FALSE, 8, (reader, distance) => `jump when false to: ${reader.position + distance + 1}`],
  [bytecodes.POP_INTO_RECEIVER_VARIABLE, 8, (_reader, index) => `pop into instance variable: ${index}`],
  [bytecodes.POP_INTO_TEMPORARY, 8, (_reader, index) => `pop into temporary: ${index}`],
];

const TWO_BYTES = new Map<number, Describe>([
  [bytecodes.PUSH_RECEIVER_VARIABLE_LONG, (reader, i) => `push instance variable: ${reader.extendedA(i)}`],
  [bytecodes.PUSH_LITERAL_VARIABLE_LONG, (reader, i) => `push variable: ${reader.literal(reader.extendedA(i))}`],
  [bytecodes.PUSH_LITERAL_LONG, (reader, i) => `push constant: ${reader.literal(reader.extendedA(i))}`],
  [bytecodes.PUSH_TEMPORARY_LONG, (_reader, i) => `push temporary: ${i}`],
  [bytecodes.PUSH_ARRAY, (_reader, i) => (i < 128 ? `push new array: ${i}` : `push array of: ${i - 128}`)],
  [bytecodes.PUSH_INTEGER, (reader, i) => `push constant: ${reader.extendedB(i)}`],
  [bytecodes.PUSH_CHARACTER, (reader, i) => `push constant: ${characterText(reader.extendedB(i))}`],
  [bytecodes.SEND, (reader, i) => `send: ${reader.extendedSelector(i)}`],
  [bytecodes.SEND_SUPER, (reader, i) => `send to super: ${reader.extendedSelector(i)}`],
  [bytecodes.JUMP_LONG, (reader, i) => `jump to: ${reader.extendedB(i) + reader.position}`],
  [bytecodes.JUMP_TRUE_LONG, (reader, i) => `jump when true to: ${reader.extendedB(i) + reader.position}`],
  [bytecodes.JUMP_FALSE_LONG, (reader, i) => `jump when false to: ${reader.extendedB(i) + reader.position}`],
  [bytecodes.POP_INTO_RECEIVER_VARIABLE_LONG, (reader, i) => `pop into instance variable: ${reader.extendedA(i)}`],
  [bytecodes.POP_INTO_LITERAL_VARIABLE, (reader, i) => `pop into variable: ${reader.literal(reader.extendedA(i))}`],
  [bytecodes.POP_INTO_TEMPORARY_LONG, (_reader, i) => `pop into temporary: ${i}`],
  [bytecodes.STORE_RECEIVER_VARIABLE, (reader, i) => `store into instance variable: ${reader.extendedA(i)}`],
  [bytecodes.STORE_LITERAL_VARIABLE, (reader, i) => `store into variable: ${reader.literal(reader.extendedA(i))}`],
  [bytecodes.STORE_TEMPORARY, (_reader, i) => `store into temporary: ${i}`],
]);

const THREE_BYTES = new Map<number, (reader: Reader, i: number, j: number) => string>([
  [bytecodes.CALL_PRIMITIVE, (_reader, i, j) => `primitive: ${i + (j & 31) * 256}`],
  [bytecodes.PUSH_CLOSURE, (reader, i, j) => reader.closure(i, j)],
  [bytecodes.PUSH_REMOTE, (_reader, i, j) => `push temporary: ${i} of vector: ${j}`],
  [bytecodes.STORE_REMOTE, (_reader, i, j) => `store into temporary: ${i} of vector: ${j}`],
  [bytecodes.POP_INTO_REMOTE, (_reader, i, j) => `pop into temporary: ${i} of vector: ${j}`],
]);

function characterText(codePoint: number): string {
  return printLiteral({ kind: "character", codePoint });
}

class Reader {
  position = 0;
  /** The block that the last bytecode pushed. */
  block?: ListedCode;
  private extensionA = 0;
  private extensionB = 0;

  constructor(private readonly code: ListedCode) {}

  get isAtEnd(): boolean {
    return this.position >= this.code.bytecodes.length;
  }

  private byte(): number {
    return this.code.bytecodes[this.position++] ?? 0;
  }

  /** Reads one bytecode with its extensions; answers what it does. */
  next(): string {
    this.block = undefined;
    this.extensionA = 0;
    this.extensionB = 0;
    let bytecode = this.byte();
    while (bytecode === bytecodes.EXTEND_A || bytecode === bytecodes.EXTEND_B) {
      this.extend(bytecode, this.byte());
      if (this.isAtEnd) return "extension of nothing";
      bytecode = this.byte();
    }
    return this.describe(bytecode);
  }

  private extend(bytecode: number, value: number): void {
    if (bytecode === bytecodes.EXTEND_A) this.extensionA = this.extensionA * 256 + value;
    else if (this.extensionB === 0 && value > 127) this.extensionB = value - 256;
    else this.extensionB = this.extensionB * 256 + value;
  }

  private describe(bytecode: number): string {
    const plain = PLAIN.get(bytecode);
    if (plain !== undefined) return plain;
    for (const [first, count, describe] of RANGES) {
      if (bytecode >= first && bytecode < first + count) return describe(this, bytecode - first);
    }
    const two = TWO_BYTES.get(bytecode);
    if (two !== undefined) return two(this, this.byte());
    const three = THREE_BYTES.get(bytecode);
    if (three === undefined) return "unknown bytecode";
    const i = this.byte();
    return three(this, i, this.byte());
  }

  extendedA(operand: number): number {
    return operand + this.extensionA * 256;
  }

  extendedB(operand: number): number {
    return operand + this.extensionB * 256;
  }

  literal(index: number): string {
    return this.code.printLiteral(index);
  }

  /** A selector without the # of the symbol. */
  selector(index: number): string {
    return this.literal(index).replace(/^#/, "");
  }

  extendedSelector(operand: number): string {
    return this.selector((operand >> 3) + this.extensionA * 32);
  }

  closure(i: number, j: number): string {
    const index = this.extendedA(i);
    this.block = this.code.blockAt(index);
    const copied = j & 63;
    const outer = (j & bytecodes.CLOSURE_IGNORES_OUTER_CONTEXT) === 0 ? ", needs the context around it" : "";
    return `push closure: literal ${index}, ${copied} copied${outer}`;
  }
}
