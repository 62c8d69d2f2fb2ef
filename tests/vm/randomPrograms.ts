// Writes Smalltalk programs from a seed: classes whose methods use what the compiler inlines, blocks, arithmetic of all
// kinds, elements, exceptions, processes, and what changes under running methods. Each answers one String that says all that
// went on: answers, errors with the frames that stood on the stack and what was in them, and what variables hold at the end.
//
// A program ends by itself: loops are short, and each activation takes one of the units that its class variable Fuel has.

import { Randomness } from "../compiler/support.ts";

type Kind = "int" | "float" | "bool" | "char" | "string" | "array" | "any" | "object";
const KINDS: readonly Kind[] = ["int", "float", "bool", "char", "string", "array", "any", "object"];

interface Variable {
  name: string;
  kind: Kind;
  /** Arguments are not. */
  isAssignable: boolean;
}
interface Method {
  selector: string;
  /** Pattern of arguments, with their kinds. */
  parameters: Variable[];
  answer: Kind;
  level: number;
}
interface Scope {
  variables: readonly Variable[];
  level: number;
  loops: number;
  isInBlock: boolean;
  /** The one that is being written. */
  method: Method;
  /** ^ may be written. */
  mayReturn: boolean;
}

export interface RandomProgram {
  /** To be evaluated first, one by one. */
  definitions: string[];
  /** Answers the String. */
  expression: string;
  /** Removes the classes. */
  end: string;
}

const INTEGERS = [
  "0",
  "1",
  "-1",
  "2",
  "3",
  "7",
  "10",
  "255",
  "256",
  "1073741823",
  "-1073741824",
  "1073741824",
  "123456789012345",
];
const FLOATS = ["0.0", "1.5", "-0.5", "2.0", "1.0e10", "0.1", "Float nan", "Float infinity", "-0.0"];
const CHARACTERS = ["$a", "$b", "$Z", "(Character value: 955)", "$ "];
const STRINGS = [
  "'abc'",
  "'hello world'",
  "(String new: 3)",
  "#symbol",
  "'a quote '' in it'",
  "(String with: (Character value: 955) with: $x)",
];
const COMPARISONS = ["<", ">", "<=", ">=", "=", "~=", "==", "~~"];
const OBJECT_VARIABLES: readonly Variable[] = [
  { name: "first", kind: "int", isAssignable: true },
  { name: "second", kind: "float", isAssignable: true },
  { name: "third", kind: "any", isAssignable: true },
  { name: "list", kind: "array", isAssignable: true },
  { name: "other", kind: "object", isAssignable: false },
  { name: "Shared", kind: "any", isAssignable: true },
  { name: "ours", kind: "int", isAssignable: false },
];

class Luck extends Randomness {
  isLikely(probability: number): boolean {
    return this.below(1000) < probability * 1000;
  }
}

export class ProgramWriter {
  private readonly random: Luck;
  private readonly methods: Method[] = [];
  private readonly classes: string[];
  private nameCount = 0;
  /** How many expressions a method may still have. */
  private room = 0;

  /** `changesClasses`: with what takes the image long, such as a change of classes. */
  constructor(
    seed: number,
    private readonly name: string,
    private readonly changesClasses = true,
  ) {
    this.random = new Luck(Math.imul(seed, 0x9e3779b1) | 1);
    this.classes = [name, `${name}B`, `${name}C`];
  }

  program(): RandomProgram {
    const { name, random } = this;
    const [, b, c] = this.classes;
    const definitions = [
      `Object subclass: #${name} instanceVariableNames: 'first second third list other' classVariableNames: 'Fuel Shared' package: 'Random'`,
      `${name} class instanceVariableNames: 'ours'`,
      `${name} subclass: #${b} instanceVariableNames: 'more' classVariableNames: '' package: 'Random'`,
      `${name} subclass: #${c} instanceVariableNames: '' classVariableNames: '' package: 'Random'`,
      ...this.helpers().map((source) => compile(name, source)),
      compile(b, "isSpecial ^true"),
      compile(b, "ours ^more"),
      compile(b, "constant ^#constant"),
      compile(`${name} class`, "ours ^ours ifNil: [ours := 1]"),
    ];
    const count = 4 + random.below(6);
    for (let index = 0; index < count; index++) this.methods.push(this.newMethod(index));
    for (const method of this.methods) {
      definitions.push(compile(name, this.methodSource(method, "")));
      for (const subclass of [b, c]) {
        if (random.isLikely(0.3)) definitions.push(compile(subclass, this.methodSource(method, "super ")));
      }
    }
    if (random.isLikely(0.15)) definitions.push(compile(name, this.largeMethod()));
    return {
      definitions,
      expression: this.expression(),
      end: `{ ${b}. ${c}. ${name} } do: [ :each | each removeFromSystem ]`,
    };
  }

