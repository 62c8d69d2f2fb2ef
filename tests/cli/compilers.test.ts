// The compiler in the image and the one outside, as people meet them: the same output, the same messages, the same status.

import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildImageFile, IMAGE_FOLDER } from "../../image/bootstrap/build.ts";
import { gondola, type Outcome, root, scratch, writeScratch } from "../support/gondola.ts";

async function withBoth(words: string[]): Promise<Outcome> {
  const [inside, outside] = await Promise.all([gondola(words), gondola([...words, "--compiler", "ohm"])]);
  expect(inside).toEqual(outside);
  return inside;
}

describe("eval", () => {
  test.each([
    ["3 + 4"],
    ["a := 20. b := [:x | x + a]. b value: 22"],
    ["| a b | a := 'é😀'. b := #(foo #bar $a 3s2 2r101). {a. b. a reversed}"],
    ["'é😀'. 3 + + 4"],
    ["(3 + 4"],
    ["'abc"],
    ["zork"],
    ["zork := 3. zork + zark"],
    ["'😀'. [:x | Trnscript show: x] value: 'a'. Trnscript isNil"],
    ["3 := 4"],
    ["self := 3"],
    ["[:x | x := 3]"],
    ["| a a | a"],
    ["\n\n  3 foo: (4\n  bar: 5]"],
    ["#(1 0) do: [:each | 1 / each]"],
    ["Object compile: 'zork ^ 3 +'"],
    ["Object compile: 'zork ^ 3'. 4 zork"],
    ["thisContext method selector"],
    ["2r3"],
    [""],
  ])("%s", async (source) => {
    await withBoth(["eval", source]);
    await withBoth(["eval", "--strict", source]);
  });

  test("several expressions share their variables", async () => {
    expect((await withBoth(["eval", "a := 20", "b := 22", "a + b"])).output).toBe("42\n");
  });

  test("--warnings tells of what is doubtful, too", async () => {
    const source = "| a b | a := 3. [:b | | c | b] value: 4";
    expect((await withBoth(["eval", source])).errors).toBe("");
    const { errors } = await withBoth(["eval", "--warnings", source]);
    const told = errors.split("\n").filter((line) => line.startsWith("expression:"));
    expect(told).toEqual([
      "expression:1:19: warning: b hides a variable of the same name around it",
      "expression:1:3: warning: a is assigned but never read",
      "expression:1:5: warning: b is never used",
      "expression:1:25: warning: c is never used",
    ]);
  });

  test("there is no third compiler", async () => {
    expect(await gondola(["eval", "3", "--compiler", "gcc"])).toMatchObject({
      status: 2,
      errors: expect.stringContaining("there is no compiler gcc; there are image and ohm"),
    });
  });
});

const FILES: [string, string][] = [
  [
    "classes.st",
    `| total |
Object subclass: #Purse instanceVariableNames: 'coins' classVariableNames: 'Made' package: 'Bank'.

{ #category : 'operations' }
Purse >> add: coin [ coins := (coins ifNil: [0]) + coin. Made := coin. ^ coins ]
Purse class >> filled [ ^ self new add: 3; yourself ]
total := Purse filled add: 4.
Transcript showln: total printString; showln: (Purse protocolOf: #add:).
Purse >> add: coin [ ^ coins := (coins ifNil: [0]) + coin + surplus ]
Purse filled add: 1`,
  ],
  ["wrong.st", '| a |\na := 3.\n"é" a foo: .\n'],
  ["wrongMethod.st", "Object subclass: #P.\n\nP >> foo: x [\n\t| a |\n\t^ a +\n]\n"],
  ["open.st", "3 + 4.\nObject >> foo [ ^ 3"],
  ["missing.st", "Gone >> foo [ ^ 3 ]"],
  [
    "later.st",
    "Object subclass: #P.\nP >> q [ ^ Q new r ]\nObject subclass: #Q.\nQ >> r [ ^ 42 ]\nTranscript showln: P new q printString",
  ],
  [
    "chunk.st",
    "Object subclass: #P instanceVariableNames: 'x' classVariableNames: '' package: 'B'!\n\n" +
      "!P methodsFor: 'all'!\nx: y\n\tx := y!\n\nx ^ x isNil ifTrue: ['none!!'] ifFalse: [x]! !\n\n" +
      "Transcript showln: P new x; showln: (P new x: 3; x) printString!\n",
  ],
  ["Tonel.st", "Class { #name : 'T', #superclass : 'Object', #instVars : [ 'a' ] }\n\nT >> a [\n\t^ a + b\n]\n"],
  ["Program.som", "Program = ( run = ( | a | a := 7 / 2. 'a\\tb' println. a println. zork println ) )\n"],
];

describe("run", () => {
  test.each(FILES)("%s", async (name, text) => {
    await withBoth(["run", writeScratch(name, text)]);
  });
});

test("the tests of the class library pass, loaded by either", async () => {
  const packages = readdirSync(join(root, "image")).filter((name) => name.endsWith("-Tests"));
  const folders = packages.map((name) => join(root, "image", name));
  const outcomes: Outcome[] = [];
  for (const compiler of ["image", "ohm"]) {
    const file = join(scratch, `${compiler}.image`);
    expect(await gondola(["load", ...folders, "--compiler", compiler, "--save", file])).toMatchObject({ errors: "" });
    outcomes.push(await gondola(["test", "--image", file, "--compiler", compiler]));
  }
  expect(outcomes[0]).toEqual(outcomes[1]);
  expect(outcomes[0]).toMatchObject({ status: 0, output: expect.stringMatching(/^\d{4} passed, 0 failed\n$/) });
}, 120_000);

/** An image of the class library in which the server of the host reads otherwise. */
async function imageWithServer(name: string, change: (source: string) => string): Promise<string> {
  const roots = join(scratch, name);
  cpSync(join(root, "image/Host"), join(roots, "Host"), { recursive: true });
  const server = join(roots, "Host/HostServer.class.st");
  const source = readFileSync(server, "utf8");
  const changed = change(source);
  expect(changed).not.toBe(source);
  writeFileSync(server, changed);
  const file = join(scratch, `${name}.image`);
  await buildImageFile(file, { roots: [roots, IMAGE_FOLDER] });
  return file;
}

test("for an image that cannot compile, the compiler outside does", async () => {
  const file = await imageWithServer("older", (source) =>
    source.replace("writer nextPutWord: 2.", "writer nextPutWord: 1.").replaceAll("#evaluateSource:", "#no:"),
  );
  const script = writeScratch(
    "older.st",
    "Object subclass: #P.\nP >> q [ ^ 42 ]\nTranscript showln: P new q printString. zork",
  );
  const [evaluated, run] = await Promise.all([
    gondola(["eval", "--image", file, "a := 3", "a + 4"]),
    gondola(["run", "--image", file, script]),
  ]);
  expect(evaluated).toEqual({ status: 0, output: "7\n", errors: "" });
  expect(run).toMatchObject({ output: "42\n", errors: expect.stringContaining("warning: zork is not declared") });
});

test("an image in which nobody listens is not waited for", async () => {
  const file = await imageWithServer("deaf", (source) =>
    source.replace("isLoaded ifTrue: [ self default reset; start ]", ""),
  );
  const { status, errors } = await gondola(["eval", "--image", file, "3 + 4"]);
  expect([status, errors]).toEqual([1, expect.stringMatching(/^gondola: Nothing can happen any more.*\n$/)]);
});
