// Turns compiled code, whose literals are still symbolic, into CompiledMethods and CompiledBlocks of the first heap.

import type { CodeData, CompiledBlockData, CompiledMethodData, Literal, Pragma } from "../../compiler/compiledCode.ts";
import {
  ADDITIONAL_METHOD_STATE_CLASS_INDEX,
  COMPILED_BLOCK_CLASS_INDEX,
  COMPILED_METHOD_CLASS_INDEX,
  FALSE,
  FORMAT_FIXED,
  FORMAT_FIXED_ARRAY,
  FRACTION_CLASS_INDEX,
  MESSAGE_ARGUMENTS,
  MESSAGE_CLASS_INDEX,
  MESSAGE_SELECTOR,
  METHOD_ARGUMENT_MASK,
  METHOD_ARGUMENT_SHIFT,
  METHOD_LARGE_FRAME_FLAG,
  METHOD_LITERAL_COUNT_MASK,
  METHOD_PRIMITIVE_FLAG,
  METHOD_STATE_FIRST_PRAGMA,
  METHOD_STATE_MAP,
  METHOD_STATE_METHOD,
  METHOD_STATE_SELECTOR,
  METHOD_STATE_SOURCE,
  METHOD_TEMPORARY_MASK,
  METHOD_TEMPORARY_SHIFT,
  NIL,
  SCALED_DECIMAL_CLASS_INDEX,
  TRUE,
} from "../../vm/layout.ts";
import { type HeapWriter, taggedCharacter, taggedInteger } from "./heapWriter.ts";

/** Literals that the machine adds to each method and block: state (or selector), then class binding or outer code. */
const TRAILING_LITERALS = 2;
const MESSAGE_SLOT_COUNT = 3;

/** Where the Associations of global and class variables lie. */
export interface Bindings {
  global(name: string): number;
  classVariable(owner: string, name: string): number;
}

export class CodeWriter {
  constructor(
    private readonly heap: HeapWriter,
    private readonly bindings: Bindings,
  ) {}

  /** `classBinding`: the Association whose value is the class that the method is compiled in. */
  writeMethod(method: CompiledMethodData, classBinding: number): number {
    const code = this.writeCode(method, COMPILED_METHOD_CLASS_INDEX);
    this.setTrailingLiterals(code, method, this.writeMethodState(code, method), classBinding);
    return code;
  }

  private writeBlock(block: CompiledBlockData, outerCode: number): number {
    const code = this.writeCode(block, COMPILED_BLOCK_CLASS_INDEX);
    const state = block.map.length === 0 ? NIL : this.writeState(code, NIL, NIL, block.map, []);
    this.setTrailingLiterals(code, block, state, outerCode);
    return code;
  }

  private writeCode(data: CodeData, classIndex: number): number {
    this.heap.category = "code";
    const literalCount = data.literals.length + TRAILING_LITERALS;
    const code = this.heap.allocateCode(classIndex, codeHeader(data, literalCount), literalCount, data.bytecodes);
    data.literals.forEach((literal, index) => {
      this.heap.setSlot(code, index + 1, this.writeLiteral(literal, code));
    });
    return code;
  }

  private setTrailingLiterals(code: number, data: CodeData, state: number, owner: number): void {
    this.heap.setSlot(code, data.literals.length + 1, state);
    this.heap.setSlot(code, data.literals.length + TRAILING_LITERALS, owner);
  }

  // --- AdditionalMethodState ---

  private writeMethodState(code: number, method: CompiledMethodData): number {
    this.heap.category = "source";
    const source = this.heap.string(method.source);
    return this.writeState(code, this.heap.symbol(method.selector), source, method.map, method.pragmas);
  }

