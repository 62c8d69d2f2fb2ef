// What source files define, whatever their format: a stream of classes, methods and expressions, in the order of the
// text.

import { type Origin, originOf } from "./sourceError.ts";

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
  | { kind: "expression"; expression: ExpressionSource }
  | InitializationItem;

/** The class is to be sent `initialize` when all is there that was read with it. */
export interface InitializationItem {
  kind: "initialization";
  className: string;
  origin: Origin;
}

/** For the methods of a package: its classes that have the message `initialize` on their class side want it sent. */
export function initializations(methods: MethodDefinition[]): InitializationItem[] {
  const found = methods.filter(({ meta, source }) => meta && /^(?:\s|"[^"]*")*initialize\b(?!:)/.test(source));
  return found.map(({ className, origin: { file, text, headStart } }) => ({
    ...{ kind: "initialization", className },
    origin: originOf(file, text, headStart),
  }));
}

export const DEFAULT_PROTOCOL = "as yet unclassified";