  private helpers(): string[] {
    return [
      "setUp first := 1. second := 0.5. third := nil. list := Array new: 3. other := self",
      "other: anObject other := anObject",
      "first ^first",
      "constant ^3",
      "isSpecial ^false",
      "ours ^nil",
      "itself ^self",
      "large ^nil",
      "clip: x (x isKindOf: Integer) ifTrue: [x abs > 1000000000000 ifTrue: [^x \\\\ 1000003]]. ^x",
      "poke: index with: x thisContext sender at: index put: x",
      "pokeBlock: aBlock with: x aBlock outerContext at: 1 put: x",
      "leaveWith: x thisContext sender return: x",
      "callerSelector ^thisContext sender selector",
      `runTwice ${FUEL} Shared == #again ifTrue: [Shared := nil. ^false]. Shared := #again. thisContext sender restart`,
      "deep: n with: x | t | n <= 0 ifTrue: [^x]. t := (self deep: n - 1 with: x) . ^t",
      "state ^{first. second. third class. list size. Shared class}",
      `show: x (x isNumber or: [x isString or: [x isNil or: [x == true or: [x == false or: [x isCharacter]]]]]) ifFalse: [^x class name]. ^x printString size > 60 ifTrue: [x printString copyFrom: 1 to: 60] ifFalse: [x printString]`,
      `report: anError | context out count | out := WriteStream on: String new. out nextPutAll: anError class name; space; nextPutAll: (anError description truncateTo: 60). context := anError signalerContext. count := 0. [context isNil or: [count >= 12]] whileFalse: [count := count + 1. out lf; nextPutAll: (context methodClass name), '>>', context selector printString, ' ', context pc printString, ' ', (self show: context receiver). 1 to: context stackPtr do: [:i | out space; nextPutAll: (self show: (context at: i))]. context := context sender]. ^out contents`,
      `try: aBlock Fuel := 400. ^[self show: aBlock value] on: Error, Halt do: [:e | Fuel := 400. (self report: e)]`,
    ];
  }

  private expression(): string {
    const { name, random } = this;
    const [, b, c] = this.classes;
    const lines = [
      "| out all a b c |",
      "out := WriteStream on: String new.",
      `a := ${name} new. b := ${b} new. c := ${c} new. all := { a. b. c }.`,
      "all do: [ :each | each setUp ]. a other: b. b other: c. c other: a.",
      `1 to: ${3 + random.below(4)} do: [ :round |`,
    ];
    for (const method of this.methods) {
      const scope: Scope = this.outerScope(method);
      const receiver = random.pick(["a", "b", "c", "(all atWrap: round)"]);
      const send = this.sendTo(receiver, method, scope, 1);
      lines.push(`  out nextPutAll: (a try: [ ${send} ]); lf.`);
    }
    if (random.isLikely(0.3)) {
      lines.push(`  out nextPutAll: (a try: [ b deep: ${random.pick([50, 400, 1500])} with: round ]); lf.`);
    }
    lines.push("  out nextPutAll: (a try: [ a large ]); lf.");
    if (random.isLikely(0.2)) lines.push(`  round = 2 ifTrue: [ ${this.change()} ].`);
    lines.push("  all do: [ :each | out print: each state ]. out lf ].", "out contents");
    return lines.join("\n");
  }

  /** Something that changes what was translated. */
  private change(): string {
    const { random, name } = this;
    const method = random.pick(this.methods);
    const target = random.pick(this.classes);
    const source = this.methodSource(method, "super ", target === name);
    const changes = [
      () => compile(target, source),
      () => "a become: b",
      () => "Smalltalk garbageCollect",
      () => `${target} flushCache`,
      ...(this.changesClasses
        ? [
            () => `${name} addInstVarNamed: 'added${this.nameCount++}'`,
            () => `${this.classes[1]} instanceVariableNames: 'less more'`,
          ]
        : []),
    ];
    return random.pick(changes)();
  }

  // --- Methods ---

