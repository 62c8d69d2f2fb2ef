// Libraries in the formats in which others publish them, loaded by either compiler and used from the saved image.

import { join } from "node:path";
import { expect, test } from "vitest";
import { gondola, type Outcome, scratch, writeScratch } from "../support/gondola.ts";
import { zipOf } from "../support/zip.ts";

const COMPILERS = ["image", "ohm"];

/** Writes the files, loads the folder that they are in, and evaluates an expression in the image that this makes. */
async function loadAndEvaluate(
  folder: string,
  files: Record<string, string>,
  expression: string,
  compiler = "image",
): Promise<[loaded: Outcome, output: string]> {
  for (const [name, text] of Object.entries(files)) writeScratch(`${folder}/${name}`, text);
  const image = join(scratch, `${folder}-${compiler}.image`);
  const loaded = await gondola(["load", join(scratch, folder), "--compiler", compiler, "--save", image]);
  if (loaded.status !== 0) return [loaded, ""];
  return [loaded, (await gondola(["eval", "--image", image, expression])).output];
}

const NOTHING_SAID = { status: 0, output: "", errors: "" };

test.each(COMPILERS)("a FileTree package: --compiler %s", async (compiler) => {
  const properties = { name: "Account", super: "Object", instvars: ["balance"], traitcomposition: "TBox" };
  const files = {
    ".filetree": "{}",
    "Bank.package/monticello.meta/categories.st": "SystemOrganization addCategory: #Bank!\n",
    "Bank.package/Account.class/properties.json": JSON.stringify({ ...properties, classvars: ["Rate"] }),
    "Bank.package/Account.class/README.md": "I hold money!",
    "Bank.package/Account.class/instance/deposit..st": "operations\ndeposit: n\n\t^ balance := n * Rate",
    "Bank.package/Account.class/class/initialize.st": "initialization\ninitialize\n\tRate := 2",
    "Bank.package/ASavings.class/properties.json": '{"name":"ASavings","super":"Account"}',
    "Bank.package/ASavings.class/README.md": "",
    "Bank.package/TBox.trait/properties.json": '{"name":"TBox"}',
    "Bank.package/TBox.trait/instance/box.st": "boxing\nbox\n\t^ self deposit: self cents",
    "Bank.package/Object.extension/properties.json": '{"name":"Object"}',
    "Bank.package/Object.extension/instance/cents.st": "*Bank\ncents\n\t^ 100",
  };
  const expression = "{ASavings new box. Account comment. (Account >> #deposit:) protocol}";
  const expected = [NOTHING_SAID, "#(200 'I hold money!' #operations)\n"];
  expect(await loadAndEvaluate("fileTree", files, expression, compiler)).toEqual(expected);
});

test("classes of Tonel files are initialized when all are there, pools and superclasses first", async () => {
  const files = {
    "A.class.st": `Class { #name : #Sub, #superclass : #Super, #pools : [ #Pool ], #classVars : [ 'Made' ] }

Sub class >> initialize [ Made := { Inherited. Limit. 3 twice } ]

Sub class >> made [ ^ Made ]
`,
    "B.class.st": `Class { #name : #Super, #superclass : #Object, #classVars : [ 'Inherited' ] }

Super class >> initialize [ Inherited := 1 ]
`,
    "Integer.extension.st": "Extension { #name : #Integer }\n\nInteger >> twice [ ^ self * 2 ]\n",
    "P.class.st": `Class { #name : #Pool, #superclass : #SharedPool, #classVars : [ 'Limit' ] }

Pool class >> initialize [ Limit := 9 ]
`,
  };
  expect(await loadAndEvaluate("initialized", files, "Sub made")).toEqual([NOTHING_SAID, "#(1 9 6)\n"]);
});

