// What compiled code does when the machine runs it: each case is a method of a tiny image and must answer true.

import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildHeap } from "../../image/bootstrap/build.ts";
import { runHeap } from "../../image/bootstrap/runHeap.ts";
import { compileEngine } from "../../platform/node/compileEngine.ts";
import type { EngineCode } from "../../platform/node/engine.ts";

const TINY = path.join(import.meta.dirname, "../image/packages/Tiny");

/** The methods that the cases need beyond the tiny library. */
const LIBRARY = `
SmallInteger >> - a [ <primitive: 2> ]
SmallInteger >> < a [ <primitive: 3> ]
SmallInteger >> > a [ <primitive: 4> ]
SmallInteger >> <= a [ <primitive: 5> ]
SmallInteger >> >= a [ <primitive: 6> ]
SmallInteger >> = a [ <primitive: 7> ^ false ]
SmallInteger >> * a [ <primitive: 9> ]
SmallInteger >> isZero [ ^ self = 0 ]
Behavior >> new: a [ <primitive: 71> ]
Array >> at: a [ <primitive: 60> ^ nil ]
Array >> at: a put: b [ <primitive: 61> ^ nil ]
Array >> size [ <primitive: 62> ]
Array >> do: aBlock [ 1 to: self size do: [:i | aBlock value: (self at: i)] ]
BlockClosure >> value [ <primitive: 207> ]
BlockClosure >> value: a value: b [ <primitive: 207> ]
Object >> = a [ <primitive: 110> ]
Object >> yourself [ ^ self ]
Object >> mustBeBoolean [ ^ self = 42 ]
Object >> add: a to: b [ ^ a + b ]
`;

