// Class files of the SOM family (http://som-st.github.io): one class a file, instance side and class side parted by
// dashes.
//
//     Account = Object (
//       | balance |
//       deposit: amount = ( balance := balance + amount )
//       ----
//       new = ( ^ super new initialize )
//     )
//
// A method's body is Smalltalk, but strings know escapes (\n and so on), which are resolved here, `/` divides
// integers to integers, and a method that SOM's machines implement (`= primitive`) signals an error when it is sent.

import { type ClassDefinition, DEFAULT_PROTOCOL, type MethodDefinition, type SourceItem } from "./definitions.ts";
import { originOf } from "./sourceError.ts";
import { SourceReader } from "./sourceReader.ts";

const SPACING = /(?:\s|"[^"]*")*/y;
const NAME = /[\p{L}_][\p{L}_0-9]*/uy;
const SEPARATOR = /-{4,}/y;
const NAME_TEXT = NAME.source;
const METHOD_PATTERN = new RegExp(
  `(?:(?:${NAME_TEXT}:\\s*${NAME_TEXT}\\s*)+|[-+*/\\\\~<>=@,%|&]+\\s*${NAME_TEXT}|${NAME_TEXT})`,
  "uy",
);
/** What may hide a parenthesis, and parentheses. */
const PARENTHESIS = /"[^"]*"|'(?:[^'\\]+|\\[\s\S])*'|\$[\s\S]|[()]/g;
const STRING_OR_OPERATOR = /"[^"]*"|'(?:[^'\\]+|\\[\s\S])*'|\$[\s\S]|[-+*/\\~<>=@,%|&]+/g;
/** SOM's divisions, under the names by which the package Som defines them: `/` of integers gives an integer, `//` of
 * floats their quotient. */
const DIVISIONS: Record<string, string> = { "/": "/~", "//": "//~" };
/** A loop that the compiler would not put in line. */
const DOWNWARD_LOOP = /\bdownTo:(\s*[\p{L}_0-9][\p{L}_0-9 +-]*\s)do:/gu;
const ESCAPES: Record<string, string> = {
  ...{ n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", "0": "\0", "'": "''", "\\": "\\" },
};

export function somItems(text: string, file: string): SourceItem[] {
  return new SomReader(text, file).items();
}

class SomReader extends SourceReader {
  items(): SourceItem[] {
    this.skipSpacing();
    const definition = this.classHead();
    const methods = this.side(definition.name, false, definition.instanceVariables);
    if (this.match(SEPARATOR) !== null) {
      methods.push(...this.side(definition.name, true, definition.classInstanceVariables));
    }
    this.expect(")");
    const items: SourceItem[] = methods.map((method) => ({ kind: "method", method }));
    return [{ kind: "class", definition, origin: originOf(this.file, this.text) }, ...items];
  }

  private skipSpacing(): void {
    this.match(SPACING);
  }

  private name(what: string): string {
    const found = this.match(NAME)?.[0];
    if (found === undefined) return this.fail(`expected ${what}`);
    this.skipSpacing();
    return found;
  }

  private classHead(): ClassDefinition {
    const name = this.name("the name of a class");
    this.expect("=");
    this.skipSpacing();
    const superclassName = this.peek(NAME) === null ? "Object" : this.name("the name of the superclass");
    this.expect("(");
    return {
      ...{ name, superclassName, type: "normal", packageName: "SOM", comment: "" },
      ...{ instanceVariables: [], classVariables: [], classInstanceVariables: [], sharedPools: [] },
    };
  }

  /** Variables and methods up to the separator or the closing parenthesis. */
  private side(className: string, meta: boolean, variables: string[]): MethodDefinition[] {
    this.skipSpacing();
    if (this.accept("|")) {
      this.skipSpacing();
      while (!this.accept("|")) variables.push(this.name("the name of a variable or |"));
    }
    const methods: MethodDefinition[] = [];
    for (;;) {
      this.skipSpacing();
      if (this.peek(SEPARATOR) !== null || this.peek(/\)/y) !== null) return methods;
      methods.push(this.method(className, meta));
    }
  }

  private method(className: string, meta: boolean): MethodDefinition {
    const headStart = this.position;
    const pattern = this.match(METHOD_PATTERN)?.[0].trimEnd();
    if (pattern === undefined) return this.fail("expected a method, ---- or )");
    this.skipSpacing();
    this.expect("=");
    this.skipSpacing();
    const bodyStart = this.position;
    const body = this.body();
    const origin = {
      ...{ file: this.file, text: this.text, headStart, headLength: pattern.length + 1, bodyStart: bodyStart + 1 },
    };
    return { className, meta, protocol: DEFAULT_PROTOCOL, source: `${pattern}\n${body}`, origin };
  }

  private body(): string {
    if (this.match(/primitive\b/y) !== null) return "\t^ self error: 'this method is a primitive of SOM'";
    const open = this.position;
    if (this.text[open] !== "(") return this.fail("expected ( or primitive");
    let depth = 0;
    PARENTHESIS.lastIndex = open;
    for (let found = PARENTHESIS.exec(this.text); found !== null; found = PARENTHESIS.exec(this.text)) {
      if (found[0] === "(") depth++;
      else if (found[0] === ")") depth--;
      if (depth > 0) continue;
      this.position = found.index + 1;
      return translate(this.text.slice(open + 1, found.index).trimEnd());
    }
    return this.fail("this parenthesis is never closed");
  }
}

/** The body as Smalltalk means it: escapes in strings resolved, SOM's divisions under its own name. */
function translate(body: string): string {
  return body.replace(DOWNWARD_LOOP, "to:$1by: -1 do:").replace(STRING_OR_OPERATOR, (text) => {
    if (text[0] === "/") return DIVISIONS[text] ?? text;
    if (text[0] !== "'" || !text.includes("\\")) return text;
    return text.replace(/\\([\s\S])/g, (whole, character: string) => ESCAPES[character] ?? whole);
  });
}
