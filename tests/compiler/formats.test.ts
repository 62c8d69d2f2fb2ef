import { describe, expect, test } from "vitest";
import { isComplete } from "../../compiler/completeness.ts";
import type { SourceItem } from "../../compiler/definitions.ts";
import { readSource, sourceFormat } from "../../compiler/sources.ts";
import { parseTonel } from "../../compiler/tonel.ts";
import { errorOf, methodOf } from "./support.ts";

/** Each item in one line. */
function summary(items: SourceItem[]): string[] {
  return items.map((item) => {
    switch (item.kind) {
      case "class":
        return `class ${item.definition.name} < ${item.definition.superclassName}`;
      case "comment":
        return `comment of ${item.className}: ${item.comment}`;
      case "expression":
        return `expression ${JSON.stringify(item.expression.source.trim())}`;
      case "initialization":
        return `initialize ${item.className}`;
      default: {
        const { className, meta, protocol, source } = item.method;
        return `method ${className}${meta ? " class" : ""} (${protocol}) ${JSON.stringify(source)}`;
      }
    }
  });
}

describe("Tonel", () => {
  const text = `"
I am an account.
It's ""mine"".
"
Class {
	#name : #Account,
	#superclass : #Object,
	#type : #variable,
	#instVars : [
		'balance',
		'owner'
	],
	#classVars : [ 'Rate' ],
	#classInstVars : [ 'count' ],
	#pools : [ 'Money' ],
	#gtTools : { #a : [ 1, true ] },
	#category : #'Bank-Core'
}

{ #category : #'instance creation' }
Account class >> on: anOwner [
	^ self new
]

{ #category : #accessing }
Account >> brackets [
	"it's [ a comment"
	^ { $]. ']'. #(( [ ] )). #']'. [:x | x] }
]

{
	#category : #comparing,
	#vars : #( #a )
}
Account >> < other [ ^ balance < other ]
`;

  test("reads the class with its comment", () => {
    expect(parseTonel(text.replace(",\n\t#vars : #( #a )", ""), "a.class.st").definition).toEqual({
      name: "Account",
      superclassName: "Object",
      type: "variable",
      instanceVariables: ["balance", "owner"],
      classVariables: ["Rate"],
      classInstanceVariables: ["count"],
      sharedPools: ["Money"],
      packageName: "Bank-Core",
      comment: 'I am an account.\nIt\'s "mine".',
      traits: "",
      classTraits: "",
    });
  });

  test("reads traits, and what a class uses of them", () => {
    const trait = `"mine"\nTrait { #name : #TA, #instVars : [ 'a' ], #traits : 'TB - {#x}' }\n\nTA classSide >> foo [ ^ 1 ]`;
    const items = readSource(trait, "a.trait.st");
    expect(summary(items)).toEqual(["class TA < Trait", 'method TA class (as yet unclassified) "foo\\n\\t^ 1"']);
    expect(items[0]).toMatchObject({ definition: { instanceVariables: ["a"], traits: "TB - {#x}", comment: "mine" } });
    const user = "Class { #name : #A, #superclass : #B, #traits : 'TA', #classTraits : 'TA classTrait' }";
    const [definition] = readSource(user, "a.class.st");
    expect(definition).toMatchObject({ definition: { traits: "TA", classTraits: "TA classTrait" } });
  });

  test("cuts methods at their closing bracket, whatever brackets are inside", () => {
    const items = readSource(text.replace(",\n\t#vars : #( #a )", ""), "a.class.st");
    expect(summary(items)).toEqual([
      "class Account < Object",
      'method Account class (instance creation) "on: anOwner\\n\\t^ self new"',
      "method Account (accessing) \"brackets\\n\\t\\\"it's [ a comment\\\"\\n\\t^ { $]. ']'. #(( [ ] )). #']'. [:x | x] }\"",
      'method Account (comparing) "< other\\n\\t^ balance < other"',
    ]);
    for (const item of items) if (item.kind === "method") methodOf(item.method.source);
  });

  test("a variable with a slot of its own kind is a variable", () => {
    const source = "Class { #name : #A, #instVars : [ 'a', '#b => WeakSlot', 'c => ObservableSlot default: 3' ] }";
    expect(parseTonel(source, "A.class.st").definition?.instanceVariables).toEqual(["a", "b", "c"]);
  });

  test("a class that has initialize on its class side is to be initialized, a trait is not", () => {
    const methods = "A class >> initialize [ ]\n\nA class >> initialize: x [ ]\n\nA >> initialize [ ]";
    const items = summary(readSource(`Class { #name : #A }\n\n${methods}`, "A.class.st"));
    expect(items.filter((item) => item.startsWith("initialize"))).toEqual(["initialize A"]);
    const trait = summary(readSource(`Trait { #name : #A }\n\n${methods}`, "A.trait.st"));
    expect(trait.filter((item) => item.startsWith("initialize"))).toEqual([]);
  });

  test("reads extensions and packages", () => {
    expect(summary(readSource("Extension { #name : #Object }\n\nObject >> foo [ ^ 1 ]", "a.st"))).toEqual([
      'method Object (as yet unclassified) "foo\\n\\t^ 1"',
    ]);
    expect(readSource("Package { #name : 'Kernel' }", "package.st")).toEqual([]);
  });

  test.each([
    ["Class { #name : #A", "1:19 expected a name, a string, a list or a map"],
    ["Class { }", "1:10 the class has no #name"],
    [
      "Class { #name : #A }\nA >> foo [ ^ (1 ]",
      "2:10 this bracket is never closed, or the brackets behind it do not match",
    ],
    ["Class { #name : #A }\nfoo", "2:1 expected a method: Class >> selector [ ... ]"],
    ["Trait { }", "1:10 the class has no #name"],
  ])("%j is refused", (source, message) => {
    const error = errorOf(() => readSource(source, "a.class.st"));
    expect(`${error.line}:${error.column} ${error.message}`).toBe(message);
  });
});

