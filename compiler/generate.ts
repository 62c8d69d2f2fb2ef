// From resolved syntax tree to bytecodes: one method of the Generator for each kind of node. Every expression can be
// generated for its value (one operand more on the stack) or for its effect (none).

import * as bytecodes from "../vm/bytecodes.ts";
import {
  LARGE_FRAME_SLOTS,
  METHOD_ARGUMENT_MASK,
  METHOD_LITERAL_COUNT_MASK,
  METHOD_TEMPORARY_MASK,
  SMALL_FRAME_SLOTS,
} from "../vm/layout.ts";
import {
  QUICK_RETURN_FALSE,
  QUICK_RETURN_FIRST_VARIABLE,
  QUICK_RETURN_MINUS_ONE,
  QUICK_RETURN_NIL,
  QUICK_RETURN_SELF,
  QUICK_RETURN_TRUE,
} from "../vm/primitiveNumbers.ts";
import { Assembler, type Label, LimitError } from "./assembler.ts";
import type { CodeData, CompiledBlockData, CompiledMethodData, Literal } from "./compiledCode.ts";
import type { InlinedMessage } from "./inlining.ts";
import type { Reference, Scope, Slot, Variable } from "./scopes.ts";
import { SPECIAL_SELECTOR_NAMES } from "./specialSelectors.ts";
import type {
  AssignmentNode,
  BlockNode,
  BraceNode,
  CascadeNode,
  CodeNode,
  ExpressionNode,
  MessageNode,
  MessagePart,
  MethodNode,
  Range,
  StatementNode,
} from "./syntaxTree.ts";

const SPECIAL_SELECTORS = new Map<string, number>(SPECIAL_SELECTOR_NAMES.map((name, index) => [name, index]));
/** Operands that a brace array may take from the stack at once; longer ones are filled in pieces. */
const MOST_BRACE_OPERANDS = 12;
const PUSH_INTEGER_LIMIT = 32768;
const LARGEST_VECTOR = 127;
const LARGEST_PRIMITIVE = 8191;
/** State (or selector) and class binding (or outer code), which the writer of objects adds. */
const TRAILING_LITERALS = 2;

type Condition = "whenTrue" | "whenFalse";

/** The bytecodes that end a piece of code: from a method, or from a block to whoever evaluates it. */
interface Returns {
  top: number;
  constants: Readonly<Record<string, number | undefined>>;
}

const METHOD_RETURNS: Returns = {
  top: bytecodes.RETURN_TOP,
  constants: {
    self: bytecodes.RETURN_RECEIVER,
    true: bytecodes.RETURN_TRUE,
    false: bytecodes.RETURN_FALSE,
    nil: bytecodes.RETURN_NIL,
  },
};
const BLOCK_RETURNS: Returns = { top: bytecodes.BLOCK_RETURN_TOP, constants: { nil: bytecodes.BLOCK_RETURN_NIL } };

type Inlined<Kind extends InlinedMessage["kind"]> = Extract<InlinedMessage, { kind: Kind }>;

export function generateMethod(method: MethodNode, scope: Scope, source: string): CompiledMethodData {
  const toCodePoints = codePointCounter(source);
  const quick = quickPrimitive(method);
  const primitive = quick || primitiveNumber(method);
  const generator = new Generator(scope, toCodePoints);
  if (primitive > 0) generator.callPrimitive(primitive);
  const data = generator.generateMethodBody(method);
  const pragmas = method.pragmas
    .filter((pragma) => pragma.selector !== "primitive:" || primitiveNumber(method) === 0)
    .map(({ selector, arguments: args }) => ({ selector, arguments: args }));
  return { ...data, primitive, selector: method.selector, pragmas, source };
}

function primitiveNumber(method: MethodNode): number {
  const pragma = method.pragmas.find(({ selector }) => selector === "primitive:");
  const argument = pragma?.arguments[0];
  if (argument?.kind !== "integer") return 0;
  if (argument.value < 1n || argument.value > LARGEST_PRIMITIVE) {
    throw new LimitError(`a primitive's number lies between 1 and ${LARGEST_PRIMITIVE}`);
  }
  return Number(argument.value);
}