const CASES: Record<string, string> = {
  "arithmetic has no precedence but unary, binary, keyword": "^ 2 + 3 * 4 = 20",
  "negative numbers": "^ 3 - -2 = 5 and: [3-2 = 1 and: [-3 + 3 = 0]]",
  "ifTrue: answers its block's value or nil": "^ (1 = 1 ifTrue: [5]) = 5 and: [(1 = 2 ifTrue: [5]) == nil]",
  "ifFalse: answers its block's value or nil": "^ (1 = 2 ifFalse: [5]) = 5 and: [(1 = 1 ifFalse: [5]) == nil]",
  "an empty branch answers nil": "^ (1 = 1 ifTrue: [] ifFalse: [3]) == nil",
  "ifFalse:ifTrue: takes its branches by name": "^ (1 = 1 ifFalse: [1] ifTrue: [2]) = 2",
  "nested conditionals as operands": "^ 1 + (2 > 1 ifTrue: [3 > 4 ifTrue: [10] ifFalse: [20]] ifFalse: [30]) = 21",
  "and: does not evaluate its block when it need not":
    "| n | n := 0. (1 = 2 and: [n := 1. true]) ifTrue: [^ false]. ^ n = 0",
  "or: does not evaluate its block when it need not":
    "| n | n := 0. (1 = 1 or: [n := 1. true]) ifFalse: [^ false]. ^ n = 0",
  "and: answers the value of its block": "^ (1 = 1 and: [7]) = 7 and: [(1 = 2 and: [7]) == false]",
  "or: answers the value of its block": "^ (1 = 2 or: [7]) = 7 and: [(1 = 1 or: [7]) == true]",
  "mixed and: or: conditions":
    "| f | f := [:a :b | (a < 1 or: [b > 5 and: [a < 10]]) ifTrue: [1] ifFalse: [2]]. ^ (f value: 0 value: 0) = 1 and: [(f value: 3 value: 6) = 1 and: [(f value: 30 value: 6) = 2 and: [(f value: 3 value: 3) = 2]]]",
  "and: for its effect": "| n | n := 0. 1 = 1 and: [n := 3]. 1 = 2 and: [n := 4]. ^ n = 3",
  "a non-Boolean is asked to be one, and its answer is tested":
    "^ (42 ifTrue: [1] ifFalse: [2]) = 1 and: [(41 ifTrue: [1] ifFalse: [2]) = 2]",
  "a non-Boolean at a long jump": `| n | n := 0. 42 ifTrue: [${"n := n + 1000. ".repeat(60)}]. 41 ifTrue: [n := 0]. ^ n = 60000`,
  "whileTrue: runs while true and answers nil":
    "| i | i := 0. ^ ([i < 10] whileTrue: [i := i + 1]) == nil and: [i = 10]",
  "whileFalse and whileTrue without argument":
    "| i | i := 0. [i := i + 1. i > 9] whileFalse. [i := i + 1. i < 20] whileTrue. ^ i = 20",
  "a condition with several statements": "| i n | i := n := 0. [i := i + 1. i <= 5] whileTrue: [n := n + i]. ^ n = 15",
  "repeat ends by ^": "| i | i := 0. [i := i + 1. i = 7 ifTrue: [^ true]] repeat",
  "to:do: counts and answers its receiver": "| n | n := 0. ^ (1 to: 10 do: [:i | n := n + i]) = 1 and: [n = 55]",
  "to:do: evaluates its limit once": "| n | n := 3. 1 to: n do: [:i | n := n + 1]. ^ n = 6",
  "to:do: with a parameter as limit": "^ ([:m | | n | n := 0. 1 to: m do: [:i | n := n + i]. n] value: 4) = 10",
  "to:by:do: counts down": "| n | n := 0. 10 to: 1 by: -3 do: [:i | n := n * 10 + i]. ^ n = 10741",
  "an empty range runs never": "1 to: 0 do: [:i | ^ false]. 0 to: 1 by: -1 do: [:i | ^ false]. ^ true",
  "timesRepeat: answers its receiver": "| n | n := 0. ^ (3 timesRepeat: [n := n + 2]) = 3 and: [n = 6]",
  "nested loops with the same names":
    "| n | n := 0. 1 to: 3 do: [:i | 1 to: i do: [:j | n := n + j]]. 1 to: 2 do: [:i | n := n + i]. ^ n = 13",
  "ifNil: and its family":
    "^ (nil ifNil: [1]) = 1 and: [(2 ifNil: [1]) = 2 and: [(nil ifNotNil: [:x | x]) == nil and: [(2 ifNotNil: [:x | x + 1]) = 3 and: [(2 ifNotNil: [5]) = 5]]]]",
  "ifNil:ifNotNil: both ways":
    "^ (nil ifNil: [1] ifNotNil: [:x | x]) = 1 and: [(5 ifNil: [1] ifNotNil: [:x | x]) = 5 and: [(5 ifNotNil: [:x | x + 1] ifNil: [1]) = 6]]",
  "ifNil: for its effect":
    "| n | n := 0. nil ifNil: [n := 1]. 3 ifNil: [n := 2]. 4 ifNotNil: [:x | n := n + x]. nil ifNotNil: [:x | n := 9]. ^ n = 5",
  "an underscore alone assigns": "| a b_c | a _ b_c _ 3. ^ a + b_c = 6",
  "a class is found behind the namespace that others have it in":
    "^ Smalltalk.Object == Object and: [SystemExceptions.Smalltalk.Object == Object]",
  "a namespace alone is a variable": "| a | a := Smalltalk. ^ a == Smalltalk",
  "assignments have values": "| a b | a := b := 3. ^ (a := a + b) + a = 12",
  "cascades go to the receiver of the first message":
    "| a | a := Array new: 2. a at: 1 put: 10; at: 2 put: 20. ^ (a at: 1; at: 2; yourself) == a and: [(a at: 2) = 20]",
  "brace arrays, short and long": `| a | a := {1. 1 + 1. {3}}. ^ (a at: 2) = 2 and: [((a at: 3) at: 1) = 3 and: [{${Array.from({ length: 40 }, (_, i) => i).join(". ")}} size = 40 and: [{} size = 0]]]`,
  "literal arrays": "^ (#(1 $a (2 3) #foo nil) at: 3) size = 2 and: [(#(1 nil) at: 2) == nil and: [#(foo) size = 1]]",
  "a block copies what does not change": "| a | a := 5. ^ ([:x | x + a] value: 2) = 7",
  "a block changes a variable around it": "| n | n := 0. #(1 2 3) do: [:x | n := n + x]. ^ n = 6",
  "a block sees a change made after it was made": "| n b | n := 1. b := [n]. n := 2. ^ b value = 2",
  "a block refers to itself":
    "| f | f := [:n | n < 2 ifTrue: [1] ifFalse: [n * (f value: n - 1)]]. ^ (f value: 5) = 120",
  "two blocks share a variable": "| n up | n := 0. up := [n := n + 1]. up value. up value. ^ [n] value = 2",
  "blocks in blocks in blocks": "| a | a := 1. ^ ([:b | [:c | [a + b + c] value] value: 3] value: 2) = 6",
  "an inner block changes an outer block's variable": "^ ([:x | | n | n := x. [n := n + 1] value. n] value: 4) = 5",
  "each call of a block has its own variables":
    "| make a b | make := [:x | | n | n := x. [n := n + 1]]. a := make value: 0. b := make value: 10. a value. ^ a value = 2 and: [b value = 11]",
  "each round of to:do: has its own counter":
    "| bs | bs := Array new: 3. 1 to: 3 do: [:i | bs at: i put: [i]]. ^ (bs at: 1) value = 1 and: [(bs at: 3) value = 3]",
  "each round has its own temporaries":
    "| bs | bs := Array new: 3. 1 to: 3 do: [:i | | n | n := i * 10. bs at: i put: [n := n + 1]]. (bs at: 1) value. ^ (bs at: 1) value = 12 and: [(bs at: 2) value = 21]",
  "each round of whileTrue: has its own temporaries":
    "| bs i | bs := Array new: 2. i := 0. [i < 2] whileTrue: [| k | i := i + 1. k := i. bs at: i put: [k := k + 1. k]]. ^ (bs at: 1) value = 2 and: [(bs at: 2) value = 3]",
  "temporaries of a loop begin with nil": "1 to: 3 do: [:i | | t | t == nil ifFalse: [^ false]. t := i]. ^ true",
  "temporaries of a branch in a loop begin with nil":
    "1 to: 3 do: [:i | i > 0 ifTrue: [| t | t == nil ifFalse: [^ false]. t := i]]. ^ true",
  "an outer variable assigned in a loop before the block that sees it":
    "| last b n | n := 0. 1 to: 3 do: [:i | last := i. i = 1 ifTrue: [b := [last]]]. ^ b value = 3",
  "ifNotNil: parameters can be captured": "| b | b := 5 ifNotNil: [:x | [x + 1]]. ^ b value = 6",
  "^ in a block leaves the method": "#(1 2 3) do: [:x | x = 2 ifTrue: [^ true]]. ^ false",
  "^ through nested blocks": "#(1) do: [:x | #(2) do: [:y | [^ x + y = 3] value]]. ^ false",
  "a conditional as answer in a block":
    "| f | f := [:x | x > 1 ifTrue: [10] ifFalse: [x = 0 or: [nil]]]. ^ (f value: 2) = 10 and: [(f value: 0) == true and: [(f value: 1) == nil]]",
  "and: as answer":
    "| f | f := [:x | x > 1 and: [x < 5]]. ^ (f value: 2) and: [(f value: 7) == false and: [(f value: 0) == false]]",
  "a block without statements answers nil": "^ [] value == nil and: [([:x | ] value: 3) == nil]",
  "self in blocks": "^ ([[self] value] value) == self",
  "thisContext differs in a block": "^ thisContext ~~ [thisContext] value",
  "super sends": "^ super yourself == self",
  "keyword arguments in order": "^ (self add: 1 to: 2) = 3",
  "code longer than a short jump": `| n | n := 0. 1 to: 2 do: [:i | i = 1 ifTrue: [${"n := n + 1. ".repeat(70)}] ifFalse: [n := n + 1000]]. ^ n = 1070`,
  "many temporaries": `| ${Array.from({ length: 30 }, (_, i) => `t${i}`).join(" ")} | ${Array.from({ length: 30 }, (_, i) => `t${i} := ${i}`).join(". ")}. ^ t0 + t11 + t12 + t29 = 52`,
  "unreachable code behind endless loops": "[true] whileTrue: [^ true]. self add: 1 to: 2",
};