describe("FileTree", () => {
  test("reads a class, its comment and its methods, each from a file of its own", () => {
    const read = (file: string, text: string) => summary(readSource(text, `Bank.package/${file}`));
    const properties = { name: "Account", super: "Money", instvars: ["a"], type: "normal", traitcomposition: "{}" };
    expect(read("Account.class/properties.json", JSON.stringify(properties))).toEqual(["class Account < Money"]);
    expect(read("TBox.trait/properties.json", '{"name":"TBox"}')).toEqual(["class TBox < Trait"]);
    expect(read("Integer.extension/properties.json", '{"name":"Integer"}')).toEqual([]);
    expect(read("Account.class/README.md", "Mine!")).toEqual(["comment of Account: Mine!"]);
    expect(read("Account.class/instance/at.put..st", "a b\r\nat: a put: b\r\n\t^ 3")).toEqual([
      'method Account (a b) "at: a put: b\\r\\n\\t^ 3"',
    ]);
    expect(read("Account.class/class/initialize.st", "\ninitialize\n")).toEqual([
      'method Account class (as yet unclassified) "initialize\\n"',
      "initialize Account",
    ]);
    expect(read("Integer.extension/instance/cents.st", "*Bank\ncents")).toEqual(['method Integer (*Bank) "cents"']);
  });

  test.each(["{", "[]", '{"name":3}'])("%j is no class", (text) => {
    const error = errorOf(() => readSource(text, "A.class/properties.json"));
    expect(`${error.line}:${error.column} ${error.message}`).toBe(
      "1:1 expected the properties of a class, its name among them, in JSON",
    );
  });
});