/** The primitive that does all that the method does, when it only answers self, a constant or an instance variable. */
function quickPrimitive(method: MethodNode): number {
  if (method.pragmas.length > 0 || method.temporaries.length > 0) return 0;
  if (method.statements.length === 0) return QUICK_RETURN_SELF;
  const [statement] = method.statements;
  if (statement.kind !== "return") return 0;
  const { value } = statement;
  if (value.kind === "literal" && value.literal.kind === "integer") {
    const integer = value.literal.value;
    return integer >= -1n && integer <= 2n ? QUICK_RETURN_MINUS_ONE + 1 + Number(integer) : 0;
  }
  if (value.kind !== "variable") return 0;
  const reference = value.reference as Reference;
  if (reference.kind === "instanceVariable") {
    return method.parameters.length === 0 && reference.index < 256 ? QUICK_RETURN_FIRST_VARIABLE + reference.index : 0;
  }
  if (reference.kind !== "pseudo") return 0;
  const primitives = {
    self: QUICK_RETURN_SELF,
    true: QUICK_RETURN_TRUE,
    false: QUICK_RETURN_FALSE,
    nil: QUICK_RETURN_NIL,
  };
  return primitives[reference.name as keyof typeof primitives] ?? 0;
}

/** Converts offsets in UTF-16 code units to code points. */
function codePointCounter(source: string): (offset: number) => number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: plain text needs no conversion.
  if (/^[\u0000-\ud7ff\ue000-\uffff]*$/.test(source)) return (offset) => offset;
  return (offset) => [...source.slice(0, offset)].length;
}

class Generator {
  private readonly code = new Assembler();

  constructor(
    /** The real scope whose frame this code runs in. */
    private readonly frame: Scope,
    private readonly toCodePoints: (offset: number) => number,
  ) {}

  callPrimitive(number: number): void {
    this.code.emit([bytecodes.CALL_PRIMITIVE, number & 255, number >> 8], 0);
  }

  // --- Methods and blocks ---

  generateMethodBody(method: MethodNode): CodeData {
    this.enterScope(this.frame);
    this.effects(method.statements);
    this.code.emitReturn(bytecodes.RETURN_RECEIVER);
    return this.finish(method);
  }

  generateExpressionBody(method: MethodNode): CodeData {
    this.enterScope(this.frame);
    this.answerLast(method.statements, METHOD_RETURNS);
    return this.finish(method);
  }

  private generateBlockBody(block: BlockNode): CompiledBlockData {
    this.enterScope(this.frame);
    this.answerLast(block.statements, BLOCK_RETURNS);
    return this.finish(block);
  }

  private finish(node: CodeNode): CodeData {
    const argumentCount = node.parameters.length;
    const temporaryCount = this.frame.slots.length;
    if (argumentCount > METHOD_ARGUMENT_MASK) throw new LimitError(`more than ${METHOD_ARGUMENT_MASK} parameters`);
    if (temporaryCount > METHOD_TEMPORARY_MASK) throw new LimitError(`more than ${METHOD_TEMPORARY_MASK} variables`);
    const literalCount = this.code.literals.length + TRAILING_LITERALS;
    if (literalCount > METHOD_LITERAL_COUNT_MASK) throw new LimitError("the method has too many literals");
    const slots = temporaryCount + this.code.maximumDepth;
    if (slots > LARGE_FRAME_SLOTS)
      throw new LimitError(`more than ${LARGE_FRAME_SLOTS} variables and intermediate values`);
    return {
      argumentCount,
      temporaryCount,
      needsLargeFrame: slots > SMALL_FRAME_SLOTS,
      primitive: 0,
      literals: this.code.literals,
      ...this.code.finish(this.toCodePoints),
    };
  }

  /** Makes the scope's vector, if it has one. */
  private enterScope(scope: Scope): void {
    if (scope.vector === undefined) return;
    const size = scope.vector.variables.length;
    if (size > LARGEST_VECTOR) throw new LimitError(`more than ${LARGEST_VECTOR} captured variables`);
    this.code.emit([bytecodes.PUSH_ARRAY, size], 1);
    this.code.popIntoTemporary(this.indexOf(scope.vector));
  }