let root: string;
let engine: EngineCode;

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), "gondola-compiler-"));
  engine = await compileEngine("ts");
  cpSync(TINY, path.join(root, "Tiny"), { recursive: true });
  const sources = Object.values(CASES);
  const methods = sources.map((source, index) => `Bootstrap class >> case${index} [ ${source} ]`);
  const starts = sources.map((_, index) => `self case${index} == true ifFalse: [self quit: ${index + 1}].`);
  writeFileSync(
    path.join(root, "Tiny", "Bootstrap.class.st"),
    `"I run the cases." Class { #name : #Bootstrap, #superclass : #Object }
     Bootstrap class >> quit: anInteger [ <primitive: 113> ]
     Bootstrap class >> start [ ${starts.join("\n")} self quit: 0 ]
     ${methods.join("\n")}
     ${LIBRARY}`,
  );
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

test("every case answers true", () => {
  const heap = buildHeap({ packages: ["Tiny"], roots: [root] });
  let ended = "";
  try {
    runHeap(engine, heap);
  } catch (error) {
    ended = (error as Error).message;
  }
  const status = Number(/status (\d+)/.exec(ended)?.[1] ?? Number.NaN);
  const failed = status === 0 ? "none" : (Object.keys(CASES)[status - 1] ?? ended);
  expect(failed).toBe("none");
});
