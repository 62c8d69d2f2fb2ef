// Programs as other Smalltalks write them, run and loaded by either compiler.

import { join } from "node:path";
import { expect, test } from "vitest";
import { gondola, type Outcome, scratch, writeScratch } from "../support/gondola.ts";

async function runWithBoth(file: string): Promise<Outcome> {
  const [inside, outside] = await Promise.all([gondola(["run", file]), gondola(["run", file, "--compiler", "ohm"])]);
  expect(inside).toEqual(outside);
  return inside;
}

const GNU_PROGRAM = `Object subclass: Account [
    | balance |
    <comment: 'I hold money'>
    Rate := 3 * 2.
    Account class [ | opened | ]
    Account class >> new [ opened := (opened ifNil: [ 0 ]) + 1. ^ super new init ]
    Account class >> opened [ ^ opened ]
    init [ <category: 'private'> balance := 0 ]
    deposit: amount [ balance := balance + amount ]
    balance [ ^ balance * Rate ]
]
Account extend [ | note | Word := 'none'. note [ ^ note ifNil: [ Word ] ] ]
Account class extend [ make [ ^ self new deposit: 4; yourself ] ]
Account subclass: Savings [ rate [ ^ 5 ] ]
Savings new rate printNl.
(Account >> #init) protocol displayNl.
Eval [ | a | a := Account make. a balance printNl. a note displayNl ]
Eval [ | a | a printNl ]
| last | last := Account opened. last printNl
`;

test("classes in GNU Smalltalk's brackets are run and loaded", async () => {
  const file = writeScratch("gnu/account.st", GNU_PROGRAM);
  expect(await runWithBoth(file)).toEqual({ status: 0, output: "5\nprivate\n24\nnone\nnil\n1\n", errors: "" });
  const image = join(scratch, "gnu.image");
  expect(await gondola(["load", join(scratch, "gnu"), "--save", image])).toMatchObject({ status: 0, errors: "" });
  expect((await gondola(["eval", "--image", image, "Account make balance"])).output).toBe("24\n");
});

test.each([
  [
    "Object subclass: A [\n    foo [ ^ a + ]\n]\n",
    "2:16: expected an argument after +, but the source ends here\n    foo [ ^ a + ]\n               ^\n",
  ],
  ["Object subclass: A [\n  X := 3 +. ]\n", "2:11: expected an argument after +\n  X := 3 +. ]\n          ^\n"],
  ["Zork subclass: A [ foo [ ] ]\n", "1:1: There is no class Zork.\nZork subclass: A [ foo [ ] ]\n^\n"],
])("what is wrong inside is shown at its place: %j", async (text, message) => {
  const file = writeScratch("gnu-wrong.st", text);
  expect(await runWithBoth(file)).toEqual({ status: 1, output: "", errors: `${file}:${message}` });
});

test("the words behind a script that are no source files are its arguments", async () => {
  const script = writeScratch("words.st", "Smalltalk arguments printNl. n := 3");
  const second = writeScratch("words2.st", "n printNl");
  const expected = { status: 0, output: "#('Json' '10' '-x')\n", errors: "" };
  expect(await gondola(["run", script, "Json", "10", "--", "-x"])).toEqual(expected);
  expect((await gondola(["run", script, second, "Json"])).output).toBe("#('Json')\n3\n");
  expect(await gondola(["run", script, "nosuch.st"])).toMatchObject({ status: 3, output: "" });
});
