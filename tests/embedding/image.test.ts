// The embedding interface: `import { Image } from "gondola"`, on the built library.

import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Image as ImageType, ObjectHandle } from "../../platform/node/index.ts";
import { root, scratch, writeScratch } from "../support/gondola.ts";

const library: typeof import("../../platform/node/index.ts") = await import(join(root, "dist/index.js"));
const { Image, SmalltalkError, SourceError, ImageStoppedError, ImageFileError } = library;

describe.each([
  ["wasm", "image"],
  ["ts", "image"],
  ["wasm", "ohm"],
] as const)("an image on engine %s, compiler %s", (engine, compiler) => {
  let image: ImageType;
  beforeAll(async () => {
    image = await Image.open(undefined, { engine, compiler });
  });
  afterAll(() => image.close());

  test.each([
    ["3 + 4", 7],
    ["-5", -5],
    ["1073741824", 1073741824],
    ["SmallInteger minVal - 1", -1073741825],
    ["(2 raisedTo: 53) - 1", Number.MAX_SAFE_INTEGER],
    ["2 raisedTo: 100", 2n ** 100n],
    ["(2 raisedTo: 100) negated", -(2n ** 100n)],
    ["0.1", 0.1],
    ["'Grüße ☃ 😀'", "Grüße ☃ 😀"],
    ["#at:put:", "at:put:"],
    ["nil", null],
    ["3 > 4", false],
    ["#(1 $a 'b' #c (2.5 nil)) copy at: 1 put: true; yourself", undefined],
    ["{1. 'b'. #c. {2.5. nil}. true}", [1, "b", "c", [2.5, null], true]],
    ["#[1 2 255]", Uint8Array.of(1, 2, 255)],
    ["String with: (Character value: 16rFEFF) with: $a", "\ufeffa"],
  ])("evaluates %s to a JavaScript value", async (source, expected) => {
    const value = await image.evaluate(source);
    if (expected !== undefined) expect(value).toEqual(expected);
  });

  test("answers other objects as handles, which take messages", async () => {
    const collection = (await image.evaluate("OrderedCollection new")) as ObjectHandle;
    expect(collection.className).toBe("OrderedCollection");
    expect(await collection.send("add:", "x")).toBe("x");
    expect(await collection.send("add:", [1, [2n ** 70n, -0.5]])).toEqual([1, [2n ** 70n, -0.5]]);
    expect(await collection.send("size")).toBe(2);
    expect(await image.send(collection, "isEmpty")).toBe(false);
    collection.release();
    await expect(image.send(collection, "size")).rejects.toThrow(/released/);
  });

  test("answers a class by its name", async () => {
    const set = await image.global("Set");
    expect(await ((await set.send("new")) as ObjectHandle).print()).toBe("a Set()");
  });

  test("keeps variables from one evaluation to the next", async () => {
    await image.evaluate("total := 40");
    expect(await image.evaluate("total + 2")).toBe(42);
  });

  test("throws an error that nobody handled, with its class and stack", async () => {
    const error = await image.evaluate("1 / 0").catch((thrown) => thrown);
    expect(error).toBeInstanceOf(SmalltalkError);
    expect(error.className).toBe("ZeroDivide");
    expect(error.stack).toMatch(/^SmalltalkError: ZeroDivide: division by zero\n[\s\S]*image\.test\.ts/);
    expect(error.smalltalkStack.join("\n")).toContain("SmallInteger>>/");
  });

  test("throws a syntax error with its place", async () => {
    const error = await image.evaluate("3 +\n)").catch((thrown) => thrown);
    expect(error).toBeInstanceOf(SourceError);
    expect([error.line, error.column]).toEqual([2, 1]);
  });

  test("calls registered functions, waits for promises, and hands over what they throw", async () => {
    image.register("add", (a, b) => (a as number) + (b as number));
    image.register("later", () => new Promise((resolve) => setTimeout(() => resolve([1, "x"]), 20)));
    image.register("fail", () => {
      throw new Error("no luck");
    });
    expect(await image.evaluate("JavaScript call: 'add' with: 3 with: 4")).toBe(7);
    expect(await image.evaluate("(JavaScript function: 'add') value: 3 value: 4")).toBe(7);
    expect(await image.evaluate("JavaScript call: 'later'")).toEqual([1, "x"]);
    expect(await image.evaluate("[JavaScript call: 'fail'] on: JavaScriptError do: [:e | e messageText]")).toBe(
      "no luck",
    );
    await expect(image.evaluate("JavaScript call: 'zork'")).rejects.toThrow(/No JavaScript function/);
  });

  test.each<[string, unknown]>([
    ["text", "text"],
    ["undefined", undefined],
    ["[Object: null prototype] {}", Object.create(null)],
    ["{ message: 3 }", { message: 3 }],
  ])("hands over %s when it is thrown", async (text, thrown) => {
    image.register("throw", () => {
      throw thrown;
    });
    await expect(image.evaluate("JavaScript call: 'throw'")).rejects.toThrow(`JavaScriptError: ${text}`);
  });

  test("fails the call of a function that answers what the image cannot take", async () => {
    const released = (await image.evaluate("Object new")) as ObjectHandle;
    released.release();
    const circle: unknown[] = [];
    circle.push(circle);
    for (const answer of [released, circle, {}, new Date()]) {
      image.register("answer", () => answer);
      const others = [1, 2, 3].map((each) => image.evaluate(`(Delay forMilliseconds: 100) wait. ${each}`));
      await expect(image.evaluate("JavaScript call: 'answer'")).rejects.toBeInstanceOf(SmalltalkError);
      expect(await Promise.all(others)).toEqual([1, 2, 3]);
    }
    await expect(image.send(circle as never, "size")).rejects.toThrow("contains itself");
  });

  test("answers a handle where an array contains itself", async () => {
    const value = (await image.evaluate("| a | a := Array new: 3. a at: 1 put: a; at: 2 put: a. a")) as unknown[];
    expect([value.length, inspect(value[0]), value[2]]).toEqual([3, "ObjectHandle(Array)", null]);
  });

  test("answers a handle of an object that stands for others, without asking it what it is", async () => {
    const [value] = (await image.evaluate("{ProtoObject new}")) as [ObjectHandle];
    expect(inspect(value)).toBe("ObjectHandle(ProtoObject)");
  });

  test("takes a very large integer in no time", async () => {
    expect(await image.send(3n ** 600_000n, "\\\\", 1_000_007)).toBe(Number(3n ** 600_000n % 1_000_007n));
    expect(await image.send(-(2n ** 62n), "negated")).toBe(2n ** 62n);
  });

  test.each([
    "Processor activeProcess terminate",
    "| me | me := Processor activeProcess. [me terminate] fork. Processor yield. 3",
  ])("fails when its process is terminated: %s", async (source) => {
    await expect(image.evaluate(source)).rejects.toThrow("The process that evaluated this was terminated.");
  });

  test("takes functions as blocks", async () => {
    expect(await image.send([3, 1, 2], "collect:", (each: number) => each * 10)).toEqual([30, 10, 20]);
  });

  test("runs several evaluations at once, none starving the others", async () => {
    const endless = image.evaluate("[true] whileTrue", { timeoutMs: 1500 }).catch((error) => error.message);
    expect(await image.evaluate("3 + 4")).toBe(7);
    expect(await endless).toMatch(/time limit/);
  });

  test.each([
    "[true] whileTrue",
    "[[true] whileTrue] ensure: [[true] whileTrue]",
    "[[true] whileTrue] on: Exception do: [:e | e retry]",
    "[(Delay forSeconds: 100) wait] repeat",
    "Semaphore new wait",
    "[1/0] on: ZeroDivide do: [:e | e retry]",
    "[[true] whileTrue] forkAt: 50. 1",
  ])("holds a time limit against %s, and goes on", async (source) => {
    await image.evaluate(source, { timeoutMs: 200 }).catch((error) => expect(error.message).toMatch(/time limit/));
    expect(await image.evaluate("3 + 4", { timeoutMs: 5000 })).toBe(7);
  });
});

