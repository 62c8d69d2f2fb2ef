// Literals as text: Smalltalk source where there is one for them, a word in its place where there is none.

import type { Literal } from "./compiledCode.ts";

export function printLiteral(literal: Literal): string {
  switch (literal.kind) {
    case "nil":
    case "true":
    case "false":
      return literal.kind;
    case "integer":
      return literal.value.toString();
    case "float":
      return printFloat(literal.value);
    case "scaledDecimal":
      return `${printScaled(literal.numerator, literal.denominator, literal.scale)}s${literal.scale}`;
    case "character":
      return printCharacter(literal.codePoint);
    case "string":
      return quoted(literal.value);
    case "symbol":
      return `#${symbolText(literal.value)}`;
    case "array":
      return `#(${literal.elements.map(printElement).join(" ")})`;
    case "byteArray":
      return `#[${literal.bytes.join(" ")}]`;
    case "global":
      return literal.name;
    case "classVariable":
      return `${literal.owner}.${literal.name}`;
    case "block":
      return "[...]";
  }
}

function printElement(literal: Literal): string {
  return literal.kind === "array" ? printLiteral(literal).slice(1) : printLiteral(literal);
}

function printFloat(value: number): string {
  const text = String(value);
  if (/^-?\d+$/.test(text)) return Object.is(value, -0) ? "-0.0" : `${text}.0`;
  return text.replace("e+", "e").replace(/^(-?\d+)e/, "$1.0e");
}

function printScaled(numerator: bigint, denominator: bigint, scale: number): string {
  const magnitude = numerator < 0n ? -numerator : numerator;
  const digits = ((magnitude * 10n ** BigInt(scale)) / denominator).toString().padStart(scale + 1, "0");
  const point = digits.length - scale;
  const text = scale === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return numerator < 0n ? `-${text}` : text;
}

function printCharacter(codePoint: number): string {
  const isVisible = codePoint > 32 && codePoint !== 127 && !(codePoint >= 0xd800 && codePoint < 0xe000);
  return isVisible ? `$${String.fromCodePoint(codePoint)}` : `Character value: ${codePoint}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const PLAIN_SYMBOL = /^(?:[\p{L}_][\p{L}_0-9]*(?::[\p{L}_0-9]*)*|[-+*/\\~<>=@,%|&?!]+)$/u;

function symbolText(text: string): string {
  return PLAIN_SYMBOL.test(text) ? text : quoted(text);
}
