// Scripts: statements with definitions of methods between them.
//
//     Object subclass: #Account instanceVariableNames: 'balance' classVariableNames: '' package: 'Bank'.
//
//     { #category : 'operations' }
//     Account >> deposit: amount [ balance := (balance ifNil: [0]) + amount ]
//     Account class >> opened [ ^ self new deposit: 100 ]
//
//     Account opened deposit: 20
//
// The header with the category may be left out or be written <category: 'operations'>. A definition begins a line or a
// statement. Statements that may make classes or other globals end an item, so that what follows is compiled with them
// there; a declaration of temporaries begins one. Classes may also stand in GNU Smalltalk's brackets (classBody.ts).

import { ClassBodyReader, NAME, PATTERN } from "./classBody.ts";
import { DEFAULT_PROTOCOL, type ExpressionSource, type SourceItem } from "./definitions.ts";
import { isComment, type Token, tokensOf } from "./scanner.ts";
import { originOf } from "./sourceError.ts";
import { SourceReader } from "./sourceReader.ts";

const HEAD = `(${NAME})(\\s+class)?\\s*>>\\s*(${PATTERN})`;
const METHOD_HEAD = new RegExp(`${HEAD}\\[`, "uy");
const HEADER =
  /(?:\{\s*#?'?(?:category|protocol)'?\s*:\s*#?'?([^'}]*?)'?\s*\}|<(?:category|protocol):\s*#?'?([^'>]*?)'?\s*>)\s*/y;
const TEMPORARIES = /\|([^|]*)\|/y;
const CLASS_MAKER = /^(?:\p{L}*[sS]ubclass:|\p{L}*SubclassOf:|addClassVarNamed:|instanceVariableNames:|package:)$/u;

export function scriptItems(text: string, file: string): SourceItem[] {
  return new ScriptReader(text, file).items();
}

class ScriptReader extends SourceReader {
  private readonly found: SourceItem[] = [];
  /** Where the statements begin that are not yet an item. */
  private pending = 0;
  private readonly variables: string[] = [];

  items(): SourceItem[] {
    while (this.nextDefinition()) this.definition();
    this.addStatements(this.text.length);
    const expressions = this.found.flatMap((item) => (item.kind === "expression" ? [item.expression] : []));
    if (expressions.length > 1)
      for (const expression of expressions) if (!expression.isClosed) this.shareTemporaries(expression);
    return this.found;
  }

  /** Moves to the next definition and makes an item of the statements before it; false when there is none. */
  private nextDefinition(): boolean {
    this.pending = this.position;
    let depth = 0;
    let atStatementStart = true;
    let makesGlobal = false;
    let previousEnd = this.position;
    for (const token of tokensOf(this.text, this.position)) {
      if (isComment(token)) continue;
      if (depth === 0 && (atStatementStart || this.startsLine(previousEnd, token)) && this.isDefinition(token)) {
        this.addStatements(token.start);
        return true;
      }
      if (depth === 0 && atStatementStart && token.text === "|") this.addStatements(token.start);
      if (atStatementStart && /^(?:Smalltalk|Trait)$/.test(token.text)) makesGlobal = true;
      if (depth === 0 && CLASS_MAKER.test(token.text)) makesGlobal = true;
      atStatementStart = depth === 0 && token.text === ".";
      if (atStatementStart && makesGlobal) {
        this.addStatements(token.end);
        makesGlobal = false;
      }
      if ("([{".includes(token.text)) depth++;
      else if (")]}".includes(token.text)) depth--;
      previousEnd = token.end;
    }
    return false;
  }

  private startsLine(previousEnd: number, token: Token): boolean {
    return /[\r\n]/.test(this.text.slice(previousEnd, token.start));
  }

  private isDefinition(token: Token): boolean {
    this.position = token.start;
    if (token.text !== "{" && token.text !== "<" && !/^[\p{L}_]/u.test(token.text)) return false;
    const header = this.match(HEADER);
    const isHead = this.peek(METHOD_HEAD) !== null;
    if (header !== null) this.position = token.start;
    return isHead || this.classBodyAt(token.start).isHere;
  }

  private classBodyAt(position: number): ClassBodyReader {
    const reader = new ClassBodyReader(this.text, this.file);
    reader.position = position;
    return reader;
  }

  private definition(): void {
    const reader = this.classBodyAt(this.position);
    if (!reader.isHere) {
      this.method();
      return;
    }
    reader.read();
    this.position = reader.position;
    this.found.push(...reader.items);
  }

  /** Makes an item of the text from `pending` up to `end`, unless it is empty. */
  private addStatements(end: number): void {
    const source = this.text.slice(this.pending, end);
    const start = this.pending;
    this.pending = end;
    if (/^(?:\s|\.|"[^"]*")*$/.test(source)) return;
    const origin = originOf(this.file, this.text, start);
    this.found.push({ kind: "expression", expression: { source, origin, variables: [] } });
  }

  /** The temporaries of one piece of a script are seen by all later ones: they become variables of the whole. */
  private shareTemporaries(expression: ExpressionSource): void {
    const reader = new SourceReader(expression.source, this.file);
    reader.match(/(?:\s|"[^"]*")*/y);
    const start = reader.position;
    const temporaries = reader.match(TEMPORARIES);
    if (temporaries === null) return;
    this.variables.push(...temporaries[1].split(/\s+/).filter((name) => name !== ""));
    expression.variables.push(...this.variables);
    const blank = temporaries[0].replace(/[^\r\n]/gu, " ");
    expression.source = expression.source.slice(0, start) + blank + expression.source.slice(reader.position);
  }

  private method(): void {
    const header = this.match(HEADER);
    const protocol = header?.[1] ?? header?.[2] ?? DEFAULT_PROTOCOL;
    const start = this.position;
    const [whole, className, meta, pattern] = this.match(METHOD_HEAD) as RegExpExecArray;
    const headStart = start + whole.length - 1 - pattern.length;
    const code = this.bracketMethod(headStart, pattern.trimEnd(), this.position - 1);
    this.found.push({ kind: "method", method: { className, meta: meta !== undefined, protocol, ...code } });
  }
}
