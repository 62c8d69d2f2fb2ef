import { expect, test } from "vitest";
import { grammarRecipe, plainGrammar, smalltalkGrammar } from "../../compiler/grammar.ts";
import { libraryMethods, Randomness } from "./support.ts";

/** Where each rule's text begins and ends, down to the tokens that are scanned in the fast form. */
function shape(node: { ctorName: string; matchLength: number; children?: never[] }): unknown {
  const isToken = TOKEN_RULES.has(node.ctorName);
  return [node.ctorName, node.matchLength, isToken ? [] : (node.children ?? []).map(shape)];
}
const TOKEN_RULES = new Set("identifier keyword word operator number string character symbol s".split(" "));

function parsed(grammar: ReturnType<typeof plainGrammar>, source: string): unknown {
  const match = grammar.match(source, "method") as unknown as { _cst?: Parameters<typeof shape>[0] };
  return match._cst ? shape(match._cst) : "refused";
}

test("the scanned tokens mean what the grammar file says", () => {
  const plain = plainGrammar();
  const fast = smalltalkGrammar();
  const random = new Randomness(20_26);
  const methods = libraryMethods();
  const samples = Array.from({ length: 150 }, () => random.pick(methods).slice(0, 800));
  const tricky = [
    "x:=3",
    "x: =3",
    "3--2",
    "a+-1",
    "16r1F.5e2",
    "3s2x",
    "3sx",
    "2e",
    "'a''b'",
    "#a:b:",
    "#+-",
    "a_b",
    "é",
    "$'",
    "1.e",
  ];
  samples.push(...tricky.map((source) => `foo ^ ${source} bar`), ...tricky.map((source) => `foo ^ #(${source} bar)`));
  for (const source of samples) {
    expect(parsed(fast, source), source).toEqual(parsed(plain, source));
    const cut = source.slice(0, random.below(source.length));
    expect(parsed(fast, cut), cut).toEqual(parsed(plain, cut));
  }
});

test("the recipe for the bundler is JSON", () => {
  expect(JSON.parse(grammarRecipe())[0]).toBe("grammar");
});