  /** In a loop, variables begin every round with nil; those that are assigned to first need not. */
  private enterInlinedScope(scope: Scope): void {
    this.enterScope(scope);
    if (!scope.runsInLoop) return;
    for (const variable of scope.variables) {
      if (variable.isParameter || variable.vector !== undefined || !variable.needsNil) continue;
      this.code.emit([bytecodes.PUSH_NIL], 1);
      this.code.popIntoTemporary(this.indexOf(variable));
    }
  }

  private indexOf(slot: Slot): number {
    return this.frame.slots.indexOf(slot);
  }

  // --- Statements ---

  private effects(statements: readonly StatementNode[]): void {
    for (const statement of statements) {
      if (statement.kind === "return") this.answer(statement.value, METHOD_RETURNS, statement);
      else this.effect(statement);
    }
  }

  /** All statements, the last for its value; nil when there is none. */
  private values(statements: readonly StatementNode[]): void {
    this.effects(statements.slice(0, -1));
    const last = statements[statements.length - 1];
    if (last === undefined) this.code.emit([bytecodes.PUSH_NIL], 1);
    else if (last.kind === "return") this.effects([last]);
    else this.value(last);
  }

  /** All statements; the value of the last is what the code answers. */
  private answerLast(statements: readonly StatementNode[], returns: Returns): void {
    this.effects(statements.slice(0, -1));
    const last = statements[statements.length - 1];
    if (last === undefined) this.answerConstant("nil", returns);
    else if (last.kind === "return") this.effects([last]);
    else this.answer(last, returns);
  }

  private answer(value: ExpressionNode, returns: Returns, range?: Range): void {
    if (value.kind === "message" && this.answerInlined(value, returns, range)) return;
    if (value.kind === "variable" && value.reference?.kind === "pseudo" && value.name !== "thisContext") {
      this.answerConstant(value.reference.name, returns, range);
      return;
    }
    this.value(value);
    this.code.emitReturn(returns.top, range);
  }

  private answerConstant(name: string, returns: Returns, range?: Range): void {
    const bytecode = returns.constants[name];
    if (bytecode !== undefined) {
      this.code.emitReturn(bytecode, range);
      return;
    }
    this.code.emit([pseudoBytecode(name)], 1);
    this.code.emitReturn(returns.top, range);
  }

  /** Where a conditional is the answer, each of its branches answers by itself. */
  private answerInlined({ receiver, inlined }: MessageNode, returns: Returns, range?: Range): boolean {
    const otherwise = this.code.newLabel();
    switch (inlined?.kind) {
      case "condition":
        this.condition(receiver, "whenFalse", otherwise);
        this.answerBlock(inlined.whenTrue, returns);
        this.code.place(otherwise);
        this.answerBlock(inlined.whenFalse, returns);
        return true;
      case "and":
        this.condition(receiver, "whenFalse", otherwise);
        this.answerBlock(inlined.block, returns);
        this.code.place(otherwise);
        this.answerConstant("false", returns, range);
        return true;
      case "or":
        this.condition(receiver, "whenTrue", otherwise);
        this.answerBlock(inlined.block, returns);
        this.code.place(otherwise);
        this.answerConstant("true", returns, range);
        return true;
      default:
        return false;
    }
  }

  private answerBlock(block: BlockNode | undefined, returns: Returns): void {
    if (block !== undefined) this.enterInlinedScope(block.scope as Scope);
    this.answerLast(block?.statements ?? [], returns);
  }

  // --- Expressions ---

  private effect(node: ExpressionNode): void {
    if (node.kind === "assignment") this.assign(node, true);
    else if (node.kind === "message" && node.inlined !== undefined) this.inline(node, node.inlined, false);
    else if (node.kind === "literal" || node.kind === "variable" || node.kind === "block") return;
    else {
      this.value(node);
      this.code.emit([bytecodes.POP], -1);
    }
  }

