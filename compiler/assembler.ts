// Collects the bytecodes of one method or block: encodes them in their shortest form, resolves jumps, and keeps count
// of the operand stack.

import * as bytecodes from "../vm/bytecodes.ts";
import type { Literal } from "./compiledCode.ts";
import { encodeMap } from "./sourceMap.ts";
import type { Range } from "./syntaxTree.ts";

/** A place in the code that jumps lead to. */
export interface Label {
  instruction: number;
  /** Operands on the stack there, known once a jump to it was made. */
  depth?: number;
}

type JumpKind = "always" | "whenTrue" | "whenFalse";

type Instruction = { range?: Range } & ({ bytes: number[] } | { jump: JumpKind; target: Label; size: number });

const SHORT_JUMPS = { always: bytecodes.JUMP, whenTrue: bytecodes.JUMP_TRUE, whenFalse: bytecodes.JUMP_FALSE };
const LONG_JUMPS = {
  always: bytecodes.JUMP_LONG,
  whenTrue: bytecodes.JUMP_TRUE_LONG,
  whenFalse: bytecodes.JUMP_FALSE_LONG,
};
const SHORT_JUMP_LIMIT = 8;
/** Sizes of jumps to the very next bytecode. */
const SHORTEST_SIZES = { always: 0, whenTrue: 1, whenFalse: 1 };
const FINAL_SIZES = { always: 0, whenTrue: 2, whenFalse: 2 };

export class LimitError extends Error {}

export class Assembler {
  private readonly instructions: Instruction[] = [];
  readonly literals: Literal[] = [];
  private readonly literalKeys = new Map<string, number>();
  private depth = 0;
  private deepest = 0;
  /** False behind a return or an unconditional jump, up to a label with jumps to it: nothing is emitted there. */
  private reachable = true;

  get isReachable(): boolean {
    return this.reachable;
  }

  get maximumDepth(): number {
    return this.deepest;
  }

  /** Adds one bytecode with its operands; `effect` is what it does to the height of the stack. */
  emit(bytes: number[], effect: number, range?: Range): void {
    if (!this.reachable) return;
    this.instructions.push({ bytes, range });
    this.depth += effect;
    this.deepest = Math.max(this.deepest, this.depth);
  }

  /** Adds a bytecode behind which the code does not go on. */
  emitReturn(bytecode: number, range?: Range): void {
    this.emit([bytecode], 0, range);
    this.reachable = false;
  }

  // --- Operands beyond a byte ---

  private extendA(value: number): number[] {
    if (value > 0xffff) throw new LimitError("the method has too many literals or variables");
    return value > 255 ? [bytecodes.EXTEND_A, value >> 8] : [];
  }

  /** The extension for a signed operand; none for 0 to 255. */
  private extendB(value: number): number[] {
    const high = value >> 8;
    if (high === 0) return [];
    if (high < -128 || high > 127) throw new LimitError("a jump in the method is too long");
    return [bytecodes.EXTEND_B, high & 255];
  }

  private indexed(short: number, shortCount: number, long: number, index: number, effect: number): void {
    if (index < shortCount) this.emit([short + index], effect);
    else this.emit([...this.extendA(index), long, index & 255], effect);
  }

  // --- Push and store ---

