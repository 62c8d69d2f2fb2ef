// The special selectors: SmallIntegers, Floats, Arrays and Strings are answered here, as the interpreter does, and all else is sent.

import * as B from "../../../vm/bytecodes.ts";
import {
  ARRAY_CLASS_INDEX,
  BYTE_ARRAY_CLASS_INDEX,
  BYTE_STRING_CLASS_INDEX,
  CLASS_INDEX_MASK,
  FALSE,
  FLOAT_CLASS_INDEX,
  FORMAT_SHIFT,
  HEADER_SIZE,
  IMMUTABLE_BIT,
  OLD_SPACE_START,
  SLOT_COUNT_OVERFLOW,
  SLOT_COUNT_SHIFT,
  TRUE,
} from "../../../vm/layout.ts";
import { specialArgumentCount } from "./compiledCode.ts";
import { mayBeYoung, type Operand } from "./frameCode.ts";
import type { Instruction } from "./instructions.ts";
import { SendCode } from "./sendCode.ts";
import { OP } from "./wasmModule.ts";

/** Arithmetic on Floats. */
const FLOAT_ARITHMETIC = new Map<number, number>([
  [B.SELECTOR_PLUS, OP.addFloat],
  [B.SELECTOR_MINUS, OP.subtractFloat],
  [B.SELECTOR_TIMES, OP.multiplyFloat],
  [B.SELECTOR_DIVIDE, OP.divideFloat],
]);

/** A comparison of tagged SmallIntegers, the opposite one, and that of Floats. */
interface Comparison {
  opcode: number;
  opposite: number;
  float: number;
}
const COMPARISONS = new Map<number, Comparison>([
  [B.SELECTOR_LESS, { opcode: OP.lt, opposite: OP.ge, float: OP.ltFloat }],
  [B.SELECTOR_GREATER, { opcode: OP.gt, opposite: OP.le, float: OP.gtFloat }],
  [B.SELECTOR_LESS_OR_EQUAL, { opcode: OP.le, opposite: OP.gt, float: OP.leFloat }],
  [B.SELECTOR_GREATER_OR_EQUAL, { opcode: OP.ge, opposite: OP.lt, float: OP.geFloat }],
  [B.SELECTOR_EQUAL, { opcode: OP.eq, opposite: OP.ne, float: OP.eqFloat }],
  [B.SELECTOR_NOT_EQUAL, { opcode: OP.ne, opposite: OP.eq, float: OP.neFloat }],
]);

export class SpecialSendCode extends SendCode {
  /** The result of the send that is being translated, and the block that ends when it has been set. */
  private result = 0;
  private answered = 0;

  protected specialSend(selector: number, index: number): void {
    const comparison = COMPARISONS.get(selector);
    if (comparison) return this.compare(selector, comparison, index);
    switch (selector) {
      case B.SELECTOR_IDENTICAL:
      case B.SELECTOR_NOT_IDENTICAL:
        return this.identical(selector === B.SELECTOR_IDENTICAL, index);
      case B.SELECTOR_CLASS: {
        this.value(this.pop());
        this.call("classOf");
        return this.pushResult();
      }
      case B.SELECTOR_AT:
        return this.trySpecial(selector, () => this.elementAt());
      case B.SELECTOR_AT_PUT:
        return this.trySpecial(selector, () => this.elementAtPut());
      case B.SELECTOR_SIZE:
        return this.trySpecial(selector, () => this.elementCount());
      case B.SELECTOR_PLUS:
      case B.SELECTOR_MINUS:
      case B.SELECTOR_TIMES:
      case B.SELECTOR_DIVIDE:
      case B.SELECTOR_MODULO:
      case B.SELECTOR_INTEGER_DIVIDE:
      case B.SELECTOR_BIT_AND:
      case B.SELECTOR_BIT_OR:
      case B.SELECTOR_BIT_SHIFT:
        return this.trySpecial(selector, () => this.arithmetic(selector));
      default:
        return this.send(this.bySpecialIndex(selector), specialArgumentCount(selector));
    }
  }

