// The verbs, what they print and their exit statuses.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { command, gondola, run, scratch, writeScratch } from "../support/gondola.ts";

const ACCOUNT = `Object subclass: #Account instanceVariableNames: 'balance' classVariableNames: '' package: 'Bank'.

Account >> deposit: amount [ balance := (balance ifNil: [0]) + amount ]
Account >> balance [ ^balance ]
Account class >> opened [ ^self new deposit: 100; yourself ]
`;

describe("eval", () => {
  test("prints the value of the last expression", async () => {
    expect(await gondola(["eval", "3 + 4"])).toEqual({ status: 0, output: "7\n", errors: "" });
  });

  test("takes an expression that begins with a negative number", async () => {
    expect((await gondola(["eval", "-3 abs"])).output).toBe("3\n");
    expect((await gondola(["eval", "x := 5", "-3 + x"])).output).toBe("2\n");
  });

  test("shows of a long line in a stack what is around the place", async () => {
    const { errors } = await gondola(["eval", `${"3. ".repeat(10_000)}4 zork`]);
    expect(errors).toMatch(/^MessageNotUnderstood[^\n]*\n.*\n.*DoIt line 1: \.\.\.[ 3.]*4 zork\n$/);
    expect(errors.length).toBeLessThan(500);
  });

  test("keeps variables from one expression to the next", async () => {
    expect((await gondola(["eval", "a := 20", "b := 22", "a + b"])).output).toBe("42\n");
  });

  test("works the same on engine ts", async () => {
    expect((await gondola(["eval", "30 factorial", "--engine", "ts"])).output).toBe(
      "265252859812191058636308480000000\n",
    );
  });

  test("writes the Transcript to standard output", async () => {
    expect((await gondola(["eval", "Transcript showln: 'Grüße'. nil"])).output).toBe("Grüße\nnil\n");
  });

  test("shows an unhandled error with its stack on standard error, status 1", async () => {
    const { status, output, errors } = await gondola(["eval", "#(1 0) do: [:each | 1 / each]"]);
    expect([status, output]).toEqual([1, ""]);
    expect(errors).toMatch(/^ZeroDivide/);
    expect(errors).toContain("Array>>do:");
    expect(errors).not.toMatch(/HostServer|node:|\.ts|\.js/);
  });

  test("ends with status 1 after an error in a process that it forked", async () => {
    const { status, output, errors } = await gondola(["eval", "[1 / 0] fork. Processor yield. 3"]);
    expect([status, output]).toEqual([1, "3\n"]);
    expect(errors).toMatch(/^ZeroDivide/);
  });

  test("prints all of a long value on a pipe, its beginning on a terminal", async () => {
    const source = "(1 to: 5000) asArray";
    const { output, errors } = await gondola(["eval", source]);
    expect([output.length, errors]).toEqual([23896, ""]);
    const onTerminal = await run("script", ["-qec", `${process.execPath} ${command} eval '${source}'`, "/dev/null"]);
    expect(onTerminal.output).toMatch(/^#\(1 2 3 [\d ]{9990,9999}\.\.\.\r\nThese are the first 10000 characters\./);
  });

  test("shows a syntax error with line, column, source and caret, status 1", async () => {
    const { status, errors } = await gondola(["eval", "3 + + 4"]);
    expect(status).toBe(1);
    expect(errors).toMatch(/^expression:1:5: .*\n3 \+ \+ 4\n {4}\^\n$/);
  });

  test("warns of an undeclared variable and suggests another name", async () => {
    const { errors } = await gondola(["eval", "Trnscript show: 'x'"]);
    expect(errors).toContain("warning: Trnscript is not declared; did you mean Transcript?");
  });

  test("refuses an undeclared variable with --strict", async () => {
    const { status, errors } = await gondola(["eval", "--strict", "zork"]);
    expect(status).toBe(1);
    expect(errors).toContain("zork is not declared");
  });

  test("compiles source text at run time", async () => {
    const source =
      "Object subclass: #Q. (Smalltalk at: #Q) compile: 'twice: a ^ a * 2'. " +
      "{(Smalltalk at: #Q) new twice: 4. [Smalltalk evaluate: '3 +'] on: SourceError do: [:e | #wrong]}";
    expect((await gondola(["eval", source])).output).toBe("#(8 #wrong)\n");
  });

  test("exits with the status that the image gives to quit", async () => {
    expect((await gondola(["eval", "Smalltalk exit: 7. 3"])).status).toBe(7);
  });

  test("ends a wait for what can never happen", async () => {
    const { status, errors } = await gondola(["eval", "Semaphore new wait"]);
    expect(status).toBe(1);
    expect(errors).toMatch(/^Nothing can happen any more/);
  });

  test("survives recursion without end", async () => {
    const { status, errors } = await gondola(["eval", "b := nil. b := [:x | (b value: x + 1) + 1]. b value: 1"]);
    expect(status).toBe(1);
    expect(errors).toMatch(/^(RecursionTooDeep|OutOfMemory)/);
  });

  test("keeps within the memory it is given", async () => {
    const source = "c := OrderedCollection new. [c add: (Array new: 10000)] repeat";
    const { status, errors } = await gondola(["eval", "--memory", "24", source]);
    expect([status, errors.split("\n")[0]]).toEqual([1, expect.stringMatching(/^OutOfMemory/)]);
  });

  test("frees the symbols that nobody refers to", async () => {
    const source = "1 to: 1000000 do: [:each | ('symbol' , each printString) asSymbol]. Symbol symbolCount < 100000";
    expect((await gondola(["eval", "--memory", "16M", source])).output).toBe("true\n");
  });

  test.each([
    ["new objects", "1 to: 60 do: [:i | a := Array new: 2000000]. a size"],
    ["copies", "a := Array new: 2000000. 1 to: 60 do: [:i | b := a shallowCopy]. b size"],
  ])("collects garbage before it refuses room for %s", async (_, source) => {
    expect(await gondola(["eval", "--memory", "64", source])).toEqual({ status: 0, output: "2000000\n", errors: "" });
  });
});

test("eval prints the value in a line of its own", async () => {
  expect((await gondola(["eval", "Transcript show: 'begun'. 3 + 4"])).output).toBe("begun\n7\n");
  expect((await gondola(["eval", "Transcript show: 'ended'; lf. 3 + 4"])).output).toBe("ended\n7\n");
});

describe("Ctrl-C", () => {
  const interrupted = (source: string) =>
    gondola(["eval", `Transcript show: 'running'; flush. ${source}`], { interruptAfter: "running" });

  test("ends an endless expression with its stack", async () => {
    const { status, errors } = await interrupted("[true] whileTrue");
    expect(status).toBe(1);
    expect(errors).toMatch(/^Interrupted\.\n.*DoIt line 1: .*\[true\] whileTrue\n$/);
  });

  test("tells the line of a script in which a loop is that sends nothing", async () => {
    const file = writeScratch("loops.st", "Transcript show: 'running'; flush.\n\n[true] whileTrue.\n3\n");
    const { errors } = await gondola(["run", file], { interruptAfter: "running" });
    expect(errors).toMatch(/DoIt line 3: \[true\] whileTrue\.\n$/);
  });

  test("ends an expression whose ensure block never ends", async () => {
    const source = "[[true] whileTrue] ensure: [[true] whileTrue]";
    expect((await interrupted(source)).status).toBe(1);
  });

  test("ends an image that runs at the highest priority", async () => {
    const source = "[[true] whileTrue] forkAt: 80. 3";
    const { status, errors } = await interrupted(source);
    expect(status).toBe(1);
    expect(errors).toMatch(/^gondola: Interrupted\. The image did not react/);
  });
});

describe("run", () => {
  test("runs a script with classes and methods in it, and gives it its arguments", async () => {
    const file = writeScratch(
      "account.st",
      `${ACCOUNT}\nTranscript showln: Smalltalk arguments first, Account opened balance printString`,
    );
    expect(await gondola(["run", file, "--", "pounds "])).toEqual({ status: 0, output: "pounds 100\n", errors: "" });
  });

  test("passes over the line that names the interpreter of a script", async () => {
    const file = writeScratch("program.st", "#!/usr/bin/env -S gondola run\nTranscript showln: 'runs'. 3 zork\n");
    const { output, errors } = await gondola(["run", file]);
    expect([output, errors]).toEqual(["runs\n", expect.stringMatching(/DoIt line 2: .*3 zork\n$/)]);
  });

  test("behind -- takes the first word for the file, and all others, whatever they look like, for its arguments", async () => {
    const file = writeScratch("words.st", "Transcript showln: (' ' join: Smalltalk arguments)\n");
    const { output } = await gondola(["run", "--", file, "--engine", "-x", file, "--"]);
    expect(output).toBe(`--engine -x ${file} --\n`);
    expect((await gondola(["eval", "--", "-3 abs"])).output).toBe("3\n");
    expect((await gondola(["test", "--", "Nosuchthing"])).status).toBe(2);
  });

  test("takes - for the standard input", async () => {
    const input = "Transcript showln: Smalltalk arguments first.\n3 +";
    const { status, errors } = await gondola(["run", "-", "word"], { input });
    expect([status, errors]).toEqual([1, expect.stringMatching(/^stdin:2:4: /)]);
    expect((await gondola(["run", "-", "word"], { input: `${input} 4` })).output).toBe("word\n");
    expect((await gondola(["run", "-"], { input: "" })).errors).toBe("gondola: Standard input is empty.\n");
  });

  test("says in which line of which file an error is", async () => {
    const file = writeScratch("wrong.st", "| a |\na := 3.\na foo: .\n");
    const { status, errors } = await gondola(["run", file]);
    expect(status).toBe(1);
    expect(errors).toMatch(/wrong\.st:3:8: /);
  });
});

describe("load, and the image that it saves", () => {
  const image = join(scratch, "bank.image");

  test("loads code and saves it with the image", async () => {
    const file = writeScratch("bank.st", ACCOUNT);
    expect((await gondola(["load", file, "--save", image])).errors).toBe("");
    expect((await gondola(["eval", "--image", image, "Account opened balance"])).output).toBe("100\n");
  });

  test("loads a folder of Tonel files in any order of classes", async () => {
    const folder = join(scratch, "Zoo");
    mkdirSync(folder);
    writeFileSync(
      join(folder, "Ape.class.st"),
      "Class { #name : 'Ape', #superclass : 'Beast', #instVars : [ 'name' ], #package : 'Zoo' }\n\n" +
        "{ #category : 'x' }\nApe >> noise [\n\t^ super noise, '!'\n]\n",
    );
    writeFileSync(
      join(folder, "Beast.class.st"),
      "Class { #name : 'Beast', #superclass : 'Object', #package : 'Zoo' }\n\n{ #category : 'x' }\nBeast >> noise [\n\t^ 'uh'\n]\n",
    );
    const zoo = join(scratch, "zoo.image");
    expect((await gondola(["load", folder, "--save", zoo])).errors).toBe("");
    expect((await gondola(["eval", "--image", zoo, "Ape new noise"])).output).toBe("'uh!'\n");
  });

  test("saves nothing when the code is wrong", async () => {
    const file = writeScratch("broken.st", "Account >> foo [ ^ ( ]");
    const target = join(scratch, "broken.image");
    expect((await gondola(["load", file, "--save", target])).status).toBe(1);
    expect(existsSync(target)).toBe(false);
  });

  test("sleeping processes go on in the image that was saved", async () => {
    const sleeper = writeScratch(
      "sleeper.st",
      "Smalltalk at: #Log put: OrderedCollection new.\n" +
        "[(Delay forMilliseconds: 300) wait. (Smalltalk at: #Log) add: #awake] fork.\nProcessor yield",
    );
    const saved = join(scratch, "sleeper.image");
    expect((await gondola(["load", sleeper, "--save", saved])).errors).toBe("");
    const source = "(Delay forMilliseconds: 500) wait. (Smalltalk at: #Log) asArray";
    expect((await gondola(["eval", "--image", saved, source])).output).toBe("#(#awake)\n");
  });
});

test("a failed test is told with its stack, without those who run it", async () => {
  const image = join(scratch, "failing.image");
  const source = writeScratch(
    "FailingTest.st",
    "TestCase subclass: #FailingTest instanceVariableNames: '' classVariableNames: '' package: 'F'.\n" +
      "FailingTest >> testSum [ self assert: 3 + 4 equals: 8 ]\nFailingTest >> testError [ nil zork ]\n" +
      "FailingTest >> testHalt [ self halt ]\n",
  );
  await gondola(["load", source, "--save", image]);
  const { status, output } = await gondola(["test", "FailingTest", "--image", image]);
  expect(status).toBe(1);
  expect(output).toMatch(/FAILED FailingTest>>testSum\n {2}TestFailure: Got 7 instead of 8\.\n/);
  expect(output).toMatch(/\n {6}FailingTest>>testError line \d: nil zork\n/);
  expect(output).not.toMatch(/runCase|performTest|Host/);
});

test("what tests share is torn down behind the last of them", async () => {
  const image = join(scratch, "resource.image");
  const source = writeScratch(
    "ServerTest.st",
    "TestResource subclass: #Server instanceVariableNames: '' classVariableNames: '' package: 'F'.\n" +
      "TestCase subclass: #ServerTest instanceVariableNames: '' classVariableNames: '' package: 'F'.\n" +
      "Server >> setUp [ Transcript show: 'up'; lf ]\nServer >> tearDown [ Transcript show: 'down'; lf. self zork ]\n" +
      "ServerTest class >> resources [ ^{ Server } ]\n" +
      "ServerTest >> testA [ Transcript show: 'A'; lf ]\nServerTest >> testB [ Transcript show: 'B'; lf ]\n",
  );
  await gondola(["load", source, "--save", image]);
  const { status, output } = await gondola(["test", "ServerTest", "--image", image]);
  expect(status).toBe(1);
  expect(output).toMatch(/^up\nA\nB\ndown\nFAILED TestResource>>tearDown\n[\s\S]*zork[\s\S]*\n2 passed, 1 failed\n$/);
});

describe("image", () => {
  test("build writes a fresh image, info describes it, verify finds it sound", async () => {
    const file = join(scratch, "fresh.image");
    expect((await gondola(["image", "build", file])).status).toBe(0);
    expect((await gondola(["image", "info", file])).output).toMatch(/classes +\d+/);
    expect(await gondola(["image", "verify", file])).toEqual({ status: 0, output: `${file}: sound\n`, errors: "" });
    expect((await gondola(["eval", "--image", file, "6 * 7"])).output).toBe("42\n");
  });

  test("build --strip leaves the sources out, and what it leaves does the same", async () => {
    const [stripped, again] = [join(scratch, "stripped.image"), join(scratch, "again.image")];
    expect(await gondola(["image", "build", stripped, "--strip"])).toEqual({
      status: 0,
      output: `${stripped}: a fresh image of the class library without sources\n`,
      errors: "",
    });
    const fresh = new URL("../../dist/gondola.image", import.meta.url);
    expect(readFileSync(stripped).length).toBeLessThan(readFileSync(fresh).length * 0.7);
    expect((await gondola(["image", "info", stripped])).output).toMatch(/sources +left out/);
    expect((await gondola(["image", "verify", stripped])).output).toBe(`${stripped}: sound\n`);
    const source =
      "{(Object >> #notNil) sourceCode. [:x | x] printString. (Object >> #notNil) comment. Object comment}";
    expect((await gondola(["eval", "--image", stripped, source])).output).toBe("#(nil 'a BlockClosure' nil '')\n");
    const browsing = await gondola(["repl", stripped], { input: ":browse Object>>notNil\n" });
    expect(browsing.output + browsing.errors).toContain("The source of Object>>notNil was left out of this image.");
    const { status, errors } = await gondola(["eval", "--image", stripped, "#(1) do: [:each | each / 0]"]);
    expect([status, errors]).toEqual([1, expect.stringMatching(/^ZeroDivide: .*\n {4}SmallInteger\(Integer\)>>\/\n/)]);
    const own = writeScratch("own.st", "Object subclass: #Own.\nOwn >> three [ ^ 3 ]");
    expect(await gondola(["load", own, "--image", stripped, "--save", again])).toMatchObject({ status: 0 });
    expect((await gondola(["image", "info", again])).output).toMatch(/sources +left out/);
    expect((await gondola(["eval", "--image", again, "(Own >> #three) sourceCode"])).output).toMatch(/\^ 3'/);
  });

  test("build makes a copy of another image", async () => {
    const copy = join(scratch, "copy.image");
    await gondola(["load", writeScratch("copy.st", "Smalltalk at: #Copied put: 42"), "--save", copy]);
    const target = join(scratch, "target.image");
    expect((await gondola(["image", "build", target, "--image", copy])).output).toBe(`${target}: a copy of ${copy}\n`);
    expect((await gondola(["eval", "--image", target, "Copied"])).output).toBe("42\n");
  });

  test("the class library's image is at most 3 MiB", () => {
    expect(readFileSync(new URL("../../dist/gondola.image", import.meta.url)).length).toBeLessThanOrEqual(3 << 20);
  });
});

describe("help", () => {
  test.each(["repl", "eval", "run", "load", "test", "image", "bench"])("%s --help says how to use it", async (verb) => {
    const { status, output } = await gondola([verb, "--help"]);
    expect([status, output]).toEqual([0, expect.stringContaining("Usage: gondola")]);
  });

  test("--version prints the version", async () => {
    expect((await gondola(["--version"])).output).toMatch(/^gondola \d+\.\d+\.\d+\n$/);
  });
});
