// What a translation must know of compiled code before it is written: its header, and how many operands there are where.

import * as B from "../../../vm/bytecodes.ts";
import {
  CLASS_INDEX_MASK,
  COMPILED_BLOCK_CLASS_INDEX,
  HEADER_SIZE,
  METHOD_ARGUMENT_MASK,
  METHOD_ARGUMENT_SHIFT,
  METHOD_LITERAL_COUNT_MASK,
  METHOD_TEMPORARY_MASK,
  METHOD_TEMPORARY_SHIFT,
  SLOT_COUNT_OVERFLOW,
} from "../../../vm/layout.ts";
import { endsFlow, type Instruction, isJump } from "./instructions.ts";

/** A CompiledMethod or CompiledBlock in memory. */
export class CompiledCode {
  readonly address: number;
  readonly isBlock: boolean;
  readonly argumentCount: number;
  readonly temporaryCount: number;
  /** Addresses of the first bytecode after CALL_PRIMITIVE, and of the end. */
  readonly entry: number;
  readonly end: number;
  private readonly view: DataView;

  constructor(memory: Uint8Array<ArrayBufferLike>, address: number) {
    const view = new DataView(memory.buffer);
    this.view = view;
    this.address = address;
    const low = view.getInt32(address, true);
    this.isBlock = (low & CLASS_INDEX_MASK) === COMPILED_BLOCK_CLASS_INDEX;
    const header = view.getInt32(address + HEADER_SIZE, true) >> 1;
    this.argumentCount = (header >> METHOD_ARGUMENT_SHIFT) & METHOD_ARGUMENT_MASK;
    this.temporaryCount = (header >> METHOD_TEMPORARY_SHIFT) & METHOD_TEMPORARY_MASK;
    const firstBytecode = address + 12 + ((header & METHOD_LITERAL_COUNT_MASK) << 2);
    this.entry = firstBytecode + (memory[firstBytecode] === B.CALL_PRIMITIVE ? 3 : 0);
    const count = view.getUint8(address + 7);
    const slotCount = count === SLOT_COUNT_OVERFLOW ? view.getInt32(address - 8, true) : count;
    this.end = address + HEADER_SIZE + slotCount * 4 - ((low >>> 24) & 7);
  }
  /** Copied values of a block, which come behind its arguments, are known where it is made; 0 to the last temporary. */
  literal(index: number): number {
    return this.view.getInt32(this.address + 12 + (index << 2), true);
  }
  literalAddress(index: number): number {
    return this.address + 12 + (index << 2);
  }
}

/** How many operands there are before each instruction; undefined where control never comes. */
export function findDepths(
  instructions: readonly Instruction[],
  source: CompiledCode,
): (number | undefined)[] | undefined {
  const indexOf = new Map(instructions.map(({ address }, index) => [address, index]));
  const depths: (number | undefined)[] = Array(instructions.length);
  depths[0] = 0;
  for (const [index, instruction] of instructions.entries()) {
    const depth = depths[index];
    if (depth === undefined) continue;
    const effect = stackEffect(instruction, source);
    if (effect === undefined || depth + effect < 0) return undefined;
    const targets = endsFlow(instruction) ? [] : [index + 1];
    if (isJump(instruction)) {
      const target = indexOf.get(instruction.operand);
      if (target === undefined) return undefined;
      targets.push(target);
    }
    for (const target of targets) {
      if (target >= instructions.length) return undefined;
      if (depths[target] !== undefined && depths[target] !== depth + effect) return undefined;
      if (target <= index && depths[target] === undefined) return undefined;
      depths[target] = depth + effect;
    }
  }
  return depths;
}

/** By how much an instruction makes the stack grow; undefined: it is not translated. */
function stackEffect({ bytecode, operand, count }: Instruction, source: CompiledCode): number | undefined {
  switch (bytecode) {
    case B.PUSH_RECEIVER_VARIABLE:
    case B.PUSH_LITERAL_VARIABLE:
    case B.PUSH_LITERAL:
    case B.PUSH_RECEIVER:
    case B.PUSH_TRUE:
    case B.PUSH_FALSE:
    case B.PUSH_NIL:
    case B.PUSH_ZERO:
    case B.PUSH_ONE:
    case B.DUPLICATE_TOP:
    case B.PUSH_INTEGER:
    case B.PUSH_CHARACTER:
      return 1;
    case B.PUSH_TEMPORARY:
      return operand < source.temporaryCount ? 1 : undefined;
    case B.PUSH_REMOTE:
      return count < source.temporaryCount ? 1 : undefined;
    case B.STORE_REMOTE:
      return count < source.temporaryCount ? 0 : undefined;
    case B.STORE_TEMPORARY:
      return operand < source.temporaryCount ? 0 : undefined;
    case B.POP_INTO_TEMPORARY:
      return operand < source.temporaryCount ? -1 : undefined;
    case B.POP_INTO_REMOTE:
      return count < source.temporaryCount ? -1 : undefined;
    case B.POP_INTO_RECEIVER_VARIABLE:
    case B.POP_INTO_LITERAL_VARIABLE:
    case B.POP:
    case B.JUMP_TRUE:
    case B.JUMP_FALSE:
      return -1;
    case B.STORE_RECEIVER_VARIABLE:
    case B.STORE_LITERAL_VARIABLE:
    case B.JUMP:
    case B.NO_OPERATION:
    case B.RETURN_RECEIVER:
    case B.RETURN_TRUE:
    case B.RETURN_FALSE:
    case B.RETURN_NIL:
    case B.BLOCK_RETURN_NIL:
      return 0;
    case B.RETURN_TOP:
    case B.BLOCK_RETURN_TOP:
      return -1;
    case B.SEND_ARITHMETIC:
      return -specialArgumentCount(operand);
    case B.SEND:
    case B.SEND_SUPER:
      return -count;
    case B.PUSH_ARRAY:
      return operand > 127 ? 1 - count : 1;
    case B.PUSH_CLOSURE:
      return 1 - (count & 63);
    default:
      return undefined;
  }
}

export function specialArgumentCount(index: number): number {
  switch (index) {
    case B.SELECTOR_SIZE:
    case B.SELECTOR_NEXT:
    case B.SELECTOR_AT_END:
    case B.SELECTOR_CLASS:
    case B.SELECTOR_VALUE:
    case B.SELECTOR_NEW:
    case B.SELECTOR_X:
    case B.SELECTOR_Y:
      return 0;
    case B.SELECTOR_AT_PUT:
      return 2;
    default:
      return 1;
  }
}

/** An upper bound of what an instruction adds to the operands. */
export function growth({ bytecode }: Instruction): number {
  return bytecode < B.RETURN_RECEIVER || bytecode > B.POP ? 1 : 0;
}