  /**
   * `attempt` leaves a value on the WebAssembly stack, 0 when the message must be sent. Fast paths in it may instead set the
   * result and branch to the label `answered`.
   */
  private trySpecial(selector: number, attempt: () => void): void {
    const { body } = this;
    const argumentCount = specialArgumentCount(selector);
    const isArithmetic = FLOAT_ARITHMETIC.has(selector);
    for (let index = 0; index <= argumentCount; index++) {
      if (isArithmetic) this.fetchNumber(index);
      else this.fetch(index);
    }
    const result = this.firstOperand + this.stack.length - 1 - argumentCount;
    const [answer] = this.scratch;
    this.result = result;
    this.answered = body.open(OP.block);
    attempt();
    body.tee(answer).op(OP.eqz);
    body.open(OP.if);
    this.spill(false);
    this.sendRemembering(this.bySpecialIndex(selector), argumentCount, isArithmetic ? 0 : this.takeSite(), answer);
    body.close();
    body.get(answer).set(result);
    body.close();
    this.stack.length -= argumentCount + 1;
    if (isArithmetic) this.push({ kind: "number", local: result, float: this.floatOf(result), isInFrame: false });
    else this.pushLocal(result);
  }
  /** The Float local that goes with the local of an operand. */
  private floatOf(operandLocal: number): number {
    return this.firstFloat + operandLocal - this.firstOperand;
  }

  /** Leaves the block labelled `otherwise` unless both operands are SmallIntegers. */
  private checkIntegers(left: Operand, right: Operand, otherwise: number): void {
    const unknown = [left, right].filter((operand) => !this.isInteger(operand));
    if (unknown.length === 0) return;
    if ([left, right].some((operand) => operand.kind === "constant" && !this.isInteger(operand))) {
      this.body.branch(otherwise);
      return;
    }
    this.value(unknown[0]);
    if (unknown[1]) this.value(unknown[1]).op(OP.and);
    this.body.constant(1).op(OP.and).op(OP.eqz).branchIf(otherwise);
  }

  private arithmetic(selector: number): void {
    const { body } = this;
    const right = this.fetchNumber(0);
    const left = this.fetchNumber(1);
    const slow = body.open(OP.block);
    this.checkIntegers(left, right, slow);
    this.integerArithmetic(selector, left, right, slow);
    body.set(this.result).branch(this.answered);
    body.close();
    const opcode = FLOAT_ARITHMETIC.get(selector);
    if (opcode !== undefined) {
      const other = body.open(OP.block);
      const [a, b] = this.fetchFloats(left, right, other);
      if (selector === B.SELECTOR_DIVIDE) body.get(b).floatConstant(0).op(OP.eqFloat).branchIf(other);
      body.get(a).get(b).op(opcode).set(this.floatOf(this.result));
      body.constant(0).set(this.result).branch(this.answered);
      body.close();
    }
    body.constant(0);
  }

