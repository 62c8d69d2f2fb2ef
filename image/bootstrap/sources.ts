// What the bootstrap takes from a class's source file, and how it says what is wrong with it.

import type { ClassDefinition } from "../../compiler/tonel.ts";

export interface ClassSource extends ClassDefinition {
  file: string;
}

/** Something wrong in the sources, with its place when there is one. */
export interface Problem {
  message: string;
  file?: string;
  /** From 1. */
  line?: number;
  /** From 1. */
  column?: number;
}
