// What users install: the packed package in an empty folder.

import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { missingPackages } from "../../platform/guest/build.ts";
import { root, run } from "../support/gondola.ts";

const folder = mkdtempSync(join(tmpdir(), "gondola-package-"));

beforeAll(async () => {
  const packed = await run("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: root });
  expect(packed.errors + packed.output).toContain(".tgz");
  const archive = readdirSync(folder).find((name) => name.endsWith(".tgz")) as string;
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  const installed = await run("npm", ["install", "--no-audit", "--no-fund", `./${archive}`], { cwd: folder });
  expect(installed.status, installed.errors).toBe(0);
  expect(readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."))).toEqual([
    "gondola",
    "ohm-js",
  ]);
}, 180_000);

test("the command runs", async () => {
  const evaluated = await run("npx", ["gondola", "eval", "3 + 4"], { cwd: folder });
  expect([evaluated.status, evaluated.output]).toEqual([0, "7\n"]);
});

test("the class library's own tests are there", async () => {
  const tested = await run("npx", ["gondola", "test", "OrderedCollection"], { cwd: folder });
  expect(tested.status, tested.errors).toBe(0);
  expect(Number(/^(\d+) passed, 0 failed\n$/.exec(tested.output)?.[1])).toBeGreaterThan(15);
});

test.skipIf(missingPackages().length > 0)("the guest is in the package", async () => {
  const { output, status } = await run("npx", ["gondola", "boot", "--dry-run"], { cwd: folder });
  expect(status).toBe(0);
  const elf = /-kernel (\S+)/.exec(output)?.[1] ?? "";
  expect(elf.startsWith(folder)).toBe(true);
  expect(readFileSync(elf).subarray(0, 4).toString("latin1")).toBe("\x7fELF");
});

test("a program imports the library", async () => {
  const program =
    'import { Image } from "gondola"; const image = await Image.open();\n' +
    'console.log(await image.evaluate("100 factorial printString size"));\n' +
    'console.log(await image.evaluate("Object new")); image.close();';
  writeFileSync(join(folder, "program.js"), program);
  expect((await run(process.execPath, ["program.js"], { cwd: folder })).output).toBe("158\nObjectHandle(Object)\n");
});

test("an error that a program does not catch is shown in short lines, with Smalltalk's stack", async () => {
  const program = 'import { Image } from "gondola"; const image = await Image.open(); await image.evaluate("1 / 0");';
  writeFileSync(join(folder, "uncaught.js"), program);
  const { status, errors } = await run(process.execPath, ["uncaught.js"], { cwd: folder });
  expect([status, Math.max(...errors.split("\n").map((line) => line.length)) < 250]).toEqual([1, true]);
  expect(errors).toMatch(/SmalltalkError: ZeroDivide[\s\S]*uncaught\.js[\s\S]*UndefinedObject>>DoIt line 1: 1 \/ 0/);
});

test("a CommonJS program and its worker threads import the library", async () => {
  const program = `
const { isMainThread, parentPort, Worker } = require("node:worker_threads");
import("gondola").then(async ({ Image }) => {
  const image = await Image.open();
  const sum = await image.evaluate("3 + 4");
  image.close();
  if (!isMainThread) return parentPort.postMessage(sum * 6);
  console.log(sum);
  new Worker(__filename).on("message", (message) => console.log(message));
});`;
  writeFileSync(join(folder, "program.cjs"), program);
  const { output, errors } = await run(process.execPath, ["program.cjs"], { cwd: folder });
  expect([output, errors]).toEqual(["7\n42\n", ""]);
});

const TYPED_PROGRAM = `
import { Image, type ObjectHandle, type Value } from "gondola";

const image: Image = await Image.open(undefined, { memoryLimitBytes: 64 << 20 });
const sum: Value = await image.evaluate("3 + 4", { timeoutMs: 10_000 });
const handle: ObjectHandle = await image.evaluateToHandle("Object new");
image.register("twice", (value: Value) => 2 * Number(value));
image.register("join", (words: string[], separator: string) => words.join(separator));
image.register("swap", (a, b) => [b, a]);
// @ts-expect-error a time limit is a number
await image.evaluate("3", { timeoutMs: "soon" });
image.close();
`;

test.each([
  ["nodenext", "nodenext"],
  ["esnext", "bundler"],
])("a program in TypeScript finds the types: module %s, resolution %s", async (module, moduleResolution) => {
  writeFileSync(join(folder, "program.mts"), TYPED_PROGRAM);
  const options = ["--noEmit", "--strict", "--target", "es2022", "--module", module];
  const words = [...options, "--moduleResolution", moduleResolution, "program.mts"];
  const checked = await run(join(root, "node_modules/.bin/tsc"), words, { cwd: folder });
  expect([checked.status, checked.output]).toEqual([0, ""]);
});
