// Puts definitions and expressions of sources into a living image, one after the other.

import type { ClassDefinition, SourceItem } from "../../compiler/definitions.ts";
import { type Origin, SourceError } from "../../compiler/sourceError.ts";
import { FORM_VALUE, type Form, SmalltalkError } from "./channel.ts";
import type { Session } from "./session.ts";
import { GlobalName } from "./wire.ts";

const TOOLS = new GlobalName("HostTools");

export interface LoadOptions {
  /** What the last expression answers. */
  form?: Form;
  limit?: number;
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

const CLASS_MAKER = /(?:[sS]ubclass:|\bTrait\s+named:|<<)\s*#(\p{L}[\p{L}_0-9]*)/gu;

/** Names of classes that are there once the item is loaded, as far as its text tells. */
function classesMadeBy(item: SourceItem): string[] {
  if (item.kind === "class") return [item.definition.name];
  if (item.kind !== "expression") return [];
  return [...item.expression.source.matchAll(CLASS_MAKER)].map((found) => found[1]);
}

async function loadItem(
  session: Session,
  item: SourceItem,
  classes: ReadonlySet<string>,
  options: LoadOptions,
): Promise<unknown> {
  switch (item.kind) {
    case "class":
      return atOrigin(item.origin, defineClass(session, item.definition));
    case "comment":
      return session.send(TOOLS, "commentClass:with:", [item.className, item.comment]);
    case "method":
      return atOrigin(item.method.origin, session.installMethod(item.method, classes));
    case "expression": {
      const { source, origin, variables } = item.expression;
      return session.evaluate(source, { origin, variables, form: options.form ?? FORM_VALUE, limit: options.limit });
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
