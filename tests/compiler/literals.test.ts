import { describe, expect, test } from "vitest";
import { errorOf, expressionOf, literalOf } from "./support.ts";

function integer(value: bigint) {
  return { kind: "integer", value };
}
function symbol(value: string) {
  return { kind: "symbol", value };
}
function elements(source: string) {
  const literal = literalOf(source);
  return literal.kind === "array" ? literal.elements : undefined;
}

describe("numbers", () => {
  test.each([
    ["100000", 100000n],
    ["16r1F0000", 0x1f0000n],
    ["2r1010101010101010101", 0b1010101010101010101n],
    ["-16rFFFFF", -0xfffffn],
    ["16r-FFFFF", -0xfffffn],
    ["36rZZZZZZ", 36n ** 6n - 1n],
    ["1e10", 10n ** 10n],
    ["2r1e20", 2n ** 20n],
    ["100000000e-3", 100000n],
    ["123456789012345678901234567890", 123456789012345678901234567890n],
    ["-123456789012345678901234567890", -123456789012345678901234567890n],
  ])("%s is the integer %s", (source, value) => {
    expect(literalOf(source)).toEqual(integer(value));
  });

  test.each([
    ["1.5", 1.5],
    ["-0.25", -0.25],
    ["1.5e-3", 0.0015],
    ["1e-2", 0.01],
    ["1.0e308", 1e308],
    ["123.456e7", 1234560000],
    ["1.5d2", 150],
    ["1.5q2", 150],
    ["16r1F.8", 31.5],
    ["2r1.1e2", 6],
    ["0.1", 0.1],
    ["179769313486231570.0e291", 1.7976931348623157e308],
    ["4.9e-324", 5e-324],
    ["16r0.1", 1 / 16],
    ["3r0.1", 1 / 3],
  ])("%s is the float %s", (source, value) => {
    expect(literalOf(source)).toEqual({ kind: "float", value });
  });

  test("negative zero keeps its sign, and does not share a literal with zero", () => {
    const { literals } = expressionOf("{0.0. -0.0}");
    expect(literals.map((literal) => literal.kind === "float" && 1 / literal.value)).toEqual([Infinity, -Infinity]);
  });

  test.each([
    ["3.14s2", 157n, 50n, 2],
    ["3s2", 3n, 1n, 2],
    ["3.14s", 157n, 50n, 2],
    ["-0.1s4", -1n, 10n, 4],
    ["0.333333333333333333333333333s3", 333333333333333333333333333n, 10n ** 27n, 3],
    ["15e-1s1", 3n, 2n, 1],
  ])("%s is an exact scaled decimal", (source, numerator, denominator, scale) => {
    expect(literalOf(source)).toEqual({ kind: "scaledDecimal", numerator, denominator, scale });
  });

  test.each([
    ["17r1H", "H is not a digit in base 17"],
    ["1r0", "the radix 1 is not between 2 and 36"],
    ["37r0", "the radix 37 is not between 2 and 36"],
    ["1e1000000000", "the exponent 1000000000 is too large"],
    ["1s99999999", "the scale 99999999 is too large"],
  ])("%s is refused", (source, message) => {
    expect(errorOf(() => expressionOf(source)).message).toBe(message);
  });

  test("a minus sign belongs to a number only where an operand is expected or behind an operator", () => {
    const selectors = (source: string) =>
      [...expressionOf(source).bytecodes].filter((byte) => byte >= 96 && byte < 128).map((byte) => byte - 96);
    expect(selectors("3-2")).toEqual([1]);
    expect(selectors("3 -2")).toEqual([1]);
    expect(selectors("3 - -2")).toEqual([1]);
    expect(selectors("3--2")).toEqual([1]);
    expect(selectors("3=-2")).toEqual([6]);
    expect(selectors("-3")).toEqual([]);
    expect(elements("#(-1 3-2 -)")).toEqual([integer(-1n), integer(3n), integer(-2n), symbol("-")]);
  });
});

describe("characters and strings", () => {
  test.each([
    ["$é", 0xe9],
    ["$😀", 0x1f600],
    ["$ ", 32],
    ["$'", 39],
    ['$"', 34],
    ["$\n", 10],
  ])("%s has its code point", (source, codePoint) => {
    const inArray = elements(`#(${source})`);
    expect(inArray).toEqual([{ kind: "character", codePoint }]);
  });

  test.each([
    ["'it''s'", "it's"],
    ["''''", "'"],
    ["''", ""],
    ["'\"'", '"'],
    ["'größe 😀'", "größe 😀"],
    ["'a\nb'", "a\nb"],
  ])("%s is a string", (source, value) => {
    expect(literalOf(source)).toEqual({ kind: "string", value });
  });

  test("comments are spacing wherever they stand", () => {
    expect(literalOf('"a \'b" \'x\' "c"')).toEqual({ kind: "string", value: "x" });
  });

  test("two equal strings are two objects, two equal symbols are one", () => {
    expect(expressionOf("{'a'. 'a'}").literals).toHaveLength(2);
    expect(expressionOf("{#a. #a}").literals).toHaveLength(1);
  });
});

describe("symbols", () => {
  test.each([
    ["#foo", "foo"],
    ["#at:put:", "at:put:"],
    ["#with_underscore", "with_underscore"],
    ["#+", "+"],
    ["#->", "->"],
    ["#'odd one'", "odd one"],
    ["#'it''s'", "it's"],
    ["#''", ""],
    ["#größe", "größe"],
    ["#-", "-"],
    ["#|", "|"],
    ["#||", "||"],
    ["#\\\\", "\\\\"],
    ["#~=", "~="],
  ])("%s is a symbol", (source, value) => {
    expect(literalOf(source)).toEqual(symbol(value));
  });
});

describe("arrays", () => {
  test("a literal array holds every kind of literal, bare words and nested arrays", () => {
    expect(elements("#(foo bar: #baz at:put: $a 'x' (1 2) #(3) #[4] [5] true false nil + #- 1.5 2s1)")).toEqual([
      ...[symbol("foo"), symbol("bar:"), symbol("baz"), symbol("at:put:")],
      { kind: "character", codePoint: 97 },
      { kind: "string", value: "x" },
      { kind: "array", elements: [integer(1n), integer(2n)] },
      { kind: "array", elements: [integer(3n)] },
      { kind: "byteArray", bytes: [4] },
      { kind: "byteArray", bytes: [5] },
      ...[{ kind: "true" }, { kind: "false" }, { kind: "nil" }, symbol("+"), symbol("-")],
      { kind: "float", value: 1.5 },
      { kind: "scaledDecimal", numerator: 2n, denominator: 1n, scale: 1 },
    ]);
    expect(elements("#()")).toEqual([]);
  });

  test("a byte array holds integers from 0 to 255", () => {
    expect(literalOf("#[0 255 16rFF 2r1]")).toEqual({ kind: "byteArray", bytes: [0, 255, 255, 1] });
    expect(literalOf("#[]")).toEqual({ kind: "byteArray", bytes: [] });
    expect(errorOf(() => expressionOf("#[1 256]")).render()).toBe(
      "an expression:1:5: a byte array holds integers from 0 to 255\n#[1 256]\n    ^",
    );
    expect(errorOf(() => expressionOf("#[-1]")).column).toBe(3);
  });
});