test("an initialization that fails is shown with its place", async () => {
  const file = writeScratch("fails.class.st", "Class { #name : #Fails }\n\nFails class >> initialize [ self zork ]\n");
  const { status, errors } = await gondola(["load", file, "--save", join(scratch, "fails.image")]);
  expect(status).toBe(1);
  expect(errors).toMatch(`${file}:3: MessageNotUnderstood: Fails class does not understand #zork\n`);
});

test.each(COMPILERS)("methods for classes that only another system has are left out: %s", async (compiler) => {
  const text = `!Morph methodsFor: 'x'!
color
	^ 1! 

shape
	^ 2! !

!Integer methodsFor: 'x'!
shape
	^ 3! !
`;
  const [loaded, output] = await loadAndEvaluate("absent", { "a.st": text }, "4 shape", compiler);
  const place = `${join(scratch, "absent", "a.st")}:2:1:`;
  const message = "There is no class Morph; its methods are left out.";
  expect(loaded).toEqual({ status: 0, output: "", errors: `${place} warning: ${message}\ncolor\n^\n` });
  expect(output).toBe("3\n");
  const words = ["load", join(scratch, "absent"), "--strict", "--save", join(scratch, "absent.image")];
  const strict = await gondola([...words, "--compiler", compiler]);
  expect(strict).toMatchObject({ status: 1, output: "" });
  expect(strict.errors).toMatch(place);
});

test("all that is wrong with methods is told at once, and nothing is saved", async () => {
  const files = {
    "a.st": "Object subclass: #Wrong instanceVariableNames: '' classVariableNames: '' package: 'X'!\n",
    "b.st": "!Wrong methodsFor: 'x'!\na\n\t^ 1 +! \n\nb\n\t^ )! \n\nc\n\t^ 3! !\n",
    "c.st": "\n\nWrong new zork!\n",
  };
  const [{ status, errors }] = await loadAndEvaluate("wrong", files, "3");
  const folder = join(scratch, "wrong");
  expect(status).toBe(1);
  expect(errors).toMatch(`${folder}/b.st:3:7: expected an argument after +, but the source ends here\n`);
  expect(errors).toMatch(`${folder}/b.st:6:4: expected an expression after ^\n`);
  expect(errors).toMatch(`${folder}/c.st:3: MessageNotUnderstood: Wrong does not understand #zork\n`);
  expect(errors).not.toMatch("understand #c");
});

test.each(COMPILERS)("Dictionaries are shared pools: --compiler %s", async (compiler) => {
  const text = `Smalltalk at: #Codes put: Dictionary new!
Codes at: #Lf put: 10; at: #Cr put: 13!
Object subclass: #Coder instanceVariableNames: '' classVariableNames: 'Own' poolDictionaries: 'Codes' category: 'X'!
Coder subclass: #Decoder instanceVariableNames: '' classVariableNames: '' poolDictionaries: '' category: 'X'!
!Decoder methodsFor: 'x'!
sum
	Cr := 14.
	^ Lf + Cr! !
`;
  const expression = "{Decoder new sum. Codes at: #Cr}";
  expect(await loadAndEvaluate("pools", { "a.st": text }, expression, compiler)).toEqual([NOTHING_SAID, "#(24 14)\n"]);
});

test("a pool that is not there", async () => {
  const text =
    "Object subclass: #A instanceVariableNames: '' classVariableNames: '' poolDictionaries: 'No' category: ''!\n";
  const [{ errors }] = await loadAndEvaluate("noPool", { "a.st": text }, "3");
  expect(errors).toMatch(`${join(scratch, "noPool", "a.st")}:1: Error: There is no shared pool No.\n`);
});

