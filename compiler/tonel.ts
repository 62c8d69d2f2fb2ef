// Tonel: the format in which Smalltalks keep classes in git, one class a file (https://github.com/pharo-vcs/tonel).
//
//     "class comment"
//     Class { #name : 'Account', #superclass : 'Object', #instVars : [ 'balance' ], #package : 'Bank' }
//
//     { #category : 'accessing' }
//     Account >> balance [
//         ^ balance
//     ]
//
// A file begins with Class, Extension or Package. The metadata is STON: maps, lists, strings, symbols.

import { findClosingBracket } from "./scanner.ts";
import { type Origin, SourceError } from "./sourceError.ts";

export interface ClassDefinition {
  name: string;
  /** "nil" for a root. */
  superclassName: string;
  /** normal, variable, bytes, words, weak, ephemeron, immediate, compiledMethod. */
  type: string;
  instanceVariables: string[];
  classVariables: string[];
  classInstanceVariables: string[];
  sharedPools: string[];
  packageName: string;
  comment: string;
}

export interface MethodDefinition {
  className: string;
  meta: boolean;
  protocol: string;
  /** Pattern and body, as the compiler wants it. */
  source: string;
  origin: Origin;
}

export interface TonelFile {
  kind: "Class" | "Extension" | "Package" | "Trait";
  /** Of a class file. */
  definition?: ClassDefinition;
  methods: MethodDefinition[];
}

type Ston = string | Ston[] | { [key: string]: Ston };

const SPACING = /(?:\s|"[^"]*")*/y;
const TYPE_NAME = /[A-Za-z]+/y;
const METHOD_HEAD = /([\p{L}_][\p{L}_0-9]*)(\s+(?:class|classSide))?\s*>>\s*([^[]*?)\s*\[/uy;

export function parseTonel(text: string, file: string): TonelFile {
  return new TonelParser(text, file).parse();
}

class TonelParser {
  private position = 0;

  constructor(
    private readonly text: string,
    private readonly file: string,
  ) {}

  parse(): TonelFile {
    const comment = this.leadingComment();
    this.skipSpacing();
    const kind = this.match(TYPE_NAME)?.[0];
    if (kind !== "Class" && kind !== "Extension" && kind !== "Package" && kind !== "Trait") {
      return this.fail("expected Class, Extension or Package at the start of a Tonel file");
    }
    const properties = this.map();
    const definition = kind === "Class" ? this.definition(properties, comment) : undefined;
    return { kind, definition, methods: this.methods() };
  }

  private fail(message: string): never {
    const origin = { file: this.file, text: this.text, headStart: 0, headLength: 0, bodyStart: 0 };
    throw new SourceError({ code: "format", message, start: this.position, end: this.position + 1 }, origin);
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text);
    if (found !== null) this.position += found[0].length;
    return found;
  }

  private skipSpacing(): void {
    this.match(SPACING);
  }

  private leadingComment(): string {
    const found = this.match(/\s*"((?:[^"]|"")*)"/y);
    return found === null ? "" : found[1].replaceAll('""', '"').trim();
  }

  // --- STON ---

  private map(): { [key: string]: Ston } {
    this.skipSpacing();
    this.expect("{");
    const map: { [key: string]: Ston } = {};
    for (;;) {
      this.skipSpacing();
      if (this.accept("}")) return map;
      const key = this.scalar();
      this.skipSpacing();
      this.expect(":");
      map[key] = this.ston();
      this.skipSpacing();
      this.accept(",");
    }
  }

  private ston(): Ston {
    this.skipSpacing();
    if (this.text[this.position] === "{") return this.map();
    if (!this.accept("[")) return this.scalar();
    const list: Ston[] = [];
    for (;;) {
      this.skipSpacing();
      if (this.accept("]")) return list;
      list.push(this.ston());
      this.skipSpacing();
      this.accept(",");
    }
  }

  private scalar(): string {
    const quoted = this.match(/#?'((?:[^'\\]|''|\\.)*)'/y);
    if (quoted !== null) return quoted[1].replaceAll("''", "'").replace(/\\(.)/g, "$1");
    const word = this.match(/#?([^\s,:{}[\]'"]+)/y);
    return word === null ? this.fail("expected a name, a string, a list or a map") : word[1];
  }

  private accept(text: string): boolean {
    if (!this.text.startsWith(text, this.position)) return false;
    this.position += text.length;
    return true;
  }

  private expect(text: string): void {
    if (!this.accept(text)) this.fail(`expected ${text}`);
  }

  // --- Classes ---

  private definition(properties: { [key: string]: Ston }, comment: string): ClassDefinition {
    const word = (key: string, fallback: string) => (typeof properties[key] === "string" ? properties[key] : fallback);
    const words = (key: string) => (Array.isArray(properties[key]) ? properties[key].map(String) : []);
    const name = word("name", "");
    if (name === "") this.fail("the class has no #name");
    return {
      name,
      superclassName: word("superclass", "Object"),
      type: word("type", "normal"),
      instanceVariables: words("instVars"),
      classVariables: words("classVars"),
      classInstanceVariables: words("classInstVars"),
      sharedPools: words("pools"),
      packageName: word("package", word("category", "")),
      comment,
    };
  }

  // --- Methods ---

  private methods(): MethodDefinition[] {
    const methods: MethodDefinition[] = [];
    for (;;) {
      this.skipSpacing();
      if (this.position >= this.text.length) return methods;
      const properties = this.text[this.position] === "{" ? this.map() : {};
      const protocol = properties.category ?? properties.protocol;
      methods.push(this.method(typeof protocol === "string" ? protocol : "as yet unclassified"));
    }
  }

  private method(protocol: string): MethodDefinition {
    this.skipSpacing();
    const start = this.position;
    const head = this.match(METHOD_HEAD);
    if (head === null) return this.fail("expected a method: Class >> selector [ ... ]");
    const [whole, className, meta, pattern] = head;
    const open = this.position - 1;
    const close = findClosingBracket(this.text, open);
    if (close < 0) {
      this.position = open;
      return this.fail("this bracket is never closed, or the brackets behind it do not match");
    }
    const body = this.text.slice(open + 1, close).trimEnd();
    const headStart = start + whole.indexOf(pattern, whole.indexOf(">>") + 2);
    this.position = close + 1;
    const origin = { file: this.file, text: this.text, headStart, headLength: pattern.length, bodyStart: open + 1 };
    return { className, meta: meta !== undefined, protocol, source: pattern + body, origin };
  }
}
