// Loads smalltalk.ohm, and makes it fast. Ohm matches a token character by character and remembers each step; for the
// handful of token rules that make up nearly all of a source this is replaced here by one sticky regular expression of
// the same meaning. The grammar file stays the definition: a test matches both forms against the same sources.

import { readFileSync } from "node:fs";
import * as ohm from "ohm-js";
import { NUMBER } from "./scanner.ts";

/** The grammar as a recipe (`grammarRecipe()`): the bundler puts it in, so that no start need parse the file. */
declare const GRAMMAR_RECIPE: unknown;

type MatchState = {
  inputStream: { source: string; pos: number; examinedLength: number };
  processFailure(position: number, expression: unknown): void;
  pushBinding(node: unknown, position: number): void;
};
type Expression = { getArity(): number; toFailure(grammar: unknown): unknown };
type Internals = {
  pexprs: { PExpr: new () => object };
  makeRecipe(recipe: unknown): ohm.Grammar;
};
type Rules = Record<string, { body: Expression }>;
type CstNode = { children?: CstNode[]; isTerminal(): boolean; constructor: new (length: number) => object };

const internals = ohm as unknown as Internals;

const SPACING = '(?:[\\u0009-\\u000D \\u00A0\\uFEFF]+|"[^"]*")*';
const NAME_START = "[\\p{L}_]";
const NAME_CHARACTER = "[\\p{L}_0-9]";
const OPERATOR_CHARACTER = "[-+*/\\\\~<>=@,%|&?!\\u00AC\\u00B1\\u00B7\\u00D7\\u00F7]";
const STRING = "'[^']*(?:''[^']*)*'(?!')";
const WORD = `${NAME_START}${NAME_CHARACTER}*(?::(?!=)${NAME_CHARACTER}*)*`;

/** The text of each scanned token, without the spacing after it. */
const TOKENS: Record<string, string> = {
  identifier: `${NAME_START}${NAME_CHARACTER}*(?!${NAME_CHARACTER}|:(?!=))`,
  keyword: `${NAME_START}${NAME_CHARACTER}*:(?!=)`,
  word: WORD,
  operator: `${OPERATOR_CHARACTER}(?:(?!-[0-9])${OPERATOR_CHARACTER})*`,
  number: `-?${NUMBER}`,
  string: STRING,
  character: "\\$[\\s\\S]",
  symbol: `#(?:${STRING}|${WORD}|${OPERATOR_CHARACTER}+)`,
};

let loaded: ohm.Grammar | undefined;

/** The grammar, loaded at its first use. */
export function smalltalkGrammar(): ohm.Grammar {
  if (loaded === undefined) {
    loaded =
      typeof GRAMMAR_RECIPE === "undefined" ? plainGrammar() : internals.makeRecipe(structuredClone(GRAMMAR_RECIPE));
    scanTokens(loaded);
  }
  return loaded;
}

/** The grammar exactly as the file says, without the scanned tokens. */
export function plainGrammar(): ohm.Grammar {
  return ohm.grammar(readFileSync(new URL("smalltalk.ohm", import.meta.url), "utf8"));
}

/** What a bundler should define as GRAMMAR_RECIPE: JSON text. */
export function grammarRecipe(): string {
  return (plainGrammar() as unknown as { toRecipe(): string }).toRecipe();
}

function scanTokens(grammar: ohm.Grammar): void {
  const Scanner = scannerClass(terminalNodeClass(grammar));
  const rules = (grammar as unknown as { rules: Rules }).rules;
  for (const [name, text] of Object.entries(TOKENS)) {
    rules[name].body = new Scanner(new RegExp(`(${text})${SPACING}`, "yu"), rules[name].body);
  }
  rules.s.body = new Scanner(new RegExp(SPACING, "yu"), rules.s.body);
}

/** Ohm does not export its terminal nodes; a small match has one. */
function terminalNodeClass(grammar: ohm.Grammar): new (length: number) => object {
  let node = (grammar.match("a", "keywordText") as unknown as { _cst?: CstNode })._cst;
  node ??= (grammar.match(".", "period") as unknown as { _cst: CstNode })._cst;
  while (!node.isTerminal()) node = (node.children as CstNode[])[0];
  return node.constructor as new (
    length: number,
  ) => object;
}

/** A parsing expression that matches one token and, when the rule it replaces has two parts, the spacing after it. */
function scannerClass(TerminalNode: new (length: number) => object) {
  return class Scanner extends internals.pexprs.PExpr {
    constructor(
      readonly pattern: RegExp,
      readonly replaced: Expression,
    ) {
      super();
    }

    eval(state: MatchState): boolean {
      const { inputStream, pattern } = { inputStream: state.inputStream, pattern: this.pattern };
      const position = inputStream.pos;
      pattern.lastIndex = position;
      const match = pattern.exec(inputStream.source);
      if (match === null) {
        state.processFailure(position, this);
        return false;
      }
      const end = pattern.lastIndex;
      inputStream.pos = end;
      const tokenLength = match.length > 1 ? match[1].length : end - position;
      state.pushBinding(new TerminalNode(tokenLength), position);
      if (match.length > 1) state.pushBinding(new TerminalNode(end - position - tokenLength), position + tokenLength);
      return true;
    }

    getArity(): number {
      return this.replaced.getArity();
    }

    allowsSkippingPrecedingSpace(): boolean {
      return false;
    }

    substituteParams(): this {
      return this;
    }

    toFailure(grammar: unknown): unknown {
      return this.replaced.toFailure(grammar);
    }
  };
}
