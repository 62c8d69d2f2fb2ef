// The rules that no compiler checks, so that no reviewer has to.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as primitiveNumbers from "../../vm/primitiveNumbers.ts";

const LARGEST_FILE_LINES = 2000;
/** Promises to do something later, and paths of one machine. */
const FOREIGN_WORDS = /\b(TODO|FIXME|XXX)\b|\/(work|home|root)\//;
const OWN_NAME = "tests/tidy/tidy.test.ts";

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" })
  .split("\n")
  .filter((name) => /\.(ts|js|st|md|json|ohm)$/.test(name) && name !== "package-lock.json");
const textOf = (name: string) => readFileSync(name, "utf8");
const sources = files.filter((name) => /\.(ts|js|st|ohm)$/.test(name));
const machine = files.filter((name) => /^vm\/.*\.ts$/.test(name) && !name.endsWith(".d.ts"));

/** Lines of the files that break a rule, as place and line. */
function offences(names: string[], isOffence: (line: string, name: string) => boolean): string[] {
  return names.flatMap((name) =>
    textOf(name)
      .split("\n")
      .flatMap((line, index) => (isOffence(line, name) ? [`${name}:${index + 1}: ${line.trim()}`] : [])),
  );
}

/** A line of TypeScript without strings and comments. */
function codeOf(line: string): string {
  if (/^\s*(\*|\/\*)/.test(line)) return "";
  return line
    .replace(/"(?:[^"\\]|\\.)*"/g, '""')
    .replace(/\/\*.*?\*\//g, "")
    .replace(/\/\/.*$/, "");
}

test("no source file is too long to be read", () => {
  expect(sources.filter((name) => textOf(name).split("\n").length > LARGEST_FILE_LINES)).toEqual([]);
});

test("nothing is put off, and nothing holds on one machine only", () => {
  const named = files.filter((name) => name !== OWN_NAME);
  expect(offences(named, (line) => FOREIGN_WORDS.test(line))).toEqual([]);
});

test("the machine imports nothing from outside vm/, and with file endings", () => {
  expect(
    offences(machine, (line) => {
      const from = /from "([^"]+)"/.exec(line)?.[1];
      return from !== undefined && (!/^\.\.?\/.*\.ts$/.test(from) || /^\.\.\/\.\.\//.test(from));
    }),
  ).toEqual([]);
});

test("the machine is written in the portable subset", () => {
  const forbidden: [RegExp, string][] = [
    [/\bimport type\b/, "import type"],
    [/\b(class|enum|interface|namespace|async|await|yield|throw|try|catch|delete|typeof|instanceof|new)\b/, "keyword"],
    [/=>/, "closure"],
    [/\bfor\s*\(.*\b(of|in)\b/, "for of"],
    [/`/, "template"],
    [/[:<]\s*(any|unknown|number|bigint|i64|u64|f32)\b/, "type"],
    [/\bas\s+(i32|f64|u8|u16)\b/, "cast"],
    [/\?\.|\?\?/, "optional"],
    [/\.\.\./, "spread"],
    [/\b(console|Buffer|Date|JSON|Promise)\b|\bprocess\./, "host object"],
  ];
  const isOffence = (line: string) => forbidden.some(([pattern]) => pattern.test(codeOf(line)));
  expect(offences(machine, isOffence)).toEqual([]);
});

test("only memory.ts knows that there are two targets", () => {
  const others = machine.filter((name) => name !== "vm/memory.ts");
  expect(offences(others, (line) => codeOf(line).includes("ASC_TARGET"))).toEqual([]);
});

test("every primitive that a method names exists", () => {
  const known = new Set(Object.values(primitiveNumbers) as number[]);
  for (let quick = 256; quick <= 519; quick++) known.add(quick);
  const methods = files.filter((name) => name.startsWith("image/") && name.endsWith(".st"));
  const isUnknown = (line: string) => {
    const number = /<primitive: (\d+)/.exec(line)?.[1];
    return number !== undefined && !known.has(Number(number));
  };
  expect(offences(methods, isUnknown)).toEqual([]);
});

test("every class of the library has a comment and a file of its own", () => {
  const classes = files.filter((name) => name.startsWith("image/") && name.endsWith(".class.st"));
  expect(classes.filter((name) => !/^\s*"[^"]/.test(textOf(name)))).toEqual([]);
  const misnamed = classes.filter((name) => {
    const declared = /#name\s*:\s*#?'?(\w+)/.exec(textOf(name))?.[1];
    return !name.endsWith(`/${declared}.class.st`);
  });
  expect(misnamed).toEqual([]);
});

test("the root stays small", () => {
  const entries = new Set(files.map((name) => name.split("/")[0]));
  expect(entries.size).toBeLessThanOrEqual(16);
});