  private newMethod(index: number): Method {
    const count = this.random.isLikely(0.05) ? 15 : this.random.below(4);
    const parameters: Variable[] = [];
    for (let argument = 0; argument < count; argument++) {
      parameters.push({ name: `p${argument}`, kind: this.random.pick(KINDS), isAssignable: false });
    }
    const keywords = parameters.map((_, argument) => (argument === 0 ? `m${index}x:` : `with:`));
    const selector = count === 0 ? `m${index}` : keywords.join("");
    return { selector, parameters, answer: this.random.pick(KINDS), level: index };
  }

  private outerScope(method: Method): Scope {
    const variables: Variable[] = [{ name: "round", kind: "int", isAssignable: false }];
    return { variables, level: -1, loops: 2, isInBlock: true, method, mayReturn: false };
  }

  private methodSource(method: Method, prefix: string, isBase = prefix === ""): string {
    const { random } = this;
    this.room = 60 + random.below(120);
    const temporaries: Variable[] = [];
    const count = random.isLikely(0.05) ? 40 : random.below(5);
    for (let index = 0; index < count; index++) {
      temporaries.push({ name: `t${index}`, kind: random.pick(KINDS), isAssignable: true });
    }
    const scope: Scope = {
      variables: [...method.parameters, ...temporaries, ...OBJECT_VARIABLES.filter(({ name }) => name !== "ours")],
      level: method.level,
      loops: 0,
      isInBlock: false,
      method,
      mayReturn: true,
    };
    const parts = method.selector.split(":");
    const pattern =
      method.parameters.length === 0
        ? method.selector
        : method.parameters.map(({ name }, index) => `${parts[index]}: ${name}`).join(" ");
    const lines = [pattern, count > 0 ? `| ${temporaries.map(({ name }) => name).join(" ")} |` : ""];
    lines.push(FUEL);
    for (const { name, kind } of temporaries) {
      if (random.isLikely(0.9)) lines.push(`${name} := ${this.leaf(kind, { ...scope, variables: [] })}.`);
    }
    const statementCount = 1 + random.below(5);
    for (let index = 0; index < statementCount; index++) lines.push(`${this.statement(scope, 3)}.`);
    if (!isBase && prefix !== "" && random.isLikely(0.6)) {
      const args = method.parameters.map(({ name }, index) => `${parts[index]}: ${name}`).join(" ");
      lines.push(`third := super ${method.parameters.length === 0 ? method.selector : args}.`);
    }
    if (random.isLikely(0.9)) lines.push(`^${this.expressionOf(method.answer, scope, 3)}`);
    return lines.join("\n");
  }

  /** More literals, temporaries and longer jumps than fit one byte. */
  private largeMethod(): string {
    const { random } = this;
    const temporaries = Array.from({ length: 55 }, (_, index) => `t${index}`);
    const lines = ["large", `| sum ${temporaries.join(" ")} |`, "sum := 0.", FUEL];
    const literals = 20 + random.below(280);
    for (let index = 0; index < literals && index < 110; index++) {
      lines.push(`sum := sum + ${100000 + index * 7}.`);
      if (random.isLikely(0.2)) lines.push(`t${random.below(55)} := sum.`);
    }
    lines.push("1 to: 3 do: [ :i |");
    lines.push("  i odd ifTrue: [");
    for (let index = 0; index < 40; index++) lines.push(`    t${index} := (t${index} ifNil: [ ${index} ]) + i.`);
    lines.push("  ] ifFalse: [ t3 := t3 + 0.5 ].");
    lines.push("  sum := sum + t3 ].");
    lines.push("^sum + t39");
    return lines.join("\n");
  }

  // --- Statements ---

