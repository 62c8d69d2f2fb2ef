// What is wrong with a source, and where: errors, warnings, and how they are shown to a person.

export interface Diagnostic {
  code: DiagnosticCode;
  message: string;
  /** Range in the source that was compiled, in UTF-16 code units. */
  start: number;
  end: number;
}

export type DiagnosticCode =
  | "syntax"
  | "incomplete" // the source ends too early: more text could make it right
  | "undeclared"
  | "assignment"
  | "duplicate"
  | "limit"
  | "format"
  | "definition" // the text is right, but such a class or method cannot be made
  | "shadow"
  | "unused";

/** Where a piece of source was cut from: offset 0 to headLength lie at headStart of the file, the rest at bodyStart. */
export interface Origin {
  /** The file's name, or what a person should see in its place. */
  file: string;
  /** The file's whole text. */
  text: string;
  headStart: number;
  headLength: number;
  bodyStart: number;
  /** Where the body is not the file's text: in the order of the text, where a piece ends that took another's place. */
  replacements?: readonly Replacement[];
}

export interface Replacement {
  /** Offset in the body, behind the new piece. */
  end: number;
  /** By how many characters the file's piece is longer. */
  growth: number;
}

export function originOf(file: string, text: string, start = 0): Origin {
  return { file, text, headStart: start, headLength: 0, bodyStart: start };
}

export function fileOffset(origin: Origin, offset: number): number {
  if (offset < origin.headLength) return origin.headStart + offset;
  const inBody = offset - origin.headLength;
  const before = (origin.replacements ?? []).filter(({ end }) => end <= inBody);
  return origin.bodyStart + inBody + before.reduce((sum, { growth }) => sum + growth, 0);
}

/** What the file has at the place of a diagnostic. */
export function textOf({ start, end }: Diagnostic, origin: Origin): string {
  return origin.text.slice(fileOffset(origin, start), fileOffset(origin, end));
}

/** The first thing that makes a source wrong. `message` says it in one line; `render()` shows the place. */
export class SourceError extends Error {
  constructor(
    readonly diagnostic: Diagnostic,
    readonly origin: Origin,
  ) {
    super(diagnostic.message);
    this.name = "SourceError";
  }

  get line(): number {
    return placeOf(this.diagnostic, this.origin).line;
  }

  get column(): number {
    return placeOf(this.diagnostic, this.origin).column;
  }

  /** True when more text could make the source right: an unclosed bracket, string or comment, an unfinished message. */
  get isIncomplete(): boolean {
    return this.diagnostic.code === "incomplete";
  }

  render(): string {
    return renderDiagnostic(this.diagnostic, this.origin);
  }
}

export interface Place {
  file: string;
  /** From 1. */
  line: number;
  /** From 1, in characters. */
  column: number;
  /** The whole line, without its end. */
  text: string;
}

/** What is missing at the end is missing behind the last text, not on an empty line below it. */
export function placeOf(diagnostic: Diagnostic, origin: Origin): Place {
  const end = origin.text.length;
  const start = fileOffset(origin, diagnostic.start);
  const offset = start < end ? start : origin.text.trimEnd().length;
  const before = origin.text.slice(0, offset);
  const lineStart = Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r")) + 1;
  const text = origin.text.slice(lineStart).match(/^[^\r\n]*/)?.[0] ?? "";
  const line = before.split(/\r\n|\r|\n/).length;
  return { file: origin.file, line, column: [...before.slice(lineStart)].length + 1, text };
}

/**
 * Three lines:
 *
 *     hello.st:3:14: expected an expression after :=
 *     	total := .
 *     	         ^
 */
export function renderDiagnostic(diagnostic: Diagnostic, origin: Origin, kind = ""): string {
  const place = placeOf(diagnostic, origin);
  const label = kind === "" ? "" : `${kind}: `;
  const [excerpt, indent] = excerptAt(place);
  const message = clip(diagnostic.message);
  return `${place.file}:${place.line}:${place.column}: ${label}${message}\n${excerpt}\n${indent}^`;
}

const EXCERPT_WIDTH = 160;
const MESSAGE_WIDTH = 300;

/** A message may have a name in it that goes on and on. */
function clip(message: string): string {
  const characters = [...message];
  return characters.length <= MESSAGE_WIDTH ? message : `${characters.slice(0, MESSAGE_WIDTH).join("")}\u2026`;
}

/** A terminal would obey them. */
const CONTROL_CHARACTER = /[^\P{Cc}\t]/u;

/** East Asian letters and pictures take two columns, accents that combine with a letter none. */
const WIDE_CHARACTER =
  /\p{scx=Han}|\p{scx=Hira}|\p{scx=Kana}|\p{scx=Hang}|\p{Emoji_Presentation}|[\uff01-\uff60\uffe0-\uffe6]/u;
const COMBINING_CHARACTER = /\p{Mn}/u;

function blankFor(character: string): string {
  if (character === "\t") return "\t";
  if (COMBINING_CHARACTER.test(character)) return "";
  return WIDE_CHARACTER.test(character) ? "  " : " ";
}

/** The line, or of a long one the part around the place, and what stands below it before the caret. */
function excerptAt({ text, column }: Place): [string, string] {
  const characters = [...text];
  const start = characters.length <= EXCERPT_WIDTH ? 0 : Math.max(0, column - 1 - EXCERPT_WIDTH / 2);
  const end = Math.min(characters.length, start + EXCERPT_WIDTH);
  const shown = characters.slice(start, end).map((each) => (CONTROL_CHARACTER.test(each) ? "\u00b7" : each));
  const before = characters.slice(start, column - 1).map(blankFor);
  const [head, tail] = [start > 0 ? "\u2026" : "", end < characters.length ? "\u2026" : ""];
  return [head + shown.join("") + tail, (head === "" ? "" : " ") + before.join("")];
}
