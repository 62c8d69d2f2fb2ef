// Translated methods do what interpreted ones do, wherever they have to leave: each program below runs interpreted, translated
// from the first activation on, and translated in slices of a few ticks, so that a translation is left and resumed everywhere.

import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, describe, expect, test, vi } from "vitest";
import { buildHeap } from "../../image/bootstrap/build.ts";
import { SYSTEM_PACKAGES } from "../../image/bootstrap/packages.ts";
import { runHeap } from "../../image/bootstrap/runHeap.ts";
import { FORM_PRINTED } from "../../platform/node/channel.ts";
import { compileEngine } from "../../platform/node/compileEngine.ts";
import { distFolder } from "../../platform/node/distribution.ts";
import type { RunningMachine } from "../../platform/node/machine.ts";
import { Session } from "../../platform/node/session.ts";
import { Translations } from "../../platform/node/translator/translations.ts";

const DEFINITIONS = [
  "Object subclass: #Probe instanceVariableNames: 'value next' classVariableNames: 'Count' package: 'Probes'",
  "Probe subclass: #OtherProbe instanceVariableNames: '' classVariableNames: '' package: 'Probes'",
  "Probe compile: 'value ^value'",
  "Probe compile: 'value: anObject value := anObject'",
  "Probe compile: 'next: aProbe next := aProbe'",
  "Probe compile: 'next ^next'",
  "Probe compile: 'isOther ^false'",
  "OtherProbe compile: 'isOther ^true'",
  "OtherProbe compile: 'value ^super value ifNil: [#none]'",
  "Probe compile: 'count Count := (Count ifNil: [0]) + 1. ^Count'",
  "Probe compile: 'sumTo: n | sum | sum := 0. 1 to: n do: [:i | sum := sum + i]. ^sum'",
  "Probe compile: 'table: n | sum | sum := 0. 1 to: n do: [:i | 1 to: i do: [:j | sum := sum + (i * j)]]. ^sum'",
  "Probe compile: 'find: x in: list list do: [:each | each = x ifTrue: [^each]]. ^nil'",
  "Probe compile: 'choose: x with: y ^x foo: (y ifTrue: [1] ifFalse: [2])'",
  "Probe compile: 'test: x ^x ifTrue: [1] ifFalse: [2]'",
  "Probe compile: 'depth: n ^n = 0 ifTrue: [0] ifFalse: [(self depth: n - 1) + 1]'",
  "Probe compile: 'float: n | x | x := 0.5. n timesRepeat: [x := x * 1.5 - (x / 3) + 1]. ^x'",
  "Probe compile: 'guard: aBlock ^[aBlock value] ensure: [self count]'",
  "Probe compile: 'counter | n | n := 0. ^[n := n + 1]'",
  "Probe compile: 'trace ^(thisContext sender method selector)'",
  "Probe compile: 'traced ^self trace'",
  "Probe compile: 'array: n | a | a := Array new: n. 1 to: n do: [:i | a at: i put: i * i]. ^a inject: 0 into: [:s :e | s + e]'",
  "Probe compile: 'text: s | n | n := 0. 1 to: s size do: [:i | (s at: i) = $a ifTrue: [n := n + 1]]. ^n'",
  "Probe compile: 'less: a than: b ^a < b'",
  "Probe compile: 'assigned: x | t b | t := 5. b := [:y | ^y]. b outerContext at: 1 put: 77; at: 2 put: 88. ^{x. t}'",
];

