// Reading compiled code: a method header SmallInteger, literals, bytecodes (layout.ts). `code` is a CompiledMethod or a
// CompiledBlock.

import { CALL_PRIMITIVE } from "./bytecodes.ts";
import {
  COMPILED_BLOCK_CLASS_INDEX,
  LARGE_FRAME_SLOTS,
  METHOD_ARGUMENT_MASK,
  METHOD_ARGUMENT_SHIFT,
  METHOD_LARGE_FRAME_FLAG,
  METHOD_LITERAL_COUNT_MASK,
  METHOD_PRIMITIVE_FLAG,
  METHOD_TEMPORARY_MASK,
  METHOD_TEMPORARY_SHIFT,
  SMALL_FRAME_SLOTS,
} from "./layout.ts";
import { load8, load32 } from "./memory.ts";
import { headerClassIndex, slotAt, untagInteger } from "./object.ts";

export function codeHeader(code: i32): i32 {
  return untagInteger(slotAt(code, 0));
}
export function literalCountOf(code: i32): i32 {
  return codeHeader(code) & METHOD_LITERAL_COUNT_MASK;
}
export function argumentCountOf(code: i32): i32 {
  return (codeHeader(code) >> METHOD_ARGUMENT_SHIFT) & METHOD_ARGUMENT_MASK;
}
/** Arguments and copied values included. */
export function temporaryCountOf(code: i32): i32 {
  return (codeHeader(code) >> METHOD_TEMPORARY_SHIFT) & METHOD_TEMPORARY_MASK;
}
export function frameSlotsOf(code: i32): i32 {
  return (codeHeader(code) & METHOD_LARGE_FRAME_FLAG) != 0 ? LARGE_FRAME_SLOTS : SMALL_FRAME_SLOTS;
}
/** Literal `index`, counted from 0. */
export function literalAt(code: i32, index: i32): i32 {
  return slotAt(code, index + 1);
}
/** Address of the first bytecode. */
export function firstBytecodeOf(code: i32): i32 {
  return code + 12 + (literalCountOf(code) << 2);
}
/** 0 when the method has none. */
export function primitiveOf(code: i32): i32 {
  if ((codeHeader(code) & METHOD_PRIMITIVE_FLAG) == 0) return 0;
  const address: i32 = firstBytecodeOf(code);
  if (load8(address) != CALL_PRIMITIVE) return 0;
  return load8(address + 1) | ((load8(address + 2) & 31) << 8);
}
/** Address of the first bytecode after CALL_PRIMITIVE. */
export function entryBytecodeOf(code: i32): i32 {
  return firstBytecodeOf(code) + ((codeHeader(code) & METHOD_PRIMITIVE_FLAG) != 0 ? 3 : 0);
}
/** The method that a block stands in (through any number of outer blocks); a method itself. */
export function homeMethodOf(code: i32): i32 {
  let home: i32 = code;
  while (headerClassIndex(home) == COMPILED_BLOCK_CLASS_INDEX) home = literalAt(home, literalCountOf(home) - 1);
  return home;
}
/** The class in whose method dictionary the method was compiled: value of the binding in the last literal. */
export function methodClassOf(code: i32): i32 {
  const home: i32 = homeMethodOf(code);
  return load32(literalAt(home, literalCountOf(home) - 1) + 12);
}