  /** Mostly guarded, so that not the first error ends it all. */
  private statement(scope: Scope, depth: number): string {
    if (depth < 2 || this.random.isLikely(0.5)) return this.bareStatement(scope, depth);
    return `[ ${this.bareStatement(inBlock(scope), depth)} ] on: Error do: [ :ex | Fuel < 0 ifTrue: [ ex pass ]. third := ex messageText ]`;
  }
  private bareStatement(scope: Scope, depth: number): string {
    const { random } = this;
    this.room--;
    const nested = depth > 0 && this.room > 0;
    if (!nested) return this.assignment(scope, depth);
    switch (random.below(26)) {
      case 0:
      case 1:
        return `${this.condition(scope, depth - 1)} ${random.pick(["ifTrue:", "ifFalse:"])} [ ${this.statements(scope, depth - 1)} ]`;
      case 2:
        return `${this.condition(scope, depth - 1)} ${random.pick(["ifTrue: [", "ifFalse: ["])} ${this.statements(scope, depth - 1)} ] ${""}`.trim();
      case 3:
        return `${this.condition(scope, depth - 1)} ifTrue: [ ${this.statements(scope, depth - 1)} ] ifFalse: [ ${this.statements(scope, depth - 1)} ]`;
      case 4:
      case 5:
      case 6:
        return this.countingLoop(scope, depth);
      case 7:
        return `${1 + random.below(4)} timesRepeat: [ ${this.statements(inLoop(scope), depth - 1)} ]`;
      case 8:
        return this.conditionalLoop(scope, depth);
      case 9:
        return scope.mayReturn && random.isLikely(0.4)
          ? `${this.condition(scope, depth - 1)} ifTrue: [ ^${this.expressionOf(scope.method.answer, scope, depth - 1)} ]`
          : this.assignment(scope, depth);
      case 10:
        return this.enumeration(scope, depth);
      case 11:
        return `${this.expressionOf("array", scope, 1)} at: ${this.index(scope)} put: ${this.expressionOf("any", scope, depth - 1)}`;
      case 12:
        return `[ ${this.statements(inBlock(scope), depth - 1)} ] ${random.pick(["ensure:", "ifCurtailed:"])} [ ${this.assignment(inBlock(scope), 1)} ]`;
      case 13:
        return `[ ${this.statements(inBlock(scope), depth - 1)} ] on: ${random.pick(["ZeroDivide", "Error", "MessageNotUnderstood", "Error, Warning"])} do: [ :ex | ${this.handler(scope, depth - 1)} ]`;
      case 14:
      case 18:
      case 19:
        return this.oddities(scope, depth);
      case 15:
        return `Transcript show: ${this.expressionOf("any", scope, 1)} class name; show: ' '`;
      case 16:
        return `${this.sendTo(this.receiver(scope), this.callee(scope), scope, depth - 1)}`;
      case 17:
        return this.processes(scope, depth);
      default:
        return this.assignment(scope, depth);
    }
  }

  private statements(scope: Scope, depth: number): string {
    const count = 1 + this.random.below(3);
    return Array.from({ length: count }, () => this.statement(scope, depth)).join(". ");
  }

  private assignment(scope: Scope, depth: number): string {
    const candidates = scope.variables.filter(({ isAssignable }) => isAssignable);
    if (candidates.length === 0) return this.expressionOf("any", scope, depth - 1);
    const { name, kind } = this.random.pick(candidates);
    const value = this.expressionOf(kind, scope, depth - 1);
    return kind === "int" || kind === "any" ? `${name} := self clip: ${value}` : `${name} := ${value}`;
  }

  private countingLoop(scope: Scope, depth: number): string {
    if (scope.loops >= 3) return this.assignment(scope, depth);
    const { random } = this;
    const name = this.newName("i");
    const inner = inLoop(withVariables(scope, { name, kind: "int", isAssignable: false }));
    const body = this.statements(inner, depth - 1);
    const fuel = scope.loops > 0 ? `${FUEL} ` : "";
    switch (random.below(6)) {
      case 0:
        return `1 to: ${1 + random.below(5)} by: ${1 + random.below(2)} do: [ :${name} | ${fuel}${body} ]`;
      case 1:
        return `${3 + random.below(3)} to: 1 by: -1 do: [ :${name} | ${fuel}${body} ]`;
      case 2:
        return `1 to: ((${this.expressionOf("int", scope, 1)}) bitAnd: 3) do: [ :${name} | ${fuel}${body} ]`;
      case 3:
        return `1 to: 3 by: (${this.condition(scope, 1)} ifTrue: [ 1 ] ifFalse: [ 2 ]) do: [ :${name} | ${fuel}${body} ]`;
      case 4:
        return `0.5 to: 2 by: 0.5 do: [ :${name} | ${fuel}${body} ]`;
      default:
        return `1 to: ${1 + random.below(5)} do: [ :${name} | ${fuel}${body} ]`;
    }
  }

