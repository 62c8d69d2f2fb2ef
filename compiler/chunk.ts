// The classic format of code that Smalltalks file out: chunks of text that end with an exclamation mark.
//
//     Object subclass: #Account instanceVariableNames: 'balance' ... !
//
//     !Account methodsFor: 'accessing' stamp: '...'!
//     balance
//         ^ balance! !
//
// An exclamation mark inside a chunk is doubled. A chunk that begins with one announces what the next chunks are:
// methods, up to an empty chunk, or a class comment.

import { DEFAULT_PROTOCOL, type SourceItem } from "./definitions.ts";
import { tokensOf } from "./scanner.ts";
import { type Origin, originOf } from "./sourceError.ts";
import { SourceReader } from "./sourceReader.ts";

const METHODS = /^\s*([\p{L}_][\p{L}_0-9]*)(\s+class(?:Trait|Side)?)?\s+methodsFor(?::\s*'((?:[^']|'')*)')?/u;
/** What packages of Cuis say of themselves, and of the chunk that follows. */
const REMARK = /^\s*(?:provides|requires|classDefinition):\s/;
const COMMENT = /^\s*([\p{L}_][\p{L}_0-9]*)(?:\s+class)?\s+comment(?:Stamp)?:/u;

/** Whether a text is of this format: outside strings and comments a line ends with an exclamation mark. */
export function isChunkFormat(text: string): boolean {
  if (!text.includes("!")) return false;
  if (/^![\p{L}_][\p{L}_0-9]*(?:\s+class)?\s+(?:methodsFor|commentStamp)/mu.test(text)) return true;
  for (const token of tokensOf(text)) {
    if (token.text.endsWith("!") && /^[ \t]*(?:[\r\n]|$)/.test(text.slice(token.end, token.end + 200))) return true;
  }
  return false;
}

export function chunkItems(text: string, file: string): SourceItem[] {
  return new ChunkReader(text, file).items();
}

interface Chunk {
  source: string;
  origin: Origin;
}

class ChunkReader extends SourceReader {
  private readonly found: SourceItem[] = [];

  items(): SourceItem[] {
    for (;;) {
      this.match(/\s*/y);
      if (this.isAtEnd) return this.found;
      if (this.accept("!")) this.announced(this.chunk());
      else this.addExpression(this.chunk());
    }
  }

  /** The text up to the next single exclamation mark, doubled ones made single. */
  private chunk(): Chunk {
    this.match(/\s*/y);
    const origin = originOf(this.file, this.text, this.position);
    const text = this.match(/(?:[^!]|!!)*/y)?.[0] ?? "";
    this.accept("!");
    return { source: text.replaceAll("!!", "!").trimEnd(), origin };
  }

  private addExpression({ source, origin }: Chunk): void {
    if (/^(?:\s|"[^"]*")*$/.test(source)) return;
    this.found.push({ kind: "expression", expression: { source, origin, variables: [] } });
  }

  private announced(announcement: Chunk): void {
    if (REMARK.test(announcement.source)) return;
    const methods = METHODS.exec(announcement.source);
    if (methods !== null) {
      this.methods(methods[1], methods[2] !== undefined, methods[3]?.replaceAll("''", "'") || DEFAULT_PROTOCOL);
      return;
    }
    const comment = COMMENT.exec(announcement.source);
    if (comment !== null) this.found.push({ kind: "comment", className: comment[1], comment: this.chunk().source });
    else if (/\sreorganize$/.test(announcement.source)) this.chunk();
    else this.addExpression(announcement);
  }

  private methods(className: string, meta: boolean, protocol: string): void {
    for (;;) {
      if (this.isAtEnd) return;
      const { source, origin } = this.chunk();
      if (source === "") return;
      this.found.push({ kind: "method", method: { className, meta, protocol, source, origin } });
    }
  }
}