  private value(node: ExpressionNode): void {
    switch (node.kind) {
      case "literal":
        this.pushLiteral(node.literal);
        break;
      case "variable":
        if (node.reference?.kind === "unknown") this.askForUnknown(node.reference, node);
        else this.pushReference(node.reference as Reference);
        break;
      case "assignment":
        this.assign(node, false);
        break;
      case "block":
        this.pushBlock(node);
        break;
      case "brace":
        this.pushBrace(node);
        break;
      case "cascade":
        this.cascade(node);
        break;
      case "message":
        if (node.inlined !== undefined) this.inline(node, node.inlined, true);
        else {
          this.value(node.receiver);
          this.sendPart(node.message, isSuper(node.receiver));
        }
        break;
    }
  }

  private pushLiteral(literal: Literal): void {
    if (literal.kind === "nil") this.code.emit([bytecodes.PUSH_NIL], 1);
    else if (literal.kind === "true") this.code.emit([bytecodes.PUSH_TRUE], 1);
    else if (literal.kind === "false") this.code.emit([bytecodes.PUSH_FALSE], 1);
    else if (literal.kind === "integer" && literal.value === 0n) this.code.emit([bytecodes.PUSH_ZERO], 1);
    else if (literal.kind === "integer" && literal.value === 1n) this.code.emit([bytecodes.PUSH_ONE], 1);
    else if (literal.kind === "integer" && literal.value >= -PUSH_INTEGER_LIMIT && literal.value < PUSH_INTEGER_LIMIT) {
      this.code.pushInteger(Number(literal.value));
    } else if (literal.kind === "character" && literal.codePoint < 256) {
      this.code.emit([bytecodes.PUSH_CHARACTER, literal.codePoint], 1);
    } else this.code.pushLiteral(literal);
  }

  private pushReference(reference: Reference): void {
    switch (reference.kind) {
      case "pseudo":
        this.code.emit([pseudoBytecode(reference.name)], 1);
        break;
      case "instanceVariable":
        this.code.pushReceiverVariable(reference.index);
        break;
      case "local":
        this.pushVariable(reference.variable);
        break;
      default:
        this.code.pushLiteralVariable(reference as Literal);
    }
  }

  private askForUnknown({ name, selector }: Reference & { kind: "unknown" }, range: Range): void {
    this.code.emit([bytecodes.PUSH_RECEIVER], 1);
    this.pushLiteral({ kind: "symbol", value: name });
    this.code.send(selector, 1, range);
  }

  private pushVariable(variable: Variable): void {
    const { vector } = variable;
    if (vector === undefined) this.code.pushTemporary(this.indexOf(variable));
    else this.code.emit([bytecodes.PUSH_REMOTE, vector.variables.indexOf(variable), this.indexOf(vector)], 1);
  }

  private assign(node: AssignmentNode, pops: boolean): void {
    this.value(node.value);
    const reference = node.variable.reference as Reference;
    if (reference.kind === "instanceVariable") {
      if (pops) this.code.popIntoReceiverVariable(reference.index);
      else this.code.storeReceiverVariable(reference.index);
    } else if (reference.kind === "local") this.storeVariable(reference.variable, pops);
    else this.code.storeLiteralVariable(reference as Literal, pops);
  }

  private storeVariable(variable: Variable, pops: boolean): void {
    const { vector } = variable;
    if (vector === undefined) {
      if (pops) this.code.popIntoTemporary(this.indexOf(variable));
      else this.code.storeTemporary(this.indexOf(variable));
      return;
    }
    const bytecode = pops ? bytecodes.POP_INTO_REMOTE : bytecodes.STORE_REMOTE;
    this.code.emit([bytecode, vector.variables.indexOf(variable), this.indexOf(vector)], pops ? -1 : 0);
  }

  private pushBlock(node: BlockNode): void {
    const scope = node.scope as Scope;
    const code = new Generator(scope, this.toCodePoints).generateBlockBody(node);
    if (scope.copied.length > 63) throw new LimitError("a block uses more than 63 variables around it");
    for (const carried of scope.copied) this.code.pushTemporary(this.indexOf(carried));
    this.code.pushClosure({ kind: "block", code }, scope.copied.length, !scope.needsOuterContext);
  }