const COSTLY = {
  "a walk over all objects": "[Object allInstances] repeat",
  "a search for an instance": "[SortedCollection someInstance] repeat",
  become: "[Object new become: Object new] repeat",
  "a hash": "| s | s := String new: 10000000. [s hash] repeat",
  "a comparison": "| s t | s := String new: 10000000. t := s copy. [s = t] repeat",
  "an order": "| s t | s := String new: 10000000. t := s copy. [s < t] repeat",
  "a copy": "| s t | s := Array new: 1000000. t := s copy. [s replaceFrom: 1 to: 1000000 with: t startingAt: 1] repeat",
  "a filling": "| s | s := Array new: 1000000. [s atAllPut: 3] repeat",
  "a search": "| s | s := String new: 10000000. [s findString: 'b' startingAt: 1] repeat",
  "a sum": "| n | n := 2 raisedTo: 300000. [n + n] repeat",
  "a shift": "| n | n := (2 raisedTo: 300000) - 1. [n bitShift: 1] repeat",
};

describe.each(["wasm", "ts"] as const)("primitives that take long, engine %s", (engine) => {
  let image: ImageType;
  beforeAll(async () => {
    image = await Image.open(undefined, { engine });
  });
  afterAll(() => image.close());

  test.each(Object.entries(COSTLY))("%s, again and again: a time limit holds", async (_, source) => {
    await image.evaluate(`1 to: ${engine === "wasm" ? 10_000_000 : 300_000} do: [:each | each]`); // slices grow
    await expect(image.evaluate(source, { timeoutMs: 200 })).rejects.toThrow(/time limit/);
    expect(await image.evaluate("3 + 4")).toBe(7);
  });
});