  /** Puts two numbers, of which one is a Float at least, into Float locals; else leaves the block labelled `otherwise`. */
  private fetchFloats(left: Operand, right: Operand, otherwise: number): readonly [number, number] {
    if (this.isInteger(left) && this.isInteger(right)) this.body.branch(otherwise);
    else if (!this.isInteger(left) && !this.isInteger(right)) {
      this.value(left);
      this.value(right).op(OP.and).constant(1).op(OP.and).branchIf(otherwise);
    }
    return [
      this.fetchFloat(left, right, this.floatScratch[0], otherwise),
      this.fetchFloat(right, left, this.floatScratch[1], otherwise),
    ];
  }
  /** Of two operands that are known to be integers one is not asked again. */
  private fetchFloat(operand: Operand, other: Operand, float: number, otherwise: number): number {
    const { body } = this;
    const [header] = this.scratch;
    if (operand.kind === "constant") {
      if (this.isInteger(operand)) body.floatConstant(operand.value >> 1).set(float);
      else body.branch(otherwise);
      return float;
    }
    const done = body.open(OP.block);
    if (operand.kind === "number") {
      body.get(operand.local).op(OP.eqz);
      body.open(OP.if);
      body.get(operand.float).set(float).branch(done);
      body.close();
    }
    this.value(operand).constant(1).op(OP.and);
    body.open(OP.if);
    // Beside an integer that is a constant, only a Float will do.
    if (this.isInteger(other)) body.branch(otherwise);
    else {
      this.value(operand).constant(1).op(OP.shiftRight).op(OP.convert).set(float);
      body.branch(done);
    }
    body.close();
    this.value(operand).constant(3).op(OP.and).branchIf(otherwise);
    this.value(operand).load(0).constant(CLASS_INDEX_MASK).op(OP.and).tee(header);
    body.constant(FLOAT_CLASS_INDEX).op(OP.ne).branchIf(otherwise);
    this.value(operand).loadFloat(HEADER_SIZE).set(float);
    body.close();
    return float;
  }

  /** Leaves the tagged answer on the WebAssembly stack, or leaves the block `slow`. */
  private integerArithmetic(selector: number, left: Operand, right: Operand, slow: number): void {
    const { body } = this;
    const [a, b] = this.scratch;
    switch (selector) {
      case B.SELECTOR_PLUS:
      case B.SELECTOR_MINUS: {
        const isPlus = selector === B.SELECTOR_PLUS;
        this.value(left);
        this.value(right).constant(1).op(OP.subtract);
        body.op(isPlus ? OP.add : OP.subtract).set(a);
        // Overflow: plus when the sum has another sign than both, minus when it and `right` have another sign than `left`.
        this.value(left).get(a).op(OP.xor);
        this.value(right);
        if (isPlus) body.get(a);
        else this.value(left);
        body.op(OP.xor).op(OP.and).constant(0).op(OP.lt).branchIf(slow);
        body.get(a);
        return;
      }
      case B.SELECTOR_TIMES:
        // Twice the product, which must fit in 32 bits.
        this.value(left).constant(1).op(OP.subtract).op(OP.extend);
        this.value(right).constant(1).op(OP.shiftRight).op(OP.extend);
        body
          .op(OP.multiplyLong)
          .tee(this.long)
          .op(OP.wrap)
          .tee(a)
          .op(OP.extend)
          .get(this.long)
          .op(OP.neLong)
          .branchIf(slow);
        body.get(a).constant(1).op(OP.or);
        return;
      case B.SELECTOR_DIVIDE:
        this.divisor(right, slow);
        this.value(left).constant(1).op(OP.shiftRight).tee(a).get(b).op(OP.remainder).branchIf(slow);
        body.get(a).get(b).op(OP.divide);
        return this.tag();
      case B.SELECTOR_MODULO:
        this.divisor(right, slow);
        this.value(left).constant(1).op(OP.shiftRight).get(b).op(OP.remainder).tee(a);
        body.constant(31).op(OP.shiftRight).get(b).op(OP.and).get(a).op(OP.add);
        return this.tag();
      case B.SELECTOR_INTEGER_DIVIDE:
        // The quotient is one less where the dividend is negative and the remainder not 0.
        this.divisor(right, slow);
        this.value(left).constant(1).op(OP.shiftRight).tee(a).get(b).op(OP.divide);
        body.get(a).get(b).op(OP.remainder).constant(31).op(OP.shiftRight).op(OP.add);
        return this.tag();
      case B.SELECTOR_BIT_AND:
        this.value(left);
        this.value(right).op(OP.and);
        return;
      case B.SELECTOR_BIT_OR:
        this.value(left);
        this.value(right).op(OP.or);
        return;
      default:
        return this.shift(left, right, slow);
    }
  }
  /** Puts a divisor above 0 into the second scratch local. */
  private divisor(right: Operand, slow: number): void {
    this.value(right).constant(1).op(OP.le).branchIf(slow);
    this.value(right).constant(1).op(OP.shiftRight).set(this.scratch[1]);
  }
  private tag(): void {
    this.body.constant(1).op(OP.shiftLeft).constant(1).op(OP.or);
  }
  /** bitShift: to the right by at most 31, to the left by less when no bit is lost. */
  private shift(left: Operand, right: Operand, slow: number): void {
    const { body } = this;
    const [value, distance, shifted] = this.scratch;
    this.value(left).constant(1).op(OP.shiftRight).set(value);
    this.value(right).constant(1).op(OP.shiftRight).tee(distance).constant(0).op(OP.le);
    body.open(OP.if);
    body.get(value).constant(31).constant(0).get(distance).op(OP.subtract).tee(shifted);
    body.get(shifted).constant(31).op(OP.gtUnsigned).op(OP.select).op(OP.shiftRight);
    this.tag();
    body.set(this.result).branch(this.answered);
    body.close();
    body.get(distance).constant(30).op(OP.gt).branchIf(slow);
    body.get(value).get(distance).op(OP.shiftLeft).constant(1).op(OP.shiftLeft).tee(shifted);
    body.constant(1).op(OP.shiftRight).get(distance).op(OP.shiftRight).get(value).op(OP.ne).branchIf(slow);
    body.get(shifted).constant(1).op(OP.or);
  }

