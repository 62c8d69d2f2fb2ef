import { expect, test } from "vitest";
import type { CodeData, CompiledMethodData, Literal, Pragma } from "../../compiler/compiledCode.ts";
import { encodeMethod, headerOf } from "../../compiler/encode.ts";
import { decodeMap, encodeMap } from "../../compiler/sourceMap.ts";
import { methodOf } from "./support.ts";

/** The inverse of encodeMethod, as the image does it; code comes back with its header in place of the numbers in it. */
class Decoder {
  private at = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  method() {
    const selector = this.text();
    const code = this.code();
    const source = this.text();
    const pragmas: Pragma[] = Array.from({ length: this.byte() }, () => ({
      selector: this.text(),
      arguments: Array.from({ length: this.byte() }, () => this.literal()),
    }));
    expect(this.at).toBe(this.bytes.length);
    return { selector, ...code, source, pragmas };
  }

  private byte(): number {
    return this.bytes[this.at++];
  }

  private word(): number {
    this.at += 4;
    return this.view.getUint32(this.at - 4, true);
  }

  private counted(): Uint8Array {
    const count = this.word();
    this.at += count;
    return this.bytes.slice(this.at - count, this.at);
  }

  private text(): string {
    return new TextDecoder().decode(this.counted());
  }

  private code() {
    const header = this.word();
    const [bytecodes, map] = [this.counted(), this.counted()];
    return { header, bytecodes, map, literals: this.literals() };
  }

  private literals(): Literal[] {
    return Array.from({ length: this.word() }, () => this.literal());
  }

  private integer(): bigint {
    const isNegative = this.byte() === 1;
    const magnitude = this.counted().reduceRight((value, byte) => value * 256n + BigInt(byte), 0n);
    return isNegative ? -magnitude : magnitude;
  }

  private literal(): Literal {
    const tag = this.byte();
    switch (tag) {
      case 0:
        return { kind: "nil" };
      case 1:
        return { kind: "true" };
      case 2:
        return { kind: "false" };
      case 4:
        return { kind: "integer", value: this.integer() };
      case 5:
        this.at += 8;
        return { kind: "float", value: this.view.getFloat64(this.at - 8, true) };
      case 6:
        return { kind: "string", value: this.text() };
      case 7:
        return { kind: "array", elements: this.literals() };
      case 8:
        return { kind: "block", code: this.code() as unknown as CodeData };
      case 9:
        return { kind: "byteArray", bytes: [...this.counted()] };
      case 10:
        return { kind: "global", name: this.text() };
      case 12:
        return { kind: "symbol", value: this.text() };
      case 13:
        return { kind: "character", codePoint: this.word() };
      case 14:
        this.at += 2;
        return this.scaledDecimal();
      case 15:
        return { kind: "classVariable", owner: this.text(), name: this.text() };
      default:
        throw new Error(`unknown tag ${tag}`);
    }
  }

  /** Both integers carry their own tag, the first of which is behind us. */
  private scaledDecimal(): Literal {
    this.at -= 1;
    const numerator = this.integer();
    this.at += 1;
    const denominator = this.integer();
    return { kind: "scaledDecimal", numerator, denominator, scale: this.word() };
  }
}

/** Code data with the header in place of the numbers that it is made of, as the decoder has it. */
function withHeader<T extends CodeData>(code: T): object {
  const { argumentCount, temporaryCount, needsLargeFrame, primitive, literals, ...rest } = code;
  const inner = literals.map((literal) =>
    literal.kind === "block" ? { kind: "block", code: withHeader(literal.code) } : literal,
  );
  return { ...rest, literals: inner, header: headerOf(code) };
}

test("every kind of literal, blocks and pragmas survive the way into an image", () => {
  const method: CompiledMethodData = methodOf(`foo: größe
	<primitive: 60>
	<sample: #(1 $a) label: 'größe 😀'>
	| sum |
	sum := {1e40. -1e40. 100000. 1.5. -2.25s3. $€. 'it''s'. #at:put:. #(nil true false #[1 2 255] 2s2 (a b))}.
	Rate := Transcript.
	^ [:x | [:y | sum := x + y + 70000 ]]`);
  expect(new Decoder(encodeMethod(method)).method()).toEqual({ ...withHeader(method) });
});

test("the source map survives its encoding", () => {
  const entries = [
    { pc: 1, start: 500, length: 3 },
    { pc: 200, start: 2, length: 70000 },
    { pc: 200, start: 2, length: 0 },
    { pc: 70000, start: 499, length: 128 },
  ];
  expect(decodeMap(encodeMap(entries))).toEqual(entries);
});

test("the source map leads from the pc behind a send to the message's text", () => {
  const source = "foo\n\tself at: 1 put: 2 negated.\n\t^ self < 3 ifTrue: [owner foo; bar: 1]";
  const method = methodOf(source);
  const texts = decodeMap(method.map).map(({ pc, start, length }) => [pc, source.slice(start, start + length)]);
  expect(texts).toEqual([
    [5, "negated"],
    [6, "at: 1 put: 2 negated"],
    [11, "< 3"],
    [15, "foo"],
    [18, "bar: 1"],
  ]);
});

test("a condition that is no message has its own entry, behind its jump, for errors about it", () => {
  const source = "foo: x ^ x ifTrue: [x foo]";
  const texts = decodeMap(methodOf(source).map).map(({ pc, start, length }) => [
    pc,
    source.slice(start, start + length),
  ]);
  expect(texts).toEqual([
    [2, "x"],
    [4, "foo"],
  ]);
});
