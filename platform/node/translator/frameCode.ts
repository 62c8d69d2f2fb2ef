// The frame of a translation, its operands, and how it is left: the part of the translator on which all instructions stand.

import * as B from "../../../vm/bytecodes.ts";
import {
  FRAME_CALLER,
  FRAME_CALLER_IP,
  FRAME_CLOSURE,
  FRAME_CONTEXT,
  FRAME_HEADER_SIZE,
  FRAME_METHOD,
  FRAME_TEMPORARIES,
} from "../../../vm/frames.ts";
import {
  CLOSURE_FIRST_COPIED,
  CLOSURE_RECEIVER,
  FALSE,
  HEADER_SIZE,
  NIL,
  OLD_SPACE_START,
  SLOT_COUNT_SHIFT,
  TRUE,
} from "../../../vm/layout.ts";
import { type CompiledCode, growth } from "./compiledCode.ts";
import { type Instruction, isJump, type Region } from "./instructions.ts";
import { FUNCTION_INDEX, type FunctionName, GLOBALS, type GlobalName } from "./machineInterface.ts";
import { FunctionBody, OP } from "./wasmModule.ts";

/** Parameters of the function: the address of the topmost argument, the caller's frame, its ip. A loop has its frame in the second. */
const SP = 0;
const CALLER_FP = 1;
const CALLER_IP = 2;
export const PARAMETER_COUNT = 3;

/** An operand: where its value is when it is not in the frame. A number is in the local, or, if that is 0, in the Float local. */
export type Operand =
  | { kind: "number"; local: number; float: number; isInFrame: false }
  | { kind: "constant"; value: number; isInFrame: boolean }
  | { kind: "local"; local: number; isInteger: boolean; isInFrame: boolean }
  | { kind: "frame"; isInFrame: true };

/** Hands out the memory of the sites of sends; 0 when there is none left. */
export type SiteSource = () => number;

/** A function that is being written, without its instructions. */
export class FrameCode {
  protected readonly body = new FunctionBody();
  protected readonly stack: Operand[] = [];
  protected readonly mostOperands: number;
  protected readonly labels: { region: Region; label: number }[] = [];
  protected readonly targets: Set<number>;
  // Locals behind the parameters.
  protected readonly base = PARAMETER_COUNT;
  protected readonly self = PARAMETER_COUNT + 1;
  protected readonly scratch: readonly number[] = [2, 3, 4, 5].map((index) => PARAMETER_COUNT + index);
  protected readonly firstTemporary = PARAMETER_COUNT + 6;
  protected readonly firstOperand: number;
  /** A local of 64 bits; behind it one Float for each operand, and two for the operands of an operation. */
  protected readonly long: number;
  protected readonly firstFloat: number;
  protected readonly floatScratch: readonly [number, number];
  /** The next instruction has been translated together with this one. */
  protected skipNext = false;
  /** The instruction that is being translated. */
  protected at: Instruction;

  constructor(
    protected readonly source: CompiledCode,
    protected readonly instructions: readonly Instruction[],
    protected readonly depths: readonly (number | undefined)[],
    protected readonly regions: readonly Region[],
    protected readonly takeSite: SiteSource,
    protected readonly isLoop: boolean,
  ) {
    this.firstOperand = this.firstTemporary + source.temporaryCount;
    this.mostOperands = instructions.reduce(
      (most, instruction, index) => Math.max(most, (depths[index] ?? 0) + growth(instruction)),
      0,
    );
    this.long = this.firstOperand + this.mostOperands;
    this.firstFloat = this.long + 1;
    this.floatScratch = [this.firstFloat + this.mostOperands, this.firstFloat + this.mostOperands + 1];
    this.targets = new Set(instructions.filter(isJump).map(({ operand }) => operand));
    this.at = instructions[0];
  }

  /** Operands are in the frame where control may come from elsewhere. */
  protected settle(depth: number): void {
    if (this.stack.length === depth) this.spill();
    this.stack.length = 0;
    for (let index = 0; index < depth; index++) this.stack.push({ kind: "frame", isInFrame: true });
  }