  private conditionalLoop(scope: Scope, depth: number): string {
    if (scope.loops >= 3 || !this.canDeclare(scope)) return this.assignment(scope, depth);
    const { random } = this;
    const name = this.newName("n");
    const inner = inLoop(withVariables(scope, { name, kind: "int", isAssignable: false }));
    const body = this.statements(inner, depth - 1);
    const limit = 2 + random.below(4);
    const forms = [
      `[ ${name} < ${limit} ] whileTrue: [ ${FUEL} ${name} := ${name} + 1. ${body} ]`,
      `[ ${name} >= ${limit} ] whileFalse: [ ${FUEL} ${name} := ${name} + 1. ${body} ]`,
      `[ ${FUEL} ${name} := ${name} + 1. ${body}. ${name} < ${limit} ] whileTrue`,
      `[ ${FUEL} ${name} := ${name} + 1. ${body}. ${name} >= ${limit} or: [ ${this.condition(inner, 1)} ] ] whileFalse`,
      `[ ${name} < ${limit} and: [ ${this.condition(inner, 1)} ] ] whileTrue: [ ${FUEL} ${name} := ${name} + 1. ${body} ]`,
    ];
    return `[ | ${name} | ${name} := 0. ${random.pick(forms)} ] value`;
  }
  private canDeclare(scope: Scope): boolean {
    return scope.variables.length < 70;
  }

  private enumeration(scope: Scope, depth: number): string {
    if (scope.loops >= 3) return this.assignment(scope, depth);
    const { random } = this;
    const name = this.newName("e");
    const kind = random.pick<Kind>(["any", "int", "float"]);
    const inner = inBlock(inLoop(withVariables(scope, { name, kind, isAssignable: false })));
    const body = this.statements(inner, depth - 1);
    const collections = [
      "(1 to: 4)",
      "#(3 $a nil 2.5 'x')",
      "(OrderedCollection new add: 1; add: 2.5; add: nil; yourself)",
      "#[1 2 255]",
      this.expressionOf("array", scope, 1),
      "(1 to: 7 by: 2)",
    ];
    const collection = random.pick(collections);
    switch (random.below(5)) {
      case 0:
        return `${collection} reverseDo: [ :${name} | ${body} ]`;
      case 1:
        return `third := ${collection} collect: [ :${name} | ${body}. ${this.expressionOf("any", inner, 1)} ]`;
      case 2:
        return `third := ${collection} detect: [ :${name} | ${body}. ${this.condition(inner, 1)} ] ifNone: [ ${this.leaf("any", scope)} ]`;
      case 3:
        return `third := ${collection} inject: 0 into: [ :sum :${name} | ${body}. ${this.expressionOf("int", inner, 1)} ]`;
      default:
        return `${collection} do: [ :${name} | ${body} ]`;
    }
  }

  private handler(scope: Scope, depth: number): string {
    const inner = { ...inBlock(scope), variables: scope.variables };
    const value = this.expressionOf("any", inner, depth);
    switch (this.random.below(8)) {
      case 0:
        return `ex return: ${value}`;
      case 1:
        return "ex pass";
      case 2:
        return `ex isResumable ifTrue: [ ex resume: ${value} ]. ${value}`;
      case 3:
        return `ex signalerContext isNil ifTrue: [ ex pass ]. Fuel > 0 ifTrue: [ Fuel := Fuel - 50. ex retry ]. nil`;
      case 4:
        return `ex retryUsing: [ ${value} ]`;
      case 5:
        return `${this.statement(inner, depth)}. ex outer. ${value}`;
      default:
        return `${this.statement(inner, depth)}. ${value}`;
    }
  }

  /** What looks at frames or changes what runs. */
  private oddities(scope: Scope, depth: number): string {
    const { random } = this;
    const argument = scope.isInBlock ? undefined : scope.method.parameters[0];
    const choices = [
      () => `third := self callerSelector`,
      () => `Error signal: 'signalled'`,
      () => `third := Warning signal: 'warned'`,
      () =>
        `third := [ Warning signal: 'resumable' ] on: Warning do: [ :w | w resume: ${this.expressionOf("any", scope, 1)} ]`,
      () => `self foo: ${this.expressionOf("any", scope, 1)}`,
      () => `third := self perform: #constant`,
      () =>
        `third := self perform: #${this.callee(scope).selector} withArguments: {${this.callee(scope)
          .parameters.map(({ kind }) => this.leaf(kind, scope))
          .join(". ")}}`,
      () =>
        argument
          ? `self pokeBlock: [ ^${argument.name} ] with: ${this.expressionOf(argument.kind, scope, 1)}`
          : `third := self constant`,
      () => (argument ? `self poke: 1 with: ${this.expressionOf(argument.kind, scope, 1)}` : `third := self isSpecial`),
      () =>
        random.isLikely(0.3)
          ? `self leaveWith: ${this.expressionOf(scope.method.answer, scope, 1)}`
          : `third := self ours`,
      () => `third := self class ours`,
      () =>
        random.isLikely(0.2) && scope.loops < 2
          ? this.change()
              .replaceAll(/\b[ab]\b(?= become: )/g, "other")
              .replace("other become: b", "other become: (self class new setUp; other: other; yourself)")
          : `third := self itself`,
      () => (scope.isInBlock ? `third := other isSpecial` : `self runTwice`),
      () => `list := Array new: ${1 + random.below(5)}`,
      () => `third := other`,
      () => `third := self deep: ${random.pick([5, 60, 300])} with: ${this.expressionOf("any", scope, 1)}`,
      () => (random.isLikely(0.05) ? "Smalltalk garbageCollect" : "third := nil"),
    ];
    return depth > 0 ? random.pick(choices)() : this.assignment(scope, 0);
  }