  pushReceiverVariable(index: number): void {
    this.indexed(bytecodes.PUSH_RECEIVER_VARIABLE, 16, bytecodes.PUSH_RECEIVER_VARIABLE_LONG, index, 1);
  }
  pushLiteralVariable(binding: Literal): void {
    this.indexed(bytecodes.PUSH_LITERAL_VARIABLE, 16, bytecodes.PUSH_LITERAL_VARIABLE_LONG, this.literal(binding), 1);
  }
  pushLiteral(literal: Literal): void {
    this.indexed(bytecodes.PUSH_LITERAL, 32, bytecodes.PUSH_LITERAL_LONG, this.literal(literal), 1);
  }
  pushTemporary(index: number): void {
    this.indexed(bytecodes.PUSH_TEMPORARY, 12, bytecodes.PUSH_TEMPORARY_LONG, index, 1);
  }
  pushInteger(value: number): void {
    this.emit([...this.extendB(value), bytecodes.PUSH_INTEGER, value & 255], 1);
  }
  popIntoTemporary(index: number): void {
    this.indexed(bytecodes.POP_INTO_TEMPORARY, 8, bytecodes.POP_INTO_TEMPORARY_LONG, index, -1);
  }
  storeTemporary(index: number): void {
    this.emit([bytecodes.STORE_TEMPORARY, index], 0);
  }
  popIntoReceiverVariable(index: number): void {
    this.indexed(bytecodes.POP_INTO_RECEIVER_VARIABLE, 8, bytecodes.POP_INTO_RECEIVER_VARIABLE_LONG, index, -1);
  }
  storeReceiverVariable(index: number): void {
    this.emit([...this.extendA(index), bytecodes.STORE_RECEIVER_VARIABLE, index & 255], 0);
  }
  storeLiteralVariable(binding: Literal, pops: boolean): void {
    const index = this.literal(binding);
    const bytecode = pops ? bytecodes.POP_INTO_LITERAL_VARIABLE : bytecodes.STORE_LITERAL_VARIABLE;
    this.emit([...this.extendA(index), bytecode, index & 255], pops ? -1 : 0);
  }
  pushClosure(block: Literal, copiedCount: number, ignoresOuterContext: boolean): void {
    const index = this.literal(block);
    const flag = ignoresOuterContext ? bytecodes.CLOSURE_IGNORES_OUTER_CONTEXT : 0;
    this.emit([...this.extendA(index), bytecodes.PUSH_CLOSURE, index & 255, copiedCount | flag], 1 - copiedCount);
  }

  // --- Sends ---

  send(selector: string, argumentCount: number, range: Range): void {
    const index = this.literal({ kind: "symbol", value: selector });
    const shortForms = [bytecodes.SEND_0, bytecodes.SEND_1, bytecodes.SEND_2];
    if (argumentCount < 3 && index < 16) this.emit([shortForms[argumentCount] + index], -argumentCount, range);
    else this.emit(this.longSend(bytecodes.SEND, index, argumentCount), -argumentCount, range);
  }
  sendSuper(selector: string, argumentCount: number, range: Range): void {
    const index = this.literal({ kind: "symbol", value: selector });
    this.emit(this.longSend(bytecodes.SEND_SUPER, index, argumentCount), -argumentCount, range);
  }
  private longSend(bytecode: number, index: number, argumentCount: number): number[] {
    const operand = ((index & 31) << 3) | (argumentCount & 7);
    const extension = argumentCount > 7 ? [bytecodes.EXTEND_B, argumentCount >> 3] : [];
    if (index >> 5 > 255)
      return [bytecodes.EXTEND_A, index >> 13, bytecodes.EXTEND_A, (index >> 5) & 255, ...extension, bytecode, operand];
    const literalExtension = index > 31 ? [bytecodes.EXTEND_A, index >> 5] : [];
    return [...literalExtension, ...extension, bytecode, operand];
  }

  /** Position of a literal in the method; equal ones share a place, unless the program can change them. */
  private literal(literal: Literal): number {
    if (!this.reachable) return 0;
    const key = literalKey(literal);
    if (key === undefined) return this.literals.push(literal) - 1;
    const known = this.literalKeys.get(key);
    if (known !== undefined) return known;
    const index = this.literals.push(literal) - 1;
    this.literalKeys.set(key, index);
    return index;
  }

  // --- Jumps ---

  newLabel(): Label {
    return { instruction: -1 };
  }
  place(label: Label): void {
    label.instruction = this.instructions.length;
    if (label.depth === undefined) return;
    this.depth = label.depth;
    this.reachable = true;
  }
  /** `range`: the text of the condition, when no send stands before the jump whose text could speak for it; that of a loop. */
  jump(kind: JumpKind, target: Label, range?: Range): void {
    if (!this.reachable) return;
    const isBackward = target.instruction >= 0;
    this.instructions.push({ jump: kind, target, size: isBackward ? 4 : 0, range });
    if (kind === "always") this.reachable = false;
    else this.depth--;
    target.depth = this.depth;
  }