describe.each(["wasm", "ts"] as const)("a proxy that does not understand itself, engine %s", (engine) => {
  const PROXY =
    "(Object subclass: #Proxy) compile: 'doesNotUnderstand: aMessage ^ self zork'. (Smalltalk at: #Proxy) new x";

  test("is held to a time limit", async () => {
    const image = await Image.open(undefined, { engine });
    await expect(image.evaluate(PROXY, { timeoutMs: 300 })).rejects.toThrow(/time limit/);
    expect(await image.evaluate("3 + 4")).toBe(7);
    image.close();
  });

  test("is an error when memory is full", async () => {
    const image = await Image.open(undefined, { engine, memoryLimitBytes: 24 << 20 });
    await expect(image.evaluate(PROXY)).rejects.toThrow(/OutOfMemory/);
    expect(await image.evaluate("3 + 4")).toBe(7);
    image.close();
  });
});

test("what finds no room in the image fails alone", async () => {
  const image = await Image.open(undefined, { memoryLimitBytes: 24 << 20 });
  const text = "x".repeat(40_000_000);
  image.register("text", () => text);
  await expect(image.send(text, "size")).rejects.toThrow("OutOfMemory: no memory left");
  await expect(image.evaluate("JavaScript call: 'text'")).rejects.toThrow("OutOfMemory: no memory left");
  expect(await image.send("xyz", "size")).toBe(3);
  image.close();
});

test("a time limit stops the whole image when it runs at the highest priority, and says so", async () => {
  const image = await Image.open();
  const error = await image.evaluate("[[true] whileTrue] valueAt: 80", { timeoutMs: 100 }).catch((thrown) => thrown);
  if (error instanceof ImageStoppedError) {
    expect(error.message).toMatch(/was stopped/);
    expect(image.isStopped).toBe(true);
    await expect(image.evaluate("3")).rejects.toBeInstanceOf(ImageStoppedError);
  } else expect(error).toBeInstanceOf(SmalltalkError);
  image.close();
});