  private processes(scope: Scope, depth: number): string {
    if (scope.loops >= 2) return this.assignment(scope, depth);
    const inner = { ...inBlock(inLoop(scope)), mayReturn: false };
    const name = this.newName("s");
    return `[ | ${name} | ${name} := Semaphore new. [ [ ${this.statements(inner, depth - 1)} ] on: Error do: [ :ex | third := ex messageText ]. ${name} signal ] fork. ${name} wait ] value`;
  }

  // --- Expressions ---

  private condition(scope: Scope, depth: number): string {
    return this.expressionOf("bool", scope, depth);
  }

  private expressionOf(wanted: Kind, scope: Scope, depth: number): string {
    const { random } = this;
    this.room--;
    let kind = random.isLikely(0.005) ? random.pick(KINDS) : wanted;
    if (kind === "any") kind = random.pick(KINDS);
    if (depth <= 0 || this.room <= 0) return this.leaf(kind, scope);
    if (random.isLikely(0.3)) return this.anyForm(kind, scope, depth);
    switch (kind) {
      case "int":
        return this.integer(scope, depth);
      case "float":
        return this.float(scope, depth);
      case "bool":
        return this.boolean(scope, depth);
      case "char":
        return random.pick([
          () => `(${this.expressionOf("string", scope, depth - 1)} at: ${this.index(scope)})`,
          () => this.leaf("char", scope),
          () => `${this.expressionOf("char", scope, depth - 1)} asUppercase`,
        ])();
      case "string":
        return random.pick([
          () => `(${this.expressionOf("string", scope, depth - 1)}, ${this.leaf("string", scope)})`,
          () => `(${this.expressionOf("string", scope, depth - 1)} copyFrom: 1 to: 3)`,
          () => `(String new: 3 withAll: ${this.leaf("char", scope)})`,
          () => `((String new: 3) at: 1 put: $a; yourself)`,
          () => `(String new: 4) copy`,
        ])();
      case "array":
        return random.pick([
          () => `{ ${this.expressionOf("any", scope, depth - 1)}. ${this.expressionOf("any", scope, depth - 1)}. 3 }`,
          () => `(Array with: ${this.expressionOf("any", scope, depth - 1)} with: 2 with: 3.5)`,
          () => `(Array new: ${2 + random.below(4)})`,
          () =>
            `((1 to: 3) collect: [ :x | ${this.expressionOf("any", inBlock(withVariables(scope, { name: "x", kind: "int", isAssignable: false })), depth - 1)} ])`,
          () => (random.isLikely(0.3) ? `#[1 2 255] copy` : `(Array new: 3 withAll: 0)`),
          () =>
            `(OrderedCollection new add: ${this.expressionOf("any", scope, depth - 1)}; add: ${this.expressionOf("any", scope, depth - 1)}; yourself)`,
        ])();
      default:
        return random.pick([
          () => `${this.expressionOf("object", scope, depth - 1)} itself`,
          () => this.leaf("object", scope),
          () => `(${this.classes[random.below(3)]} new setUp; yourself)`,
        ])();
    }
  }