  // --- Result ---

  /**
   * A jump to an unconditional jump leads to where that one leads. A conditional jump must not lead backwards by this:
   * only unconditional ones are safepoints, and every loop needs one.
   */
  private shortenChains(): void {
    this.instructions.forEach((instruction, index) => {
      if ("bytes" in instruction) return;
      for (let hops = 0; hops < 10; hops++) {
        const next: Instruction | undefined = this.instructions[instruction.target.instruction];
        if (next === undefined || "bytes" in next || next.jump !== "always" || next === instruction) return;
        if (instruction.jump !== "always" && next.target.instruction <= index) return;
        instruction.target = next.target;
      }
    });
  }

  /** Gives every jump its shortest form: all begin short, and what does not reach is widened until all reach. */
  private offsets(): number[] {
    this.shortenChains();
    let offsets = this.measure();
    while (this.widenJumps(offsets, SHORTEST_SIZES)) offsets = this.measure();
    // A conditional jump to the very next bytecode has no short form. Only now is it certain which ones stay like that.
    while (this.widenJumps(offsets, FINAL_SIZES)) offsets = this.measure();
    return offsets;
  }

  private measure(): number[] {
    const offsets = [0];
    for (const instruction of this.instructions) {
      const size = "bytes" in instruction ? instruction.bytes.length : instruction.size;
      offsets.push(offsets[offsets.length - 1] + size);
    }
    return offsets;
  }

  private widenJumps(offsets: readonly number[], nextSizes: Readonly<Record<JumpKind, number>>): boolean {
    let changed = false;
    this.instructions.forEach((instruction, index) => {
      if ("bytes" in instruction) return;
      const distance = offsets[instruction.target.instruction] - offsets[index + 1];
      const needed = distance === 0 ? nextSizes[instruction.jump] : jumpSize(distance);
      if (needed <= instruction.size) return;
      instruction.size = needed;
      changed = true;
    });
    return changed;
  }

  private jumpBytes(kind: JumpKind, distance: number, size: number): number[] {
    if (size === 0) return [];
    if (size === 1) return [SHORT_JUMPS[kind] + distance - 1];
    const extension = this.extendB(distance);
    // A jump that was widened while others still grew may have come back into reach: it keeps its size.
    const padding = new Array<number>(size - 2 - extension.length).fill(bytecodes.NO_OPERATION);
    return [...padding, ...extension, LONG_JUMPS[kind], distance & 255];
  }

  finish(codePointOffset: (offset: number) => number): { bytecodes: Uint8Array; map: Uint8Array } {
    const offsets = this.offsets();
    const entries = this.instructions.flatMap((instruction, index) => {
      if (instruction.range === undefined) return [];
      const start = codePointOffset(instruction.range.start);
      return [{ pc: offsets[index + 1], start, length: codePointOffset(instruction.range.end) - start }];
    });
    const bytes = this.instructions.flatMap((instruction, index) => {
      if ("bytes" in instruction) return instruction.bytes;
      const distance = offsets[instruction.target.instruction] - offsets[index + 1];
      return this.jumpBytes(instruction.jump, distance, instruction.size);
    });
    return { bytecodes: Uint8Array.from(bytes), map: encodeMap(entries) };
  }
}

function jumpSize(distance: number): number {
  if (distance > 0 && distance <= SHORT_JUMP_LIMIT) return 1;
  return distance >= 0 && distance <= 255 ? 2 : 4;
}

function literalKey(literal: Literal): string | undefined {
  if (["block", "string", "array", "byteArray"].includes(literal.kind)) return undefined;
  if (literal.kind === "float" && Object.is(literal.value, -0)) return "float:-0";
  return JSON.stringify(literal, (_key, value) => (typeof value === "bigint" ? `${value}n` : value));
}