  /** Leaves the block unless the receiver is an Array (one that may be changed, if wanted) with this element. */
  private checkElement(receiver: Operand, index: Operand, isWritten: boolean, otherwise: number): void {
    const { body } = this;
    const [count] = this.scratch;
    if (receiver.kind === "constant") {
      body.branch(otherwise);
      return;
    }
    this.value(receiver).constant(3).op(OP.and).branchIf(otherwise);
    this.value(receiver)
      .load(0)
      .constant(isWritten ? CLASS_INDEX_MASK | IMMUTABLE_BIT : CLASS_INDEX_MASK)
      .op(OP.and);
    body.constant(ARRAY_CLASS_INDEX).op(OP.ne).branchIf(otherwise);
    this.slotCount(receiver, count);
    if (!this.isInteger(index)) this.value(index).constant(1).op(OP.and).op(OP.eqz).branchIf(otherwise);
    this.value(index).constant(1).op(OP.shiftRight).constant(1).op(OP.subtract);
    body.get(count).op(OP.geUnsigned).branchIf(otherwise);
  }
  /** Address of an element less HEADER_SIZE - 4: the tagged index is twice the index plus 1. */
  private pushElementAddress(receiver: Operand, index: Operand): void {
    this.value(receiver);
    this.value(index).constant(1).op(OP.subtract).constant(1).op(OP.shiftLeft).op(OP.add);
  }