test("a memory limit is an exception in the image, which goes on", async () => {
  const image = await Image.open(undefined, { memoryLimitBytes: 24 << 20 });
  const hoard = "| all | all := OrderedCollection new. [all add: (Array new: 10000)] repeat";
  await expect(image.evaluate(hoard)).rejects.toThrow(/OutOfMemory/);
  expect(await image.evaluate("3 + 4")).toBe(7);
  expect(await image.evaluate("[Array new: 100000000] on: OutOfMemory do: [:e | 'full']")).toBe("full");
  image.close();
});

describe.each(["wasm", "ts"] as const)("endless recursion, engine %s", (engine) => {
  const recursion = (step: string) => `| b | b := nil. b := [:x | ${step}]. b value: 0`;
  const STEPS = {
    plain: "(b value: x + 1) + 1",
    "with unwind blocks": "[(b value: x + 1) + 1] ensure: [x + 1]",
    "with handlers of other errors": "[(b value: x + 1) + 1] on: ZeroDivide do: [:e | 0]",
    "with handlers that pass": "[(b value: x + 1) + 1] on: Error do: [:e | e pass]",
    "with handlers that recurse": "[(b value: x + 1) + 1] on: Error do: [:e | b value: x + 1]",
  };

  test.each(Object.entries(STEPS))("%s ends at its time limit, and the image goes on", async (_, step) => {
    const image = await Image.open(undefined, { engine });
    await expect(image.evaluate(recursion(step), { timeoutMs: 700 })).rejects.toBeInstanceOf(SmalltalkError);
    expect(await image.evaluate("3 + 4")).toBe(7);
    image.close();
  });

  test.each(Object.entries(STEPS))("%s ends when a small memory is full, and the image goes on", async (_, step) => {
    const image = await Image.open(undefined, { engine, memoryLimitBytes: 24 << 20 });
    for (const _again of [1, 2]) {
      await expect(image.evaluate(recursion(step))).rejects.toThrow(/OutOfMemory/);
      const bytesLeft = () => image.evaluate("Smalltalk garbageCollect. Smalltalk vmParameterAt: 5"); // it may still unwind
      await expect.poll(bytesLeft, { timeout: 10_000 }).toBeGreaterThan(10e6);
    }
    image.close();
  });
});

test("ten million deep recursion is an error that can be handled", async () => {
  const image = await Image.open();
  const deep = "| b | b := nil. b := [:x | x = 10000000 ifTrue: [0] ifFalse: [(b value: x + 1) + 1]]. ";
  await expect(image.evaluate(`${deep}b value: 0`)).rejects.toThrow(/RecursionTooDeep/);
  expect(await image.evaluate(`${deep}[b value: 0] on: RecursionTooDeep do: [:e | e return: 'deep']`)).toBe("deep");
  image.close();
});

