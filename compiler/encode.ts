// Compiled methods as bytes, for the way into a living image. HostMethodReader of image/Host reads them and makes
// objects of the literals there.
//
//   method:  selector (text), code, source (text), count of pragmas (byte),
//            each: selector (text), count (byte), literals
//   code:    header (word), bytecodes (counted), map (counted), literals; a block is just this
//   literals: count (word), then each with a tag; the tags up to 12 are those of platform/node/wire.ts
// Words have 4 bytes, low byte first; counted: a word and so many bytes; texts are counted UTF-8.

import {
  METHOD_ARGUMENT_MASK,
  METHOD_ARGUMENT_SHIFT,
  METHOD_LARGE_FRAME_FLAG,
  METHOD_LITERAL_COUNT_MASK,
  METHOD_PRIMITIVE_FLAG,
  METHOD_TEMPORARY_MASK,
  METHOD_TEMPORARY_SHIFT,
} from "../vm/layout.ts";
import type { CodeData, CompiledMethodData, Literal } from "./compiledCode.ts";

const TAG_NIL = 0;
const TAG_TRUE = 1;
const TAG_FALSE = 2;
const TAG_INTEGER = 4; // sign byte (1: negative), magnitude (counted)
const TAG_FLOAT = 5;
const TAG_STRING = 6;
const TAG_ARRAY = 7;
const TAG_BLOCK = 8; // only in code, where handles do not occur
const TAG_BYTES = 9;
const TAG_GLOBAL = 10; // name (text): its Association
const TAG_SYMBOL = 12;
const TAG_CHARACTER = 13; // code point (word)
const TAG_SCALED_DECIMAL = 14; // numerator and denominator (integer literals), scale (word)
const TAG_CLASS_VARIABLE = 15; // class (text), name (text): its Association

/** State (or selector) and class binding (or outer code) follow the literals of all compiled code. */
const TRAILING_LITERALS = 2;

export function encodeMethod(method: CompiledMethodData): Uint8Array {
  const out = new Encoder();
  out.text(method.selector);
  out.code(method);
  out.text(method.source);
  out.byte(method.pragmas.length);
  for (const pragma of method.pragmas) {
    out.text(pragma.selector);
    out.byte(pragma.arguments.length);
    for (const argument of pragma.arguments) out.literal(argument);
  }
  return out.contents();
}

/** The header SmallInteger's value of compiled code, with room for the trailing literals. */
export function headerOf(data: CodeData): number {
  const literalCount = data.literals.length + TRAILING_LITERALS;
  if (literalCount > METHOD_LITERAL_COUNT_MASK) throw new RangeError("too many literals");
  if (data.temporaryCount > METHOD_TEMPORARY_MASK) throw new RangeError("too many temporaries");
  if (data.argumentCount > METHOD_ARGUMENT_MASK) throw new RangeError("too many arguments");
  return (
    literalCount |
    (data.primitive === 0 ? 0 : METHOD_PRIMITIVE_FLAG) |
    (data.needsLargeFrame ? METHOD_LARGE_FRAME_FLAG : 0) |
    (data.temporaryCount << METHOD_TEMPORARY_SHIFT) |
    (data.argumentCount << METHOD_ARGUMENT_SHIFT)
  );
}

class Encoder {
  private readonly bytes: number[] = [];

  contents(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }

  byte(value: number): this {
    this.bytes.push(value);
    return this;
  }

  word(value: number): this {
    for (let shift = 0; shift < 32; shift += 8) this.bytes.push((value >>> shift) & 0xff);
    return this;
  }

  counted(bytes: Iterable<number> & { length: number }): this {
    this.word(bytes.length);
    for (const byte of bytes) this.bytes.push(byte);
    return this;
  }

  text(text: string): this {
    return this.counted(new TextEncoder().encode(text));
  }

  code(data: CodeData): this {
    return this.word(headerOf(data)).counted(data.bytecodes).counted(data.map).literals(data.literals);
  }

  literals(literals: Literal[]): this {
    this.word(literals.length);
    for (const literal of literals) this.literal(literal);
    return this;
  }

  literal(literal: Literal): this {
    switch (literal.kind) {
      case "nil":
        return this.byte(TAG_NIL);
      case "true":
        return this.byte(TAG_TRUE);
      case "false":
        return this.byte(TAG_FALSE);
      case "integer":
        return this.integer(literal.value);
      case "float":
        return this.byte(TAG_FLOAT).float(literal.value);
      case "scaledDecimal":
        return this.byte(TAG_SCALED_DECIMAL)
          .integer(literal.numerator)
          .integer(literal.denominator)
          .word(literal.scale);
      case "character":
        return this.byte(TAG_CHARACTER).word(literal.codePoint);
      case "string":
        return this.byte(TAG_STRING).text(literal.value);
      case "symbol":
        return this.byte(TAG_SYMBOL).text(literal.value);
      case "array":
        return this.byte(TAG_ARRAY).literals(literal.elements);
      case "byteArray":
        return this.byte(TAG_BYTES).counted(literal.bytes);
      case "global":
        return this.byte(TAG_GLOBAL).text(literal.name);
      case "classVariable":
        return this.byte(TAG_CLASS_VARIABLE).text(literal.owner).text(literal.name);
      case "block":
        return this.byte(TAG_BLOCK).code(literal.code);
    }
  }

  private float(value: number): this {
    this.bytes.push(...new Uint8Array(new Float64Array([value]).buffer));
    return this;
  }

  private integer(value: bigint): this {
    const magnitude: number[] = [];
    for (let rest = value < 0n ? -value : value; rest > 0n; rest >>= 8n) magnitude.push(Number(rest & 255n));
    return this.byte(TAG_INTEGER)
      .byte(value < 0n ? 1 : 0)
      .counted(magnitude);
  }
}
