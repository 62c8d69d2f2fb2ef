// From Tonel's word for the shape of a class's instances to the format number of the machine.

import {
  FORMAT_ARRAY,
  FORMAT_BYTES,
  FORMAT_COMPILED_CODE,
  FORMAT_EMPTY,
  FORMAT_EPHEMERON,
  FORMAT_FIXED,
  FORMAT_FIXED_ARRAY,
  FORMAT_IMMEDIATE,
  FORMAT_WEAK_ARRAY,
  FORMAT_WORDS16,
  FORMAT_WORDS32,
  FORMAT_WORDS64,
} from "../../vm/layout.ts";

const SPECIAL_SHAPES: ReadonlyMap<string, number> = new Map([
  ["bytes", FORMAT_BYTES],
  ["words", FORMAT_WORDS32],
  ["doubleBytes", FORMAT_WORDS16],
  ["doubleWords", FORMAT_WORDS64],
  ["weak", FORMAT_WEAK_ARRAY],
  ["ephemeron", FORMAT_EPHEMERON],
  ["immediate", FORMAT_IMMEDIATE],
  ["compiledMethod", FORMAT_COMPILED_CODE],
]);

function isIndexableByOops(format: number): boolean {
  return format === FORMAT_ARRAY || format === FORMAT_FIXED_ARRAY;
}

function isOrdinary(format: number): boolean {
  return format === FORMAT_EMPTY || format === FORMAT_FIXED;
}

/**
 * Format of instances with `instanceSize` instance variables (inherited ones included). A subclass said to be "normal"
 * keeps the shape that it inherits. Answers undefined for an unknown word.
 */
export function instanceFormat(shape: string, superclassFormat: number, instanceSize: number): number | undefined {
  const special = SPECIAL_SHAPES.get(shape);
  if (special !== undefined) return special;
  if (shape !== "normal" && shape !== "variable") return undefined;
  if (!isOrdinary(superclassFormat) && !isIndexableByOops(superclassFormat)) return superclassFormat;
  if (shape === "variable" || isIndexableByOops(superclassFormat)) {
    return instanceSize === 0 ? FORMAT_ARRAY : FORMAT_FIXED_ARRAY;
  }
  return instanceSize === 0 ? FORMAT_EMPTY : FORMAT_FIXED;
}