describe("scripts", () => {
  test("statements and definitions come in their order", () => {
    const text = `"A bank."
Object subclass: #Account instanceVariableNames: 'balance' package: 'Bank'.
Account class instanceVariableNames: 'count'.
Account comment: 'x'. 3 foo

{ #category : 'operations' }
Account >> deposit: amount [ balance := amount. ^ [:x | x] ]
<category: 'opening'>
Account class >> opened [
	^ self new ]
Account >> + other [^ 1]

(Account >> #foo) bar.
Account opened deposit: 20`;
    expect(summary(readSource(text, "a.st"))).toEqual([
      `expression "\\"A bank.\\"\\nObject subclass: #Account instanceVariableNames: 'balance' package: 'Bank'."`,
      "expression \"Account class instanceVariableNames: 'count'.\"",
      "expression \"Account comment: 'x'. 3 foo\"",
      'method Account (operations) "deposit: amount\\n\\tbalance := amount. ^ [:x | x]"',
      'method Account class (opening) "opened\\n\\t^ self new"',
      'method Account (as yet unclassified) "+ other\\n\\t^ 1"',
      'expression "(Account >> #foo) bar.\\nAccount opened deposit: 20"',
    ]);
  });

  test("a statement that makes a global ends a piece", () => {
    expect(summary(readSource("Smalltalk at: #Foo put: 3. Foo bar. 3 foo", "a.st"))).toEqual([
      'expression "Smalltalk at: #Foo put: 3."',
      'expression "Foo bar. 3 foo"',
    ]);
  });

  test("temporaries of a script in pieces are variables of all of it; places stay right", () => {
    const [first, , last] = readSource("| a b |\na := 3.\nFoo >> bar [ ]\na foo", "a.st");
    if (first.kind !== "expression" || last.kind !== "expression") throw new Error("expected expressions");
    expect(first.expression.variables).toEqual(["a", "b"]);
    expect(first.expression.source).toBe("       \na := 3.\n");
    expect(last.expression.source).toBe("\na foo");
  });

  test("temporaries that are declared later begin a piece", () => {
    const [, second] = readSource("3 foo. | a | a := 3.", "a.st");
    expect(second).toMatchObject({ expression: { source: "      a := 3.", variables: ["a"] } });
  });

  test("temporaries of a script in one piece stay temporaries", () => {
    const [only] = readSource("| a |\na := 3. a foo", "a.st");
    expect(only).toMatchObject({ expression: { source: "| a |\na := 3. a foo", variables: [] } });
  });

  test("classes in GNU Smalltalk's brackets, among statements", () => {
    const text = `3 foo.
Smalltalk.Object subclass: Account [
    | balance "now" owner |
    <comment: 'It''s mine'> <shape: #byte> <import: Smalltalk.Pool> <category: 'Bank'>
    Rate := 3.5 * 'a]' size.
    Account class >> new [ ^ super new init ]
    Account class [ | opened | opened [ ^ opened ] ]
    + other [
        "adds" <category: 'sums'>
        ^ [ other ] value ]
]
Account extend [ |note| Extra := { 3. 4 } ]
Account class extend [ <comment: 'x'> at: x put: y [ ^ y ] ]
Account class >> make [ ^ self new ]
Eval [ | x | x := 3. ^ x ]`;
    const items = readSource(text, "a.st");
    expect(summary(items)).toEqual([
      'expression "3 foo."',
      "class Account < Object",
      "expression \"Account classVarNamed: 'Rate' put: ( 3.5 * 'a]' size)\"",
      'method Account class (as yet unclassified) "new\\n\\t^ super new init"',
      'method Account class (as yet unclassified) "opened\\n\\t^ opened"',
      'method Account (sums) "+ other\\n        \\"adds\\" <category: \'sums\'>\\n        ^ [ other ] value"',
      "expression \"Account addInstVarNamed: 'note'\"",
      "expression \"Account addClassVarNamed: 'Extra'\"",
      "expression \"Account classVarNamed: 'Extra' put: ( { 3. 4 } )\"",
      "comment of Account: x",
      'method Account class (as yet unclassified) "at: x put: y\\n\\t^ y"',
      'method Account class (as yet unclassified) "make\\n\\t^ self new"',
      'expression "| x | x := 3. ^ x"',
    ]);
    expect(items[1]).toMatchObject({
      definition: {
        ...{ type: "bytes", instanceVariables: ["balance", "owner"], classVariables: ["Rate"] },
        ...{ classInstanceVariables: ["opened"], sharedPools: ["Pool"], packageName: "Bank", comment: "It's mine" },
      },
    });
  });

  test.each([
    [
      "Object subclass: A [\n  foo [ ^ 3\n",
      "a.st:1:20: this bracket is never closed, or the brackets behind it do not match\nObject subclass: A [\n                   ^",
    ],
    ["A extend [\n  3 + 4 ]", "a.st:2:3: expected a method, variables, an attribute or ]\n  3 + 4 ]\n  ^"],
    ["Eval [ 3", "a.st:1:6: this bracket is never closed, or the brackets behind it do not match\nEval [ 3\n     ^"],
  ])("what is wrong in such a class is shown at its place: %j", (text, message) => {
    expect(errorOf(() => readSource(text, "a.st")).render()).toBe(message);
  });

  test.each([
    "3 +",
    "x := ",
    "x foo: 3 bar:",
    "[:x | ",
    "(1",
    "{1. 2",
    "#(1 2",
    "#[1",
    "'abc",
    '"abc',
    "$",
    "Transcript show: 3;",
    "| a b",
    "^",
    "Foo >> bar: x",
    "Foo class >> bar: x baz: y ",
    "Foo >> bar [ ^ 3",
    "Foo >> bar [ ^ 'abc ]",
    "3 foo.\n[1",
  ])("%j is not complete: a prompt goes on reading", (source) => {
    expect(isComplete(source)).toBe(false);
  });

  test.each([
    "",
    "3 + 4",
    "3 foo.",
    "x",
    "Foo >> bar [ ^ 3 ]",
    "Foo >> bar",
    "'abc'",
    "$a",
    "3 + )",
    "[:x | x foo)",
    "3 := 4",
    '"only a comment"',
    "x foo: 3\n",
  ])("%j is complete, right or wrong", (source) => {
    expect(isComplete(source)).toBe(true);
  });
});

