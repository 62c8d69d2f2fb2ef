// From the bytecodes of a method or block to a WebAssembly function that does the same (vm/translation.ts says what that
// means). One pass over the instructions:
//
// - Receiver, arguments and temporaries live in locals; what is assigned is written to the frame at once, so that the frame is
//   right wherever the function leaves. Nothing else writes them while it runs.
// - Operands are kept as descriptions (a constant, a local) and written to the frame only before something that may look
//   there: a send, a jump. At the target of a jump they are in the frame.
// - The local `base` is the lowest word that the frame's operands may take, so that all of the frame is at an offset from it.
// - A slow path stands where the fast one does, in a block of its own that ends with a send.

import * as B from "../../../vm/bytecodes.ts";
import { FRAME_CONTEXT } from "../../../vm/frames.ts";
import {
  ASSOCIATION_VALUE,
  FALSE,
  FLOAT_CLASS_INDEX,
  FORMAT_SHIFT,
  FORMAT_WORDS64,
  HEADER_SIZE,
  IMMUTABLE_BIT,
  NIL,
  OLD_SPACE_START,
  REMEMBERED_BIT,
  SLOT_COUNT_SHIFT,
  TRUE,
} from "../../../vm/layout.ts";
import { CompiledCode, findDepths } from "./compiledCode.ts";
import { mayBeYoung, type Operand, PARAMETER_COUNT, type SiteSource } from "./frameCode.ts";
import { decode, findRegions, type Region } from "./instructions.ts";
import { GLOBALS, IMPORTS } from "./machineInterface.ts";
import { SpecialSendCode } from "./specialSendCode.ts";
import { encodeModule, OP } from "./wasmModule.ts";

/** Longer code is not worth it: it is mostly written once and run once. */
const MOST_INSTRUCTIONS = 1500;
/** Bytes of a Float, header included. */
const FLOAT_SIZE = HEADER_SIZE + 8;

/** The module for compiled code, or for its loop at the address `loop`, if that is not 0; undefined when it has something that cannot be translated. */
export function translate(
  memory: Uint8Array<ArrayBufferLike>,
  code: number,
  loop: number,
  takeSite: SiteSource,
): Uint8Array<ArrayBuffer> | undefined {
  const source = new CompiledCode(memory, code);
  if (source.end - source.entry > MOST_INSTRUCTIONS) return undefined;
  const instructions = decode(memory, source.entry, source.end);
  const depths = findDepths(instructions, source);
  if (!depths) return undefined;
  const first = instructions.findIndex(({ address }) => address === (loop || source.entry));
  if (first < 0 || depths[first] === undefined) return undefined;
  const regions = findRegions(instructions.slice(first));
  if (!regions) return undefined;
  return new Translator(source, instructions.slice(first), depths.slice(first), regions, takeSite, loop !== 0).module();
}

class Translator extends SpecialSendCode {
  module(): Uint8Array<ArrayBuffer> {
    this.prologue();
    const pending = [...this.regions];
    for (const [index, instruction] of this.instructions.entries()) {
      this.at = instruction;
      const depth = this.depths[index];
      if (depth !== undefined && this.targets.has(instruction.address)) this.settle(depth);
      this.closeRegions(index);
      while (pending[0]?.start === index) {
        const region = pending.shift() as Region;
        this.labels.push({ region, label: this.body.open(region.kind === "loop" ? OP.loop : OP.block) });
      }
      if (this.skipNext) this.skipNext = false;
      else if (depth !== undefined) this.instruction(index);
    }
    this.closeRegions(this.instructions.length);
    this.body.op(OP.unreachable);
    const localCount = this.firstOperand + this.mostOperands - PARAMETER_COUNT;
    return encodeModule(GLOBALS, IMPORTS, PARAMETER_COUNT, localCount, this.mostOperands + 2, this.body);
  }

  private closeRegions(index: number): void {
    while (this.labels.at(-1)?.region.end === index) {
      this.labels.pop();
      this.body.close();
    }
  }

  // --- Instructions ---

