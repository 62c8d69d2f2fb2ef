// Classes in GNU Smalltalk's brackets, which may stand among the statements of a script
// (https://www.gnu.org/software/smalltalk/manual/html_node/The-syntax.html).
//
//     Object subclass: Account [
//         | balance |
//         <comment: 'I hold money'>
//         Interest := 3 / 100.
//         Account class >> new [ ^ super new setUp ]
//         Account class [ | opened | ]
//         setUp [ <category: 'private'> balance := 0 ]
//     ]
//     Account extend [ double [ ^ balance * 2 ] ]
//     Account class extend [ make [ ^ self new ] ]
//     Eval [ Account make double printNl ]
//
// A class becomes a definition, initial values of its class variables and variables added later become expressions.

import { type ClassDefinition, DEFAULT_PROTOCOL, type SourceItem } from "./definitions.ts";
import { findClosingBracket } from "./scanner.ts";
import { type Origin, originOf } from "./sourceError.ts";
import { SourceReader } from "./sourceReader.ts";

export const NAME = "[\\p{L}_][\\p{L}_0-9]*";
export const SPACE = '(?:\\s|"[^"]*")*';
const OPERATOR = "[-+*/\\\\~<>=@,%|&?!]+";
/** The head of a method without its class. */
export const PATTERN = `(?:(?:${NAME}:${SPACE}${NAME}${SPACE})+|${OPERATOR}${SPACE}${NAME}${SPACE}|${NAME}${SPACE})`;

const PATH = `(?:${NAME}\\.)*`;
const SUBCLASS = new RegExp(`${PATH}(${NAME})${SPACE}subclass:${SPACE}(${NAME})${SPACE}\\[`, "uy");
const EXTENSION = new RegExp(`${PATH}(${NAME})(\\s+class)?${SPACE}extend${SPACE}\\[`, "uy");
const EVALUATION = new RegExp(`Eval${SPACE}\\[`, "uy");
const CLASS_SIDE = new RegExp(`${NAME}\\s+class${SPACE}\\[`, "uy");
const VARIABLES = /\|([^|]*)\|/y;
const ATTRIBUTE = /<\s*(\w+):\s*(?:'((?:[^']|'')*)'|#?([^>']*?))\s*>/y;
const CLASS_VARIABLE = new RegExp(`(${NAME})\\s*:=`, "uy");
const METHOD = new RegExp(`(?:${PATH}${NAME}(\\s+class)?\\s*>>\\s*)?(${PATTERN})\\[`, "uy");
const PROTOCOL = /^[^[]*?<category:\s*'((?:[^']|'')*)'\s*>/;

/** What GNU Smalltalk calls the shapes of indexed instances. */
const SHAPES: Record<string, string> = {
  pointer: "variable",
  byte: "bytes",
  character: "bytes",
  int8: "bytes",
  word: "words",
  uint: "words",
  int: "words",
};

/** One of these constructs, read from a position in a text on. */
export class ClassBodyReader extends SourceReader {
  readonly items: SourceItem[] = [];
  private className = "";
  private definition?: ClassDefinition;

  /** Whether one begins here. */
  get isHere(): boolean {
    return [SUBCLASS, EXTENSION, EVALUATION].some((head) => this.peek(head) !== null);
  }

  /** Steps behind it; its items are in `items`. */
  read(): void {
    const { position } = this;
    if (this.match(EVALUATION) !== null) {
      this.evaluation();
      return;
    }
    const subclass = this.match(SUBCLASS);
    if (subclass !== null) this.begin(subclass[2], subclass[1], position);
    const extension = subclass === null ? this.match(EXTENSION) : null;
    if (extension !== null) this.className = extension[1];
    this.body(extension?.[2] !== undefined);
  }

  private evaluation(): void {
    const start = this.position;
    this.position = this.closing(start - 1);
    const source = this.text.slice(start, this.position - 1);
    this.items.push({
      kind: "expression",
      expression: { source, origin: originOf(this.file, this.text, start), variables: [], isClosed: true },
    });
  }

  private begin(name: string, superclassName: string, position: number): void {
    this.className = name;
    const definition: ClassDefinition = {
      ...{ name, superclassName, type: "normal", packageName: "", comment: "" },
      ...{ instanceVariables: [], classVariables: [], classInstanceVariables: [], sharedPools: [] },
    };
    this.definition = definition;
    this.items.push({ kind: "class", definition, origin: originOf(this.file, this.text, position) });
  }