describe.each(["wasm", "ts"] as const)("memory that is free again, engine %s", (engine) => {
  const LARGE = 200e6;
  const SMALL = 40e6;
  const open = () => Image.open(undefined, { engine });
  const memory = (image: ImageType) => image.evaluate("Smalltalk vmParameterAt: 2");
  const HOARD = "hoard := (1 to: 200) collect: [:each | Array new: 250000]. hoard size";

  test("goes back to the host after a collection, while evaluations and delays go on", async () => {
    const image = await open();
    image.register("pass", (value) => new Promise((resolve) => setTimeout(() => resolve(value), 300)));
    const computes = image.evaluate("| n | n := 0. 3000000 timesRepeat: [n := n + 1]. n");
    const sleeps = image.evaluate("(Delay forMilliseconds: 700) wait. 'woken'");
    const calls = image.evaluate("JavaScript call: 'pass' with: #(1 2)");
    const waits = image.evaluate("(gate := Semaphore new) wait. 'through'");
    await image.evaluate(HOARD);
    expect(await memory(image)).toBeGreaterThan(LARGE);
    const held = process.memoryUsage().rss;
    await image.evaluate("hoard := nil. Smalltalk garbageCollect");
    expect(await memory(image)).toBeLessThan(SMALL);
    await expect.poll(() => held - process.memoryUsage().rss, { timeout: 10_000 }).toBeGreaterThan(LARGE / 2);
    await image.evaluate("gate signal");
    expect(await Promise.all([computes, sleeps, calls, waits])).toEqual([3000000, "woken", [1, 2], "through"]);
    image.close();
  });

  test("is found and goes back when the image has nothing to do", async () => {
    const image = await open();
    await image.evaluate(HOARD);
    await image.evaluate("hoard := nil");
    await expect.poll(() => memory(image), { interval: 500, timeout: 10_000 }).toBeLessThan(SMALL);
    expect(await image.evaluate("zork := 3. zork + 4")).toBe(7);
    image.close();
  });

  test("keeps its limit", async () => {
    const image = await Image.open(undefined, { engine, memoryLimitBytes: 100 << 20 });
    await image.evaluate("hoard := (1 to: 70) collect: [:each | Array new: 250000]. hoard size");
    await image.evaluate("hoard := nil. Smalltalk garbageCollect");
    expect(await memory(image)).toBeLessThan(SMALL);
    await expect(image.evaluate(`${HOARD}`)).rejects.toThrow(/OutOfMemory/);
    expect(await image.evaluate("3 + 4")).toBe(7);
    image.close();
  });
});

test("images share nothing", async () => {
  const [one, other] = await Promise.all([Image.open(), Image.open(undefined, { engine: "ts" })]);
  await one.evaluate("Smalltalk at: #Mine put: 1");
  expect(await other.evaluate("Smalltalk includesKey: #Mine")).toBe(false);
  expect(await one.evaluate("Smalltalk includesKey: #Mine")).toBe(true);
  one.close();
  expect(await other.evaluate("3 + 4")).toBe(7);
  other.close();
});

test("a saved image has its objects, classes and variables when it is opened again, on either engine", async () => {
  const file = join(scratch, "saved.image");
  const image = await Image.open();
  await image.evaluate("kept := OrderedCollection with: 1 with: 'two'. Object subclass: #Kept");
  await image.save(file);
  expect(await image.evaluate("kept size")).toBe(2);
  image.close();
  for (const engine of ["wasm", "ts"] as const) {
    const again = await Image.open(file, { engine });
    expect(await again.evaluate("{kept last. Kept name}")).toEqual(["two", "Kept"]);
    again.close();
  }
});

test("saves that are asked for together all happen", async () => {
  const image = await Image.open();
  const files = ["one", "two", "three"].map((name) => join(scratch, `${name}.image`));
  await Promise.all(files.map((file) => image.save(file)));
  image.close();
  for (const file of files) (await Image.open(file)).close();
});

test("a save that fails leaves the image running and says why", async () => {
  const image = await Image.open();
  await expect(image.save(join(scratch, "no/such/folder.image"))).rejects.toBeInstanceOf(ImageFileError);
  expect(await image.evaluate("3 + 4")).toBe(7);
  image.close();
});

test("what is no image is refused", async () => {
  await expect(Image.open(writeScratch("text.image", "hello"))).rejects.toBeInstanceOf(ImageFileError);
});

test("output goes where the program wants it", async () => {
  const texts: string[] = [];
  const image = await Image.open(undefined, { onOutput: (bytes) => texts.push(new TextDecoder().decode(bytes)) });
  await image.evaluate("Transcript show: 'hello'; flush");
  expect(texts.join("")).toBe("hello");
  image.close();
});

test("an error of the function that takes the output is the program's, and the image goes on", async () => {
  const image = await Image.open(undefined, {
    onOutput: () => {
      throw new Error("no room");
    },
  });
  const handlers = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  const caught = new Promise((resolve) => process.once("uncaughtException", resolve));
  expect(await image.evaluate("Transcript show: 'hello'; flush. 3")).toBe(3);
  expect(await caught).toMatchObject({ message: "no room" });
  for (const handler of handlers) process.on("uncaughtException", handler);
  image.close();
});