  private pushBrace(node: BraceNode): void {
    const { elements } = node;
    if (elements.length <= MOST_BRACE_OPERANDS) {
      for (const element of elements) this.value(element);
      const isEmpty = elements.length === 0;
      this.code.emit([bytecodes.PUSH_ARRAY, isEmpty ? 0 : elements.length + 128], 1 - elements.length);
      return;
    }
    this.code.pushLiteralVariable({ kind: "global", name: "Array" });
    this.pushLiteral({ kind: "integer", value: BigInt(elements.length) });
    this.special("new:", node);
    elements.forEach((element, index) => {
      this.code.emit([bytecodes.DUPLICATE_TOP], 1);
      this.pushLiteral({ kind: "integer", value: BigInt(index + 1) });
      this.value(element);
      this.special("at:put:", element);
      this.code.emit([bytecodes.POP], -1);
    });
  }

  // --- Sends ---

  private sendPart(message: MessagePart, toSuper: boolean): void {
    for (const argument of message.arguments) this.value(argument);
    if (toSuper) this.code.sendSuper(message.selector, message.arguments.length, message);
    else if (SPECIAL_SELECTORS.has(message.selector)) this.special(message.selector, message);
    else this.code.send(message.selector, message.arguments.length, message);
  }

  private special(selector: string, range: Range): void {
    const index = SPECIAL_SELECTORS.get(selector) as number;
    this.code.emit([bytecodes.SEND_ARITHMETIC + index], -argumentCountOf(selector), range);
  }

  private cascade(node: CascadeNode): void {
    this.value(node.receiver);
    const toSuper = isSuper(node.receiver);
    node.messages.forEach((message, index) => {
      const isLast = index === node.messages.length - 1;
      if (!isLast) this.code.emit([bytecodes.DUPLICATE_TOP], 1);
      this.sendPart(message, toSuper);
      if (!isLast) this.code.emit([bytecodes.POP], -1);
    });
  }

  // --- Inlined messages ---

  private inline(node: MessageNode, inlined: InlinedMessage, wantsValue: boolean): void {
    switch (inlined.kind) {
      case "condition":
        this.conditional(node.receiver, inlined, wantsValue);
        break;
      case "and":
      case "or":
        this.shortCircuit(node, inlined, wantsValue);
        break;
      case "while":
        this.whileLoop(node, inlined);
        this.pushNilIf(wantsValue);
        break;
      case "repeat":
        this.repeatLoop(node, inlined);
        this.pushNilIf(wantsValue);
        break;
      case "count":
        this.countLoop(node, inlined, wantsValue);
        break;
      case "times":
        this.timesLoop(node, inlined, wantsValue);
        break;
      case "nil":
        this.nilTest(node, inlined, wantsValue);
        break;
    }
  }

  private pushNilIf(wantsValue: boolean): void {
    if (wantsValue) this.code.emit([bytecodes.PUSH_NIL], 1);
  }

  /** The statements of an inlined block, for their value or effect. A missing block answers nil. */
  private inlineBlock(block: BlockNode | undefined, wantsValue: boolean): void {
    if (block === undefined) {
      this.pushNilIf(wantsValue);
      return;
    }
    this.enterInlinedScope(block.scope as Scope);
    if (wantsValue) this.values(block.statements);
    else this.effects(block.statements);
  }

  /** Evaluates `node`, and jumps when it is what `jumpsWhen` says; goes on otherwise. Leaves nothing on the stack. */
  private condition(node: ExpressionNode, jumpsWhen: Condition, target: Label): void {
    const inlined = node.kind === "message" ? node.inlined : undefined;
    if (inlined?.kind === "and" || inlined?.kind === "or") {
      const decidedWhen = inlined.kind === "and" ? "whenFalse" : "whenTrue";
      const behind = this.code.newLabel();
      this.condition((node as MessageNode).receiver, decidedWhen, decidedWhen === jumpsWhen ? target : behind);
      this.blockCondition(inlined.block, jumpsWhen, target);
      this.code.place(behind);
      return;
    }
    const constant = node.kind === "variable" ? node.name : "";
    if (constant === "true" || constant === "false") {
      if ((constant === "true") === (jumpsWhen === "whenTrue")) this.code.jump("always", target);
      return;
    }
    this.value(node);
    this.code.jump(jumpsWhen, target, node.kind === "message" || node.kind === "cascade" ? undefined : node);
  }