  /** Behind the bracket that closes the one at `open`. */
  private closing(open: number): number {
    const close = findClosingBracket(this.text, open);
    if (close >= 0) return close + 1;
    this.position = open;
    return this.fail("this bracket is never closed, or the brackets behind it do not match", "incomplete");
  }

  /** What stands between the bracket before this position and the one that closes it. */
  private body(meta: boolean): void {
    const end = this.closing(this.position - 1) - 1;
    for (;;) {
      this.match(/(?:\s|"[^"]*")*/y);
      if (this.position >= end) break;
      this.element(meta);
    }
    this.position = end + 1;
  }

  private element(meta: boolean): void {
    const start = this.position;
    const variables = this.match(VARIABLES);
    if (variables !== null) {
      for (const name of variables[1].replace(/"[^"]*"/g, " ").match(/\S+/g) ?? []) this.addVariable(name, meta, start);
      return;
    }
    const attribute = this.match(ATTRIBUTE);
    if (attribute !== null) {
      this.attribute(attribute[1], (attribute[2] ?? attribute[3]).replaceAll("''", "'"));
      return;
    }
    const classVariable = this.match(CLASS_VARIABLE);
    if (classVariable !== null) this.classVariable(classVariable[1], start);
    else if (this.match(CLASS_SIDE) !== null) this.body(true);
    else this.method(meta);
  }

  private addVariable(name: string, meta: boolean, start: number): void {
    if (this.definition === undefined) this.addExpression(`${this.side(meta)} addInstVarNamed: '${name}'`, start);
    else if (meta) this.definition.classInstanceVariables.push(name);
    else this.definition.instanceVariables.push(name);
  }

  private side(meta: boolean): string {
    return meta ? `${this.className} class` : this.className;
  }

  private attribute(key: string, value: string): void {
    const { definition } = this;
    if (definition === undefined) {
      if (key === "comment") this.items.push({ kind: "comment", className: this.className, comment: value });
    } else if (key === "comment") definition.comment = value;
    else if (key === "category") definition.packageName = value;
    else if (key === "shape") definition.type = SHAPES[value] ?? "normal";
    else if (key === "import") definition.sharedPools.push(value.replace(/^.*\./, ""));
  }

  private classVariable(name: string, start: number): void {
    if (this.definition === undefined) this.addExpression(`${this.className} addClassVarNamed: '${name}'`, start);
    else this.definition.classVariables.push(name);
    const bodyStart = this.position;
    const value = this.statement();
    const head = `${this.className} classVarNamed: '${name}' put: (`;
    const origin = { ...originOf(this.file, this.text, start), headLength: head.length, bodyStart };
    this.addExpression(`${head}${value})`, start, origin);
  }

  /** The text up to the period that ends the statement here, or to the bracket that closes what is around it. */
  private statement(): string {
    const start = this.position;
    const token = /"[^"]*"|'[^']*'|\$[\s\S]|[0-9]\.[0-9]|[([{]|[.\])}]|[\s\S]/y;
    for (;;) {
      const at = this.position;
      const text = this.match(token)?.[0] ?? "]";
      if (text === ".") return this.text.slice(start, at);
      if ("])}".includes(text)) {
        this.position = at;
        return this.text.slice(start, at);
      }
      if ("([{".includes(text)) this.position = this.closing(at);
    }
  }

  private addExpression(source: string, start: number, origin: Origin = originOf(this.file, this.text, start)): void {
    this.items.push({ kind: "expression", expression: { source, origin, variables: [], isClosed: true } });
  }

  private method(side: boolean): void {
    const start = this.position;
    const head = this.match(METHOD);
    if (head === null) this.fail("expected a method, variables, an attribute or ]");
    const [whole, classWord, pattern] = head as RegExpExecArray;
    const headStart = start + whole.length - 1 - pattern.length;
    const code = this.bracketMethod(headStart, pattern.trimEnd(), this.position - 1);
    const protocol = PROTOCOL.exec(code.source)?.[1].replaceAll("''", "'") ?? DEFAULT_PROTOCOL;
    const meta = side || classWord !== undefined;
    this.items.push({ kind: "method", method: { className: this.className, meta, protocol, ...code } });
  }
}