describe("chunks", () => {
  test("reads classes, comments, methods and expressions", () => {
    const text = `'From an image of long ago'!
Object subclass: #Account
	instanceVariableNames: 'balance'
	package: 'Bank'!

!Account commentStamp: 'me 1/1/2001' prior: 0!
I am an account!! And "yours".!

!Account methodsFor: 'it''s' stamp: 'me 1/1/2001'!
balance
	^ 'oh!!'! 

balance: amount
	balance := amount! !

!Account class methodsFor: 'x'!
opened
	^ self new! !

Account opened foo!
`;
    expect(sourceFormat(text, "a.st")).toBe("chunk");
    expect(summary(readSource(text, "a.st"))).toEqual([
      "expression \"'From an image of long ago'\"",
      "expression \"Object subclass: #Account\\n\\tinstanceVariableNames: 'balance'\\n\\tpackage: 'Bank'\"",
      'comment of Account: I am an account! And "yours".',
      "method Account (it's) \"balance\\n\\t^ 'oh!'\"",
      'method Account (it\'s) "balance: amount\\n\\tbalance := amount"',
      'method Account class (x) "opened\\n\\t^ self new"',
      'expression "Account opened foo"',
    ]);
  });

  test("what packages of Cuis say of themselves is passed over", () => {
    const text = `'From Cuis 6.0 of long ago'!
!provides: 'Bank' 1 2!
!requires: 'Money' 1 7 nil!

!classDefinition: #Account category: 'Bank'!
Object subclass: #Account
	instanceVariableNames: 'balance'!
!classDefinition: 'Account class' category: 'Bank'!
Account class
	instanceVariableNames: ''!

!Account methodsFor: 'x' stamp: 'me 1/1/2001' overrides: 16902280!
balance
	^ balance! !
`;
    expect(sourceFormat(text, "Bank.pck.st")).toBe("chunk");
    expect(summary(readSource(text, "Bank.pck.st"))).toEqual([
      "expression \"'From Cuis 6.0 of long ago'\"",
      "expression \"Object subclass: #Account\\n\\tinstanceVariableNames: 'balance'\"",
      "expression \"Account class\\n\\tinstanceVariableNames: ''\"",
      'method Account (x) "balance\\n\\t^ balance"',
    ]);
  });

  test("what Squeak writes of fonts and of sessions is passed over", () => {
    const text = `!Account commentStamp: '' prior: 0!
I am bold.!
]style[(5 4)f1,f1b!

!Account methodsFor: 'x' stamp: 'me 1/1/2001' prior: 37!
a
	^ 1!
]style[(1 4)f1b,f1!

b
	^ 2! !

----QUIT----{1 January 2001 . 1:00 pm} Squeak.image priorSource: 3!
`;
    expect(summary(readSource(text, "a.cs"))).toEqual([
      "comment of Account: I am bold.",
      'method Account (x) "a\\n\\t^ 1"',
      'method Account (x) "b\\n\\t^ 2"',
    ]);
  });

  test("a class comment as Amber announces it", () => {
    expect(summary(readSource("!Account commentStamp!\nI am an account.!\n", "a.st"))).toEqual([
      "comment of Account: I am an account.",
    ]);
  });

  test("what Cuis writes of removals is passed over", () => {
    const text = `!methodRemoval: Account #foo stamp: 'me 1/1/2001'!\nAccount removeSelector: #foo!\n`;
    expect(summary(readSource(text, "a.cs.st"))).toEqual(['expression "Account removeSelector: #foo"']);
  });

  test("what Dolphin writes of identities and categories is passed over", () => {
    const text = `Account guid: (GUID fromString: '{87B4C2A0-026E}')!
!Account categoriesForClass!Bank! !
!Account methodsFor!

a
	^ 1! !
!Account categoriesForMethods!
a!accessing!public! !
b!accessing! !
!
!Account class methodsFor!
c
	^ 3! !
!Account class categoriesFor: #c!accessing!public! !
`;
    expect(summary(readSource(text, "a.cls"))).toEqual([
      'method Account (as yet unclassified) "a\\n\\t^ 1"',
      'method Account class (as yet unclassified) "c\\n\\t^ 3"',
    ]);
  });

  test("methods are announced as VA Smalltalk does it, and with the class's namespace", () => {
    const text =
      "!Core.Account class publicMethods !\n\nnew\n\t^ 1! !\n\n!Account privateMethodsFor: 'x' !\n\na\n\t^ 2! !\n";
    expect(summary(readSource(text, "a.st"))).toEqual([
      'method Account class (as yet unclassified) "new\\n\\t^ 1"',
      'method Account (x) "a\\n\\t^ 2"',
    ]);
  });

  test("an exclamation mark in a string or comment does not make a script a chunk file", () => {
    expect(sourceFormat("Transcript show: 'Hello!'\n", "a.st")).toBe("script");
    expect(sourceFormat('"Hello!\n"\n3 foo', "a.st")).toBe("script");
    expect(sourceFormat("Smalltalk snapshot!\n", "a.st")).toBe("chunk");
  });
});