  private integer(scope: Scope, depth: number): string {
    const { random } = this;
    const operator = random.pick([
      "+",
      "-",
      "+",
      "-",
      "*",
      "//",
      "\\\\",
      "bitAnd:",
      "bitOr:",
      "bitXor:",
      "max:",
      "rem:",
      "quo:",
      "min:",
    ]);
    switch (random.below(9)) {
      case 0:
        return `(${this.operand("int", scope, depth)} bitShift: ${random.pick(["1", "-1", "5", "-40", "29", "30", "31", "40"])})`;
      case 1:
        return `${this.expressionOf(random.pick<Kind>(["string", "array"]), scope, depth - 1)} size`;
      case 2:
        return `${this.expressionOf("char", scope, depth - 1)} asInteger`;
      case 3:
        return `(${this.operand("int", scope, depth)} / ${this.operand("int", scope, depth)})`;
      case 4:
        return `${this.operand("int", scope, depth)} abs`;
      default:
        return `(${this.operand("int", scope, depth)} ${operator} ${this.operand("int", scope, depth)})`;
    }
  }
  private float(scope: Scope, depth: number): string {
    const { random } = this;
    const kinds: Kind[] = ["float", "float", "int"];
    const left = this.operand(random.pick(kinds), scope, depth);
    const right = this.operand(random.pick(kinds), scope, depth);
    switch (random.below(8)) {
      case 0:
        return `${left} abs`;
      case 1:
        return `(${left} + (1/3))`;
      case 2:
        return `((1/3) ${random.pick(["+", "*", "-", "/"])} ${right})`;
      case 3:
        return `${left} asFloat`;
      default:
        return `(${left} ${random.pick(["+", "-", "*", "/"])} ${right})`;
    }
  }
  private boolean(scope: Scope, depth: number): string {
    const { random } = this;
    const kind = random.pick(KINDS);
    const both: Kind[] = random.isLikely(0.8) ? [kind, kind] : [kind, random.pick(KINDS)];
    const numeric = random.pick<Kind>(["int", "float"]);
    switch (random.below(10)) {
      case 0:
        return `(${this.condition(scope, depth - 1)} ${random.pick(["and:", "or:"])} [ ${this.condition(scope, depth - 1)} ])`;
      case 1:
        return `${this.condition(scope, depth - 1)} not`;
      case 2:
        return `(${this.condition(scope, depth - 1)} ${random.pick(["&", "|", "xor:"])} ${this.condition(scope, depth - 1)})`;
      case 3:
        return `${this.expressionOf("any", scope, depth - 1)} ${random.pick(["isNil", "notNil", "isString"])}`;
      case 4:
        return `(${this.operand(both[0], scope, depth)} ${random.pick(["=", "~=", "==", "~~"])} ${this.operand(both[1], scope, depth)})`;
      case 5:
        return `${this.operand("object", scope, depth)} isSpecial`;
      case 6:
        return `(${this.operand(numeric, scope, depth)} ${random.pick(COMPARISONS)} ${this.operand("float", scope, depth)})`;
      case 7:
        return `(${this.operand("char", scope, depth)} ${random.pick(COMPARISONS)} ${this.operand("char", scope, depth)})`;
      default:
        return `(${this.operand("int", scope, depth)} ${random.pick(COMPARISONS)} ${this.operand("int", scope, depth)})`;
    }
  }
  private operand(kind: Kind, scope: Scope, depth: number): string {
    return this.expressionOf(kind, scope, depth - 1);
  }

  /** Forms that have a value of any kind. */
  private anyForm(kind: Kind, scope: Scope, depth: number): string {
    const { random } = this;
    const value = (inner: Scope = scope) => this.expressionOf(kind, inner, depth - 1);
    const block = inBlock(scope);
    const name = this.newName("v");
    const assignable = scope.variables.filter((variable) => variable.isAssignable && variable.kind === kind);
    switch (random.below(18)) {
      case 0:
      case 1:
      case 2:
        return `(${this.condition(scope, depth - 1)} ifTrue: [ ${this.sequence(kind, scope, depth - 1)} ] ifFalse: [ ${this.sequence(kind, scope, depth - 1)} ])`;
      case 3:
        return `((${this.condition(scope, depth - 1)} ${random.pick(["ifTrue:", "ifFalse:"])} [ ${value()} ]) ifNil: [ ${this.leaf(kind, scope)} ])`;
      case 4:
      case 5:
        return assignable.length > 0 ? `(${random.pick(assignable).name} := ${value()})` : value();
      case 6:
        return `(${random.isLikely(0.5) ? value() : "nil"} ifNil: [ ${this.sequence(kind, scope, depth - 1)} ])`;
      case 7:
        return `(${this.expressionOf("any", scope, depth - 1)} ifNotNil: [ :${name} | ${this.sequence(kind, withVariables(scope, { name, kind: "any", isAssignable: false }), depth - 1)} ] ifNil: [ ${value()} ])`;
      case 8:
        return `[ ${this.sequence(kind, block, depth - 1)} ] value`;
      case 9: {
        const inner = withVariables(block, { name, kind, isAssignable: false });
        return `([ :${name} | ${this.sequence(kind, inner, depth - 1)} ] value: ${value()})`;
      }
      case 10: {
        const inner = withVariables(block, { name, kind, isAssignable: true });
        return `[ | ${name} | ${name} := ${value()}. [ ${this.statement(inner, 1)} ] value. ${name} ] value`;
      }
      case 11:
        return `([ ${this.sequence(kind, block, depth - 1)} ] on: Error do: [ :ex | ${this.leaf(kind, scope)} ])`;
      case 12:
        return `({ ${value()}. ${value()} } at: ${1 + random.below(2)})`;
      case 13:
        return `([ ${this.sequence(kind, block, depth - 1)} ] ensure: [ ${this.assignment(block, 1)} ])`;
      case 14:
        return `${value()} yourself`;
      default: {
        const callee = this.callee(scope, kind);
        return `(${this.sendTo(this.receiver(scope), callee, scope, depth - 1)})`;
      }
    }
  }
  private sequence(kind: Kind, scope: Scope, depth: number): string {
    const value = this.expressionOf(kind, scope, depth);
    if (scope.mayReturn && this.random.isLikely(0.04))
      return `^${this.expressionOf(scope.method.answer, scope, depth - 1)}`;
    return this.random.isLikely(0.4) && this.room > 0 ? `${this.statement(scope, depth - 1)}. ${value}` : value;
  }

