// What the generator produces: compiled code as plain data, with its literals still symbolic. The bootstrap writes it
// into a first image, the host channel sends it to a living one; both turn the literals into objects there.

export type Literal =
  | { kind: "nil" }
  | { kind: "true" }
  | { kind: "false" }
  | { kind: "integer"; value: bigint }
  | { kind: "float"; value: number }
  | { kind: "scaledDecimal"; numerator: bigint; denominator: bigint; scale: number } // a reduced fraction
  | { kind: "character"; codePoint: number }
  | { kind: "string"; value: string }
  | { kind: "symbol"; value: string }
  | { kind: "array"; elements: Literal[] }
  | { kind: "byteArray"; bytes: number[] }
  /** The Association that holds a variable: a global, or a class variable of the class named `owner`. */
  | { kind: "global"; name: string }
  | { kind: "classVariable"; owner: string; name: string }
  | { kind: "block"; code: CompiledBlockData };

export interface CodeData {
  argumentCount: number;
  /** Arguments included. */
  temporaryCount: number;
  /** More than SMALL_FRAME_SLOTS temporaries and operands at once. */
  needsLargeFrame: boolean;
  /** 0: none. */
  primitive: number;
  /** In order, without the two trailing ones (selector or state; class binding or outer code) that the writer adds. */
  literals: Literal[];
  bytecodes: Uint8Array;
  /** Delta-coded pairs of pc and source range: see sourceMap.ts. */
  map: Uint8Array;
}

export interface CompiledBlockData extends CodeData {}

export interface Pragma {
  selector: string;
  arguments: Literal[];
}

export interface CompiledMethodData extends CodeData {
  selector: string;
  pragmas: Pragma[];
  /** The method's text as it was compiled; pcs map to offsets in it (in code points from 0). */
  source: string;
}