describe("SOM", () => {
  test("reads both sides of a class", () => {
    const text = `"A comment with 'quotes' and ( brackets."
Account = Bank (
  | balance "money" owner |
  deposit: amount = ( balance := balance + amount )
  name = ( ^ 'it\\'s\\n' )
  = other = ( "compare )" ^ balance = other balance or: [ (1) = 2 ] )
  - other = ( ^ ')(' )
  ticks = primitive
  ----------------
  | count |
  new = ( ^ super new reset )
)
`;
    const items = readSource(text, "Account.som");
    expect(items[0]).toMatchObject({
      definition: {
        superclassName: "Bank",
        instanceVariables: ["balance", "owner"],
        classInstanceVariables: ["count"],
      },
    });
    expect(summary(items)).toEqual([
      "class Account < Bank",
      'method Account (as yet unclassified) "deposit: amount\\n balance := balance + amount"',
      "method Account (as yet unclassified) \"name\\n ^ 'it''s\\n'\"",
      'method Account (as yet unclassified) "= other\\n \\"compare )\\" ^ balance = other balance or: [ (1) = 2 ]"',
      "method Account (as yet unclassified) \"- other\\n ^ ')('\"",
      "method Account (as yet unclassified) \"ticks\\n\\t^ self error: 'this method is a primitive of SOM'\"",
      'method Account class (as yet unclassified) "new\\n ^ super new reset"',
    ]);
    for (const item of items) if (item.kind === "method") methodOf(item.method.source, { origin: item.method.origin });
  });

  test("divisions keep SOM's meaning, loops downward become ones that are put in line", () => {
    const text = "A = ( half = ( ^ (size / 2) + (w // 2.0) \"a / b\" ) down = ( n downTo: 1 do: [:i | $( , '/' ] ) )";
    expect(summary(readSource(text, "A.som"))).toEqual([
      "class A < Object",
      'method A (as yet unclassified) "half\\n ^ (size /~ 2) + (w //~ 2.0) \\"a / b\\""',
      "method A (as yet unclassified) \"down\\n n to: 1 by: -1 do: [:i | $( , '/' ]\"",
    ]);
  });

  test("messages that have other names in Smalltalk, and methods for them", () => {
    const text = "A = ( rest = ( ^ (n % 7) <> '<>' ) % n = ( ^ self / n ) / n = ( ^ 1 ) )";
    expect(summary(readSource(text, "A.som")).slice(1)).toEqual([
      "method A (as yet unclassified) \"rest\\n ^ (n \\\\\\\\ 7) ~= '<>'\"",
      'method A (as yet unclassified) "\\\\\\\\ n\\n ^ self /~ n"',
      'method A (as yet unclassified) "/~ n\\n ^ 1"',
    ]);
  });

  test("class files for other Smalltalks keep their operators and strings", () => {
    const text = "A = ( go = ( Smalltalk at: #B. ^ (n // 2) / (m <> '\\n' , '(\\' , 'b)') ) )";
    expect(summary(readSource(text, "A.som")).slice(1)).toEqual([
      "method A (as yet unclassified) \"go\\n Smalltalk at: #B. ^ (n // 2) /~~ (m <> '\\\\n' , '(\\\\' , 'b)')\"",
    ]);
  });

  test("the superclass is Object unless another one is named", () => {
    expect(summary(readSource("A = ( )", "A.som"))).toEqual(["class A < Object"]);
    expect(summary(readSource("A = nil ( )", "A.som"))).toEqual(["class A < Object"]);
  });

  test.each([
    ["A = (", "1:6 expected a method, ---- or )"],
    ["A", "1:2 expected ="],
    ["A = ( foo = ( ^ 1 )", "1:20 expected a method, ---- or )"],
    ["A = ( foo = ( ^ 1 ", "1:13 this parenthesis is never closed"],
    ["A = ( foo 3 )", "1:11 expected ="],
  ])("%j is refused", (source, message) => {
    const error = errorOf(() => readSource(source, "A.som"));
    expect(`${error.line}:${error.column} ${error.message}`).toBe(message);
  });
});
