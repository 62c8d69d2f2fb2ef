// The compiler in the image (image/Compiler) against the one here: the same bytes for every method of the class library,
// the same verdict on every source.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileMethod } from "../../compiler/compile.ts";
import { isComplete } from "../../compiler/completeness.ts";
import type { SourceItem } from "../../compiler/definitions.ts";
import type { Environment } from "../../compiler/environment.ts";
import { scriptItems } from "../../compiler/script.ts";
import { type Diagnostic, fileOffset, originOf, placeOf, SourceError } from "../../compiler/sourceError.ts";
import { buildImageFile, IMAGE_FOLDER } from "../../image/bootstrap/build.ts";
import { Image, type ObjectHandle } from "../../platform/node/index.ts";
import * as bytecodes from "../../vm/bytecodes.ts";
import * as layout from "../../vm/layout.ts";
import * as primitiveNumbers from "../../vm/primitiveNumbers.ts";
import { libraryMethods, Randomness, WORLD } from "../compiler/support.ts";
import { gondola } from "../support/gondola.ts";

const SEED = Number(process.env.SEED ?? (Date.now() & 0x7fffffff) | 1);
const ROUNDS = Number(process.env.GONDOLA_FUZZ_ROUNDS ?? 1500);
const LEAST_METHODS = 3000;

const PIECES = [
  ...["foo", "self", "super", "balance", "Rate", "x", "at:", "put:", "ifTrue:", "to:", "do:", "value", "nil", "a:b:"],
  ...["|", "||", "[", "]", "(", ")", "{", "}", "#(", "#[", ":=", "^", ".", ";", ":x", ":", "'", '"', "$", "#", "''"],
  ...["-", "--", "<", ">", "+", "#+", "#foo", "#a:b", "'a'", "$a", '"c"', "12", "-3", "16rFF", "16r", "1.5e3", "2s2"],
  ...["Smalltalk", "SystemExceptions", "Smalltalk.", "SystemExceptions.Smalltalk.Object"],
  ...["3s", "1e", "1e200000", "5.", "<primitive: 60>", "<foo: #a>", "_", "é", "😀", "\u00b7", "\u0000", "\n", "true"],
] as const;

const folder = mkdtempSync(path.join(tmpdir(), "gondola-"));
let image: Image;
let comparison: ObjectHandle;
let environment: Environment;

beforeAll(async () => {
  const file = path.join(folder, "compiler.image");
  await buildImageFile(file, { tests: true });
  image = await Image.open(file);
  comparison = (await image.evaluate("CompilerComparison")) as ObjectHandle;
  const globals = (await image.evaluate("(Smalltalk keys collect: [:each | each asString]) asArray")) as string[];
  const names = new Set(globals);
  environment = { ...WORLD, hasGlobal: (name) => names.has(name), globalNames: () => globals };
});

afterAll(async () => {
  await image?.close();
  rmSync(folder, { recursive: true });
});

test("compiles every method, itself included, to the same bytes", async () => {
  const [count, differences] = (await image.evaluate(
    "| all | all := CompilerComparison new. all compareAll. { all count. all differences asArray }",
  )) as [number, string[]];
  expect(differences).toEqual([]);
  expect(count).toBeGreaterThan(LEAST_METHODS);
});

test("passes its own tests", async () => {
  expect(await image.evaluate("CompilerTest run hasPassed")).toBe(true);
});

test("compiles the default image from inside, twice, and nothing changes", async () => {
  const file = path.join(folder, "rebuilt.image");
  const loading = await gondola(["load", path.join(IMAGE_FOLDER, "Compiler-Tests"), "--save", file]);
  expect(loading).toMatchObject({ status: 0, errors: "" });
  const running = await Image.open(file);
  const differences =
    "| all | all := CompilerComparison new. all compareAfter: [Compiler recompileAll]. all differences asArray";
  expect(await running.evaluate(differences)).toEqual([]);
  expect(await running.evaluate(differences)).toEqual([]);
  expect(await running.evaluate("CompilerTest run hasPassed")).toBe(true);
  await running.close();
});

