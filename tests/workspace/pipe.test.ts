// The workspace without a terminal: no prompt, no colour, one result a line.

import { join } from "node:path";
import { expect, test } from "vitest";
import { gondola, scratch, writeScratch } from "../support/gondola.ts";

test("shows the value of each expression", async () => {
  const outcome = await gondola([], { input: "3 + 4\nx := 5.\nx * 2\n_ + 1\n'it''s'" });
  expect(outcome).toEqual({ status: 0, output: "7\n5\n10\n11\n'it''s'\n", errors: "" });
});

test("takes expressions and definitions over several lines", async () => {
  const input = `Object subclass: #Account
	instanceVariableNames: 'balance'
	classVariableNames: ''
	package: 'Bank'
Account >> deposit: amount [
	balance := (balance ifNil: [0]) + amount
]
Account >> balance [ ^balance ]
Account >> empty [

	balance := 0.

	^ self
]
(Account new
	deposit: 7;

	yourself) balance
`;
  const answers = "Account\nAccount>>deposit:\nAccount>>balance\nAccount>>empty\n7\n";
  expect((await gondola(["repl"], { input })).output).toBe(answers);
});

test.each([
  ["an error that nobody handles", "1/0", /^ZeroDivide: .*\n {4}SmallInteger/],
  ["a mistake in the source", "3 +\n)", /^workspace:2:1: /],
  ["an input that is not complete", "3 + (4\n", /^workspace:3:1: .*\n5 \+ 6\n\^\n$/],
  ["a method of no class", "Nope >> foo [ ^3 ]", /^workspace:1:9: There is no class Nope\.\n[^\n]+\n {8}\^\n$/],
])("%s ends the run, status 1", async (_, mistake, expected) => {
  const { status, output, errors } = await gondola(["repl"], { input: `3 + 4\n${mistake}\n5 + 6\n` });
  expect([status, output]).toEqual([1, "7\n"]);
  expect(errors).toMatch(expected);
});

test.each(["x value: x", "[x value: x] ensure: [3]"])(
  "tells of a recursion that fills little memory: %s",
  async (body) => {
    const input = `[:x | ${body}] value: [:x | ${body}]\n`;
    const { status, errors } = await gondola(["--memory", "32"], { input });
    expect([status, errors]).toEqual([1, expect.stringMatching(/^OutOfMemory: no memory left\n/)]);
  },
);

test("saves an image that a later workspace goes on with", async () => {
  const image = join(scratch, "workspace.image");
  await gondola(["repl"], { input: `a := Set with: 3\n:save ${image}\n` });
  expect((await gondola([image], { input: "a includes: 3\n" })).output).toBe("true\n");
});

test("takes names of files as strings, and with the home folder as shells write it", async () => {
  const input = `a := 3\n:save 'home.image'\n:save "~/other.image"\n:load ~/value.st\na\n`;
  writeScratch("value.st", "a := a + 4.\n");
  const { output } = await gondola([], { input, cwd: scratch, env: { HOME: scratch } });
  expect(output).toBe(`3\nSaved home.image.\nSaved ~/other.image.\nLoaded ${join(scratch, "value.st")}.\n7\n`);
  for (const name of ["home.image", "other.image"]) {
    expect((await gondola([join(scratch, name)], { input: "a\n" })).output).toBe("3\n");
  }
});

test("answers its commands", async () => {
  const { output } = await gondola([], {
    input:
      ":implementors printOn:\n:senders printString\n:browse Object>>yourself\n:inspect 3 -> 4\n:processes\n:quit\nnever",
  });
  expect(output).toContain("Object>>printOn:");
  expect(output).toMatch(/yourself[^^]*\^ ?self/);
  expect(output).toMatch(/\n {2}key: 3\n {2}value: 4\n/);
  expect(output).toMatch(/host server/);
  expect(output).not.toContain("never");
});

test("an unknown command, or one without its operand, is told in a line", async () => {
  const { output, errors } = await gondola([], { input: ":zork\n:save\n:load /missing\n:browse Zork\n3\n" });
  expect(errors.split("\n").length).toBeGreaterThanOrEqual(5);
  expect(output).toBe("3\n");
});
