// Who means what by a name, and where each variable lives.
//
// A Scope belongs to a method or block. The scope of an inlined block has no frame of its own: its variables live in
// the frame of the scope around it (`frame`). A variable that a real block inside uses is "captured":
//   - when it never changes after the block could have seen it, the block carries a copy of its value;
//   - otherwise it lives in a temp vector, an Array that is made when its scope begins and that blocks carry instead.
// A loop body gets a new vector each time round, so that a block made in one round keeps that round's variables.

import type { Environment } from "./environment.ts";
import { type InlinedMessage, inliningOf, loopBodiesOf } from "./inlining.ts";
import { type Diagnostic, type DiagnosticCode, type Origin, SourceError } from "./sourceError.ts";
import { nearestName } from "./spelling.ts";
import type {
  BlockNode,
  CodeNode,
  ExpressionNode,
  MessageNode,
  MessagePart,
  MethodNode,
  Name,
  Range,
  StatementNode,
  VariableNode,
} from "./syntaxTree.ts";

export interface Variable {
  name: string;
  scope: Scope;
  isParameter: boolean;
  assignments: Access[];
  /** The real blocks that use it; empty while it is not captured. */
  captures: Access[];
  /** The Temp vector that holds it, undefined when it has a place in a frame (or is copied). */
  vector?: Vector;
  isUsed: boolean;
  isRead: boolean;
  /** It may be read before anything was assigned to it, so it must hold nil when its scope begins. */
  needsNil: boolean;
}

/** An assignment to a variable, or the making of a block that captures it. */
interface Access {
  frame: Scope;
  /** In the source: where the assignment ends, where the block begins. */
  offset: number;
  /** The outermost inlined loop around it that does not contain the variable's declaration. */
  loop?: MessageNode;
}

/** An Array that holds captured variables; it is itself a value in the frame of `scope.frame`. */
export interface Vector {
  scope: Scope;
  variables: Variable[];
}

/** What a frame has room for: a variable, a vector, or a hidden value of an inlined loop. */
export type Slot = Variable | Vector | { hidden: string };

export class Scope {
  readonly variables: Variable[] = [];
  vector?: Vector;
  /** Of a real scope: what its blocks carry in when they are made, in order. */
  readonly copied: (Variable | Vector)[] = [];
  /** Of a real scope: everything in its frame, in order: parameters, copied values, the rest. */
  readonly slots: Slot[] = [];
  /** A real block, or one inside it, contains ^ or thisContext: it needs the context around it. */
  needsOuterContext = false;

  constructor(
    readonly node: CodeNode,
    readonly outer: Scope | undefined,
    /** The real scope whose frame holds the variables: this one, unless the block is inlined. */
    frame: Scope | undefined,
    /** The loop that this inlined block is the body or the condition of. */
    readonly loop: MessageNode | undefined,
  ) {
    this.frame = frame ?? this;
  }

  readonly frame: Scope;

  get isInlined(): boolean {
    return this.frame !== this;
  }

  get isLoopBody(): boolean {
    return this.loop !== undefined;
  }

  /** It is inlined and may run more than once for each time that its frame is made. */
  get runsInLoop(): boolean {
    return this.isLoopBody || (this.isInlined && this.outer?.runsInLoop === true);
  }

  find(name: string): Variable | undefined {
    return this.variables.find((variable) => variable.name === name) ?? this.outer?.find(name);
  }

  addHidden(hidden: string): Slot {
    const slot = { hidden };
    this.frame.slots.push(slot);
    return slot;
  }
}

export type Reference =
  | { kind: "local"; variable: Variable }
  | { kind: "pseudo"; name: "self" | "super" | "thisContext" | "nil" | "true" | "false" }
  | { kind: "instanceVariable"; index: number }
  | { kind: "classVariable"; owner: string; name: string }
  | { kind: "global"; name: string }
  | { kind: "unknown"; name: string; selector: string };

const PSEUDO_VARIABLES = new Set(["self", "super", "thisContext", "nil", "true", "false"]);

