// The classic format of code that Smalltalks file out: chunks of text that end with an exclamation mark.
//
//     Object subclass: #Account instanceVariableNames: 'balance' ... !
//
//     !Account methodsFor: 'accessing' stamp: '...'!
//     balance
//         ^ balance! !
//
// An exclamation mark inside a chunk is doubled. A chunk that begins with one announces what the next chunks are:
// methods, up to an empty chunk, or a class comment. The dialects add remarks of their own, which mean nothing here: Squeak
// the fonts of a text and the sessions of a log of changes, Cuis what is declared next, Dolphin the categories.

import { DEFAULT_PROTOCOL, type SourceItem } from "./definitions.ts";
import { tokensOf } from "./scanner.ts";
import { type Origin, originOf } from "./sourceError.ts";
import { SourceReader } from "./sourceReader.ts";

const NAME = "[\\p{L}_][\\p{L}_0-9]*";
const CLASS = `^\\s*(?:${NAME}\\.)*(${NAME})(\\s+class(?:Trait|Side)?)?\\s+`;
const METHODS = new RegExp(
  `${CLASS}(?:methodsFor|publicMethods|privateMethods)(?:For)?(?::\\s*'((?:[^']|'')*)')?`,
  "u",
);
const COMMENT = new RegExp(`${CLASS}comment(?:Stamp)?(?::|\\s*$)`, "u");
/** Of Cuis: what has no receiver is a remark on the chunk that follows, or on the whole package. */
const REMARK = /^\s*[a-z]\p{L}*:\s/u;
/** Of Dolphin, with chunks behind it up to an empty one; or, for all methods of a class, groups of such chunks. */
const CATEGORIES = new RegExp(`${CLASS}categoriesFor(?:Class|Methods|:\\s*#\\S+)\\s*$`, "u");
/** The identity of a class of Dolphin. */
const IDENTITY = /^\s*[\p{L}_][\p{L}_0-9]* guid: \(GUID fromString: '[^']*'\)$/u;
/** Of Squeak: what the image did then, in a log of changes. */
const SESSION = /^----(?:STARTUP|SNAPSHOT|QUIT)/;
/** Of Squeak: the fonts of the chunk before. */
const STYLE = /\s*\]style\[[^!]*!/y;

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
    this.match(STYLE);
    return { source: text.replaceAll("!!", "!").trimEnd(), origin };
  }

  private addExpression({ source, origin }: Chunk): void {
    if (/^(?:\s|"[^"]*")*$/.test(source) || IDENTITY.test(source) || SESSION.test(source)) return;
    this.found.push({ kind: "expression", expression: { source, origin, variables: [] } });
  }

  private announced(announcement: Chunk): void {
    const categories = CATEGORIES.exec(announcement.source);
    if (categories !== null) this.skipGroups(announcement.source.trimEnd().endsWith("Methods"));
    if (categories !== null || REMARK.test(announcement.source)) return;
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

  /** One group of chunks, up to an empty one, or all of them up to an empty group. */
  private skipGroups(isMany: boolean): void {
    let size = 0;
    while (!this.isAtEnd) {
      if (this.chunk().source !== "") size++;
      else if (!isMany || size === 0) return;
      else size = 0;
    }
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
