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

const TRAITS: Record<string, string> = {
  "AUser.class.st": `Class {
	#name : 'AUser', #superclass : 'Object', #category : 'Pkg',
	#traits : 'TFoo + TBar @ {#oldBar->#bar} - {#baz}', #classTraits : 'TFoo classTrait + TBar classTrait',
	#instVars : [ 'own' ]
}

{ #category : 'accessing' }
AUser >> bar [ ^ 'my ' , self oldBar ]
`,
  "TBar.trait.st": `Trait { #name : #TBar, #category : #Pkg }

{ #category : #x }
TBar >> bar [ ^ 'bar' ]

{ #category : #x }
TBar >> baz [ ^ 'baz' ]
`,
  "TFoo.trait.st": `"I am a trait."
Trait { #name : 'TFoo', #instVars : [ 'foo' ], #traits : 'TZ', #category : 'Pkg' }

{ #category : 'accessing' }
TFoo >> foo [ ^ foo ifNil: [ foo := self z ] ]

{ #category : 'instance creation' }
TFoo classSide >> make [ ^ self new ]
`,
  "TZ.trait.st": "Trait { #name : #TZ, #category : #Pkg }\n\n{ #category : #x }\nTZ >> z [ ^ 42 ]\n",
};

test.each(["image", "ohm"])("traits in Tonel files are taken over by classes: --compiler %s", async (compiler) => {
  for (const [name, text] of Object.entries(TRAITS)) writeScratch(`traits/${name}`, text);
  const image = join(scratch, `traits-${compiler}.image`);
  const loaded = await gondola(["load", join(scratch, "traits"), "--compiler", compiler, "--save", image]);
  expect(loaded).toEqual({ status: 0, output: "", errors: "" });
  const script = "{AUser make foo. AUser new bar. AUser new respondsTo: #baz. AUser instVarNames. TFoo comment}";
  const expected = "#(42 'my bar' false #('foo' 'own') 'I am a trait.')\n";
  expect((await gondola(["eval", "--image", image, script])).output).toBe(expected);
});

test("traits in a chunk file and in a script", async () => {
  const chunks = writeScratch(
    "traits.st",
    `Trait named: #TSay uses: {} category: 'Say'!

!TSay methodsFor: 'x' stamp: 'a 1/1/2020 00:00'!
say
	^ 'say ' , self word! !

!TSay classTrait methodsFor: 'y'!
make
	^ self new! !

Object subclass: #Sayer uses: TSay instanceVariableNames: '' classVariableNames: '' poolDictionaries: '' category: 'Say'!

!Sayer methodsFor: 'z'!
word
	^ 'hi'! !

Sayer class uses: TSay classTrait instanceVariableNames: ''!

Sayer make say displayNl!
`,
  );
  expect(await runWithBoth(chunks)).toEqual({ status: 0, output: "say hi\n", errors: "" });
  const script = writeScratch(
    "traits-script.st",
    `Trait named: #TSay uses: {}.
TSay >> say [ ^ 'say ' , self word ]
Object << #Sayer traits: { TSay }; slots: { #a }; package: 'Say'.
Sayer >> word [ ^ 'ho' ]
Sayer new say displayNl`,
  );
  expect(await runWithBoth(script)).toEqual({ status: 0, output: "say ho\n", errors: "" });
});

test.each([
  ["TNone", "TNone is not declared"],
  ["Object", "Object is not a trait"],
])("a class that uses %s is refused", async (name, message) => {
  const text = `Class { #name : #X, #superclass : #Object, #traits : '${name}' }\n`;
  const file = writeScratch("noTrait.class.st", text);
  const errors = `${file}:1:1: ${message}\n${text}^\n`;
  const image = join(scratch, "noTrait.image");
  expect(await gondola(["load", file, "--save", image])).toEqual({ status: 1, output: "", errors });
});

test.each([
  ["gnu", "Object subclass: A [ b [ ^ B ] c [ ^ C ] ]\nObject subclass: B [ a [ ^ A ] ]\n", 38],
  ["script", "Object subclass: #A.\nA >> b [ ^ B ] A >> c [ ^ C ]\nObject subclass: #B.\n", 27],
])("methods use classes that come later in the file without a warning: %s", async (name, text, column) => {
  const file = writeScratch(`later-${name}.st`, `${text}A new b printNl. A new c printNl`);
  const { output, errors } = await runWithBoth(file);
  expect(output).toBe("B\nnil\n");
  expect(errors.match(/warning/g)).toHaveLength(1);
  expect(errors).toMatch(new RegExp(`:${column}: warning: C is not declared`));
});

test("GNU Smalltalk's namespaces before the names of classes", async () => {
  const script = writeScratch(
    "namespaces.st",
    `Smalltalk.Object subclass: Checked [ check: x [ x > 3 ifTrue: [ SystemExceptions.InvalidArgument signalOn: x reason: 'large' ] ] ]
| e | e := Smalltalk.OrderedCollection new. e printNl.
Smalltalk.Limit := 3. Limit printNl.
[ Checked new check: 4 ] on: SystemExceptions.InvalidValue do: [ :error | error messageText displayNl. error value printNl ]
`,
  );
  expect(await runWithBoth(script)).toEqual({ status: 0, output: "an OrderedCollection()\n3\nlarge\n4\n", errors: "" });
});