test("closing fails what is still being evaluated", async () => {
  const image = await Image.open();
  const waiting = image.evaluate("Semaphore new wait");
  image.close();
  await expect(waiting).rejects.toBeInstanceOf(ImageStoppedError);
});

test("a time limit may be longer than timers last, and be none", async () => {
  const image = await Image.open();
  for (const timeoutMs of [Infinity, 1e12, undefined]) {
    expect(await image.evaluate("(Delay forMilliseconds: 20) wait. 3", { timeoutMs })).toBe(3);
  }
  image.close();
});

test("a handle is no name for an object of another image", async () => {
  const [one, other] = await Promise.all([Image.open(), Image.open()]);
  const mine = (await one.evaluate("OrderedCollection with: 1")) as ObjectHandle;
  await other.evaluate("OrderedCollection with: 2");
  await expect(other.send(mine, "first")).rejects.toThrow("This handle is of an object in another image.");
  await expect(other.send([], "includes:", [mine])).rejects.toThrow(TypeError);
  expect(await mine.send("first")).toBe(1);
  one.close();
  other.close();
});

test.each<[string, (image: ImageType, wrong: never) => unknown, unknown, string]>([
  ["source text", (image, wrong) => image.evaluate(wrong), undefined, "Source text is evaluated, not undefined."],
  ["source text", (image, wrong) => image.evaluateToHandle(wrong), 3, "Source text is evaluated, not 3."],
  [
    "a time limit",
    (image, wrong) => image.evaluate("3", { timeoutMs: wrong }),
    -1,
    "timeoutMs is a number of milliseconds from 0, not -1.",
  ],
  [
    "a time limit",
    (image, wrong) => image.evaluate("3", { timeoutMs: wrong }),
    "10",
    "timeoutMs is a number of milliseconds from 0, not '10'.",
  ],
  [
    "a selector",
    (image, wrong) => image.send(3, wrong),
    undefined,
    "A message is sent by its selector, not undefined.",
  ],
  ["a name", (image, wrong) => image.global(wrong), 3, "A global variable is found by its name, not 3."],
  ["a function", async (image, wrong) => image.register("x", wrong), 3, "A function is registered, not 3."],
  [
    "a name",
    async (image, wrong) => image.register(wrong, () => 3),
    "",
    "A function is registered under a name, not ''.",
  ],
  [
    "a file",
    (image, wrong) => image.save(wrong),
    undefined,
    "An image is saved under the name of a file, not undefined.",
  ],
  [
    "an engine",
    (_, wrong) => Image.open(undefined, { engine: wrong }),
    "zork",
    "engine is one of wasm, ts, not 'zork'.",
  ],
  [
    "a memory limit",
    (_, wrong) => Image.open(undefined, { memoryLimitBytes: wrong }),
    -1,
    "memoryLimitBytes is a number of bytes from 1, not -1.",
  ],
  [
    "a number of activations",
    (_, wrong) => Image.open(undefined, { translateAfter: wrong }),
    1.5,
    "translateAfter is a number of activations from 0 to 999999, not 1.5.",
  ],
])("what is not %s is refused with a sentence (%#)", async (_, act, wrong, message) => {
  const image = await Image.open();
  await expect(act(image, wrong as never)).rejects.toThrow(message);
  expect(await image.evaluate("3 + 4")).toBe(7);
  image.close();
});

test("an image shows itself in a line, and says after its end how it came", async () => {
  const [closed, quit] = await Promise.all([Image.open(), Image.open()]);
  expect(inspect(closed)).toBe("Image(running)");
  closed.close();
  closed.close();
  expect(inspect(closed)).toBe("Image(stopped)");
  await expect(closed.evaluate("3")).rejects.toThrow("The image was closed.");
  await expect(quit.evaluate("Smalltalk quit: 7")).rejects.toMatchObject({ message: "The image has quit.", status: 7 });
});
