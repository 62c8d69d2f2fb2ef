// Whatever a person gets wrong is answered by one clear line and the right exit status; nothing of theirs is overwritten.

import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { command, gondola, root, run, scratch, writeScratch } from "../support/gondola.ts";

const noise = Uint8Array.from({ length: 5000 }, (_, index) => (index * 7919 + (index >> 3)) & 255);
const missing = join(scratch, "missing");
const empty = writeScratch("empty", "");
const binary = writeScratch("noise", noise);
const saved = join(scratch, "untouched.image");
writeFileSync(saved, "precious");

const BAD_FILES: [string, string][] = [
  ["a missing file", missing],
  ["a directory", scratch],
  ["binary noise", binary],
  ["an empty file", empty],
];

const COMMANDS: [string, (file: string) => string[]][] = [
  ["repl F", (file) => ["repl", file]],
  ["eval --image F", (file) => ["eval", "--image", file, "3"]],
  ["run F", (file) => ["run", file]],
  ["run --image F", (file) => ["run", "--image", file, join(root, "tests/benchmarks/Benchmark.st")]],
  ["test --image F", (file) => ["test", "--image", file]],
  ["image info F", (file) => ["image", "info", file]],
  ["image verify F", (file) => ["image", "verify", file]],
];

const cases = COMMANDS.flatMap(([name, words]) =>
  BAD_FILES.map(([kind, file]) => ({ name, kind, words: words(file) })),
);

test.each(cases)("$name given $kind: one line, status 3", async ({ words }) => {
  const { status, output, errors } = await gondola(words);
  expect([status, output]).toEqual([3, ""]);
  expect(errors).toMatch(/^gondola: [^\n]+\.\n$/);
});

test.each(BAD_FILES.filter(([kind]) => kind !== "a directory"))(
  "load given %s: status 3, the image stays",
  async (_, file) => {
    const { status, errors } = await gondola(["load", file, "--save", saved]);
    expect(status).toBe(3);
    expect(errors).toMatch(/^gondola: [^\n]+\.\n$/);
    expect(readFileSync(saved, "utf8")).toBe("precious");
  },
);

test("load does not save over its own source, nor run it then", async () => {
  const source = writeScratch("own.st", "Transcript showln: 'ran'\n");
  expect(await gondola(["load", source, "--save", source])).toEqual({
    status: 3,
    output: "",
    errors: `gondola: ${source} is not an image; it was not overwritten.\n`,
  });
  expect(readFileSync(source, "utf8")).toBe("Transcript showln: 'ran'\n");
});

test.each([[["repl", ""]], [["run", ""]], [["image", "build", ""]]])("%j: one line, status 3", async (words) => {
  const { status, output, errors } = await gondola(words);
  expect([status, output]).toEqual([3, ""]);
  expect(errors).toMatch(/^gondola: [^\n]* name [^\n]*\.\n$|without a name\.\n$/);
});

test("saving into a directory: status 3", async () => {
  const { status, errors } = await gondola(["image", "build", scratch]);
  expect([status, errors]).toEqual([3, expect.stringMatching(/^gondola: [^\n]+\.\n$/)]);
});

const WRONG_USAGE = [
  ["zork"],
  ["eval"],
  ["run"],
  ["load"],
  ["load", "x.st"],
  ["image"],
  ["image", "zork", "x"],
  ["image", "info"],
  ["eval", "--zork", "3"],
  ["eval", "--engine", "zork", "3"],
  ["eval", "--memory", "zork", "3"],
  ["eval", "--memory", "1", "3"],
  ["eval", "--translate-after", "often", "3"],
  ["eval", "--save", "x", "3"],
  ["eval", "3", "--image"],
  ["eval", "3", "--strict=yes"],
  ["repl", "a.image", "b.image"],
  ["test", "a", "b"],
];

test.each(WRONG_USAGE.map((words) => [words.join(" "), words]))(
  "gondola %s: wrong usage, status 2",
  async (_, words) => {
    const { status, output, errors } = await gondola(words as string[]);
    expect([status, output]).toEqual([2, ""]);
    expect(errors).toMatch(/^gondola: [^\n]+\nTry gondola --help\.\n$/);
  },
);