export interface ScopeOptions {
  environment: Environment;
  /** "nil" when the code belongs to no class. */
  className: string;
  meta: boolean;
  origin: Origin;
  /** An undeclared variable is an error, not a warning. */
  strict: boolean;
  warn(diagnostic: Diagnostic): void;
  /** In a workspace: called for an undeclared variable that is assigned to; the caller makes a binding for it. */
  declare?(name: string): void;
}

/** Resolves every name of `method`, decides which messages are inlined, and gives every variable its place. */
export function resolveScopes(method: MethodNode, options: ScopeOptions): Scope {
  const resolver = new Resolver(options);
  const scope = resolver.enterCode(method, undefined, false, undefined);
  resolver.warnOfUnused();
  resolver.placeVariables();
  return scope;
}

class Resolver {
  private readonly instanceVariables: readonly string[];
  private readonly scopes: Scope[] = [];
  /** Undeclared variables that were already assigned to or reported. */
  private readonly declared = new Set<string>();

  constructor(private readonly options: ScopeOptions) {
    const { environment, className, meta } = options;
    this.instanceVariables = environment.instanceVariables(className, meta);
  }

  // --- Walking ---

  enterCode(node: CodeNode, outer: Scope | undefined, isInlined: boolean, loop: MessageNode | undefined): Scope {
    const scope = new Scope(node, outer, isInlined ? outer?.frame : undefined, loop);
    node.scope = scope;
    this.scopes.push(scope);
    for (const name of node.parameters) this.declare(scope, name, true);
    for (const name of node.temporaries) this.declare(scope, name, false);
    for (const statement of node.statements) this.visitStatement(statement, scope);
    return scope;
  }

  private visitStatement(node: StatementNode, scope: Scope): void {
    if (node.kind !== "return") {
      this.visit(node, scope);
      return;
    }
    this.requireOuterContext(scope);
    this.visit(node.value, scope);
  }