  // --- The frame ---

  /** Offset of the frame's header from `base`. */
  protected get headerOffset(): number {
    return this.mostOperands * 4;
  }
  protected operandOffset(depth: number): number {
    return (this.mostOperands - 1 - depth) * 4;
  }
  /** The receiver stands where temporary -1 would. */
  protected temporaryOffset(index: number): number {
    return this.headerOffset + FRAME_CALLER_IP + (this.source.temporaryCount - index) * 4;
  }
  protected temporary(index: number): number {
    return this.firstTemporary + index;
  }

  protected prologue(): void {
    const { body } = this;
    if (this.isLoop) {
      body.get(CALLER_FP).constant(this.headerOffset).op(OP.subtract).set(this.base);
      body.get(this.base).load(this.temporaryOffset(-1)).set(this.self);
      for (let index = 0; index < this.source.temporaryCount; index++) {
        body.get(this.base).load(this.temporaryOffset(index)).set(this.temporary(index));
      }
      return;
    }
    this.checkRoom();
    const { argumentCount, temporaryCount } = this.source;
    const frameSize = (temporaryCount - argumentCount) * 4 + FRAME_HEADER_SIZE + this.headerOffset;
    body.get(SP).constant(frameSize).op(OP.subtract).set(this.base);
    body
      .get(SP)
      .load(argumentCount * 4)
      .set(this.self);
    for (let index = 0; index < argumentCount; index++) {
      body
        .get(SP)
        .load((argumentCount - 1 - index) * 4)
        .set(this.temporary(index));
    }
    const [closure] = this.scratch;
    if (this.source.isBlock) this.enterClosure(closure);
    else {
      for (let index = argumentCount; index < temporaryCount; index++) this.assignNil(index);
    }
    const header = this.headerOffset;
    body
      .get(this.base)
      .get(CALLER_IP)
      .store(header + FRAME_CALLER_IP);
    body
      .get(this.base)
      .get(CALLER_FP)
      .store(header + FRAME_CALLER);
    body
      .get(this.base)
      .constant(this.source.address)
      .store(header + FRAME_METHOD);
    body
      .get(this.base)
      .get(this.base)
      .constant(this.temporaryOffset(0))
      .op(OP.add)
      .store(header + FRAME_TEMPORARIES);
    body.get(this.base);
    if (this.source.isBlock) body.get(closure);
    else body.constant(0);
    body.store(header + FRAME_CLOSURE);
    body
      .get(this.base)
      .constant(0)
      .store(header + FRAME_CONTEXT);
    this.countTick(this.instructions[0].address);
  }

  protected checkRoom(): void {
    const { body, source } = this;
    body.get(SP).getGlobal(this.global("stackLimit")).op(OP.lt);
    body.open(OP.if);
    if (!source.isBlock) body.constant(source.address);
    body.constant(source.argumentCount).get(CALLER_IP).get(SP).get(CALLER_FP);
    this.call(source.isBlock ? "activateClosureOnFreshPage" : "activateOnFreshPage").op(OP.return);
    body.close();
  }

  /** The frame of a closure: its receiver in its own place, copied values behind the arguments, then nils. */
  protected enterClosure(closure: number): void {
    const { body } = this;
    body
      .get(this.self)
      .tee(closure)
      .load(HEADER_SIZE + CLOSURE_RECEIVER * 4)
      .set(this.self);
    body.get(this.base).get(this.self).store(this.temporaryOffset(-1));
    const { argumentCount, temporaryCount } = this.source;
    // How many values were copied is known to the closure alone: its slot count.
    const [, count] = this.scratch;
    body.get(closure).load(4).constant(SLOT_COUNT_SHIFT).op(OP.shiftRightUnsigned);
    body
      .constant(CLOSURE_FIRST_COPIED - argumentCount)
      .op(OP.subtract)
      .set(count);
    for (let index = argumentCount; index < temporaryCount; index++) {
      body.constant(index).get(count).op(OP.lt);
      body.open(OP.if);
      body
        .get(closure)
        .load(HEADER_SIZE + (CLOSURE_FIRST_COPIED + index - argumentCount) * 4)
        .set(this.temporary(index));
      body.else();
      body.constant(NIL).set(this.temporary(index));
      body.close();
      body.get(this.base).get(this.temporary(index)).store(this.temporaryOffset(index));
    }
  }