test("classes as Dolphin, VA and GNU Smalltalk define them", async () => {
  const text = `Object subclass: #OfDolphin instanceVariableNames: 'a' classVariableNames: 'B' poolDictionaries: '' classInstanceVariableNames: 'c'!
Object subclass: #OfVa classInstanceVariableNames: 'c' instanceVariableNames: 'a' classVariableNames: 'B' poolDictionaries: ''!
Object subclass: #OfGnu instanceVariableNames: 'a' classVariableNames: 'B' poolDictionaries: '' category: nil!
`;
  const expression =
    "{OfDolphin. OfVa. OfGnu} collect: [ :each | {each instVarNames. each classVarNames. each class instVarNames} ]";
  const variables = "#('a') #('B')";
  const output = `#(#(${variables} #('c')) #(${variables} #('c')) #(${variables} #()))\n`;
  expect(await loadAndEvaluate("definitions", { "a.st": text }, expression)).toEqual([NOTHING_SAID, output]);
});

test("what is to be known of a library that the prompt loads is shown there", async () => {
  const file = writeScratch(
    "prompted.st",
    "Object subclass: #Prompted.\nPrompted >> foo [ ^ Zork ]\nMorph >> foo [ ^ 1 ]\n",
  );
  const { output } = await gondola([], { input: `:load ${file}\nPrompted new foo\n` });
  expect(output).toMatch(`${file}:2:21: warning: Zork is not declared\n`);
  expect(output).toMatch(`${file}:3:10: warning: There is no class Morph; its methods are left out.\n`);
  expect(output).toMatch(`Loaded ${file}.\nnil\n`);
});

test("a folder of file-outs, a class a file, is loaded in the order in which its classes need each other", async () => {
  const define = (name: string, superclass: string, pools = "", variables = "") =>
    `${superclass} subclass: #${name} instanceVariableNames: '' classVariableNames: '${variables}' poolDictionaries: '${pools}' category: 'X'!\n`;
  const method = (head: string, source: string) => `!${head} methodsFor: 'x'!\n${source}! !\n`;
  const files = {
    "A.st":
      define("AUpper", "BLower", "ZPool") + method("AUpper", "a\n\t^ self b + Limit") + method("CMixed", "late\n\t^ 5"),
    "B.st": define("BLower", "CMixed") + method("BLower", "b\n\t^ self late"),
    "C.st": define("CMixed", "Object"),
    "Z.st": `${define("ZPool", "Object", "", "Limit")}ZPool classVarNamed: 'Limit' put: 37!\n`,
  };
  expect(await loadAndEvaluate("fileOuts", files, "AUpper new a")).toEqual([NOTHING_SAID, "42\n"]);
});

const MONTICELLO_SOURCE = `SystemOrganization addCategory: #Bank!

Object subclass: #Packed instanceVariableNames: '' classVariableNames: 'Limit' poolDictionaries: '' category: 'Bank'!

!Packed class methodsFor: 'x' stamp: 'me 1/1/2001 00:00'!
initialize
	Limit := 42! !

!Packed class methodsFor: 'x' stamp: 'me 1/1/2001 00:00'!
limit
	^ Limit! !

Packed initialize!
`;

test.each([true, false])("a package of Monticello, compressed: %s", async (isPacked) => {
  const archive = zipOf({ version: "(name 'Bank')", "snapshot/source.st": MONTICELLO_SOURCE, package: "" }, isPacked);
  const file = writeScratch("Bank-me.1.mcz", archive);
  const image = join(scratch, "mcz.image");
  expect(await gondola(["load", file, "--save", image])).toEqual(NOTHING_SAID);
  expect((await gondola(["eval", "--image", image, "Packed limit"])).output).toBe("42\n");
});

test("an archive that is no package of Monticello, or a damaged one", async () => {
  const archive = zipOf({ "snapshot/source.st": MONTICELLO_SOURCE }, true);
  const damaged = archive.slice();
  damaged.fill(0xff, 60, 80);
  const bad = [zipOf({ "a.st": "3 + 4" }, true), archive.subarray(0, archive.length - 8), damaged];
  for (const bytes of bad) {
    const file = writeScratch("bad.mcz", bytes);
    const errors = `gondola: ${file} is an archive, but no package of Monticello with sources.\n`;
    const image = join(scratch, "bad.image");
    expect(await gondola(["load", file, "--save", image])).toEqual({ status: 3, output: "", errors });
  }
});