  /** As `condition`, for the last statement of an inlined block. */
  private blockCondition(block: BlockNode, jumpsWhen: Condition, target: Label): void {
    this.enterInlinedScope(block.scope as Scope);
    const { statements } = block;
    const last = statements[statements.length - 1];
    if (last === undefined || last.kind === "return") {
      this.values(statements);
      this.code.jump(jumpsWhen, target);
      return;
    }
    this.effects(statements.slice(0, -1));
    this.condition(last, jumpsWhen, target);
  }

  private conditional(receiver: ExpressionNode, branches: Inlined<"condition">, wantsValue: boolean): void {
    const otherwise = this.code.newLabel();
    if (branches.whenTrue === undefined && !wantsValue) {
      this.condition(receiver, "whenTrue", otherwise);
      this.inlineBlock(branches.whenFalse, false);
      this.code.place(otherwise);
      return;
    }
    this.condition(receiver, "whenFalse", otherwise);
    this.branch(otherwise, branches.whenTrue, branches.whenFalse, wantsValue);
  }

  /** A conditional jump to `otherwise` was just made: `first` runs unless it jumps, `second` when it does. */
  private branch(
    otherwise: Label,
    first: BlockNode | undefined,
    second: BlockNode | undefined,
    wantsValue: boolean,
  ): void {
    const end = this.code.newLabel();
    this.inlineBlock(first, wantsValue);
    if (second === undefined && !wantsValue) {
      this.code.place(otherwise);
      return;
    }
    this.code.jump("always", end);
    this.code.place(otherwise);
    this.inlineBlock(second, wantsValue);
    this.code.place(end);
  }

  private shortCircuit(node: MessageNode, inlined: Inlined<"and"> | Inlined<"or">, wantsValue: boolean): void {
    const end = this.code.newLabel();
    const otherwise = this.code.newLabel();
    const isAnd = inlined.kind === "and";
    this.condition(node.receiver, isAnd ? "whenFalse" : "whenTrue", otherwise);
    this.inlineBlock(inlined.block, wantsValue);
    if (wantsValue) this.code.jump("always", end);
    this.code.place(otherwise);
    if (wantsValue) this.code.emit([isAnd ? bytecodes.PUSH_FALSE : bytecodes.PUSH_TRUE], 1);
    this.code.place(end);
  }

  private whileLoop(node: MessageNode, { condition, expected, body }: Inlined<"while">): void {
    const start = this.code.newLabel();
    const end = this.code.newLabel();
    this.code.place(start);
    this.blockCondition(condition, expected ? "whenFalse" : "whenTrue", end);
    if (body !== undefined) this.inlineBlock(body, false);
    this.code.jump("always", start, node);
    this.code.place(end);
  }

  private repeatLoop(node: MessageNode, { body }: Inlined<"repeat">): void {
    const start = this.code.newLabel();
    this.code.place(start);
    this.inlineBlock(body, false);
    this.code.jump("always", start, node);
  }

  /** `from to: limit by: step do: [:i | ...]` answers `from`. The limit is evaluated once. */
  private countLoop(node: MessageNode, { limit, step, body }: Inlined<"count">, wantsValue: boolean): void {
    const counter = (body.scope as Scope).variables.find((variable) => variable.isParameter) as Variable;
    this.value(node.receiver);
    if (wantsValue) this.code.emit([bytecodes.DUPLICATE_TOP], 1);
    const bound = this.bound(limit);
    this.code.popIntoTemporary(this.indexOf(counter));
    this.runCounter(counter, bound, step, node, () => this.inlineBlock(body, false));
  }