  protected assignNil(index: number): void {
    this.body.constant(NIL).set(this.temporary(index));
    this.body.get(this.base).constant(NIL).store(this.temporaryOffset(index));
  }

  // --- Operands ---

  protected push(operand: Operand): void {
    this.stack.push(operand);
  }
  protected pushConstant(value: number): void {
    this.push({ kind: "constant", value, isInFrame: false });
  }
  /** The value on the WebAssembly stack becomes the topmost operand. */
  protected pushResult(isInteger = false): void {
    const local = this.firstOperand + this.stack.length;
    this.body.set(local);
    this.push({ kind: "local", local, isInteger, isInFrame: false });
  }
  protected pushLocal(local: number): void {
    this.push({ kind: "local", local, isInteger: false, isInFrame: false });
  }

  /** Makes an operand (counted from the top) an object that can be read any number of times. */
  protected fetch(fromTop: number): Operand {
    const depth = this.stack.length - 1 - fromTop;
    const operand = this.fetchNumber(fromTop);
    if (operand.kind !== "number") return operand;
    this.box(operand.local, operand.float);
    const boxed: Operand = { kind: "local", local: operand.local, isInteger: false, isInFrame: false };
    this.stack[depth] = boxed;
    return boxed;
  }
  /** The same, but a number may stay as it is. */
  protected fetchNumber(fromTop: number): Operand {
    const depth = this.stack.length - 1 - fromTop;
    const operand = this.stack[depth];
    if (operand.kind !== "frame") return operand;
    const local = this.firstOperand + depth;
    this.body.get(this.base).load(this.operandOffset(depth)).set(local);
    const fetched: Operand = { kind: "local", local, isInteger: false, isInFrame: true };
    this.stack[depth] = fetched;
    return fetched;
  }
  /** Puts the value of a fetched operand on the WebAssembly stack. */
  protected value(operand: Operand): FunctionBody {
    if (operand.kind === "constant") return this.body.constant(operand.value);
    if (operand.kind === "frame") throw new Error("An operand that is in the frame was not fetched.");
    return this.body.get(operand.local);
  }
  /** Makes an object of a number whose local is 0. */
  protected box(local: number, float: number): void {
    const { body } = this;
    body.get(local).op(OP.eqz);
    body.open(OP.if);
    body.get(float);
    this.call("boxFloat").set(local);
    body.close();
  }
  protected pop(): Operand {
    const operand = this.fetch(0);
    this.stack.pop();
    return operand;
  }

  /** Writes all operands to the frame; `remembers`: from now on they are there. */
  protected spill(remembers = true): void {
    for (const [depth, operand] of this.stack.entries()) {
      if (operand.isInFrame) continue;
      if (operand.kind === "number") this.box(operand.local, operand.float);
      this.body.get(this.base);
      this.value(operand).store(this.operandOffset(depth));
      if (!remembers) continue;
      this.stack[depth] =
        operand.kind === "number"
          ? { kind: "local", local: operand.local, isInteger: false, isInFrame: true }
          : { ...operand, isInFrame: true };
    }
  }

  /** Operands that are the value of a temporary keep it when that is assigned. */
  protected detach(temporary: number): void {
    for (const [depth, operand] of this.stack.entries()) {
      if (operand.kind !== "local" || operand.local !== temporary) continue;
      const local = this.firstOperand + depth;
      this.body.get(temporary).set(local);
      this.stack[depth] = { ...operand, local };
    }
  }

  protected isInteger(operand: Operand): boolean {
    return operand.kind === "constant" ? (operand.value & 1) !== 0 : operand.kind === "local" && operand.isInteger;
  }