test("knows the machine's numbers", async () => {
  const known: Record<string, number> = { ...bytecodes, ...layout, ...primitiveNumbers };
  const pairs = (await comparison.send("machineConstants")) as [string, number][];
  expect(Object.fromEntries(pairs)).toEqual(Object.fromEntries(pairs.map(([name]) => [name, known[name]])));
  const missing = Object.keys(bytecodes).filter((name) => !name.startsWith("SELECTOR_"));
  expect(pairs.map(([name]) => name)).toEqual(expect.arrayContaining(missing));
});

/** Line, column and message of what is wrong; null when nothing is. */
function refusalOf(source: string): string | null {
  try {
    compileMethod(source, { environment, className: "Account", strict: true });
    return null;
  } catch (error) {
    if (error instanceof SourceError) return `${error.line}:${error.column} ${error.message}`;
    throw error;
  }
}

describe("refuses", () => {
  test.each([
    ["foo ^ 3 + ]"],
    ["foo x := 3 max: ."],
    ["foo ^ (3 + 4"],
    ["foo self do: [:x | x foo)"],
    ["foo ^ 3)"],
    ["foo 3 := 4"],
    ["foo a b; + ;"],
    ["foo a;"],
    ["foo ^ #"],
    ["foo (self b) ; c"],
    ["foo ^ 1. 2"],
    ["foo ^ {1. ^ 2}"],
    ["foo: ^ 3"],
    ["3 foo"],
    [""],
    ["foo [: x] value: [:"],
    ["foo\n\t^ 'abc\n\n"],
    ['foo\n\t"abc\n\t^ 3'],
    ["foo ^ #'abc"],
    ["foo ^ $"],
    ["foo: x x := 3"],
    ["foo self := 3"],
    ["foo | a b a | ^ a"],
    ["foo: x bar: x ^ x"],
    ["foo | nil |"],
    ["foo ^ Transcirpt"],
    ["foo ^ blance"],
    ["foo ^ 2r3"],
    ["foo ^ 37r1"],
    ["foo ^ 1e100001"],
    ["foo ^ #[1 256]"],
    ["foo <primitive: 0>"],
    [`foo | ${Array.from({ length: 64 }, (_, index) => `t${index}`).join(" ")} |`],
  ])("%s with the same words at the same place", async (source) => {
    expect(await comparison.send("refusalOf:", source)).toBe(refusalOf(source));
  });

  const names = (count: number, letter = "t") => Array.from({ length: count }, (_, index) => letter + index);
  test.each([
    ["many keywords", `foo self ${"a: 3 ".repeat(20000)}`],
    ["many parameters", `foo ^ [${names(300, ":p").join(" ")} | p3]`],
    ["many temporaries", `foo | ${names(400).join(" ")} | ${names(400).join(" := ")} := 3`],
    ["many captured variables", `foo | ${names(300).join(" ")} | ^ [${names(300).join(" := ")} := 3]`],
    ["many copied variables", `foo | ${names(63).join(" ")} | ^ [{${names(63).join(". ")}}]`],
    ["many literals", `foo ^ {${names(33000, "#x").join(". ")}}`],
    ["many pragmas", `foo ${names(300, "<a").join("> ")}> ^ 3`],
    ["a long array", `foo ^ #(${"1 ".repeat(40000)})`],
    ["a long loop", `foo [self a] whileTrue: [${"self b: 3. ".repeat(9000)}]`],
    ["a long cascade", `foo self a${"; b: 3".repeat(20000)}`],
  ])("%s, or takes them, as the other one does", async (_, source) => {
    expect(await comparison.send("refusalOf:", source)).toBe(refusalOf(source));
  });

  test("a hundred thousand open parentheses", async () => {
    expect(await comparison.send("refusalOf:", `foo ^ ${"(".repeat(100000)}`)).toMatch(/expected \)|nested too deeply/);
  });
});

