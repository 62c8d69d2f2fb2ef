// The compiler's front door: source text in, compiled code as data out.

import { LimitError } from "./assembler.ts";
import type { CompiledMethodData } from "./compiledCode.ts";
import type { Environment } from "./environment.ts";
import { generateExpression, generateMethod } from "./generate.ts";
import { parseMethod, parseSequence } from "./parser.ts";
import { resolveScopes } from "./scopes.ts";
import { type Diagnostic, type Origin, originOf, SourceError } from "./sourceError.ts";

export interface CompileOptions {
  environment: Environment;
  /** The class that the code is compiled in; "UndefinedObject" for expressions. */
  className?: string;
  meta?: boolean;
  /** Where the source was cut from, for messages. */
  origin?: Origin;
  /** Undeclared variables are errors. */
  strict?: boolean;
  /**
   * For workspaces: called for each undeclared variable that is assigned to, in place of a warning. The code refers to
   * it as to a global, and the caller sees to it that there is an Association of that name.
   */
  declare?(name: string): void;
  warn?(diagnostic: Diagnostic): void;
}

/** Compiles the source of one method. Throws SourceError, and nothing else, when it is wrong. */
export function compileMethod(source: string, options: CompileOptions): CompiledMethodData {
  const origin = options.origin ?? originOf("a method", source);
  return compile(source, origin, options, parseMethod, generateMethod);
}

/** Compiles temporaries and statements as a method DoIt that answers the value of its last statement. */
export function compileExpression(source: string, options: CompileOptions): CompiledMethodData {
  const origin = options.origin ?? originOf("an expression", source);
  return compile(source, origin, options, parseSequence, generateExpression);
}

function compile(
  source: string,
  origin: Origin,
  options: CompileOptions,
  parse: typeof parseMethod,
  generate: typeof generateMethod,
): CompiledMethodData {
  const method = parse(source, origin);
  const {
    environment,
    className = "UndefinedObject",
    meta = false,
    strict = false,
    warn = () => {},
    declare,
  } = options;
  try {
    const scope = resolveScopes(method, { environment, className, meta, origin, strict, warn, declare });
    return generate(method, scope, source);
  } catch (error) {
    if (error instanceof LimitError) {
      throw new SourceError({ code: "limit", message: error.message, start: 0, end: source.length }, origin);
    }
    if (error instanceof RangeError) {
      const message = "the code is nested too deeply";
      throw new SourceError({ code: "limit", message, start: 0, end: source.length }, origin);
    }
    throw error;
  }
}
