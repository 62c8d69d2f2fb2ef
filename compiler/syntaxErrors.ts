// Turns a failed match into a sentence for a person. Ohm knows where it got stuck and what could have stood there; what
// helps a person more is what came before and which bracket, string or comment is still open.

import type * as ohm from "ohm-js";
import { closingBracket, isComment, isUnterminated, type Token, tokensOf } from "./scanner.ts";
import type { Diagnostic } from "./sourceError.ts";

/** What lies before the place of the failure. */
interface Surroundings {
  /** The last token before it, comments left out. */
  previous?: Token;
  /** The token at the place. */
  next?: Token;
  /** Brackets that are open there, outermost first. */
  open: Token[];
  /** A string or comment that never ends, at the place or before it. */
  unterminated?: Token;
}

export function syntaxDiagnostic(source: string, match: ohm.MatchResult, rule: string): Diagnostic {
  const position = (match as unknown as { getRightmostFailurePosition(): number }).getRightmostFailurePosition();
  const around = lookAround(source, position);
  const { unterminated, next, open, previous } = around;
  if (unterminated !== undefined) {
    return diagnostic("incomplete", unterminatedMessage(unterminated), unterminated.start, source.length);
  }
  if (next === undefined) {
    const message = endMessage(open[open.length - 1], previous, match, rule);
    return diagnostic("incomplete", message, source.length, source.length);
  }
  return diagnostic("syntax", stuckMessage(around, next, match, rule), next.start, next.end);
}

function diagnostic(code: "syntax" | "incomplete", message: string, start: number, end: number): Diagnostic {
  return { code, message, start, end };
}

function lookAround(source: string, position: number): Surroundings {
  const around: Surroundings = { open: [] };
  for (const token of tokensOf(source)) {
    if (isUnterminated(token)) around.unterminated = token;
    if (isComment(token)) continue;
    if (token.end > position) {
      around.next ??= token;
      if (token.start > position + 1 || around.unterminated === token) break;
      continue;
    }
    around.previous = inSymbol(around.previous, token);
    if ("([{".includes(token.text)) around.open.push(token);
    else if (")]}".includes(token.text)) around.open.pop();
  }
  // A symbol's # stands before its string.
  const start = position + (source[position] === "#" ? 1 : 0);
  if (around.unterminated !== undefined && around.unterminated.start > start) around.unterminated = undefined;
  return around;
}

/** What follows # or #at: without a space is a part of the same symbol, whatever it would be alone. */
function inSymbol(previous: Token | undefined, token: Token): Token {
  const isPart = previous !== undefined && /^#(?:$|.*:$)/u.test(previous.text) && token.start === previous.end;
  if (!isPart || /^[([{$#\d]/.test(token.text)) return token;
  return { text: previous.text + token.text, start: previous.start, end: token.end };
}

function unterminatedMessage(token: Token): string {
  if (token.text[0] === "$") return "a character is missing after $";
  return token.text[0] === '"' ? "this comment is never closed" : "this string is never closed";
}

/** The tokens that could have stood there. */
function expectedTokens(match: ohm.MatchResult): Set<string> {
  const failures = (match as unknown as { getRightmostFailures(): Failure[] }).getRightmostFailures();
  return new Set(failures.map((failure) => failure.getText()).filter((text) => !text.startsWith("not ")));
}

function endMessage(
  open: Token | undefined,
  previous: Token | undefined,
  match: ohm.MatchResult,
  rule: string,
): string {
  const missing = afterPrevious(previous, match);
  if (missing !== undefined) return `${missing}, but the source ends here`;
  if (open !== undefined) return `expected ${closingBracket(open.text)} before the end of the source`;
  return `${expectation(match, rule)}, but the source ends here`;
}

function stuckMessage(around: Surroundings, next: Token, match: ohm.MatchResult, rule: string): string {
  const { open, previous } = around;
  const missing = afterPrevious(previous, match);
  if (missing !== undefined) return missing;
  if (")]}".includes(next.text)) {
    const innermost = open[open.length - 1];
    if (innermost === undefined) return `nothing is open that this ${next.text} could close`;
    const closing = closingBracket(innermost.text);
    if (closing !== next.text) return `expected ${closing} before this ${next.text}`;
  }
  if (next.text === ":=") return "only a variable can stand before :=";
  return expectation(match, rule);
}

/** What must follow the token before the place, when that token alone says it. */
function afterPrevious(previous: Token | undefined, match: ohm.MatchResult): string | undefined {
  if (previous === undefined) return undefined;
  const { text } = previous;
  if (text === ":=" || text === "^") return `expected an expression after ${text}`;
  if (text === ";") return "expected a message after ;";
  if (text === ":") return "expected a parameter's name after :";
  if (text === "#") return "expected a symbol, an array or a byte array after #";
  if (!/^(?:[\p{L}_][\p{L}_0-9]*:|[-+*/\\~<>=@,%&?!]+)$/u.test(text)) return undefined;
  const isInPattern = [...expectedTokens(match)].every((name) => name === "a name");
  return `expected ${isInPattern ? "a parameter's name" : "an argument"} after ${text}`;
}

type Failure = { getText(): string };

/** Ohm's own list of what could have stood there, in our words: "expected a message, . or ]". */
function expectation(match: ohm.MatchResult, rule: string): string {
  const texts = expectedTokens(match);
  const names: string[] = [];
  for (const [name, parts] of PHRASES) {
    if (!texts.has(parts[0]) || !texts.has(parts[1])) continue;
    names.push(name);
    for (const part of parts) texts.delete(part);
  }
  names.push(...[...texts].map(plainName));
  if (names.length === 0) return rule === "method" ? "expected a method" : "expected an expression";
  return `expected ${listOf(names)}`;
}

/** What a set of tokens begins; it is meant where the first two of them could stand. */
const PHRASES: readonly (readonly [string, readonly string[]])[] = [
  ["a literal", ["a word", "a number", "a string", "a symbol", "a character", "an operator", "(", "[", "#(", "#["]],
  [
    "an expression",
    ["(", "{", "[", "a name", "a number", "a string", "a symbol", "a character", "#(", "#[", "^", "|", "<"],
  ],
  ["a literal", ["a number", "a string", "a symbol", "a character", "a name", "#(", "#["]],
  ["a message", [";", "a name", "a keyword", "an operator", ":=", "_"]],
  ["a method's name and parameters", ["a keyword", "a name", "an operator"]],
];

function plainName(text: string): string {
  return text === "end of input" || text === "end" ? "the end" : text;
}

function listOf(names: string[]): string {
  if (names.length === 1) return names[0];
  return `${names.slice(0, -1).join(", ")} or ${names[names.length - 1]}`;
}