  private instruction(index: number): void {
    const { bytecode, operand, count } = this.at;
    const { body } = this;
    switch (bytecode) {
      case B.PUSH_RECEIVER_VARIABLE:
        body.get(this.self).load(HEADER_SIZE + operand * 4);
        return this.pushResult();
      case B.PUSH_LITERAL_VARIABLE:
        body
          .constant(0)
          .load(this.source.literalAddress(operand))
          .load(HEADER_SIZE + ASSOCIATION_VALUE * 4);
        return this.pushResult();
      case B.PUSH_LITERAL: {
        const literal = this.source.literal(operand);
        if ((literal & 3) !== 0) return this.pushConstant(literal);
        body.constant(0).load(this.source.literalAddress(operand));
        return this.pushResult();
      }
      case B.PUSH_TEMPORARY:
        return this.push({ kind: "local", local: this.temporary(operand), isInteger: false, isInFrame: false });
      case B.PUSH_RECEIVER:
        return this.push({ kind: "local", local: this.self, isInteger: false, isInFrame: false });
      case B.PUSH_TRUE:
        return this.pushConstant(TRUE);
      case B.PUSH_FALSE:
        return this.pushConstant(FALSE);
      case B.PUSH_NIL:
        return this.pushConstant(NIL);
      case B.PUSH_ZERO:
        return this.pushConstant(1);
      case B.PUSH_ONE:
        return this.pushConstant(3);
      case B.PUSH_INTEGER:
        return this.pushConstant((operand << 1) | 1);
      case B.PUSH_CHARACTER:
        return this.pushConstant((operand << 2) | 2);
      case B.DUPLICATE_TOP:
        return this.push({ ...this.fetch(0), isInFrame: false } as Operand);
      case B.PUSH_REMOTE:
        body.get(this.temporary(count)).load(HEADER_SIZE + operand * 4);
        return this.pushResult();
      case B.PUSH_ARRAY:
        return this.pushArray(operand > 127, count);
      case B.PUSH_CLOSURE:
        return this.pushClosure(operand, count);
      case B.POP:
        this.stack.pop();
        return;
      case B.POP_INTO_TEMPORARY:
        this.assignTemporary(operand);
        this.stack.pop();
        return;
      case B.STORE_TEMPORARY:
        return this.assignTemporary(operand);
      case B.POP_INTO_RECEIVER_VARIABLE:
        this.assignReceiverVariable(operand);
        this.stack.pop();
        return;
      case B.STORE_RECEIVER_VARIABLE:
        return this.assignReceiverVariable(operand);
      case B.POP_INTO_REMOTE:
        this.assignRemote(operand, count);
        this.stack.pop();
        return;
      case B.STORE_REMOTE:
        return this.assignRemote(operand, count);
      case B.POP_INTO_LITERAL_VARIABLE:
        this.assignLiteralVariable(operand);
        this.stack.pop();
        return;
      case B.STORE_LITERAL_VARIABLE:
        return this.assignLiteralVariable(operand);
      case B.NO_OPERATION:
        return;
      case B.JUMP:
        this.spill();
        return this.jump(operand);
      case B.JUMP_TRUE:
      case B.JUMP_FALSE:
        return this.jumpOn(bytecode === B.JUMP_TRUE, operand);
      case B.SEND_ARITHMETIC:
        return this.specialSend(operand, index);
      case B.SEND:
        return this.send(this.byLiteral(operand), count);
      case B.SEND_SUPER:
        return this.superSend(operand, count);
      default:
        return this.return(bytecode);
    }
  }

  private pushArray(takesOperands: boolean, count: number): void {
    const { body } = this;
    this.spill();
    body.constant(count).constant(takesOperands ? 1 : 0);
    this.pushStackPointer();
    const [array] = this.scratch;
    this.call("newArray").tee(array).op(OP.eqz);
    body.open(OP.if);
    this.leave();
    body.close();
    if (takesOperands) this.stack.length -= count;
    body.get(array);
    this.pushResult();
  }

  private pushClosure(literal: number, operand: number): void {
    const { body } = this;
    const copiedCount = operand & 63;
    this.spill();
    body.constant(0).load(this.source.literalAddress(literal)).constant(copiedCount);
    body.constant((operand & B.CLOSURE_IGNORES_OUTER_CONTEXT) !== 0 ? 1 : 0);
    this.pushFramePointer();
    this.pushStackPointer();
    const [closure] = this.scratch;
    this.call("newClosure").tee(closure).op(OP.eqz);
    body.open(OP.if);
    this.leave();
    body.close();
    this.stack.length -= copiedCount;
    body.get(closure);
    this.pushResult();
  }

