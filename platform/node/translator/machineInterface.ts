// What translations import from the machine (vm/main.ts).

import type { FunctionImport } from "./wasmModule.ts";

export const GLOBALS = ["ticks", "stackLimit", "edenFree", "edenThreshold"] as const;
export type GlobalName = (typeof GLOBALS)[number];

/** What translations call (vm/translatedSend.ts and others): name, parameters (integers i, Floats d), whether there is a result. */
const FUNCTIONS = [
  ["leaveTranslation", "iii", true],
  ["continueLoop", "iiii", true],
  ["translatedSend", "iiiiii", true],
  ["translatedSpecialSend", "iiiiii", true],
  ["translatedSuperSend", "iiiiii", true],
  ["activateOnFreshPage", "iiiii", true],
  ["activateClosureOnFreshPage", "iiii", true],
  ["killContext", "i", false],
  ["newClosure", "iiiii", true],
  ["newArray", "iii", true],
  ["storeSlot", "iii", false],
  ["remember", "i", false],
  ["boxFloat", "d", true],
  ["storeElement", "iii", true],
  ["classOf", "i", true],
] as const;
export type FunctionName = (typeof FUNCTIONS)[number][0];
export const IMPORTED_NAMES: readonly string[] = [...GLOBALS, ...FUNCTIONS.map(([name]) => name)];

export const IMPORTS: FunctionImport[] = FUNCTIONS.map(([name, parameters, hasResult]) => ({
  name,
  parameters,
  hasResult,
}));
export const FUNCTION_INDEX = new Map<string, number>(FUNCTIONS.map(([name], index) => [name, index]));
