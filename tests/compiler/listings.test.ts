import { describe, expect, test } from "vitest";
import { listed } from "./support.ts";

describe("bytecodes", () => {
  test("answers a constant by a quick primitive, with the same bytecodes behind it", () => {
    expect(
      listed(`yes
	^ true`),
    ).toMatchInlineSnapshot(`
		"0 arguments, 0 temporaries, small frame
		0 <F8 01 01> primitive: 257
		3 <59> return true"
	`);
  });

  test("answers an instance variable by a quick primitive", () => {
    expect(
      listed(`owner
	^ owner`),
    ).toMatchInlineSnapshot(`
		"0 arguments, 0 temporaries, small frame
		0 <F8 09 01> primitive: 265
		3 <01> push instance variable: 1
		4 <5C> return top"
	`);
  });

  test("an empty method answers the receiver", () => {
    expect(listed(`yourself`)).toMatchInlineSnapshot(`
      "0 arguments, 0 temporaries, small frame
      0 <F8 00 01> primitive: 256
      3 <58> return self"
    `);
  });

  test("stores and answers instance variables, class variables and globals", () => {
    expect(
      listed(`rate: number
	owner := Rate := number.
	balance := owner.
	^ Transcript`),
    ).toMatchInlineSnapshot(`
		"1 arguments, 1 temporaries, small frame
		0 <40> push temporary: 0
		1 <F4 00> store into variable: Account.Rate
		3 <C9> pop into instance variable: 1
		4 <01> push instance variable: 1
		5 <C8> pop into instance variable: 0
		6 <11> push variable: Transcript
		7 <5C> return top"
	`);
  });

  test("calls a numbered primitive first and goes on when it fails", () => {
    expect(
      listed(`at: index
	<primitive: 60>
	^ self error: 'bounds'`),
    ).toMatchInlineSnapshot(`
		"1 arguments, 1 temporaries, small frame
		0 <F8 3C 00> primitive: 60
		3 <4C> self
		4 <20> push constant: 'bounds'
		5 <91> send: error:
		6 <5C> return top"
	`);
  });

  test("sends unary before binary before keyword messages", () => {
    expect(
      listed(`precedence
	^ 2 + 3 negated * 4 max: 5 - 6 sign`),
    ).toMatchInlineSnapshot(`
		"0 arguments, 0 temporaries, small frame
		0 <E8 02> push constant: 2
		2 <E8 03> push constant: 3
		4 <80> send: negated
		5 <60> send: +
		6 <E8 04> push constant: 4
		8 <68> send: *
		9 <E8 05> push constant: 5
		11 <E8 06> push constant: 6
		13 <81> send: sign
		14 <61> send: -
		15 <92> send: max:
		16 <5C> return top"
	`);
  });

  test("sends to super, special selectors included", () => {
    expect(
      listed(`size
	^ super size + (super at: 1)`),
    ).toMatchInlineSnapshot(`
		"0 arguments, 0 temporaries, small frame
		0 <4C> self
		1 <EB 00> send to super: size
		3 <4C> self
		4 <51> push constant: 1
		5 <EB 09> send to super: at:
		7 <60> send: +
		8 <5C> return top"
	`);
  });

  test("keeps the receiver of a cascade on the stack", () => {
    expect(
      listed(`cascade
	Transcript show: 'a'; nl; show: 1 + 2`),
    ).toMatchInlineSnapshot(`
		"0 arguments, 0 temporaries, small frame
		0 <10> push variable: Transcript
		1 <53> dup
		2 <21> push constant: 'a'
		3 <92> send: show:
		4 <D8> pop
		5 <53> dup
		6 <83> send: nl
		7 <D8> pop
		8 <51> push constant: 1
		9 <E8 02> push constant: 2
		11 <60> send: +
		12 <92> send: show:
		13 <D8> pop
		14 <58> return self"
	`);
  });

  test("compares and jumps without a detour", () => {
    expect(
      listed(`max: other
	^ balance > other ifTrue: [balance] ifFalse: [other]`),
    ).toMatchInlineSnapshot(`
		"1 arguments, 1 temporaries, small frame
		0 <00> push instance variable: 0
		1 <40> push temporary: 0
		2 <63> send: >
		3 <C1> jump when false to: 6
		4 <00> push instance variable: 0
		5 <5C> return top
		6 <40> push temporary: 0
		7 <5C> return top"
	`);
  });

  test("a conditional without an else branch has the value nil", () => {
    expect(
      listed(`conditional: x
	owner := x ifTrue: [1].
	owner := x ifFalse: [2]`),
    ).toMatchInlineSnapshot(`
		"1 arguments, 1 temporaries, small frame
		0 <40> push temporary: 0
		1 <C1> jump when false to: 4
		2 <51> push constant: 1
		3 <B0> jump to: 5
		4 <4F> push constant: nil
		5 <C9> pop into instance variable: 1
		6 <40> push temporary: 0
		7 <C1> jump when false to: 10
		8 <4F> push constant: nil
		9 <B1> jump to: 12
		10 <E8 02> push constant: 2
		12 <C9> pop into instance variable: 1
		13 <58> return self"
	`);
  });

  test("nested and: and or: jump straight to where they lead", () => {
    expect(
      listed(`between: a and: b
	(a > 1 and: [a < b or: [owner isNil]]) ifTrue: [^ 1].
	^ a = b and: [b = 2]`),
    ).toMatchInlineSnapshot(`
		"2 arguments, 2 temporaries, small frame
		0 <40> push temporary: 0
		1 <51> push constant: 1
		2 <63> send: >
		3 <EF 09> jump when false to: 14
		5 <40> push temporary: 0
		6 <41> push temporary: 1
		7 <62> send: <
		8 <BA> jump when true to: 12
		9 <01> push instance variable: 1
		10 <80> send: isNil
		11 <C1> jump when false to: 14
		12 <51> push constant: 1
		13 <5C> return top
		14 <40> push temporary: 0
		15 <41> push temporary: 1
		16 <66> send: =
		17 <C4> jump when false to: 23
		18 <41> push temporary: 1
		19 <E8 02> push constant: 2
		21 <66> send: =
		22 <5C> return top
		23 <5A> return false"
	`);
  });

  test("ifNil: and its family test for nil without a send", () => {
    expect(
      listed(`nils: a
	balance := a ifNil: [1].
	owner := a ifNotNil: [:value | value + 1].
	a ifNil: [^ 2] ifNotNil: [:value | ^ value]`),
    ).toMatchInlineSnapshot(`
		"1 arguments, 3 temporaries, small frame
		0 <40> push temporary: 0
		1 <53> dup
		2 <4F> push constant: nil
		3 <76> send: ==
		4 <C1> jump when false to: 7
		5 <D8> pop
		6 <51> push constant: 1
		7 <C8> pop into instance variable: 0
		8 <40> push temporary: 0
		9 <F5 01> store into temporary: 1
		11 <53> dup
		12 <4F> push constant: nil
		13 <76> send: ==
		14 <BB> jump when true to: 19
		15 <D8> pop
		16 <41> push temporary: 1
		17 <51> push constant: 1
		18 <60> send: +
		19 <C9> pop into instance variable: 1
		20 <40> push temporary: 0
		21 <F5 02> store into temporary: 2
		23 <4F> push constant: nil
		24 <76> send: ==
		25 <C2> jump when false to: 29
		26 <E8 02> push constant: 2
		28 <5C> return top
		29 <42> push temporary: 2
		30 <5C> return top"
	`);
  });

  test("whileTrue: jumps back at its end", () => {
    expect(
      listed(`count
	| i |
	i := 0.
	[i < 10] whileTrue: [i := i + 1].
	[i > 0] whileFalse.
	[true] whileTrue: [self step]`),
    ).toMatchInlineSnapshot(`
		"0 arguments, 1 temporaries, small frame
		0 <50> push constant: 0
		1 <D0> pop into temporary: 0
		2 <40> push temporary: 0
		3 <E8 0A> push constant: 10
		5 <62> send: <
		6 <C7> jump when false to: 15
		7 <40> push temporary: 0
		8 <51> push constant: 1
		9 <60> send: +
		10 <D0> pop into temporary: 0
		11 <E1 FF ED F3> jump to: 2
		15 <40> push temporary: 0
		16 <50> push constant: 0
		17 <63> send: >
		18 <BB> jump when true to: 23
		19 <E1 FF ED F8> jump to: 15
		23 <4C> self
		24 <80> send: step
		25 <D8> pop
		26 <E1 FF ED F9> jump to: 23"
	`);
  });

  test("to:do: keeps its limit in a hidden variable", () => {
    expect(
      listed(`sum: items
	| sum |
	sum := 0.
	1 to: items size do: [:i | sum := sum + (items at: i)].
	10 to: 1 by: -2 do: [:i | self at: i].
	^ sum`),
    ).toMatchInlineSnapshot(`
		"1 arguments, 5 temporaries, small frame
		0 <50> push constant: 0
		1 <D1> pop into temporary: 1
		2 <51> push constant: 1
		3 <40> push temporary: 0
		4 <72> send: size
		5 <D4> pop into temporary: 4
		6 <D2> pop into temporary: 2
		7 <42> push temporary: 2
		8 <44> push temporary: 4
		9 <64> send: <=
		10 <EF 0E> jump when false to: 26
		12 <41> push temporary: 1
		13 <40> push temporary: 0
		14 <42> push temporary: 2
		15 <70> send: at:
		16 <60> send: +
		17 <D1> pop into temporary: 1
		18 <42> push temporary: 2
		19 <51> push constant: 1
		20 <60> send: +
		21 <D2> pop into temporary: 2
		22 <E1 FF ED ED> jump to: 7
		26 <E8 0A> push constant: 10
		28 <D3> pop into temporary: 3
		29 <43> push temporary: 3
		30 <51> push constant: 1
		31 <65> send: >=
		32 <EF 0F> jump when false to: 49
		34 <4C> self
		35 <43> push temporary: 3
		36 <70> send: at:
		37 <D8> pop
		38 <43> push temporary: 3
		39 <E1 FF E8 FE> push constant: -2
		43 <60> send: +
		44 <D3> pop into temporary: 3
		45 <E1 FF ED EC> jump to: 29
		49 <41> push temporary: 1
		50 <5C> return top"
	`);
  });

  test("timesRepeat: and repeat are loops", () => {
    expect(
      listed(`loops
	3 timesRepeat: [self step].
	[self step] repeat`),
    ).toMatchInlineSnapshot(`
		"0 arguments, 1 temporaries, small frame
		0 <51> push constant: 1
		1 <D0> pop into temporary: 0
		2 <40> push temporary: 0
		3 <E8 03> push constant: 3
		5 <64> send: <=
		6 <EF 0B> jump when false to: 19
		8 <4C> self
		9 <80> send: step
		10 <D8> pop
		11 <40> push temporary: 0
		12 <51> push constant: 1
		13 <60> send: +
		14 <D0> pop into temporary: 0
		15 <E1 FF ED EF> jump to: 2
		19 <4C> self
		20 <80> send: step
		21 <D8> pop
		22 <E1 FF ED F9> jump to: 19"
	`);
  });

  test("copies variables that do not change into a block", () => {
    expect(
      listed(`adder: n
	| m |
	m := n + 1.
	^ [:x | x + n + m]`),
    ).toMatchInlineSnapshot(`
		"1 arguments, 2 temporaries, small frame
		0 <40> push temporary: 0
		1 <51> push constant: 1
		2 <60> send: +
		3 <D1> pop into temporary: 1
		4 <40> push temporary: 0
		5 <41> push temporary: 1
		6 <F9 00 42> push closure: literal 0, 2 copied
		    0 <40> push temporary: 0
		    1 <41> push temporary: 1
		    2 <60> send: +
		    3 <42> push temporary: 2
		    4 <60> send: +
		    5 <5E> block return top
		9 <5C> return top"
	`);
  });

  test("keeps captured variables that change in a vector", () => {
    expect(
      listed(`counter
	| count |
	count := 0.
	^ [count := count + 1]`),
    ).toMatchInlineSnapshot(`
		"0 arguments, 1 temporaries, small frame
		0 <E7 01> push new array: 1
		2 <D0> pop into temporary: 0
		3 <50> push constant: 0
		4 <FD 00 00> pop into temporary: 0 of vector: 0
		7 <40> push temporary: 0
		8 <F9 00 41> push closure: literal 0, 1 copied
		    0 <FB 00 00> push temporary: 0 of vector: 0
		    3 <51> push constant: 1
		    4 <60> send: +
		    5 <FC 00 00> store into temporary: 0 of vector: 0
		    8 <5E> block return top
		11 <5C> return top"
	`);
  });

  test("makes a new vector each time round a loop", () => {
    expect(
      listed(`blocks: list
	1 to: 3 do: [:i | | last |
		last := i.
		list add: [last := last + i]]`),
    ).toMatchInlineSnapshot(`
			"1 arguments, 3 temporaries, small frame
			0 <51> push constant: 1
			1 <D1> pop into temporary: 1
			2 <41> push temporary: 1
			3 <E8 03> push constant: 3
			5 <64> send: <=
			6 <EF 17> jump when false to: 31
			8 <E7 01> push new array: 1
			10 <D2> pop into temporary: 2
			11 <41> push temporary: 1
			12 <FD 00 02> pop into temporary: 0 of vector: 2
			15 <40> push temporary: 0
			16 <42> push temporary: 2
			17 <41> push temporary: 1
			18 <F9 00 42> push closure: literal 0, 2 copied
			    0 <FB 00 00> push temporary: 0 of vector: 0
			    3 <41> push temporary: 1
			    4 <60> send: +
			    5 <FC 00 00> store into temporary: 0 of vector: 0
			    8 <5E> block return top
			21 <91> send: add:
			22 <D8> pop
			23 <41> push temporary: 1
			24 <51> push constant: 1
			25 <60> send: +
			26 <D1> pop into temporary: 1
			27 <E1 FF ED E3> jump to: 2
			31 <58> return self"
		`);
  });

  test("loop variables begin each round with nil unless they are assigned to first", () => {
    expect(
      listed(`rounds
	1 to: 3 do: [:i | | a b |
		a := i.
		b isNil ifTrue: [b := a]]`),
    ).toMatchInlineSnapshot(`
			"0 arguments, 3 temporaries, small frame
			0 <51> push constant: 1
			1 <D0> pop into temporary: 0
			2 <40> push temporary: 0
			3 <E8 03> push constant: 3
			5 <64> send: <=
			6 <EF 11> jump when false to: 25
			8 <4F> push constant: nil
			9 <D2> pop into temporary: 2
			10 <40> push temporary: 0
			11 <D1> pop into temporary: 1
			12 <42> push temporary: 2
			13 <80> send: isNil
			14 <C1> jump when false to: 17
			15 <41> push temporary: 1
			16 <D2> pop into temporary: 2
			17 <40> push temporary: 0
			18 <51> push constant: 1
			19 <60> send: +
			20 <D0> pop into temporary: 0
			21 <E1 FF ED E9> jump to: 2
			25 <58> return self"
		`);
  });

  test("a block with ^ needs the context around it", () => {
    expect(
      listed(`find: x in: list
	list do: [:each | each = x ifTrue: [^ each]].
	^ nil`),
    ).toMatchInlineSnapshot(`
		"2 arguments, 2 temporaries, small frame
		0 <41> push temporary: 1
		1 <40> push temporary: 0
		2 <F9 00 01> push closure: literal 0, 1 copied, needs the context around it
		    0 <40> push temporary: 0
		    1 <41> push temporary: 1
		    2 <66> send: =
		    3 <C1> jump when false to: 6
		    4 <40> push temporary: 0
		    5 <5C> return top
		    6 <5D> block return nil
		5 <7B> send: do:
		6 <D8> pop
		7 <5B> return nil"
	`);
  });

  test("blocks inside blocks carry what the innermost uses", () => {
    expect(
      listed(`deep: x
	^ [:y | [:z | x + y + z]]`),
    ).toMatchInlineSnapshot(`
		"1 arguments, 1 temporaries, small frame
		0 <40> push temporary: 0
		1 <F9 00 41> push closure: literal 0, 1 copied
		    0 <41> push temporary: 1
		    1 <40> push temporary: 0
		    2 <F9 00 42> push closure: literal 0, 2 copied
		        0 <41> push temporary: 1
		        1 <42> push temporary: 2
		        2 <60> send: +
		        3 <40> push temporary: 0
		        4 <60> send: +
		        5 <5E> block return top
		    5 <5E> block return top
		4 <5C> return top"
	`);
  });

  test("blocks answer their last value, or nil", () => {
    expect(
      listed(`blocks
	^ {[]. [:x | x]. [nil]. [self]}`),
    ).toMatchInlineSnapshot(`
		"0 arguments, 0 temporaries, small frame
		0 <F9 00 40> push closure: literal 0, 0 copied
		    0 <5D> block return nil
		3 <F9 01 40> push closure: literal 1, 0 copied
		    0 <40> push temporary: 0
		    1 <5E> block return top
		6 <F9 02 40> push closure: literal 2, 0 copied
		    0 <5D> block return nil
		9 <F9 03 40> push closure: literal 3, 0 copied
		    0 <4C> self
		    1 <5E> block return top
		12 <E7 84> push array of: 4
		14 <5C> return top"
	`);
  });

  test("thisContext is pushed by a bytecode of its own", () => {
    expect(
      listed(`context
	^ [thisContext]`),
    ).toMatchInlineSnapshot(`
		"0 arguments, 0 temporaries, small frame
		0 <F9 00 00> push closure: literal 0, 0 copied, needs the context around it
		    0 <52> push thisContext
		    1 <5E> block return top
		3 <5C> return top"
	`);
  });

  test("brace arrays take their elements from the stack", () => {
    expect(
      listed(`brace
	^ {1. #two. 'three'. {}}`),
    ).toMatchInlineSnapshot(`
		"0 arguments, 0 temporaries, small frame
		0 <51> push constant: 1
		1 <20> push constant: #two
		2 <21> push constant: 'three'
		3 <E7 00> push new array: 0
		5 <E7 84> push array of: 4
		7 <5C> return top"
	`);
  });

  test("integers and characters stand in the bytecodes when they are small", () => {
    expect(
      listed(`small
	^ {0. 1. 2. 255. 256. -1. -32768. 32767. 32768. $a. $€}`),
    ).toMatchInlineSnapshot(`
		"0 arguments, 0 temporaries, small frame
		0 <50> push constant: 0
		1 <51> push constant: 1
		2 <E8 02> push constant: 2
		4 <E8 FF> push constant: 255
		6 <E1 01 E8 00> push constant: 256
		10 <E1 FF E8 FF> push constant: -1
		14 <E1 80 E8 00> push constant: -32768
		18 <E1 7F E8 FF> push constant: 32767
		22 <20> push constant: 32768
		23 <E9 61> push constant: $a
		25 <21> push constant: $€
		26 <E7 8B> push array of: 11
		28 <5C> return top"
	`);
  });

  test("not inlined: arguments that are no literal blocks, or take parameters", () => {
    expect(
      listed(`sends: block
	self ifTrue: block.
	self and: [:x | x].
	block whileTrue: [1].
	1 to: 2 do: block`),
    ).toMatchInlineSnapshot(`
		"1 arguments, 1 temporaries, small frame
		0 <4C> self
		1 <40> push temporary: 0
		2 <90> send: ifTrue:
		3 <D8> pop
		4 <4C> self
		5 <F9 01 40> push closure: literal 1, 0 copied
		    0 <40> push temporary: 0
		    1 <5E> block return top
		8 <92> send: and:
		9 <D8> pop
		10 <40> push temporary: 0
		11 <F9 03 40> push closure: literal 3, 0 copied
		    0 <51> push constant: 1
		    1 <5E> block return top
		14 <94> send: whileTrue:
		15 <D8> pop
		16 <51> push constant: 1
		17 <E8 02> push constant: 2
		19 <40> push temporary: 0
		20 <A5> send: to:do:
		21 <D8> pop
		22 <58> return self"
	`);
  });

  test("an empty branch still asks for a Boolean", () => {
    expect(
      listed(`empty: x
	x ifTrue: [].
	owner := x ifTrue: [] ifFalse: [2]`),
    ).toMatchInlineSnapshot(`
		"1 arguments, 1 temporaries, small frame
		0 <40> push temporary: 0
		1 <EF 00> jump when false to: 3
		3 <40> push temporary: 0
		4 <C1> jump when false to: 7
		5 <4F> push constant: nil
		6 <B1> jump to: 9
		7 <E8 02> push constant: 2
		9 <C9> pop into instance variable: 1
		10 <58> return self"
	`);
  });

  test("nothing is generated behind an answer in both branches", () => {
    expect(
      listed(`branches: x
	x ifTrue: [^ 1] ifFalse: [^ 2].
	self neverReached`),
    ).toMatchInlineSnapshot(`
		"1 arguments, 1 temporaries, small frame
		0 <40> push temporary: 0
		1 <C1> jump when false to: 4
		2 <51> push constant: 1
		3 <5C> return top
		4 <E8 02> push constant: 2
		6 <5C> return top"
	`);
  });

  test("a long loop takes long jumps both ways", () => {
    const steps = Array.from({ length: 24 }, (_, index) => `self step${index}: x with: 1000 with: 100000 with: x`);
    const lines = listed(`long: x [x] whileTrue: [${steps.join(". ")}]`).split("\n");
    expect(lines[2]).toBe("1 <E1 01 EF 0C> jump when false to: 273");
    expect(lines.at(-2)).toBe("269 <E1 FE ED EF> jump to: 0");
  });

  test("selectors, literals and temporaries beyond the short forms are reached by extensions", () => {
    const selectors = Array.from({ length: 40 }, (_, index) => `x foo${index}`);
    const lines = listed(`many: x ${selectors.join(". ")}`).split("\n");
    expect(lines.filter((line) => /send: foo(15|16|31|32|39)$/.test(line))).toEqual([
      "46 <8F> send: foo15",
      "49 <EA 80> send: foo16",
      "109 <EA F8> send: foo31",
      "113 <E0 01 EA 00> send: foo32",
      "155 <E0 01 EA 38> send: foo39",
    ]);
    const constants = Array.from({ length: 300 }, (_, index) => `#s${index}`);
    const pushes = listed(`many ^ #(1) at: (self first: ${constants.join("; first: ")})`);
    expect(pushes).toContain("> push constant: #s299");
    expect(pushes).toContain("E0 01 E4 ");
  });

  test("nine arguments take an extension of the argument count", () => {
    const keywords = Array.from({ length: 9 }, (_, index) => `a${index}: 1`).join(" ");
    expect(listed(`nine self ${keywords}`)).toContain("<E1 01 EA 01> send: a0:a1:a2:a3:a4:a5:a6:a7:a8:");
  });
});
