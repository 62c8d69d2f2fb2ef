// Programs of the SOM family: class files that are loaded together, and the library that they expect.

import { join } from "node:path";
import { expect, test } from "vitest";
import { gondola, scratch, writeScratch } from "../support/gondola.ts";

const SHAPE = `Shape = ( | sides |
  sides: n = ( sides := n )
  half = ( ^ sides / 2 )
  isBox = ( ^ sides = 4 and: 4 = sides )
  ----
  sides: n = ( ^ self new sides: n )
)`;
const SQUARE = `Square = Shape ( describe = ( ^ 'half of ' + sides + ' is ' + self half + '\\t' + self isBox ) )`;
const MAIN = `Main = (
  run: args = ( | squares |
    squares := Array new: args length withAll: [ (system load: #Square) sides: 5 ].
    squares doIndexes: [ :i | ((args at: i) + ' ' + (squares at: i) describe) println ].
    squares := [ :a :b | a - b ] value: 6 with: 2.
    (squares = 4) && (5 <> 4) && [ 7.5 // 2 = 3.75 and: [ 5 // 2 = 2.5 ] ] ifTrue: [ system exit: 4 ] )
)`;

test("classes in files of any order, the library of SOM, and arguments for run:", async () => {
  const square = writeScratch("ASquare.som", SQUARE);
  const shape = writeScratch("Shape.som", SHAPE);
  const image = join(scratch, "som.image");
  expect(await gondola(["load", square, shape, "--save", image])).toEqual({ status: 0, output: "", errors: "" });
  const main = writeScratch("Main.som", MAIN);
  expect(await gondola(["run", "--image", image, main, "--", "a"])).toEqual({
    status: 4,
    output: "Main half of 5 is 2\tfalse\na half of 5 is 2\tfalse\n",
    errors: "",
  });
});

test("the examples in the library of SOM hold, and those of the class library still do", async () => {
  const image = join(scratch, "examples.image");
  await gondola(["load", writeScratch("Empty.som", "Empty = ( )"), "--save", image]);
  const { status, output } = await gondola(["test", "--image", image]);
  expect(output).toMatch(/^\d+ passed, 0 failed\n$/);
  expect(status).toBe(0);
});

test("other programs do not meet the selectors of SOM", async () => {
  expect((await gondola(["eval", "3 respondsTo: #println"])).output).toBe("false\n");
});

const RANDOM = "Random = ( | seed | next = ( ^ seed := seed + 1 ) set = ( seed := 6 ) ---- new = ( ^ super new set ) )";

test("a SOM class with the name of a library class is seen by SOM programs alone", async () => {
  const random = writeScratch("own/Random.som", RANDOM);
  const user = writeScratch(
    "own/User.som",
    "User = ( run = ( Random new next println. #(3 1 2) asBag size println ) )",
  );
  const image = join(scratch, "own.image");
  await gondola(["load", random, user, "--save", image]);
  const script = "{ User new run. Random new next isFloat. (Som at: #Random) new next. Smalltalk includesKey: #User }";
  expect(await gondola(["eval", "--image", image, script])).toEqual({
    status: 0,
    output: "7\n3\n{an User. true. 7. false}\n",
    errors: "",
  });
});

test("classes are found in the folders of -cp, as they are needed, and the rest of the line is for the program", async () => {
  writeScratch(
    "path/Main.som",
    "Main = ( run: args = ( ((system load: (args at: 2) asSymbol) new with: args) println ) )",
  );
  writeScratch("path/a/Half.som", "Half = Helper ( with: args = ( ^ (args at: 3) asInteger / 2 + self more ) )");
  writeScratch("path/b/Helper.som", "Helper = ( more = ( ^ 7 // 2 ) )");
  writeScratch("path/b/Broken.som", "Broken = ( never mind");
  writeScratch("path/b/Integer.som", "Integer = Object ( / argument = primitive )");
  const folders = ["path", "path/a", "path/b"].map((folder) => join(scratch, folder));
  const expected = { status: 0, output: "13.5\n", errors: "" };
  expect(await gondola(["run", "-cp", folders.join(":"), "Main", "Half", "21"])).toEqual(expected);
  expect(await gondola(["run", join(folders[0], "Main.som"), "Half", "21"])).toEqual(expected);
});

test("of several class files the one that can run is the program, wherever it stands", async () => {
  const main = writeScratch("many/Main.som", "Main = ( run: args = ( (Part new + (args at: 2)) println ) )");
  const part = writeScratch("many/parts/Part.som", "Part = Whole ( + word = ( ^ self name + word ) )");
  writeScratch("many/parts/Whole.som", "Whole = ( name = ( ^ 'whole ' ) )");
  const expected = { status: 0, output: "whole 3\n", errors: "" };
  expect(await gondola(["run", main, part, "3"])).toEqual(expected);
  expect(await gondola(["run", part, main, "--", "3"])).toEqual(expected);
  expect(await gondola(["run", part])).toEqual({ status: 0, output: "", errors: "" });
});

