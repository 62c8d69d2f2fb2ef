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
// A file begins with Class, Trait, Extension or Package. The metadata is STON: maps, lists, strings, symbols.

import {
  type ClassDefinition,
  DEFAULT_PROTOCOL,
  initializations,
  type MethodDefinition,
  type SourceItem,
} from "./definitions.ts";
import { originOf } from "./sourceError.ts";
import { SourceReader } from "./sourceReader.ts";

export type { ClassDefinition, MethodDefinition } from "./definitions.ts";

export interface TonelFile {
  kind: "Class" | "Extension" | "Package" | "Trait";
  /** Of a file with a class or trait. */
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

/** The file's definitions as items. */
export function tonelItems(text: string, file: string): SourceItem[] {
  const { kind, definition, methods } = parseTonel(text, file);
  const items: SourceItem[] = methods.map((method) => ({ kind: "method", method }));
  if (definition !== undefined)
    items.unshift({
      kind: "class",
      definition,
      origin: originOf(file, text, Math.max(0, text.search(/^(?:Class|Trait)\b/m))),
    });
  return kind === "Trait" ? items : [...items, ...initializations(methods)];
}

/** Of `#parent => WeakSlot`, too: a variable is a variable here, whatever its slot does in Pharo. */
function nameOfSlot(text: string): string {
  return text.replace(/^#?([\p{L}_][\p{L}_0-9]*)\s*=>.*$/su, "$1");
}

class TonelParser extends SourceReader {
  parse(): TonelFile {
    const comment = this.leadingComment();
    this.skipSpacing();
    const kind = this.match(TYPE_NAME)?.[0];
    if (kind !== "Class" && kind !== "Extension" && kind !== "Package" && kind !== "Trait") {
      return this.fail("expected Class, Trait, Extension or Package at the start of a Tonel file");
    }
    const properties = this.map();
    const superclassName = { Class: "Object", Trait: "Trait" }[kind as string];
    const definition = superclassName === undefined ? undefined : this.definition(properties, comment, superclassName);
    return { kind, definition, methods: this.methods() };
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

  // --- Classes ---

  private definition(properties: { [key: string]: Ston }, comment: string, superclassName: string): ClassDefinition {
    const word = (key: string, fallback: string) => (typeof properties[key] === "string" ? properties[key] : fallback);
    const words = (key: string) => (Array.isArray(properties[key]) ? properties[key].map(String) : []);
    const name = word("name", "");
    if (name === "") this.fail("the class has no #name");
    return {
      name,
      superclassName: word("superclass", superclassName),
      type: word("type", "normal"),
      instanceVariables: words("instVars").map(nameOfSlot),
      classVariables: words("classVars").map(nameOfSlot),
      classInstanceVariables: words("classInstVars").map(nameOfSlot),
      sharedPools: words("pools"),
      packageName: word("package", word("category", "")),
      traits: word("traits", ""),
      classTraits: word("classTraits", ""),
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
      methods.push(this.method(typeof protocol === "string" ? protocol : DEFAULT_PROTOCOL));
    }
  }

  private method(protocol: string): MethodDefinition {
    this.skipSpacing();
    const start = this.position;
    const head = this.match(METHOD_HEAD);
    if (head === null) return this.fail("expected a method: Class >> selector [ ... ]");
    const [whole, className, meta, pattern] = head;
    const headStart = start + whole.indexOf(pattern, whole.indexOf(">>") + 2);
    return {
      className,
      meta: meta !== undefined,
      protocol,
      ...this.bracketMethod(headStart, pattern, this.position - 1),
    };
  }
}