  private elementAt(): void {
    const { body } = this;
    const index = this.fetch(0);
    const receiver = this.fetch(1);
    const other = body.open(OP.block);
    const noArray = body.open(OP.block);
    this.checkElement(receiver, index, false, noArray);
    this.pushElementAddress(receiver, index);
    body
      .load(HEADER_SIZE - 4)
      .set(this.result)
      .branch(this.answered);
    body.close();
    this.byteElement(receiver, index, other);
    body.set(this.result).branch(this.answered);
    body.close();
    body.constant(0);
  }
  /** The element of a ByteString or ByteArray, or leaves the block. */
  private byteElement(receiver: Operand, index: Operand, otherwise: number): void {
    const { body } = this;
    const [header, count, isString] = this.scratch;
    if (receiver.kind === "constant") {
      body.branch(otherwise).constant(0);
      return;
    }
    this.value(receiver).constant(3).op(OP.and).branchIf(otherwise);
    this.value(receiver).load(0).tee(header).constant(CLASS_INDEX_MASK).op(OP.and).tee(isString);
    body.constant(BYTE_STRING_CLASS_INDEX).op(OP.eq).get(isString).constant(BYTE_ARRAY_CLASS_INDEX).op(OP.eq).op(OP.or);
    body.op(OP.eqz).branchIf(otherwise);
    this.slotCount(receiver, count);
    if (!this.isInteger(index)) this.value(index).constant(1).op(OP.and).op(OP.eqz).branchIf(otherwise);
    this.value(index).constant(1).op(OP.shiftRight).constant(1).op(OP.subtract);
    body.get(count).constant(2).op(OP.shiftLeft);
    body.get(header).constant(FORMAT_SHIFT).op(OP.shiftRightUnsigned).constant(7).op(OP.and).op(OP.subtract);
    body.op(OP.geUnsigned).branchIf(otherwise);
    this.value(receiver);
    this.value(index)
      .constant(1)
      .op(OP.shiftRight)
      .op(OP.add)
      .load8(HEADER_SIZE - 1)
      .tee(count);
    // A Character or a SmallInteger
    body
      .constant(2)
      .op(OP.shiftLeft)
      .constant(2)
      .op(OP.or)
      .get(count)
      .constant(1)
      .op(OP.shiftLeft)
      .constant(1)
      .op(OP.or);
    body.get(isString).constant(BYTE_STRING_CLASS_INDEX).op(OP.eq).op(OP.select);
  }
  private slotCount(receiver: Operand, count: number): void {
    const { body } = this;
    this.value(receiver).load(4).constant(SLOT_COUNT_SHIFT).op(OP.shiftRightUnsigned).tee(count);
    body.constant(SLOT_COUNT_OVERFLOW).op(OP.eq);
    body.open(OP.if);
    this.value(receiver).constant(8).op(OP.subtract).load(0).set(count);
    body.close();
  }

  /** The size of an Array or ByteString. */
  private elementCount(): void {
    const { body } = this;
    const receiver = this.fetch(0);
    const [header, kind, count] = this.scratch;
    const other = body.open(OP.block);
    if (receiver.kind === "constant") body.branch(other);
    else {
      this.value(receiver).constant(3).op(OP.and).branchIf(other);
      this.value(receiver).load(0).tee(header).constant(CLASS_INDEX_MASK).op(OP.and).tee(kind);
      body.constant(ARRAY_CLASS_INDEX).op(OP.eq);
      body.open(OP.if);
      this.slotCount(receiver, count);
      body.get(count);
      this.tag();
      body.set(this.result).branch(this.answered);
      body.close();
      body.get(kind).constant(BYTE_STRING_CLASS_INDEX).op(OP.ne).branchIf(other);
      this.slotCount(receiver, count);
      body.get(count).constant(2).op(OP.shiftLeft);
      body.get(header).constant(FORMAT_SHIFT).op(OP.shiftRightUnsigned).constant(7).op(OP.and).op(OP.subtract);
      this.tag();
      body.set(this.result).branch(this.answered);
    }
    body.close();
    body.constant(0);
  }

  private elementAtPut(): void {
    const { body } = this;
    const value = this.fetch(0);
    const index = this.fetch(1);
    const receiver = this.fetch(2);
    const other = body.open(OP.block);
    this.checkElement(receiver, index, true, other);
    if (mayBeYoung(value) && !this.isInteger(value)) {
      this.pushIsYoung(value);
      this.value(receiver).constant(OLD_SPACE_START).op(OP.ge).op(OP.and).branchIf(other);
    }
    this.pushElementAddress(receiver, index);
    this.value(value).store(HEADER_SIZE - 4);
    this.value(value).set(this.result).branch(this.answered);
    body.close();
    this.value(receiver);
    this.value(index);
    this.value(value);
    this.call("storeElement");
  }

  // --- Comparisons, with the jump that follows when there is one ---