  private receiver(scope: Scope): string {
    if (scope.level < 0) return "a";
    const objects = scope.variables.filter(({ kind }) => kind === "object").map(({ name }) => name);
    return this.random.pick(["self", "self", "other", ...objects]);
  }
  /** A method of a lower level, or one of the helpers. */
  private callee(scope: Scope, kind?: Kind): Method {
    const candidates = this.methods.filter(({ level }) => level < scope.level || this.random.isLikely(0.1));
    const fitting = candidates.filter(({ answer }) => answer === kind);
    if (candidates.length === 0) return { selector: "first", parameters: [], answer: "int", level: 0 };
    return this.random.pick(fitting.length > 0 && this.random.isLikely(0.8) ? fitting : candidates);
  }
  private sendTo(receiver: string, { selector, parameters }: Method, scope: Scope, depth: number): string {
    if (parameters.length === 0) return `${receiver} ${selector}`;
    const parts = selector.split(":");
    const argumentDepth = parameters.length > 4 ? 0 : Math.min(depth, 2);
    const args = parameters.map(
      ({ kind }, index) => `${parts[index]}: (${this.expressionOf(kind, scope, argumentDepth)})`,
    );
    return `${receiver} ${args.join(" ")}`;
  }

  private index(scope: Scope): string {
    const { random } = this;
    return random.isLikely(0.9)
      ? `(${this.expressionOf("int", scope, 1)} \\\\ 3 + 1)`
      : this.expressionOf("int", scope, 1);
  }

  private leaf(kind: Kind, scope: Scope): string {
    const { random } = this;
    const names = scope.variables
      .filter((variable) => variable.kind === kind || kind === "any")
      .map(({ name }) => name);
    if (names.length > 0 && random.isLikely(0.6)) return random.pick(names);
    switch (kind) {
      case "int":
        return random.pick(INTEGERS);
      case "float":
        return random.pick(FLOATS);
      case "bool":
        return random.pick(["true", "false"]);
      case "char":
        return random.pick(CHARACTERS);
      case "string":
        return random.pick(STRINGS);
      case "array":
        return random.pick(["#(1 2.5 $a)", "#(1 2 3)", "#(nil 7 8)", "(1 to: 3)", "(Array new: 3)"]);
      case "object":
        return scope.level < 0 ? random.pick(["a", "b", "c"]) : random.pick(["self", "other"]);
      default:
        return random.pick(["nil", "3", "true", "2.5", "'any'", "#(1)"]);
    }
  }

  private newName(prefix: string): string {
    this.nameCount++;
    return `${prefix}${this.nameCount}`;
  }
}

const FUEL = "Fuel := Fuel - 1. Fuel < 0 ifTrue: [ self error: 'no fuel' ].";

function compile(className: string, source: string): string {
  return `${className} compile: '${source.replaceAll("'", "''")}'`;
}
function inLoop(scope: Scope): Scope {
  return { ...scope, loops: scope.loops + 1 };
}
function inBlock(scope: Scope): Scope {
  return { ...scope, isInBlock: true };
}
function withVariables(scope: Scope, ...variables: Variable[]): Scope {
  return { ...scope, variables: [...scope.variables, ...variables] };
}