async function expectSameVerdicts(sources: string[]): Promise<void> {
  const refusals = (await comparison.send("refusalsOf:", sources)) as (string | null)[];
  const own = sources.map(refusalOf);
  const wrong = sources.filter((_, index) => (refusals[index] === null) !== (own[index] === null));
  expect(wrong, `seed ${SEED}`).toEqual([]);
  const differentlyWorded = sources.filter((_, index) => refusals[index] !== own[index]);
  expect(differentlyWorded.length, `seed ${SEED}`).toBeLessThanOrEqual(sources.length / 100);
}

/** What is doubtful in a source and, at last, what is wrong with it. */
function opinionsOn(source: string): string[] {
  const found: string[] = [];
  const origin = originOf("a method", source);
  const note = (diagnostic: Diagnostic) => {
    const { line, column } = placeOf(diagnostic, origin);
    found.push(`${line}:${column} ${diagnostic.code} ${diagnostic.message}`);
  };
  try {
    compileMethod(source, { environment, className: "Account", origin, warn: note });
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    note(error.diagnostic);
  }
  return found;
}

/** Of wrong sources only that they are wrong; a few in a thousand syntax errors are worded otherwise. */
async function expectSameWarnings(sources: string[]): Promise<void> {
  const inside = (await comparison.send("opinionsOf:", sources)) as string[][];
  const isDoubtful = (opinion: string) => / (?:undeclared|shadow|unused) /.test(opinion);
  for (const [index, source] of sources.entries()) {
    const outside = opinionsOn(source);
    const isWrong = outside.some((opinion) => !isDoubtful(opinion));
    if (isWrong)
      expect(
        inside[index].some((opinion) => !isDoubtful(opinion)),
        source,
      ).toBe(true);
    else expect(inside[index], `seed ${SEED}: ${source}`).toEqual(outside);
  }
}

test("warns of the same at the same places", async () => {
  const warning = [
    "foo | a | ^ 3",
    "foo | a | a := 3",
    "foo | a b | a := b. ^ [:x | | a c | c := x. balance := zork. zork := Trnscript]",
    "foo: balance ^ [:balance | Rat + owener]",
    "foo #(1) do: [:each | | x | x := each]. 1 to: 3 do: [:i | | y i | ^ i]. x",
    "foo ^ Smaltalk at: #😀 put: é",
  ];
  expect(warning.flatMap(opinionsOn).length).toBeGreaterThan(12);
  await expectSameWarnings(warning);
});

test("warns of the same in random methods", async () => {
  const random = new Randomness(SEED);
  const names = ["a", "b", "c", "each", "balance", "Rate", "zork", "self", "Trnscript", "3"];
  const expression = (depth: number): string => {
    const name = () => random.pick(names);
    const inner = () => (depth === 0 ? name() : expression(depth - 1));
    return [
      () => name(),
      () => `${name()} foo: ${inner()} bar: ${inner()}`,
      () => `${random.pick(["a", "b", "c", "zork", "balance"])} := ${inner()}`,
      () => `[:${name()} | | ${name()} | ${inner()}. ${inner()}]`,
      () => `(${inner()}) ifTrue: [| ${name()} | ${inner()}]`,
      () => `{${inner()}. ${inner()}}`,
      () => `1 to: 3 do: [:${name()} | | ${name()} | ${inner()}]`,
    ][random.below(7)]();
  };
  const statements = () => Array.from({ length: 1 + random.below(4) }, () => expression(3)).join(". ");
  await expectSameWarnings(Array.from({ length: ROUNDS }, () => `foo: each | a b | ${statements()}`));
});

test("comes to the same verdict on random tokens", async () => {
  const random = new Randomness(SEED);
  const source = () => Array.from({ length: 1 + random.below(12) }, () => random.pick(PIECES));
  await expectSameVerdicts(
    Array.from({ length: ROUNDS }, () => `foo ${source().join(random.below(4) === 0 ? "" : " ")}`),
  );
});