test("class files for other Smalltalks mean what they mean there", async () => {
  const main = writeScratch(
    "smalltalk/Main.som",
    `Main = ( run: args = (
      ScriptConsole println: (7 // 2) printString, ' ', (7 / 2) printString, ' ', ((args at: 2) , '\\n').
      ScriptConsole println: (1.0 / 0.0) printString, ' ', (Smalltalk classNamed: 'Main') name.
      Smalltalk exit: 3 ) )`,
  );
  writeScratch("smalltalk/build.st", "Transcript show: 'not for this system'");
  expect(await gondola(["run", main, "x"])).toEqual({
    status: 3,
    output: "3 (7/2) x\\n\nFloat infinity Main\n",
    errors: "",
  });
  const image = join(scratch, "smalltalk.image");
  expect(await gondola(["load", join(scratch, "smalltalk"), "--save", image])).toMatchObject({ status: 0, output: "" });
});

const HOOKS = `Main = ( | count last |
  escaping = ( ^ [ ^ 42 ] )
  nested = ( [ [ ^ [ ^ 43 ] ] value ] value )
  escapedBlock: block = ( count := count + 1. last := block. ^ 666 )
  unknownGlobal: name = ( ^ 'no ' + name asString )
  doesNotUnderstand: selector arguments: arguments = ( ^ selector asString + arguments length )
  unknown = ( ^ [ Foobar ] )
  run = ( | block |
    count := 0.
    block := self escaping.
    (block value + 1) println. (block == last) println.
    self nested value println. count println.
    foobar println. self unknown value println. [ [ Nested ] value ] value println.
    (self foo: 1 bar: 2) println. self zork println.
    system global: #Later put: 17. Later println. ) )`;

test("escapedBlock:, unknownGlobal: and doesNotUnderstand:arguments: are sent, whoever compiles", async () => {
  const main = writeScratch("hooks/Main.som", HOOKS);
  const output = "667\ntrue\n666\n2\nno foobar\nno Foobar\nno Nested\nfoo:bar:2\nzork0\n17\n";
  const inside = await gondola(["run", main]);
  expect(inside).toMatchObject({ status: 0, output });
  expect(await gondola(["run", main, "--compiler", "ohm"])).toEqual(inside);
});

test.each([
  ["( run = ( self block value ) block = ( ^ [ ^ 3 ] ) )", "Error: Block has escaped and cannot be executed\n"],
  ["( run = ( Zork new println ) )", "Error: Unable to resolve Zork\n"],
  ["( run = ( self zork ) )", "MessageNotUnderstood: Main does not understand #zork\n"],
])("a class without these hooks gets an error: %s", async (body, message) => {
  const { status, output, errors } = await gondola(["run", writeScratch("hookless/Main.som", `Main = ${body}`)]);
  expect({ status, output }).toEqual({ status: 1, output: "" });
  expect(errors).toContain(message);
});

const REFLECTION = `Main = ( | class |
  foo: x = ( ^ x + 1 )
  check: ok = ( ok ifFalse: [ 'failed' println ] )
  run = (
    class := 3 class.
    self check: class == Integer. self check: (1 << 40) class == Integer. self check: 0.5 class == Double.
    self check: 'a' class == String. self check: #a class superclass == String. self check: system class == System.
    self check: (Main hasMethod: #foo:). self check: (Main hasMethod: #error:) not. self check: Main fields length = 1.
    Main methods do: [ :m | m signature = #foo: ifTrue: [ (m invokeOn: self with: #(4)) println. m holder println ] ].
    self check: (system hasGlobal: #Main). self check: (Double fromString: '-1.5') = -1.5. self check: (2 pow: 10) = 1024.
    self check: (self perform: #value inSuperclass: Object) == self.
    (Array, Main, 3) size println. system errorPrint: 'to '. system errorPrintln: 'stderr'
  )
)`;

test("classes, methods and globals as SOM's own tests ask for them", async () => {
  const main = writeScratch("reflection/Main.som", REFLECTION);
  writeScratch(
    "reflection/Vector.som",
    "Vector = ( | n | append: x = ( n := (n ifNil: [ 0 ]) + 1 ) , x = ( self append: x ) size = ( ^ n ) )",
  );
  expect(await gondola(["run", main])).toEqual({ status: 0, output: "5\nMain\n3\n", errors: "to stderr\n" });
});

test("a place is right behind operators, words and strings that mean something else in SOM", async () => {
  const line = "    a := 6 / 2 % 5 // 1. a := 'x\\n\\n\\n' + a class. 9 downTo: 1 do: [ :i | i ]. a := 1 <> zork";
  const main = writeScratch("places/Main.som", `Main = (\n  run = ( | a |\n${line} ) )\n`);
  const { errors } = await gondola(["run", main]);
  const column = line.indexOf("zork");
  expect(errors).toContain(
    `Main.som:3:${column + 1}: warning: zork is not declared\n${line} ) )\n${" ".repeat(column)}^\n`,
  );
});
