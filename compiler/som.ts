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
// integers to integers, `//` divides to a float, and a method that SOM's machines implement (`= primitive`) signals an
// error when it is sent. The classes live in an environment of their own, so that their Random, Set or Dictionary do
// not take the place of the system's.
//
// Such files also carry programs for other Smalltalks ("Smalltalk form"): they use ScriptConsole and Smalltalk in place
// of SOM's own objects, and their bodies mean what they mean in Smalltalk.

import { type ClassDefinition, DEFAULT_PROTOCOL, type MethodDefinition, type SourceItem } from "./definitions.ts";
import { SOM_ENVIRONMENT } from "./environment.ts";
import { originOf, type Replacement } from "./sourceError.ts";
import { SourceReader } from "./sourceReader.ts";

const SPACING = /(?:\s+|"[^"]*")*/y;
const NAME = /[\p{L}_][\p{L}_0-9]*/uy;
const SEPARATOR = /-{4,}/y;
const NAME_TEXT = NAME.source;
const METHOD_PATTERN = new RegExp(
  `(?:(?:${NAME_TEXT}:\\s*${NAME_TEXT}\\s*)+|[-+*/\\\\~<>=@,%|&]+\\s*${NAME_TEXT}|${NAME_TEXT})`,
  "uy",
);
/** What the two kinds of files differ in. */
interface Form {
  /** What may hide a parenthesis or an operator; what is never closed goes to the end, so that it is looked at once. */
  hidden: string;
  /** Operators and words that have other names in the package Som. */
  names: Record<string, string>;
  hasEscapes: boolean;
}
/**
 * The divisions of floats never signal ZeroDivide. SOM's <> and % are the messages that Smalltalk calls ~= and \\, for
 * which the machine has bytecodes. Integers of all sizes are of one class in SOM.
 */
const SOM_FORM: Form = {
  hidden: String.raw`"[^"]*(?:"|$)|'[^'\\]*(?:\\[\s\S]?[^'\\]*)*(?:'|$)|\$[\s\S]`,
  names: { "/": "/~", "//": "//~", "<>": "~=", "%": "\\\\", class: "somClass" },
  hasEscapes: true,
};
const SMALLTALK_FORM: Form = {
  hidden: String.raw`"[^"]*(?:"|$)|'[^']*(?:'|$)|\$[\s\S]`,
  names: { "/": "/~~" },
  hasEscapes: false,
};
const SMALLTALK_NAMES = /\b(?:ScriptConsole|Smalltalk)\b/;
/** A class that answers messages it does not understand says so by SOM's selector; the machine sends Smalltalk's. */
const UNKNOWN_MESSAGE_HOOK = /^doesNotUnderstand:\s*\S+\s+arguments:/;
const UNKNOWN_MESSAGE_FORWARDER =
  "doesNotUnderstand: message\n\t^ self doesNotUnderstand: message selector arguments: message arguments";