  private identical(isEqual: boolean, index: number): void {
    const { body } = this;
    const right = this.pop();
    const left = this.pop();
    const jump = this.jumpBehind(index);
    if (jump) this.spill();
    this.value(left);
    this.value(right);
    if (jump) {
      body.op(isEqual === (jump.bytecode === B.JUMP_TRUE) ? OP.eq : OP.ne);
      this.jumpIf(jump.operand);
      this.skipNext = true;
      return;
    }
    body.op(isEqual ? OP.eq : OP.ne);
    this.pushBoolean();
  }
  /** The number on the WebAssembly stack becomes the topmost operand, as a Boolean. */
  private pushBoolean(): void {
    const [condition] = this.scratch;
    this.body.set(condition).constant(TRUE).constant(FALSE).get(condition).op(OP.select);
    this.pushResult();
  }

  private compare(selector: number, comparison: Comparison, index: number): void {
    const { body } = this;
    const right = this.popNumber();
    const left = this.popNumber();
    const jump = this.jumpBehind(index);
    if (jump) this.spill();
    const [, , , holds] = this.scratch;
    const done = body.open(OP.block);
    const slow = body.open(OP.block);
    this.checkIntegers(left, right, slow);
    this.value(left);
    this.value(right);
    if (jump) {
      body.op(jump.bytecode === B.JUMP_TRUE ? comparison.opcode : comparison.opposite);
      this.jumpIf(jump.operand);
    } else body.op(comparison.opcode).set(holds);
    body.branch(done);
    body.close();
    this.compareSlowly(selector, comparison, left, right, holds, jump);
    if (jump) {
      body.get(holds);
      if (jump.bytecode === B.JUMP_FALSE) body.op(OP.eqz);
      this.jumpIf(jump.operand);
    }
    body.close();
    if (jump) this.skipNext = true;
    else {
      body.get(holds);
      this.pushBoolean();
    }
  }
  private popNumber(): Operand {
    const operand = this.fetchNumber(0);
    this.stack.pop();
    return operand;
  }

  /** Characters, Floats, or a send; `holds` becomes 0 or 1. */
  private compareSlowly(
    selector: number,
    comparison: Comparison,
    left: Operand,
    right: Operand,
    holds: number,
    jump: Instruction | undefined,
  ): void {
    const { body } = this;
    const compared = body.open(OP.block);
    if (selector === B.SELECTOR_EQUAL || selector === B.SELECTOR_NOT_EQUAL) {
      this.compareCharacters(comparison.opcode, left, right, holds, compared);
    }
    const noFloats = body.open(OP.block);
    const [a, b] = this.fetchFloats(left, right, noFloats);
    body.get(a).get(b).op(comparison.float).set(holds).branch(compared);
    body.close();
    this.stack.push(left, right);
    this.spill(false);
    const [answer] = this.scratch;
    const site = selector === B.SELECTOR_EQUAL ? this.takeSite() : 0;
    this.sendRemembering(this.bySpecialIndex(selector), 1, site, answer);
    this.stack.length -= 2;
    body.get(answer).constant(TRUE).op(OP.eq).tee(holds).branchIf(compared);
    body.get(answer).constant(FALSE).op(OP.eq).branchIf(compared);
    // The answer of some method of the program: whatever follows, the interpreter knows what to do with it.
    this.stack.push({ kind: "local", local: answer, isInteger: false, isInFrame: false });
    this.leave(jump ? jump.address : this.at.next);
    this.stack.pop();
    body.close();
  }
  private compareCharacters(opcode: number, left: Operand, right: Operand, holds: number, compared: number): void {
    const { body } = this;
    const unknown = [left, right].filter(({ kind }) => kind !== "constant");
    if ([left, right].some((operand) => operand.kind === "constant" && (operand.value & 3) !== 2)) return;
    body.constant(1);
    for (const operand of unknown) this.value(operand).constant(3).op(OP.and).constant(2).op(OP.eq).op(OP.and);
    body.open(OP.if);
    this.value(left);
    this.value(right).op(opcode).set(holds).branch(compared);
    body.close();
  }
}
