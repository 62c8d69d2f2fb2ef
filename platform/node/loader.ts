// Puts definitions and expressions of sources into a living image, one after the other.

import type { ClassDefinition, SourceItem } from "../../compiler/definitions.ts";
import { FORM_VALUE, type Form } from "./channel.ts";
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
  for (const [index, item] of items.entries()) {
    answer = await loadItem(session, item, index === items.length - 1 ? options : {});
  }
  return answer;
}

async function loadItem(session: Session, item: SourceItem, options: LoadOptions): Promise<unknown> {
  switch (item.kind) {
    case "class":
      return defineClass(session, item.definition);
    case "comment":
      return session.send(TOOLS, "commentClass:with:", [item.className, item.comment]);
    case "method":
      return session.installMethod(item.method);
    case "expression": {
      const { source, origin, variables } = item.expression;
      return session.evaluate(source, { origin, variables, form: options.form ?? FORM_VALUE, limit: options.limit });
    }
  }
}

async function defineClass(session: Session, definition: ClassDefinition): Promise<unknown> {
  const { name, superclassName, type, instanceVariables, classVariables, classInstanceVariables } = definition;
  const { sharedPools, packageName, comment, environment = "" } = definition;
  const fields = [name, superclassName, type];
  for (const names of [instanceVariables, classVariables, classInstanceVariables, sharedPools]) {
    fields.push(names.join(" "));
  }
  return session.send(TOOLS, "defineClass:", [[...fields, packageName, comment, environment]]);
}
