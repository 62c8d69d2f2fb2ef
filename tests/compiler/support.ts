// What the compiler's tests share: a small world to compile in, and short ways to look at what comes out.

import { readdirSync, readFileSync } from "node:fs";
import { type CompileOptions, compileExpression, compileMethod } from "../../compiler/compile.ts";
import type { CompiledMethodData, Literal } from "../../compiler/compiledCode.ts";
import { listing } from "../../compiler/disassemble.ts";
import type { Environment } from "../../compiler/environment.ts";
import { type Diagnostic, SourceError } from "../../compiler/sourceError.ts";
import { parseTonel } from "../../compiler/tonel.ts";

/** A class Account with instance variables balance and owner and a class variable Rate, and the usual globals. */
export const WORLD: Environment = {
  instanceVariables: (className, meta) => (className === "Account" && !meta ? ["balance", "owner"] : []),
  classVariableOwner: (className, name) => (className === "Account" && name === "Rate" ? "Account" : undefined),
  hasGlobal: (name) => GLOBALS.includes(name),
  globalNames: () => GLOBALS,
  classVariableNames: () => ["Rate"],
};
const GLOBALS = ["Object", "Array", "Account", "OrderedCollection", "Transcript", "Smalltalk"];

export function methodOf(source: string, options: Partial<CompileOptions> = {}): CompiledMethodData {
  return compileMethod(source, { environment: WORLD, className: "Account", ...options });
}

export function expressionOf(source: string, options: Partial<CompileOptions> = {}): CompiledMethodData {
  return compileExpression(source, { environment: WORLD, ...options });
}

/** The listing, one bytecode a line, with a first line for what the frame needs. */
export function listed(source: string): string {
  const method = methodOf(source);
  const frame = method.needsLargeFrame ? "large frame" : "small frame";
  return `${method.argumentCount} arguments, ${method.temporaryCount} temporaries, ${frame}\n${listing(method)}`;
}

/** The one literal that the source is. */
export function literalOf(source: string): Literal {
  const { literals } = expressionOf(`#probe foo: ${source}`);
  const found = literals.find((literal) => !(literal.kind === "symbol" && ["probe", "foo:"].includes(literal.value)));
  if (found === undefined) throw new Error(`${source} became no literal`);
  return found;
}

export function errorOf(action: () => unknown): SourceError {
  try {
    action();
  } catch (error) {
    if (error instanceof SourceError) return error;
    throw error;
  }
  throw new Error("expected a SourceError");
}

/** What is shown to a person for a method that is wrong. */
export function shownFor(source: string, options: Partial<CompileOptions> = {}): string {
  return errorOf(() => methodOf(source, options)).render();
}

export function warningsOf(source: string): Diagnostic[] {
  const warnings: Diagnostic[] = [];
  methodOf(source, { warn: (diagnostic) => warnings.push(diagnostic) });
  return warnings;
}

/** The sources of all methods of the class library. */
export function libraryMethods(): string[] {
  const root = new URL("../../image/", import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".st"));
  const texts = files.sort().map((name) => ({ name, text: readFileSync(new URL(name, root), "utf8") }));
  return texts.flatMap(({ name, text }) => parseTonel(text, name).methods.map((method) => method.source));
}

/** Random numbers from a seed (xorshift, Marsaglia 2003), so that a failure can be repeated. */
export class Randomness {
  constructor(private state: number) {}

  /** An integer from 0 to limit - 1. */
  below(limit: number): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) % limit;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }
}
