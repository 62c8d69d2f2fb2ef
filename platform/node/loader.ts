// Puts definitions and expressions of sources into a living image, one after the other.

import type { ClassDefinition, MethodDefinition, SourceItem } from "../../compiler/definitions.ts";
import { type Origin, placeOf, SourceError } from "../../compiler/sourceError.ts";
import { FORM_VALUE, type Form, SmalltalkError } from "./channel.ts";
import { classesMadeBy } from "./loadOrder.ts";
import type { Session, Warn } from "./session.ts";
import { GlobalName } from "./wire.ts";

const TOOLS = new GlobalName("HostTools");

export interface LoadOptions {
  /** What the last expression answers. */
  form?: Form;
  limit?: number;
}

export interface LibraryOptions {
  /** Told of warnings in place of the session's. */
  warn: Warn;
  /** Ends the loading: what is being evaluated is interrupted. */
  signal?: AbortSignal;
}

/** What is wrong with methods, and perhaps what ended the load after that. */
export class LoadFailure extends Error {
  override readonly name = "LoadFailure";
  constructor(
    readonly problems: SourceError[],
    readonly end?: unknown,
  ) {
    super("Not everything could be loaded.");
  }
}

/** Answers what the last item answered: a value of the form asked for, or a text for a definition. */
export async function loadItems(session: Session, items: SourceItem[], options: LoadOptions = {}): Promise<unknown> {
  let answer: unknown = null;
  const classes = new Set(items.flatMap(classesMadeBy));
  for (const [index, item] of items.entries()) {
    answer = await loadItem(session, item, classes, index === items.length - 1 ? options : {});
  }
  return answer;
}

/**
 * Loads a library. Of its methods all that are wrong are told together, by a LoadFailure. Those that extend a class of
 * another system, which this one does not have, are left out with a warning, unless the session is strict.
 */
export async function loadLibrary(session: Session, items: SourceItem[], options: LibraryOptions): Promise<void> {
  const classes = new Set(items.flatMap(classesMadeBy));
  const problems: SourceError[] = [];
  const missing = new Set<string>();
  for (const item of items) {
    if (item.kind === "initialization" && (problems.length > 0 || missing.has(item.className))) continue;
    try {
      if (options.signal?.aborted) throw new SmalltalkError("Interrupt", "Interrupted.", []);
      await loadItem(session, item, classes, options);
    } catch (error) {
      const isOfMethod = item.kind === "method" && error instanceof SourceError;
      if (!isOfMethod) throw ended(problems, atPlaceOf(item, error));
      const { className } = item.method;
      if (missing.has(className)) continue;
      if (session.isStrict || !isForMissingClass(session, error, item.method)) problems.push(error);
      else options.warn({ ...error.diagnostic, message: withoutMethods(className) }, error.origin);
      if (error.diagnostic.code === "definition") missing.add(className);
    }
  }
  if (problems.length > 0) throw new LoadFailure(problems);
}

function ended(problems: SourceError[], error: unknown): unknown {
  return problems.length === 0 ? error : new LoadFailure(problems, error);
}

function isForMissingClass(session: Session, { diagnostic }: SourceError, method: MethodDefinition): boolean {
  if (diagnostic.code !== "definition" || method.environment !== undefined) return false;
  return session.reader.classNamed(method.className) === undefined;
}

function withoutMethods(className: string): string {
  return `There is no class ${className}; its methods are left out.`;
}

/** Which of many files an expression stands in that failed. */
function atPlaceOf(item: SourceItem, error: unknown): unknown {
  const expression = item.kind === "expression" ? item.expression : undefined;
  const origin = item.kind === "initialization" ? item.origin : expression?.origin;
  if (origin === undefined || !(error instanceof SmalltalkError)) return error;
  const start = expression?.source.search(/\S/) ?? 0;
  const { file, line } = placeOf({ code: "definition", message: "", start, end: start }, origin);
  return new SmalltalkError(error.className, `${file}:${line}: ${error.messageText}`, error.smalltalkStack);
}

async function loadItem(
  session: Session,
  item: SourceItem,
  classes: ReadonlySet<string>,
  options: LoadOptions & Partial<LibraryOptions>,
): Promise<unknown> {
  switch (item.kind) {
    case "class":
      return atOrigin(item.origin, defineClass(session, item.definition));
    case "comment":
      return session.send(TOOLS, "commentClass:with:", [item.className, item.comment]);
    case "initialization":
      return session.evaluate(`${item.className} initialize`, { ...options, origin: item.origin });
    case "method":
      return atOrigin(item.method.origin, session.installMethod(item.method, classes, options.warn));
    case "expression": {
      const { source, origin, variables } = item.expression;
      return session.evaluate(source, { form: FORM_VALUE, ...options, origin, variables });
    }
  }
}

/** Says where the definition stands that the image does not take. */
async function atOrigin(origin: Origin, work: Promise<unknown>): Promise<unknown> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof SmalltalkError)) throw error;
    const message = error.messageText.replace(/^Error: /, "");
    throw new SourceError({ code: "definition", message, start: 0, end: 0 }, origin);
  }
}

async function defineClass(session: Session, definition: ClassDefinition): Promise<unknown> {
  const { name, superclassName, type, instanceVariables, classVariables, classInstanceVariables } = definition;
  const { sharedPools, packageName, comment, environment = "", traits = "", classTraits = "" } = definition;
  const fields = [name, superclassName, type];
  for (const names of [instanceVariables, classVariables, classInstanceVariables, sharedPools]) {
    fields.push(names.join(" "));
  }
  return session.send(TOOLS, "defineClass:", [[...fields, packageName, comment, environment, traits, classTraits]]);
}
