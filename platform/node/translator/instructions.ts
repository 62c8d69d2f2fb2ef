// The bytecodes of a method as instructions, and where control goes between them.

import * as B from "../../../vm/bytecodes.ts";

/** One bytecode with its extensions. */
export interface Instruction {
  /** Address of its first byte, extensions included; `next`: of the byte behind it. */
  address: number;
  next: number;
  /** The bytecode without its extensions; short forms with an index are the first of their row. */
  bytecode: number;
  /** Index of variable, literal or special selector; a signed number; for jumps the address they lead to. */
  operand: number;
  /** Arguments of a send, elements of an array, copied values of a block, the temporary of a remote variable. */
  count: number;
}

/** A part of the code, by indexes of instructions, that becomes a block (left by jumps to `end`) or a loop (to `start`). */
export interface Region {
  kind: "block" | "loop";
  start: number;
  end: number;
}

const SHORT_FORMS: readonly (readonly [first: number, count: number])[] = [
  [B.PUSH_RECEIVER_VARIABLE, 16],
  [B.PUSH_LITERAL_VARIABLE, 16],
  [B.PUSH_LITERAL, 32],
  [B.PUSH_TEMPORARY, 12],
  [B.SEND_ARITHMETIC, 32],
  [B.SEND_0, 16],
  [B.SEND_1, 16],
  [B.SEND_2, 16],
  [B.JUMP, 8],
  [B.JUMP_TRUE, 8],
  [B.JUMP_FALSE, 8],
  [B.POP_INTO_RECEIVER_VARIABLE, 8],
  [B.POP_INTO_TEMPORARY, 8],
];
const SAME: Record<number, number> = {
  [B.PUSH_RECEIVER_VARIABLE_LONG]: B.PUSH_RECEIVER_VARIABLE,
  [B.PUSH_LITERAL_VARIABLE_LONG]: B.PUSH_LITERAL_VARIABLE,
  [B.PUSH_LITERAL_LONG]: B.PUSH_LITERAL,
  [B.PUSH_TEMPORARY_LONG]: B.PUSH_TEMPORARY,
  [B.POP_INTO_RECEIVER_VARIABLE_LONG]: B.POP_INTO_RECEIVER_VARIABLE,
  [B.POP_INTO_TEMPORARY_LONG]: B.POP_INTO_TEMPORARY,
  [B.JUMP_LONG]: B.JUMP,
  [B.JUMP_TRUE_LONG]: B.JUMP_TRUE,
  [B.JUMP_FALSE_LONG]: B.JUMP_FALSE,
};

export function isJump({ bytecode }: Instruction): boolean {
  return bytecode === B.JUMP || bytecode === B.JUMP_TRUE || bytecode === B.JUMP_FALSE;
}
export function isReturn({ bytecode }: Instruction): boolean {
  return bytecode >= B.RETURN_RECEIVER && bytecode <= B.BLOCK_RETURN_TOP;
}
/** Whether control never reaches the next instruction from this one. */
export function endsFlow(instruction: Instruction): boolean {
  return instruction.bytecode === B.JUMP || isReturn(instruction);
}

/** Decodes memory from `start` up to `end`. */
export function decode(memory: Uint8Array, start: number, end: number): Instruction[] {
  const instructions: Instruction[] = [];
  let address = start;
  while (address < end) {
    const instruction = decodeOne(memory, address);
    instructions.push(instruction);
    address = instruction.next;
  }
  return instructions;
}

