// Whether what was typed at a prompt is complete.

import { NAME, SPACE } from "./classBody.ts";
import { parseSequence } from "./parser.ts";
import { scriptItems } from "./script.ts";
import { SourceError } from "./sourceError.ts";

/** A head that its body may still follow; a unary one could as well be an expression. */
const OPEN_HEAD = new RegExp(`^${SPACE}${NAME}(?:\\s+class)?\\s*>>\\s*(?:${NAME}:\\s*${NAME}\\s*)+$`, "u");

/** False when the text cannot be right yet but more text could make it so: what a prompt asks to know. */
export function isComplete(text: string): boolean {
  if (OPEN_HEAD.test(text)) return false;
  try {
    for (const item of scriptItems(text, "")) {
      if (item.kind === "expression") parseSequence(item.expression.source);
    }
  } catch (error) {
    if (error instanceof SourceError) return !error.isIncomplete;
    throw error;
  }
  return true;
}