  /**
   * Evaluates a loop's limit; answers how to push it in every round: again, when it is a literal or a parameter (which
   * cannot change), else from a slot.
   */
  private bound(limit: ExpressionNode): () => void {
    if (limit.kind === "literal") return () => this.pushLiteral(limit.literal);
    const reference = limit.kind === "variable" ? limit.reference : undefined;
    if (reference?.kind === "local" && reference.variable.isParameter) return () => this.pushReference(reference);
    const slot = this.frame.addHidden("limit");
    this.value(limit);
    this.code.popIntoTemporary(this.indexOf(slot));
    return () => this.code.pushTemporary(this.indexOf(slot));
  }

  private runCounter(counter: Slot, bound: () => void, step: bigint, range: Range, body: () => void): void {
    const start = this.code.newLabel();
    const end = this.code.newLabel();
    this.code.place(start);
    this.code.pushTemporary(this.indexOf(counter));
    bound();
    this.special(step > 0n ? "<=" : ">=", range);
    this.code.jump("whenFalse", end);
    body();
    this.code.pushTemporary(this.indexOf(counter));
    this.pushLiteral({ kind: "integer", value: step });
    this.special("+", range);
    this.code.popIntoTemporary(this.indexOf(counter));
    this.code.jump("always", start);
    this.code.place(end);
  }

  /** `count timesRepeat: [...]` answers `count`. */
  private timesLoop(node: MessageNode, { body }: Inlined<"times">, wantsValue: boolean): void {
    const bound = this.bound(node.receiver);
    const counter = this.frame.addHidden("counter");
    if (wantsValue) bound();
    this.code.emit([bytecodes.PUSH_ONE], 1);
    this.code.popIntoTemporary(this.indexOf(counter));
    this.runCounter(counter, bound, 1n, node, () => this.inlineBlock(body, false));
  }

  /** The value itself is the answer where no block is given for it. */
  private nilTest(node: MessageNode, { whenNil, whenNotNil }: Inlined<"nil">, wantsValue: boolean): void {
    const parameter = whenNotNil?.scope?.variables.find((variable) => variable.isParameter);
    this.value(node.receiver);
    if (parameter !== undefined) this.code.storeTemporary(this.indexOf(parameter));
    const keepsReceiver = wantsValue && (whenNil === undefined || whenNotNil === undefined);
    if (keepsReceiver) this.code.emit([bytecodes.DUPLICATE_TOP], 1);
    this.code.emit([bytecodes.PUSH_NIL], 1);
    this.special("==", node);
    const end = this.code.newLabel();
    if (!keepsReceiver) {
      const onlyNotNil = whenNil === undefined;
      this.code.jump(onlyNotNil ? "whenTrue" : "whenFalse", end);
      this.branch(end, whenNil ?? whenNotNil, onlyNotNil ? undefined : whenNotNil, wantsValue);
      return;
    }
    this.code.jump(whenNil === undefined ? "whenTrue" : "whenFalse", end);
    this.code.emit([bytecodes.POP], -1);
    this.inlineBlock(whenNil ?? whenNotNil, true);
    this.code.place(end);
  }
}

export function generateExpression(method: MethodNode, scope: Scope, source: string): CompiledMethodData {
  const data = new Generator(scope, codePointCounter(source)).generateExpressionBody(method);
  return { ...data, selector: method.selector, pragmas: [], source };
}

function isSuper(node: ExpressionNode): boolean {
  return node.kind === "variable" && node.name === "super";
}

function pseudoBytecode(name: string): number {
  switch (name) {
    case "nil":
      return bytecodes.PUSH_NIL;
    case "true":
      return bytecodes.PUSH_TRUE;
    case "false":
      return bytecodes.PUSH_FALSE;
    case "thisContext":
      return bytecodes.PUSH_THIS_CONTEXT;
    default:
      return bytecodes.PUSH_RECEIVER;
  }
}

export function argumentCountOf(selector: string): number {
  if (/^[\p{L}_]/u.test(selector)) return selector.split(":").length - 1;
  return 1;
}
