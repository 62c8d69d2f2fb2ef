// What source files define, whatever their format: a stream of classes, methods and expressions, in the order of the
// text.

import type { Origin } from "./sourceError.ts";

export interface ClassDefinition {
  name: string;
  /** "nil" for a root. */
  superclassName: string;
  /** normal, variable, bytes, words, weak, ephemeron, immediate, compiledMethod. */
  type: string;
  instanceVariables: string[];
  classVariables: string[];
  classInstanceVariables: string[];
  sharedPools: string[];
  packageName: string;
  comment: string;
  /** The global that holds the classes among which this one belongs, when they are not those of the whole system. */
  environment?: string;
  /** Expressions for the traits that it uses, and for those of its class side when they are not the same traits'. */
  traits?: string;
  classTraits?: string;
}

export interface MethodDefinition {
  className: string;
  meta: boolean;
  protocol: string;
  /** Pattern and body, as the compiler wants it. */
  source: string;
  origin: Origin;
  /** That of its class. */
  environment?: string;
}

export interface ExpressionSource {
  source: string;
  origin: Origin;
  /** Temporaries of a script that later pieces of it use too: whoever evaluates it declares them first. */
  variables: string[];
  /** Its own temporaries are seen by nothing else. */
  isClosed?: boolean;
}

export type SourceItem =
  | { kind: "class"; definition: ClassDefinition; origin: Origin }
  | { kind: "comment"; className: string; comment: string }
  | { kind: "method"; method: MethodDefinition }
  | { kind: "expression"; expression: ExpressionSource };

export const DEFAULT_PROTOCOL = "as yet unclassified";