/** Expression, and how its value prints. What is sent in a loop was translated before the last time. */
const PROGRAMS: readonly (readonly [source: string, expected: string])[] = [
  ["(1 to: 5) collect: [:i | Probe new sumTo: i * 100]", "#(5050 20100 45150 80200 125250)"],
  ["(1 to: 3) collect: [:i | Probe new table: 40]", "#(347270 347270 347270)"],
  ["(1 to: 4) collect: [:i | Probe new depth: 500]", "#(500 500 500 500)"],
  ["(Probe new depth: 20000)", "20000"],
  // SmallIntegers that overflow, in sums, differences, products and shifts
  ["(1 to: 4) collect: [:i | 1073741820 + i]", "#(1073741821 1073741822 1073741823 1073741824)"],
  ["(1 to: 4) collect: [:i | -1073741822 - i]", "#(-1073741823 -1073741824 -1073741825 -1073741826)"],
  ["(1 to: 3) collect: [:i | 40000 * (40000 * i)]", "#(1600000000 3200000000 4800000000)"],
  [
    "(29 to: 32) collect: [:i | (1 bitShift: i) + (-8 bitShift: 1 - i)]",
    "#(536870911 1073741823 2147483647 4294967295)",
  ],
  [
    "#(7 -7) collect: [:i | {i // 2. i \\\\ 2. i // -2. i \\\\ -2. i / 7. i bitAnd: 5. i bitOr: 8}]",
    "#(#(3 1 -4 -1 1 5 15) #(-4 1 3 -1 -1 1 -7))",
  ],
  // Floats, beside integers, Fractions and what cannot be compared
  ["(1 to: 3) collect: [:i | ((Probe new float: 10) * 1000) rounded]", "#(24366 24366 24366)"],
  [
    "{1/2 + 0.5. 1 + 0.25. 0.25 - 1. 3 * 0.5. 1.0 / 4. 2 < 2.5. 2.5 < 2. 1 = 1.0. 1.0 ~= 1. (1/2) < 0.75}",
    "#(1.0 1.25 -0.75 1.5 0.25 true false true false true)",
  ],
  ["{Float nan = Float nan. Float nan ~= Float nan. Float nan < 1. 0.0 = -0.0}", "#(false true false true)"],
  ["[1.0 / 0] on: ZeroDivide do: [:e | #zero]", "#zero"],
  ["[1 / 0] on: ZeroDivide do: [:e | #zero]", "#zero"],
  ["[3 < nil] on: Error do: [:e | e class name]", "#MessageNotUnderstood"],
  ["[nil < 3] on: Error do: [:e | e messageText]", "'UndefinedObject (nil) does not understand #<'"],
  ["{$a = $a. $a = $b. $a ~= 97. $a = 'a'. 97 = $a}", "#(true false true false false)"],
  // Sends: known receivers, two classes in turn, super, what is not understood, wrong Booleans
  [
    "(1 to: 6) collect: [:i | (i even ifTrue: [Probe] ifFalse: [OtherProbe]) new isOther]",
    "#(true false true false true false)",
  ],
  [
    "(1 to: 3) collect: [:i | {OtherProbe new value. (OtherProbe new value: i; yourself) value}]",
    "#(#(#none 1) #(#none 2) #(#none 3))",
  ],
  ["[Probe new choose: 3 with: true] on: MessageNotUnderstood do: [:e | e message arguments]", "#(1)"],
  ["[Probe new test: 3] on: NonBooleanReceiver do: [:e | e resume: true]", "1"],
  ["(1 to: 3) collect: [:i | Probe new traced]", "#(#traced #traced #traced)"],
  ["(1 to: 3) collect: [:i | [i foo] on: Error do: [:e | 0]]", "#(0 0 0)"],
  ["(1 to: 4) collect: [:i | i class == SmallInteger and: [i printString size = 1]]", "#(true true true true)"],
  // Blocks: captured variables, ^, unwinding, exceptions
  ["| c | c := Probe new counter. 5 timesRepeat: [c value]. c value", "6"],
  ["(1 to: 3) collect: [:i | Probe new find: 3 in: #(1 2 3 4)]", "#(3 3 3)"],
  ["(1 to: 3) collect: [:i | Probe new find: 9 in: #(1 2 3 4)]", "#(nil nil nil)"],
  [
    "| p | p := Probe new. (1 to: 3) collect: [:i | [p guard: [Error signal]] on: Error do: [:e | e return: i]]",
    "#(1 2 3)",
  ],
  ["(1 to: 3) collect: [:i | [Warning signal. i] on: Warning do: [:e | e resume: nil]]", "#(1 2 3)"],
  [
    "(1 to: 3) collect: [:i | | n | n := 0. [n := n + 1. n < 3 ifTrue: [Error signal]. n] on: Error do: [:e | e retry]]",
    "#(3 3 3)",
  ],
  // The primitive of blocks in another class fails
  [
    "Probe compile: 'call <primitive: 207> ^#failed'. Probe compile: 'runValue ^self call'. (1 to: 3) collect: [:i | (Probe new instVarAt: 2 put: 17; yourself) runValue]",
    "#(#failed #failed #failed)",
  ],
  // Somebody else assigns to the variables of an activation
  ["(1 to: 3) collect: [:i | Probe new assigned: i]", "#(#(77 88) #(77 88) #(77 88))"],
  // Elements and sizes
  ["(1 to: 3) collect: [:i | Probe new array: 300]", "#(9045050 9045050 9045050)"],
  ["(1 to: 3) collect: [:i | Probe new text: (String new: 2000 withAll: $a), 'bab']", "#(2001 2001 2001)"],
  ["[#(1 2 3) at: 4] on: SubscriptOutOfBounds do: [:e | #bounds]", "#bounds"],
  ["{(#[1 2 255] at: 3). (#(1 2) at: 2). ('abc' at: 2). #(1 2 3) size. 'abc' size. #[1 2] size}", "#(255 2 $b 3 3 2)"],
  ["[(Array with: 1) beReadOnlyObject; at: 1 put: 2] on: Error do: [:e | #readOnly]", "#readOnly"],
  ["[| p | p := Probe new. p beReadOnlyObject. p value: 3] on: Error do: [:e | #readOnly]", "#readOnly"],
  // Processes that change hands in the middle of loops
  [
    "| s t n | s := Semaphore new. t := Semaphore new. n := 0. [50 timesRepeat: [s wait. n := n + 1. t signal]] fork. 50 timesRepeat: [s signal. t wait]. n",
    "50",
  ],
  [
    "| n p | n := 0. p := [[true] whileTrue: [n := n + 1]] forkAt: Processor userBackgroundPriority. (Delay forMilliseconds: 20) wait. p terminate. n > 0",
    "true",
  ],
  // What was translated changes
  [
    "Probe compile: 'changing ^1'. (1 to: 3) collect: [:i | Probe compile: 'changing ^', i printString. (1 to: 3) inject: 0 into: [:s :j | s + Probe new changing]]",
    "#(3 6 9)",
  ],
  [
    "(1 to: 3) collect: [:i | | a b | a := Probe new value: #a; yourself. b := Probe new value: #b; yourself. a become: b. {a value. b value}]",
    "#(#(#b #a) #(#b #a) #(#b #a))",
  ],
  [
    "| m | Probe compile: 'literal ^12345678'. (1 to: 3) do: [:i | Probe new literal]. m := Probe >> #literal. m objectAt: (m literals indexOf: 12345678) + 1 put: 77. Probe new literal",
    "77",
  ],
  [
    "Smalltalk garbageCollect. (1 to: 3) collect: [:i | Smalltalk garbageCollect. Probe new sumTo: 100]",
    "#(5050 5050 5050)",
  ],
];