function decodeOne(memory: Uint8Array, address: number): Instruction {
  let ip = address;
  let a = 0;
  let b = 0;
  let hasB = false;
  while (memory[ip] === B.EXTEND_A || memory[ip] === B.EXTEND_B) {
    const byte = memory[ip + 1];
    if (memory[ip] === B.EXTEND_A) a = (a << 8) | byte;
    else {
      b = !hasB && byte > 127 ? byte - 256 : (b << 8) | byte;
      hasB = true;
    }
    ip += 2;
  }
  const bytecode = memory[ip];
  const i = memory[ip + 1];
  const j = memory[ip + 2];
  const short = SHORT_FORMS.find(([first, count]) => bytecode >= first && bytecode < first + count);
  if (short) {
    const index = bytecode - short[0];
    const isSend = short[0] === B.SEND_0 || short[0] === B.SEND_1 || short[0] === B.SEND_2;
    const jumps = short[0] === B.JUMP || short[0] === B.JUMP_TRUE || short[0] === B.JUMP_FALSE;
    return {
      address,
      next: ip + 1,
      bytecode: isSend ? B.SEND : short[0],
      operand: jumps ? ip + 2 + index : index,
      count: isSend ? (short[0] - B.SEND_0) >> 4 : 0,
    };
  }
  const length = bytecode < B.EXTEND_A ? 1 : bytecode < B.CALL_PRIMITIVE ? 2 : 3;
  const instruction = { address, next: ip + length, bytecode: SAME[bytecode] ?? bytecode, operand: 0, count: 0 };
  switch (bytecode) {
    case B.SEND:
    case B.SEND_SUPER:
      return { ...instruction, operand: (i >> 3) + (a << 5), count: (i & 7) + (b << 3) };
    case B.JUMP_LONG:
    case B.JUMP_TRUE_LONG:
    case B.JUMP_FALSE_LONG:
      return { ...instruction, operand: instruction.next + i + (b << 8) };
    case B.PUSH_INTEGER:
    case B.PUSH_CHARACTER:
      return { ...instruction, operand: i + (b << 8) };
    case B.PUSH_ARRAY:
      return { ...instruction, operand: i, count: i & 127 };
    case B.PUSH_CLOSURE:
      return { ...instruction, operand: i + (a << 8), count: j };
    case B.PUSH_REMOTE:
    case B.STORE_REMOTE:
    case B.POP_INTO_REMOTE:
      return { ...instruction, operand: i, count: j };
    default:
      return { ...instruction, operand: i + (a << 8) };
  }
}

/**
 * The blocks and loops that let every jump leave a region or go to its start, outermost first; undefined when some jump leads
 * into a loop from outside. Jumps backwards out of the code are left to the caller.
 */
export function findRegions(instructions: readonly Instruction[]): Region[] | undefined {
  const indexOf = new Map(instructions.map(({ address }, index) => [address, index]));
  const loops = new Map<number, Region>();
  const blocks = new Map<number, Region>();
  for (const [index, instruction] of instructions.entries()) {
    if (!isJump(instruction)) continue;
    const target = indexOf.get(instruction.operand);
    if (target === undefined) {
      if (instruction.operand < instructions[0].address) continue;
      return undefined;
    }
    if (target <= index) {
      const loop = loops.get(target);
      if (loop) loop.end = Math.max(loop.end, index + 1);
      else loops.set(target, { kind: "loop", start: target, end: index + 1 });
    } else {
      const block = blocks.get(target);
      // One earlier, since a comparison may be translated together with the jump behind it.
      const start = instruction.bytecode === B.JUMP ? index : Math.max(0, index - 1);
      if (block) block.start = Math.min(block.start, start);
      else blocks.set(target, { kind: "block", start, end: target });
    }
  }
  const regions = [...loops.values(), ...blocks.values()];
  return nest(regions) ? regions.sort(compareRegions) : undefined;
}

/** Begins blocks earlier until no two regions cross. */
function nest(regions: readonly Region[]): boolean {
  let changed = true;
  while (changed) {
    changed = false;
    for (const outer of regions) {
      for (const inner of regions) {
        if (!(outer.start < inner.start && inner.start < outer.end && outer.end < inner.end)) continue;
        if (inner.kind === "loop") return false;
        inner.start = outer.start;
        changed = true;
      }
    }
  }
  return true;
}

/** By start; of those that start together the outer one first: the longer, and a block around a loop of the same length. */
function compareRegions(a: Region, b: Region): number {
  return a.start - b.start || b.end - a.end || (a.kind === "block" ? -1 : 1);
}