  protected pushIsYoung(value: Operand): void {
    this.value(value).constant(3).op(OP.and).op(OP.eqz);
    this.value(value).constant(OLD_SPACE_START).op(OP.lt).op(OP.and);
  }

  // --- Leaving ---

  protected global(name: GlobalName): number {
    return GLOBALS.indexOf(name);
  }
  protected call(name: FunctionName): FunctionBody {
    return this.body.call(FUNCTION_INDEX.get(name) as number);
  }
  protected pushStackPointer(depth = this.stack.length): void {
    this.body
      .get(this.base)
      .constant(this.operandOffset(depth - 1))
      .op(OP.add);
  }
  protected pushFramePointer(): void {
    this.body.get(this.base).constant(this.headerOffset).op(OP.add);
  }
  /** The interpreter goes on with the instruction at `address`; on a path that the translation itself does not take. */
  protected leave(address = this.at.address): void {
    this.spill(false);
    this.body.constant(address);
    this.pushStackPointer();
    this.pushFramePointer();
    this.call("leaveTranslation").op(OP.return);
  }
  /** One tick; when none is left, the interpreter goes on at `address`. */
  protected countTick(address: number): void {
    const { body } = this;
    const [, , left] = this.scratch;
    const ticks = this.global("ticks");
    body.getGlobal(ticks).constant(1).op(OP.subtract).tee(left).setGlobal(ticks);
    body.get(left).constant(0).op(OP.lt);
    body.open(OP.if);
    this.leave(address);
    body.close();
  }
  /** The value of a send is on the WebAssembly stack: 0 means that this function ends, too. */
  protected keepAnswer(local: number): void {
    const { body } = this;
    body.tee(local).op(OP.eqz);
    body.open(OP.if);
    body.constant(0).op(OP.return);
    body.close();
  }

  // --- Jumps ---

  /** Operands are in the frame. */
  protected jump(target: number): void {
    if (target <= this.at.address) this.countTick(target);
    if (target >= this.instructions[0].address) {
      this.body.branch(this.labelFor(target));
      return;
    }
    this.body.constant(this.source.address).constant(target);
    this.pushStackPointer();
    this.pushFramePointer();
    this.call("continueLoop").op(OP.return);
  }
  /** Jumps when the WebAssembly stack has a number that is not 0. */
  protected jumpIf(target: number): void {
    if (target > this.at.address) {
      this.body.branchIf(this.labelFor(target));
      return;
    }
    this.body.open(OP.if);
    this.jump(target);
    this.body.close();
  }
  protected labelFor(target: number): number {
    const label = this.labels.findLast(({ region }) => {
      const index = region.kind === "loop" ? region.start : region.end;
      return this.instructions[index]?.address === target && (region.kind === "loop") === target <= this.at.address;
    });
    if (!label) throw new Error(`No region leads to the bytecode at ${target}.`);
    return label.label;
  }

  /** A jump on any operand: what is no Boolean is left to the interpreter. */
  protected jumpOn(condition: boolean, target: number): void {
    const { body } = this;
    const value = this.pop();
    this.spill();
    this.value(value)
      .constant(condition ? TRUE : FALSE)
      .op(OP.eq);
    this.jumpIf(target);
    this.value(value)
      .constant(condition ? FALSE : TRUE)
      .op(OP.ne);
    body.open(OP.if);
    this.stack.push(value);
    this.leave();
    this.stack.pop();
    body.close();
  }

  /** The conditional jump that follows the instruction at `index` and takes its value, if control comes from there alone. */
  protected jumpBehind(index: number): Instruction | undefined {
    const next = this.instructions[index + 1];
    const isConditional = next && (next.bytecode === B.JUMP_TRUE || next.bytecode === B.JUMP_FALSE);
    return isConditional && !this.targets.has(next.address) ? next : undefined;
  }
}

export function mayBeYoung(value: Operand): boolean {
  return value.kind !== "constant";
}