  // --- Assignments: the value is the topmost operand ---

  /** Makes an object of a number on top, without a call as long as there is room. */
  private boxTop(): void {
    const operand = this.stack.at(-1);
    if (operand?.kind !== "number") return;
    const { body } = this;
    const { local, float } = operand;
    const [end] = this.scratch;
    const done = body.open(OP.block);
    body.get(local).branchIf(done);
    body.getGlobal(this.global("edenFree")).tee(local).constant(FLOAT_SIZE).op(OP.add).tee(end);
    body.getGlobal(this.global("edenThreshold")).op(OP.gt);
    body.open(OP.if);
    body.get(float);
    this.call("boxFloat").set(local).branch(done);
    body.close();
    body.get(end).setGlobal(this.global("edenFree"));
    body
      .get(local)
      .constant((FORMAT_WORDS64 << FORMAT_SHIFT) | FLOAT_CLASS_INDEX)
      .store(0);
    body
      .get(local)
      .constant(2 << SLOT_COUNT_SHIFT)
      .store(4);
    body.get(local).get(float).storeFloat(HEADER_SIZE);
    body.close();
    this.stack[this.stack.length - 1] = { kind: "local", local, isInteger: false, isInFrame: false };
  }

  private assignTemporary(index: number): void {
    this.boxTop();
    const value = this.fetch(0);
    this.detachBelowTop(this.temporary(index));
    this.value(value).set(this.temporary(index));
    this.body.get(this.base).get(this.temporary(index)).store(this.temporaryOffset(index));
  }
  private detachBelowTop(temporary: number): void {
    const top = this.stack.pop() as Operand;
    this.detach(temporary);
    this.stack.push(top);
  }

  private assignReceiverVariable(index: number): void {
    const { body } = this;
    this.boxTop();
    const value = this.fetch(0);
    const [header] = this.scratch;
    body.get(this.self).load(0).tee(header).constant(IMMUTABLE_BIT).op(OP.and);
    body.open(OP.if);
    this.leave();
    body.close();
    body.get(this.self);
    this.value(value).store(HEADER_SIZE + index * 4);
    if (!mayBeYoung(value) || this.isInteger(value)) return;
    body.get(this.self).constant(OLD_SPACE_START).op(OP.ge);
    body.open(OP.if);
    this.pushIsYoung(value);
    body.get(header).constant(REMEMBERED_BIT).op(OP.and).op(OP.eqz).op(OP.and);
    body.open(OP.if);
    body.get(this.self);
    this.call("remember");
    body.close();
    body.close();
  }

  private assignRemote(index: number, vector: number): void {
    const { body } = this;
    const value = this.fetch(0);
    body.get(this.temporary(vector));
    this.value(value).store(HEADER_SIZE + index * 4);
    if (!mayBeYoung(value) || this.isInteger(value)) return;
    body.get(this.temporary(vector)).constant(OLD_SPACE_START).op(OP.ge);
    body.open(OP.if);
    body.get(this.temporary(vector)).constant(index);
    this.value(value);
    this.call("storeSlot");
    body.close();
  }

  private assignLiteralVariable(literal: number): void {
    const value = this.fetch(0);
    this.body.constant(0).load(this.source.literalAddress(literal)).constant(ASSOCIATION_VALUE);
    this.value(value);
    this.call("storeSlot");
  }

  // --- Returns ---

  private return(bytecode: number): void {
    const { body } = this;
    const isNonLocal = this.source.isBlock && bytecode <= B.RETURN_TOP;
    if (this.isLoop || isNonLocal) return this.leave();
    body.get(this.base).load(this.headerOffset + FRAME_CONTEXT);
    body.open(OP.if);
    body.get(this.base).load(this.headerOffset + FRAME_CONTEXT);
    this.call("killContext");
    body.close();
    if (bytecode === B.RETURN_TOP || bytecode === B.BLOCK_RETURN_TOP) this.value(this.fetch(0));
    else if (bytecode === B.RETURN_RECEIVER) body.get(this.self);
    else body.constant(bytecode === B.RETURN_TRUE ? TRUE : bytecode === B.RETURN_FALSE ? FALSE : NIL);
    body.op(OP.return);
  }
}