  private requireOuterContext(scope: Scope): void {
    for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) at.needsOuterContext = true;
  }

  private visit(node: ExpressionNode, scope: Scope): void {
    switch (node.kind) {
      case "literal":
        break;
      case "variable":
        this.resolve(node, scope);
        break;
      case "assignment":
        this.visit(node.value, scope);
        this.resolveTarget(node.variable, scope, node.end);
        break;
      case "block":
        this.enterCode(node, scope, false, undefined);
        break;
      case "brace":
        for (const element of node.elements) this.visit(element, scope);
        break;
      case "cascade":
        this.visit(node.receiver, scope);
        for (const message of node.messages) this.visitArguments(message, scope);
        break;
      case "message":
        this.visitMessage(node, scope);
        break;
    }
  }

  private visitArguments(message: MessagePart, scope: Scope): void {
    for (const argument of message.arguments) this.visit(argument, scope);
  }

  private visitMessage(node: MessageNode, scope: Scope): void {
    node.inlined = inliningOf(node);
    if (node.inlined === undefined) {
      this.visit(node.receiver, scope);
      this.visitArguments(node.message, scope);
      return;
    }
    const loops = loopBodiesOf(node.inlined);
    for (const part of [node.receiver, ...node.message.arguments]) {
      if (isInlinedBlock(part, node.inlined))
        this.enterCode(part, scope, true, loops.includes(part) ? node : undefined);
      else this.visit(part, scope);
    }
  }

  // --- Names ---

  private declare(scope: Scope, name: Name, isParameter: boolean): void {
    if (PSEUDO_VARIABLES.has(name.text)) this.fail("assignment", `${name.text} cannot be declared as a variable`, name);
    if (scope.variables.some((variable) => variable.name === name.text)) {
      this.fail("duplicate", `${name.text} is declared twice`, name);
    }
    if (scope.outer?.find(name.text) !== undefined) {
      this.warn("shadow", `${name.text} hides a variable of the same name around it`, name);
    } else if (this.instanceVariables.includes(name.text)) {
      this.warn("shadow", `${name.text} hides the instance variable of the same name`, name);
    }
    scope.variables.push({
      name: name.text,
      scope,
      isParameter,
      ...{ assignments: [], captures: [], isUsed: false, isRead: false, needsNil: false },
    });
  }

  private resolve(node: VariableNode, scope: Scope, isTarget = false): Reference {
    node.reference = this.referenceFor(node, scope, isTarget);
    if (node.reference.kind === "local") this.noteUse(node.reference.variable, scope, isTarget);
    if (node.name === "thisContext") this.requireOuterContext(scope);
    return node.reference;
  }

  private resolveTarget(node: VariableNode, scope: Scope, end: number): void {
    const reference = this.resolve(node, scope, true);
    if (reference.kind === "pseudo") this.fail("assignment", `${node.name} cannot be assigned to`, node);
    if (reference.kind !== "local") return;
    if (reference.variable.isParameter) {
      this.fail("assignment", `${node.name} is a parameter and cannot be assigned to`, node);
    }
    const loop = outermostLoop(scope, reference.variable.scope);
    reference.variable.assignments.push({ frame: scope.frame, offset: end, loop });
  }

  private referenceFor(node: VariableNode, scope: Scope, isTarget: boolean): Reference {
    const { name } = node;
    if (PSEUDO_VARIABLES.has(name)) return { kind: "pseudo", name: name as "self" };
    const variable = scope.find(name);
    if (variable !== undefined) return { kind: "local", variable };
    const index = this.instanceVariables.lastIndexOf(name);
    if (index >= 0) return { kind: "instanceVariable", index };
    const { environment, className } = this.options;
    const owner = environment.classVariableOwner(className, name);
    if (owner !== undefined) return { kind: "classVariable", owner, name };
    if (environment.hasGlobal(name)) return { kind: "global", name };
    if (isTarget && this.options.declare !== undefined) this.options.declare(name);
    else if (!this.declared.has(name)) this.reportUndeclared(node, scope);
    if (isTarget) this.declared.add(name);
    const selector = environment.unknownNameSelector;
    return selector === undefined || isTarget ? { kind: "global", name } : { kind: "unknown", name, selector };
  }

  private reportUndeclared(node: VariableNode, scope: Scope): void {
    const nearest = nearestName(node.name, this.visibleNames(scope));
    const suggestion = nearest === undefined ? "" : `; did you mean ${nearest}?`;
    const message = `${node.name} is not declared${suggestion}`;
    if (this.options.strict) this.fail("undeclared", message, node);
    this.warn("undeclared", message, node);
    this.declared.add(node.name);
  }

  private *visibleNames(scope: Scope): Iterable<string> {
    for (let at: Scope | undefined = scope; at !== undefined; at = at.outer)
      yield* at.variables.map(({ name }) => name);
    yield* this.instanceVariables;
    yield* this.options.environment.classVariableNames(this.options.className);
    yield* this.options.environment.globalNames();
  }

  private noteUse(variable: Variable, scope: Scope, isTarget: boolean): void {
    if (!variable.isUsed) variable.needsNil = !isTarget || scope !== variable.scope;
    variable.isUsed = true;
    if (!isTarget) variable.isRead = true;
    if (variable.scope.frame === scope.frame) return;
    const block = blockJustInside(variable.scope.frame, scope);
    const loop = outermostLoop(block.outer as Scope, variable.scope);
    variable.captures.push({ frame: block, offset: block.node.start, loop });
  }

  /** Temporaries that the code could as well do without. */
  warnOfUnused(): void {
    for (const scope of this.scopes) {
      for (const name of scope.node.temporaries) {
        const variable = scope.variables.find((each) => each.name === name.text);
        if (variable === undefined || variable.isRead) continue;
        const what = variable.isUsed ? "is assigned but never read" : "is never used";
        this.warn("unused", `${name.text} ${what}`, name);
      }
    }
  }

  private fail(code: DiagnosticCode, message: string, { start, end }: Range): never {
    throw new SourceError({ code, message, start, end }, this.options.origin);
  }

  private warn(code: DiagnosticCode, message: string, { start, end }: Range): void {
    this.options.warn({ code, message, start, end });
  }

  // --- Places ---

  placeVariables(): void {
    for (const scope of this.scopes) {
      for (const variable of scope.variables) if (needsVector(variable)) moveToVector(variable);
    }
    for (const scope of this.scopes) if (!scope.isInlined) this.collectCopied(scope.node, scope);
    for (const scope of this.scopes) if (!scope.isInlined) layOutFrame(scope);
    for (const scope of this.scopes) if (scope.isInlined) addInlinedSlots(scope);
  }

  /** Enters what the code of `scope`, blocks inside it included, uses of the frames around it. */
  private collectCopied(node: CodeNode, scope: Scope): void {
    if (scope.outer === undefined) return;
    for (const variable of usedVariables(node)) {
      const carried = variable.vector ?? variable;
      if (isInside(carried.scope.frame, scope)) continue;
      if (!scope.copied.includes(carried)) scope.copied.push(carried);
    }
  }
}