test("comes to the same verdict on truncated and damaged methods", async () => {
  const random = new Randomness(SEED);
  const methods = libraryMethods();
  const sources = Array.from({ length: ROUNDS }, () => {
    const method = random.pick(methods).slice(0, 600);
    const at = random.below(method.length);
    const damaged = method.slice(0, at) + random.pick(PIECES) + method.slice(at + random.below(8));
    return random.below(2) === 0 ? method.slice(0, at) : damaged;
  });
  await expectSameVerdicts(sources);
});

/** What the image says of a script: whether it is complete, and its items or what is wrong with it. */
async function readInImage(text: string): Promise<unknown> {
  return comparison.send("scriptOf:", text);
}

function readOutside(text: string): unknown {
  const isWhole = isComplete(text);
  try {
    return [isWhole, scriptItems(text, "a script").map(describeItem)];
  } catch (error) {
    if (error instanceof SourceError) return [isWhole, error.render()];
    throw error;
  }
}

function describeItem(item: SourceItem): unknown[] {
  if (item.kind === "expression") return [item.expression.source, item.expression.variables.join(" ")];
  if (item.kind !== "method") throw new Error(`a script has no ${item.kind}`);
  const { className, meta, protocol, source, origin } = item.method;
  const places = [0, source.length].map((offset) => {
    const index = Math.min(fileOffset(origin, offset), origin.text.length);
    return [...origin.text.slice(0, index)].length + 1;
  });
  return [className, meta, protocol, source, ...places];
}

const SCRIPT_PIECES = [
  ...[
    "Account",
    "Foo",
    " class",
    ">>",
    " >> ",
    "at:",
    " x ",
    "put:",
    "a:bc:d",
    "foo",
    "+",
    "[",
    "]",
    "^ 3",
    "Smalltalk",
  ],
  ...[
    ".",
    "\n",
    "\r\n",
    " ",
    "| a b |",
    "|",
    "(",
    ")",
    "{",
    "}",
    "#category",
    ":",
    "'",
    '"',
    '"c"',
    "'a b'",
    "$[",
    "$'",
  ],
  ...[
    "{ #category : 'x y' } ",
    "{category:foo }",
    "<category: 'a'> ",
    "<protocol: #b>",
    "subclass:",
    "package:",
    "Trait",
    "| v |",
    "Object subclass: #A",
  ],
  ...[
    ":=",
    ":x",
    "16rFF",
    "3r",
    "é",
    "😀",
    "\u00a0",
    ";",
    "!",
    "#(",
    "instanceVariableNames:",
    "12",
    "3.14",
    "16rF.F",
    "2.5e-3s2",
    "7s",
    "1e",
    "Foo >> bar [ ^ 3 ]",
  ],
] as const;

test("cuts scripts into the same items and knows when they are complete", async () => {
  const random = new Randomness(SEED);
  const texts = Array.from({ length: ROUNDS }, () =>
    Array.from({ length: 1 + random.below(10) }, () => random.pick(SCRIPT_PIECES)).join(random.below(3) ? "" : " "),
  );
  const temporaries = "3. |\u{1f600}| v | := 4. Smalltalk at: #B put: v. B";
  for (const text of [
    "",
    temporaries,
    "Foo >> at: x",
    'Foo "c" >> a [',
    "| a | a := 3. Smalltalk at: #B put: 4. B",
    ...texts,
  ]) {
    expect(await readInImage(text), `seed ${SEED}: ${JSON.stringify(text)}`).toEqual(readOutside(text));
  }
});

test("shows a mistake in a long line, or with a long name, in the same way", async () => {
  const texts = [
    `A >> foo [ ^ '${"é".repeat(400)}\u001b[0m\t' ) , '${"b".repeat(400)}' ]`,
    `A >> foo [ ^ 3 ${"+".repeat(900)} ]`,
  ];
  for (const text of [...texts, `${"a".repeat(900)} >> [`]) expect(await readInImage(text)).toEqual(readOutside(text));
});