  private writeState(code: number, selector: number, source: number, map: Uint8Array, pragmas: Pragma[]): number {
    this.heap.category = "maps and method state";
    const slotCount = METHOD_STATE_FIRST_PRAGMA + pragmas.length;
    const state = this.heap.allocateOops(ADDITIONAL_METHOD_STATE_CLASS_INDEX, FORMAT_FIXED_ARRAY, slotCount);
    this.heap.setSlot(state, METHOD_STATE_METHOD, code);
    this.heap.setSlot(state, METHOD_STATE_SELECTOR, selector);
    this.heap.setSlot(state, METHOD_STATE_SOURCE, source);
    this.heap.setSlot(state, METHOD_STATE_MAP, this.heap.byteArray(map));
    pragmas.forEach((pragma, index) => {
      this.heap.setSlot(state, METHOD_STATE_FIRST_PRAGMA + index, this.writePragma(pragma, code));
    });
    return state;
  }

  /** A pragma is kept as the Message that it looks like. */
  private writePragma(pragma: Pragma, code: number): number {
    const message = this.heap.allocateOops(MESSAGE_CLASS_INDEX, FORMAT_FIXED, MESSAGE_SLOT_COUNT);
    const values = pragma.arguments.map((argument) => this.writeLiteral(argument, code));
    this.heap.setSlot(message, MESSAGE_SELECTOR, this.heap.symbol(pragma.selector));
    this.heap.setSlot(message, MESSAGE_ARGUMENTS, this.heap.array(values));
    return message;
  }

  // --- Literals ---

  private writeLiteral(literal: Literal, code: number): number {
    this.heap.category = "literals";
    switch (literal.kind) {
      case "nil":
        return NIL;
      case "true":
        return TRUE;
      case "false":
        return FALSE;
      case "integer":
        return this.heap.integer(literal.value);
      case "float":
        return this.heap.float(literal.value);
      case "scaledDecimal":
        return this.writeScaledDecimal(literal.numerator, literal.denominator, literal.scale);
      case "character":
        return taggedCharacter(literal.codePoint);
      case "string":
        return this.heap.string(literal.value);
      case "symbol":
        return this.heap.symbol(literal.value);
      case "array":
        return this.heap.array(literal.elements.map((element) => this.writeLiteral(element, code)));
      case "byteArray":
        return this.heap.byteArray(literal.bytes);
      case "global":
        return this.bindings.global(literal.name);
      case "classVariable":
        return this.bindings.classVariable(literal.owner, literal.name);
      case "block":
        return this.writeBlock(literal.code, code);
    }
  }

  private writeScaledDecimal(numerator: bigint, denominator: bigint, scale: number): number {
    const decimal = this.heap.allocateOops(SCALED_DECIMAL_CLASS_INDEX, FORMAT_FIXED, 2);
    this.heap.setSlot(decimal, 0, this.writeFraction(numerator, denominator));
    this.heap.setSlot(decimal, 1, taggedInteger(scale));
    return decimal;
  }

  /** An Integer when it is one. */
  private writeFraction(numerator: bigint, denominator: bigint): number {
    if (denominator === 1n) return this.heap.integer(numerator);
    const fraction = this.heap.allocateOops(FRACTION_CLASS_INDEX, FORMAT_FIXED, 2);
    this.heap.setSlot(fraction, 0, this.heap.integer(numerator));
    this.heap.setSlot(fraction, 1, this.heap.integer(denominator));
    return fraction;
  }
}

function codeHeader(data: CodeData, literalCount: number): number {
  if (literalCount > METHOD_LITERAL_COUNT_MASK) throw new Error("It has too many literals.");
  if (data.temporaryCount > METHOD_TEMPORARY_MASK) throw new Error("It has too many temporaries.");
  if (data.argumentCount > METHOD_ARGUMENT_MASK) throw new Error("It has too many arguments.");
  return (
    literalCount |
    (data.primitive === 0 ? 0 : METHOD_PRIMITIVE_FLAG) |
    (data.needsLargeFrame ? METHOD_LARGE_FRAME_FLAG : 0) |
    (data.temporaryCount << METHOD_TEMPORARY_SHIFT) |
    (data.argumentCount << METHOD_ARGUMENT_SHIFT)
  );
}