function openSession(translateAfter: number, budget?: number): Session {
  const sink = (bytes: Uint8Array) => bytes.length;
  const imageFile = join(distFolder, "gondola.image");
  const session = new Session({ imageFile, translateAfter, streams: { output: sink, errors: sink } });
  const running = (session as unknown as { machine: RunningMachine }).machine;
  if (budget !== undefined) Object.assign(running, { budget, adaptBudget: () => {} });
  return session;
}

describe.each([
  { how: "interpreted", translateAfter: 0, budget: undefined },
  { how: "translated at once", translateAfter: 1, budget: undefined },
  { how: "translated soon", translateAfter: 3, budget: undefined },
  { how: "translated, in slices of 3 ticks", translateAfter: 1, budget: 3 },
  { how: "translated, in slices of 40 ticks", translateAfter: 2, budget: 40 },
])("$how", ({ translateAfter, budget }) => {
  const session = openSession(translateAfter, budget);
  afterAll(() => session.close());

  test("programs answer what they must", { timeout: 120_000 }, async () => {
    for (const definition of DEFINITIONS) await session.evaluate(definition);
    const answers: string[] = [];
    for (const [source] of PROGRAMS) {
      const answer = await session.evaluate(source, { form: FORM_PRINTED, limit: 1000 });
      answers.push(`${source} >>> ${answer}`);
    }
    expect(answers).toEqual(PROGRAMS.map(([source, expected]) => `${source} >>> ${expected}`));
  });
});

test("what becomes something else does not make the machine translate everything again", {
  timeout: 60_000,
}, async () => {
  const session = openSession(1);
  const translate = vi.spyOn(Translations.prototype as unknown as { translate(): number }, "translate");
  const source = "(1 to: 3) collect: [:i | | a b | a := Object new. b := Array new. a become: b. a class]";
  for (let count = 0; count < 3; count++) await session.evaluate(source);
  translate.mockClear();
  await session.evaluate(source);
  expect(translate.mock.calls.length).toBeLessThan(20);
  translate.mockRestore();
  session.close();
});

test("translations that were forgotten are garbage", { timeout: 60_000 }, async () => {
  const session = openSession(1);
  const set = vi.spyOn(WebAssembly.Table.prototype, "set");
  await session.evaluate("(1 to: 10) inject: 0 into: [:a :b | a + b]");
  const functions = set.mock.calls.filter(([, value]) => value).map(([, value]) => new WeakRef(value as object));
  set.mockRestore();
  expect(functions.length).toBeGreaterThan(100);
  (session as unknown as { machine: RunningMachine }).machine.machine.setTranslating(0);
  await session.evaluate("3 + 4");
  setFlagsFromString("--expose-gc");
  await new Promise(setImmediate);
  runInNewContext("gc")();
  expect(functions.filter((reference) => reference.deref()).length).toBeLessThan(10);
  session.close();
});

test("a bootstrap gives the same image, byte by byte, when all that runs is translated", {
  timeout: 120_000,
}, async () => {
  const raw = buildHeap({ packages: SYSTEM_PACKAGES });
  const engine = await compileEngine("wasm");
  const interpreted = runHeap(engine, raw);
  const translated = runHeap(engine, raw, 1);
  expect(Buffer.compare(translated.heap, interpreted.heap)).toBe(0);
  expect(translated.hashSeed).toBe(interpreted.hashSeed);
});