function isInlinedBlock(node: ExpressionNode, inlined: InlinedMessage): node is BlockNode {
  if (node.kind !== "block") return false;
  return Object.values(inlined).includes(node) && !("limit" in inlined && inlined.limit === node);
}

/** The real block that lies directly in the frame `outer` and contains (or is) the frame of `inner`. */
function blockJustInside(outer: Scope, inner: Scope): Scope {
  let block = inner.frame;
  while (block.outer !== undefined && block.outer.frame !== outer) block = block.outer.frame;
  return block;
}

/** Whether frame `inner` is `outer` or lies inside it. */
function isInside(inner: Scope, outer: Scope): boolean {
  for (let at: Scope | undefined = inner; at !== undefined; at = at.outer?.frame) if (at === outer) return true;
  return false;
}

/** A captured variable may be copied into blocks unless it can change after one of them is made. */
function needsVector({ scope, assignments, captures }: Variable): boolean {
  if (captures.length === 0) return false;
  return assignments.some((assignment) => {
    if (assignment.frame !== scope.frame) return true;
    return captures.some(
      (capture) =>
        assignment.offset > capture.offset || (capture.loop !== undefined && capture.loop === assignment.loop),
    );
  });
}

/** The outermost inlined loop in the frame of `declaring` that is around `scope` but not around `declaring`. */
function outermostLoop(scope: Scope, declaring: Scope): MessageNode | undefined {
  let loop: MessageNode | undefined;
  for (let at: Scope | undefined = scope; at !== undefined && at !== declaring; at = at.outer) {
    if (at.frame === declaring.frame) loop = at.loop ?? loop;
  }
  return loop;
}

/** Of an inlined block that is no loop body, the variables can as well be made with those around it. */
function moveToVector(variable: Variable): void {
  let scope = variable.scope;
  while (scope.isInlined && !scope.isLoopBody && scope.outer !== undefined) scope = scope.outer;
  scope.vector ??= { scope, variables: [] };
  scope.vector.variables.push(variable);
  variable.vector = scope.vector;
}

function layOutFrame(scope: Scope): void {
  const parameters = scope.variables.filter((variable) => variable.isParameter);
  const temporaries = scope.variables.filter((variable) => !variable.isParameter && variable.vector === undefined);
  scope.slots.unshift(...parameters, ...scope.copied, ...temporaries);
  if (scope.vector !== undefined) scope.slots.push(scope.vector);
}

function addInlinedSlots(scope: Scope): void {
  const own = scope.variables.filter((variable) => variable.vector === undefined);
  scope.frame.slots.push(...own);
  if (scope.vector !== undefined) scope.frame.slots.push(scope.vector);
}

/** All local variables that code refers to, blocks inside it included. */
function* usedVariables(node: CodeNode): Iterable<Variable> {
  for (const statement of node.statements) yield* usedIn(statement.kind === "return" ? statement.value : statement);
}

function* usedIn(node: ExpressionNode): Iterable<Variable> {
  switch (node.kind) {
    case "literal":
      break;
    case "variable":
      if (node.reference?.kind === "local") yield node.reference.variable;
      break;
    case "assignment":
      yield* usedIn(node.variable);
      yield* usedIn(node.value);
      break;
    case "block":
      yield* usedVariables(node);
      break;
    case "brace":
      for (const element of node.elements) yield* usedIn(element);
      break;
    case "cascade":
      yield* usedIn(node.receiver);
      for (const message of node.messages) for (const argument of message.arguments) yield* usedIn(argument);
      break;
    case "message":
      yield* usedIn(node.receiver);
      for (const argument of node.message.arguments) yield* usedIn(argument);
      break;
  }
}
