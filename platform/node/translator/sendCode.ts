// Sends: to the method or variable that their site knows, or by way of the method cache.

import {
  CLASS_INDEX_MASK,
  CLOSURE_COMPILED_BLOCK,
  HEADER_SIZE,
  SMALL_INTEGER_CLASS_INDEX,
  TRANSLATION_SITE_SIZE,
} from "../../../vm/layout.ts";
import { FrameCode, type Operand } from "./frameCode.ts";
import type { FunctionName } from "./machineInterface.ts";
import { OP } from "./wasmModule.ts";

export interface Selector {
  function: FunctionName;
  push: () => void;
}

/** A site of a send has two entries (vm/translatedSend.ts). */
const SITE_ENTRY_SIZE = TRANSLATION_SITE_SIZE / 2;

export class SendCode extends FrameCode {
  /** The selector of a send by its literal, and the function for such sends. */
  protected byLiteral(literal: number): Selector {
    return { function: "translatedSend", push: () => this.body.constant(0).load(this.source.literalAddress(literal)) };
  }
  protected bySpecialIndex(index: number): Selector {
    return { function: "translatedSpecialSend", push: () => this.body.constant(index) };
  }

  /** Sends to the receiver under the topmost operands, which are in the frame; the answer goes to `result`. */
  protected sendAnyway(selector: Selector, argumentCount: number, site: number, result: number): void {
    selector.push();
    this.body.constant(argumentCount).constant(site).constant(this.at.next);
    this.pushStackPointer();
    this.pushFramePointer();
    this.call(selector.function);
    this.keepAnswer(result);
  }

  protected superSend(literal: number, argumentCount: number): void {
    const result = this.firstOperand + this.stack.length - 1 - argumentCount;
    this.spill();
    this.sendAnyway(
      { function: "translatedSuperSend", push: this.byLiteral(literal).push },
      argumentCount,
      this.source.address,
      result,
    );
    this.stack.length -= argumentCount + 1;
    this.pushLocal(result);
  }

  /** A send to whoever the site knows, or by way of the method cache. */
  protected send(selector: Selector, argumentCount: number): void {
    this.fetch(argumentCount);
    this.spill();
    const result = this.firstOperand + this.stack.length - 1 - argumentCount;
    this.sendRemembering(selector, argumentCount, this.takeSite(), result);
    this.stack.length -= argumentCount + 1;
    this.pushLocal(result);
  }
  /** Operands are in the frame. */
  protected sendRemembering(selector: Selector, argumentCount: number, site: number, result: number): void {
    const receiver = this.stack[this.stack.length - 1 - argumentCount];
    const done = this.body.open(OP.block);
    if (site !== 0) this.sendToKnown(receiver, site, result, done);
    this.sendAnyway(selector, argumentCount, site, result);
    this.body.close();
  }

  protected sendToKnown(receiver: Operand, site: number, result: number, done: number): void {
    const { body } = this;
    const [classIndex, entry, translation] = this.scratch;
    const unknown = body.open(OP.block);
    this.pushClassIndex(receiver, classIndex);
    body.tee(classIndex).constant(0).load(site).op(OP.eq);
    body.open(OP.if);
    body.constant(site).set(entry);
    body.else();
    body
      .get(classIndex)
      .constant(0)
      .load(site + SITE_ENTRY_SIZE)
      .op(OP.ne)
      .branchIf(unknown);
    body.constant(site + SITE_ENTRY_SIZE).set(entry);
    body.close();
    body.get(entry).load(4).tee(translation).constant(0).op(OP.le);
    body.open(OP.if);
    body.get(translation);
    body.open(OP.if);
    body.get(entry).load(8).set(result).branch(done);
    body.close();
    this.value(receiver).get(entry).load(8).op(OP.add).load(0).set(result).branch(done);
    body.close();
    // Of a closure, the code must be the same, too.
    body.get(entry).load(12).tee(classIndex);
    body.open(OP.if);
    body.get(classIndex);
    this.value(receiver)
      .load(HEADER_SIZE + CLOSURE_COMPILED_BLOCK * 4)
      .op(OP.ne)
      .branchIf(unknown);
    body.close();
    this.pushStackPointer();
    this.pushFramePointer();
    body.constant(this.at.next).get(translation).callIndirect(0);
    this.keepAnswer(result);
    body.branch(done);
    body.close();
  }

  protected pushClassIndex(operand: Operand, local: number): void {
    const { body } = this;
    if (this.isInteger(operand)) {
      body.constant(SMALL_INTEGER_CLASS_INDEX);
      return;
    }
    this.value(operand).constant(3).op(OP.and).op(OP.eqz);
    body.open(OP.if);
    this.value(operand).load(0).constant(CLASS_INDEX_MASK).op(OP.and).set(local);
    body.else();
    // SmallInteger 1, Character 2
    body.constant(2);
    this.value(operand).constant(1).op(OP.and).op(OP.subtract).set(local);
    body.close().get(local);
  }
}