const OPERATOR = String.raw`[-+*/\\~<>=@,%|&]+`;
/** A loop that the compiler would not put in line. */
const DOWNWARD_LOOP = /\bdownTo:(\s*[\p{L}_0-9][\p{L}_0-9 +-]*\s)do:/u;
const ESCAPES: Record<string, string> = {
  ...{ n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", "0": "\0", "'": "''", "\\": "\\" },
};

export function somItems(text: string, file: string): SourceItem[] {
  return new SomReader(text, file, SOM_FORM).items();
}

export function somSmalltalkItems(text: string, file: string): SourceItem[] {
  return new SomReader(text, file, SMALLTALK_FORM).items();
}

/** The text without comments and strings. */
export function visibleText(text: string): string {
  return text.replace(new RegExp(SOM_FORM.hidden, "g"), " ");
}

/** Whether a class file was written for Smalltalks other than SOM. */
export function isSmalltalkForm(text: string): boolean {
  return SMALLTALK_NAMES.test(visibleText(text));
}

class SomReader extends SourceReader {
  private readonly form: Form;
  private readonly parenthesis: RegExp;

  constructor(text: string, file: string, form: Form) {
    super(text, file);
    this.form = form;
    this.parenthesis = new RegExp(`${form.hidden}|[()]`, "g");
  }

  items(): SourceItem[] {
    this.skipSpacing();
    const origin = originOf(this.file, this.text, this.position);
    const definition = this.classHead();
    const methods = this.side(definition.name, false, definition.instanceVariables);
    if (this.match(SEPARATOR) !== null) {
      methods.push(...this.side(definition.name, true, definition.classInstanceVariables));
    }
    this.expect(")");
    const items: SourceItem[] = methods.map((method) => ({ kind: "method", method }));
    return [{ kind: "class", definition, origin }, ...items];
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
      // A class without any superclass does not even understand the messages that report an error.
      ...{ name, superclassName: superclassName === "nil" ? "Object" : superclassName, type: "normal" },
      ...{ packageName: "SOM", comment: "" },
      ...{ instanceVariables: [], classVariables: [], classInstanceVariables: [], sharedPools: [] },
      environment: SOM_ENVIRONMENT,
    };
  }

  /** Variables and methods up to the separator or the closing parenthesis. */
  private side(className: string, meta: boolean, variables: string[]): MethodDefinition[] {
    this.skipSpacing();
    if (this.accept("|")) {
      this.skipSpacing();
      while (!this.accept("|")) variables.push(translate(this.name("the name of a variable or |"), this.form).text);
    }
    const methods: MethodDefinition[] = [];
    for (;;) {
      this.skipSpacing();
      if (this.peek(SEPARATOR) !== null || this.peek(/\)/y) !== null) return methods;
      const method = this.method(className, meta);
      methods.push(method);
      if (UNKNOWN_MESSAGE_HOOK.test(method.source)) methods.push({ ...method, source: UNKNOWN_MESSAGE_FORWARDER });
    }
  }

  private method(className: string, meta: boolean): MethodDefinition {
    const headStart = this.position;
    const written = this.match(METHOD_PATTERN)?.[0].trimEnd();
    if (written === undefined) return this.fail("expected a method, ---- or )");
    const pattern = translate(written, this.form).text;
    this.skipSpacing();
    this.expect("=");
    this.skipSpacing();
    const bodyStart = this.position;
    const { text: body, replacements } = this.body();
    const origin = {
      ...{ file: this.file, text: this.text, headStart, headLength: pattern.length + 1, bodyStart: bodyStart + 1 },
      replacements,
    };
    const source = `${pattern}\n${body}`;
    return { className, meta, protocol: DEFAULT_PROTOCOL, source, origin, environment: SOM_ENVIRONMENT };
  }

  private body(): { text: string; replacements: Replacement[] } {
    if (this.match(/primitive\b/y) !== null)
      return { text: "\t^ self error: 'this method is a primitive of SOM'", replacements: [] };
    const open = this.position;
    if (this.text[open] !== "(") return this.fail("expected ( or primitive");
    let depth = 0;
    this.parenthesis.lastIndex = open;
    for (let found = this.parenthesis.exec(this.text); found !== null; found = this.parenthesis.exec(this.text)) {
      if (found[0] === "(") depth++;
      else if (found[0] === ")") depth--;
      if (depth > 0) continue;
      this.position = found.index + 1;
      return translate(this.text.slice(open + 1, found.index).trimEnd(), this.form);
    }
    return this.fail("this parenthesis is never closed");
  }
}

/** Text as Smalltalk means it: escapes in strings resolved, operators and words under other names. */
function translate(text: string, { hidden, names, hasEscapes }: Form): { text: string; replacements: Replacement[] } {
  const replacements: Replacement[] = [];
  let growthSoFar = 0;
  const pattern = new RegExp(`${hidden}|${DOWNWARD_LOOP.source}|${NAME_TEXT}|${OPERATOR}`, "gu");
  const translated = text.replace(pattern, (found, ...groups) => {
    const replacement = translateToken(found, names, hasEscapes);
    const growth = found.length - replacement.length;
    const start = groups.find((group) => typeof group === "number") as number;
    if (growth !== 0) replacements.push({ end: start - growthSoFar + replacement.length, growth });
    growthSoFar += growth;
    return replacement;
  });
  return { text: translated, replacements };
}

function translateToken(text: string, names: Record<string, string>, hasEscapes: boolean): string {
  if (text[0] !== "'") return Object.hasOwn(names, text) ? names[text] : text.replace(DOWNWARD_LOOP, "to:$1by: -1 do:");
  if (!hasEscapes) return text;
  return text.replace(/\\([\s\S])/g, (whole, character: string) => ESCAPES[character] ?? whole);
}
