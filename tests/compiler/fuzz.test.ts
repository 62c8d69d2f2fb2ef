import { expect, test } from "vitest";
import { compileExpression, compileMethod } from "../../compiler/compile.ts";
import { isComplete } from "../../compiler/completeness.ts";
import { listing } from "../../compiler/disassemble.ts";
import { originOf, renderDiagnostic, SourceError } from "../../compiler/sourceError.ts";
import { decodeMap } from "../../compiler/sourceMap.ts";
import { readSource, type SourceFormat } from "../../compiler/sources.ts";
import { libraryMethods, Randomness, WORLD } from "./support.ts";

const SEED = Number(process.env.SEED ?? (Date.now() & 0x7fffffff) | 1);
const ROUNDS = Number(process.env.GONDOLA_FUZZ_ROUNDS ?? 1500);

const TOKENS = [
  ...["foo", "x", "self", "super", "thisContext", "nil", "true", "at:", "put:", "ifTrue:", "and:", "whileTrue:"],
  ...[
    "to:",
    "do:",
    "timesRepeat:",
    "ifNil:",
    "repeat",
    "value",
    "balance",
    "Object",
    "+",
    "-",
    "<",
    "|",
    ">",
    ">>",
    "==",
  ],
  ...[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "#(",
    "#[",
    ":=",
    "^",
    ".",
    ";",
    ":x",
    "|",
    "'a'",
    "'",
    '"c"',
    '"',
    "$a",
    "$",
    "#foo",
  ],
  ...[
    "#+",
    "#",
    "12",
    "-3",
    "16rFF",
    "1.5e3",
    "2s2",
    "1e99999999999",
    "<primitive: 60>",
    "!",
    "_",
    "é",
    "😀",
    "\u0000",
    "\n",
  ],
];

/** Characters of a message that are shown at least. */
const SHOWN_OF_MESSAGE = 300;

function compileEither(source: string, random: Randomness): void {
  const options = { environment: WORLD, className: "Account", strict: random.below(2) === 0 };
  const code = random.below(2) === 0 ? compileMethod(source, options) : compileExpression(source, options);
  listing(code);
  for (const { start, length } of decodeMap(code.map)) expect(start + length).toBeLessThanOrEqual([...source].length);
}

/** Runs an action that may throw SourceErrors only; a failure says how to repeat it. */
function survive(round: number, source: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (error instanceof SourceError) {
      expect(error.render()).toContain(error.message.slice(0, SHOWN_OF_MESSAGE));
      return;
    }
    throw new Error(`seed ${SEED}, round ${round}, source ${JSON.stringify(source)}`, { cause: error });
  }
}

test("random tokens compile or are refused", () => {
  const random = new Randomness(SEED);
  for (let round = 0; round < ROUNDS; round++) {
    const tokens = Array.from({ length: 1 + random.below(25) }, () => random.pick(TOKENS));
    const source = tokens.join(random.below(4) === 0 ? "" : " ");
    survive(round, source, () => compileEither(source, random));
  }
});

test("truncated and damaged methods compile or are refused", () => {
  const random = new Randomness(SEED);
  const methods = libraryMethods();
  for (let round = 0; round < ROUNDS; round++) {
    const method = random.pick(methods).slice(0, 600);
    const at = random.below(method.length);
    const damaged = method.slice(0, at) + random.pick(TOKENS) + method.slice(at + random.below(8));
    const source = random.below(2) === 0 ? method.slice(0, at) : damaged;
    survive(round, source, () => compileEither(source, random));
  }
});

test("random files of every format are read or refused", () => {
  const random = new Randomness(SEED);
  const formats: SourceFormat[] = ["tonel", "script", "chunk", "som", "somSmalltalk"];
  const pieces = [
    ...TOKENS,
    "Class {",
    "#name : #A",
    "A >> foo [",
    "A subclass: B [",
    "A class extend [",
    "A := ",
    "<comment: 'x'>",
    "A = (",
    "----",
    "!A methodsFor: 'x'!",
    "!!",
    "| a |",
  ];
  for (let round = 0; round < ROUNDS; round++) {
    const source = Array.from({ length: random.below(30) }, () => random.pick(pieces)).join(" ");
    survive(round, source, () => readSource(source, "noise", random.pick(formats)));
    survive(round, source, () => isComplete(source));
  }
});

test("binary noise and deep nesting are refused in good time", () => {
  const random = new Randomness(SEED);
  const noise = String.fromCharCode(...Array.from({ length: 20_000 }, () => random.below(65536)));
  const sources = [
    noise,
    "[".repeat(50_000),
    "#(".repeat(50_000),
    "foo ".repeat(20_000),
    "'".repeat(50_001),
    '"'.repeat(50_001),
  ];
  sources.push(
    "-".repeat(50_000),
    "1".repeat(20_000),
    "x := ".repeat(20_000),
    "a:".repeat(20_000),
    `Class ${"[{".repeat(9000)}`,
  );
  sources.forEach((source, round) => {
    survive(round, source.slice(0, 40), () => compileEither(source, random));
    survive(round, source.slice(0, 40), () => compileEither(`foo ^ ${source}`, random));
    survive(round, source.slice(0, 40), () => readSource(source, "noise"));
  });
});

test("what never ends is refused in every format in good time, with a short message", () => {
  const beginnings = [
    "",
    "A = (",
    "A = ( foo = (",
    "Class { #name : #A }\nA >> foo [",
    "!A methodsFor: 'x'!\n",
    "A >> foo [ ",
    "A subclass: B [ ",
    "A subclass: B [ C := 3 ",
  ];
  const pieces = [
    "'",
    '"',
    "'a",
    "'\\",
    "(",
    "[",
    "{",
    "! ",
    "|",
    "a: ",
    "foo = ( ",
    "| a ",
    "Class { ",
    "A >> b [ ",
    "é",
    " ",
  ];
  const formats: SourceFormat[] = ["tonel", "script", "chunk", "som", "somSmalltalk"];
  let round = 0;
  for (const format of formats)
    for (const beginning of beginnings)
      for (const piece of pieces) {
        const source = beginning + piece.repeat(20_000);
        survive(round++, source.slice(0, 40), () => {
          try {
            readSource(source, "endless", format);
          } catch (error) {
            if (error instanceof SourceError) expect(error.render().length).toBeLessThan(1000);
            throw error;
          }
        });
      }
});

test("a diagnostic at the end of an empty source can be shown", () => {
  const diagnostic = { code: "syntax", message: "nothing here", start: 0, end: 0 } as const;
  expect(renderDiagnostic(diagnostic, originOf("a.st", ""))).toBe("a.st:1:1: nothing here\n\n^");
});