test("an image with one byte flipped anywhere is refused", async () => {
  const image = readFileSync(join(root, "dist/gondola.image"));
  const places = [0, 9, 17, 25, 45, 60, 4000, 4095, 4096, 5000, image.length >> 1, image.length - 1];
  const outcomes = await Promise.all(
    places.map((place) => {
      const damaged = Uint8Array.from(image);
      damaged[place] ^= 1 << (place & 7);
      return gondola(["eval", "--image", writeScratch(`flipped-${place}.image`, damaged), "3"]);
    }),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(places.map(() => 3));
});

test("a truncated image is refused", async () => {
  const image = readFileSync(join(root, "dist/gondola.image"));
  for (const size of [1, 100, 4095, 4096, 10_000, image.length - 1]) {
    const file = writeScratch(`cut-${size}.image`, image.subarray(0, size));
    expect((await gondola(["image", "verify", file])).status).toBe(3);
  }
});

test("bench says before it measures that its results cannot be written", async () => {
  const { status, output, errors } = await gondola(["bench", "fib", "--json", scratch]);
  expect([status, output]).toEqual([3, ""]);
  expect(errors).toMatch(/^gondola: [^\n]* cannot be written: [^\n']+\.\n$/);
});

test.each([
  ["a.st", "3 foo", /^MessageNotUnderstood: SmallInteger does not understand #foo\n/],
  [
    "b.st",
    "Account >> foo [ ^ 1 ]",
    /^\S*b\.st:1:12: There is no global variable Account in this image\.\n[^\n]+\n +\^\n$/,
  ],
  ["c.st", "'who'.\nClass { #name : 'A' }", /^\S*c\.st:2:/],
  ["d.st", "Class { #name : 'A', #superclass : 'B' }\n", /^\S*d\.st:1:1: There is no class B\.\n[^\n]+\n\^\n$/],
  ["e.som", '"A" E = F ( )', /^\S*e\.som:1:5: There is no class F\.\n[^\n]+\n {4}\^\n$/],
  ["f.som", "G = ( | a a | )", /^\S*f\.som:1:1: Two instance variables of G have the same name\n[^\n]+\n\^\n$/],
])("%s: what cannot be loaded is told with its place, status 1", async (name, text, expected) => {
  const { status, errors } = await gondola(["run", writeScratch(name, text)]);
  expect([status, errors]).toEqual([1, expect.stringMatching(expected)]);
});

const ENDLESS_WRITER = writeScratch("endless.st", "[Transcript show: 3; lf] repeat\n");

test.each([
  ["run", `run ${ENDLESS_WRITER}`],
  ["a workspace on a pipe", `< ${ENDLESS_WRITER}`],
])("%s whose reader has gone ends in silence", async (_, words) => {
  const { output, errors } = await run("sh", ["-c", `${process.execPath} ${command} ${words} | head -1`]);
  expect([output, errors]).toEqual(["3\n", ""]);
});

describe.skipIf(!existsSync("/dev/full"))("where standard output cannot be written", () => {
  const FULL = "gondola: Standard output cannot be written: no space left on device.\n";

  test.each([
    ["run", `run ${ENDLESS_WRITER} > /dev/full`],
    ["eval", "eval 3+4 > /dev/full"],
    ["a workspace on a pipe", `< ${writeScratch("sum.st", "3 + 4\n")} > /dev/full`],
    ["help", "--help > /dev/full"],
  ])("%s says so, status 1", async (_, words) => {
    const { status, errors } = await run("sh", ["-c", `${process.execPath} ${command} ${words}`]);
    expect([status, errors]).toEqual([1, FULL]);
  });

  test("an error that cannot be told has its status", async () => {
    const { status } = await run("sh", ["-c", `${process.execPath} ${command} eval 1/0 2> /dev/full`]);
    expect(status).toBe(1);
  });
});

test("an image where a source is wanted, and a link to itself: told in a line", async () => {
  const image = join(root, "dist/gondola.image");
  expect(await gondola(["run", image])).toEqual({
    status: 3,
    output: "",
    errors: `gondola: ${image} is an image, not Smalltalk source; gondola ${image} opens it.\n`,
  });
  const link = join(scratch, "loop.image");
  symlinkSync(link, link);
  for (const verb of ["repl", "run"]) {
    expect(await gondola([verb, link])).toMatchObject({ status: 3, errors: `gondola: ${link} is a link to itself.\n` });
  }
});

test("a pattern that no test has in its name: one line, status 2", async () => {
  expect(await gondola(["test", "Nosuchthing"])).toEqual({
    status: 2,
    output: "",
    errors: "gondola: There is no test or example in the class library with Nosuchthing in its name.\n",
  });
});
