// A position in a text and what the readers of the source formats do with it.

import { findClosingBracket } from "./scanner.ts";
import { type DiagnosticCode, type Origin, originOf, SourceError } from "./sourceError.ts";

export class SourceReader {
  position = 0;

  constructor(
    readonly text: string,
    readonly file: string,
  ) {}

  get isAtEnd(): boolean {
    return this.position >= this.text.length;
  }

  /** Matches a sticky expression here and steps over what it matched. */
  match(pattern: RegExp): RegExpExecArray | null {
    const found = this.peek(pattern);
    if (found !== null) this.position += found[0].length;
    return found;
  }

  peek(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.position;
    return pattern.exec(this.text);
  }

  accept(text: string): boolean {
    if (!this.text.startsWith(text, this.position)) return false;
    this.position += text.length;
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) this.fail(`expected ${text}`);
  }

  fail(message: string, code: DiagnosticCode = "format"): never {
    const start = this.position;
    throw new SourceError({ code, message, start, end: start + 1 }, originOf(this.file, this.text));
  }

  /**
   * The source of a method whose pattern begins at `headStart` and whose body stands in the bracket at `open`; moves
   * behind the closing bracket. A body on the line of its pattern gets a line of its own.
   */
  bracketMethod(headStart: number, pattern: string, open: number): { source: string; origin: Origin } {
    const close = findClosingBracket(this.text, open);
    if (close < 0) {
      this.position = open;
      this.fail("this bracket is never closed, or the brackets behind it do not match", "incomplete");
    }
    this.position = close + 1;
    const body = this.text.slice(open + 1, close);
    const isOnSameLine = /^[ \t]*\S/.test(body);
    const head = isOnSameLine ? `${pattern}\n\t` : pattern;
    const skipped = isOnSameLine ? body.search(/\S/) : 0;
    const origin = { file: this.file, text: this.text, headStart, headLength: head.length };
    return { source: head + body.slice(skipped).trimEnd(), origin: { ...origin, bodyStart: open + 1 + skipped } };
  }
}
