// An error at the prompt: its process stands still and can be looked at, and can go on.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { command, gondola, scratch } from "../support/gondola.ts";
import { hasTmux, Terminal } from "../support/terminal.ts";

const CLASS = "Object subclass: #Account instanceVariableNames: 'balance' classVariableNames: '' package: 'Bank'";
const METHOD = "Account >> deposit: amount [ | before | before := balance ifNil: [0]. ^balance := before + amount ]";

describe.skipIf(!hasTmux)("after an error", () => {
  const terminal = new Terminal([process.execPath, command], {
    rows: 60,
    env: { XDG_STATE_HOME: scratch, NO_COLOR: "1" },
  });

  beforeAll(async () => {
    terminal.start();
    await terminal.waitFor(/st>$/);
    for (const line of [CLASS, METHOD, "a := Account new. a deposit: 30"]) terminal.enter(line);
    await terminal.waitFor(/\n30\nst>$/);
  });
  afterAll(() => terminal.stop());

  async function enter(line: string, answer: RegExp): Promise<string> {
    terminal.press("C-l");
    terminal.enter(line);
    return terminal.waitFor(answer);
  }

  /** Of the method in the stack that was shown last. */
  function frameNumber(screen: string): string {
    return [...screen.matchAll(/(\d+) Account>>deposit:/g)].at(-1)?.[1] ?? "";
  }

  test("the prompt shows that one is open; :abandon ends it", async () => {
    await enter(
      "a withdraw: 7",
      /#withdraw:\n {2}1 Account\(Object\)>>.*\n {2}2 .*DoIt line 1: a withdraw: 7\nst 1> ?$/,
    );
    await enter(":abandon", /\nst> ?$/);
    await enter(":stack", /No error is open\.\nst> ?$/);
  });

  test("a frame shows where it is and its variables, and expressions are evaluated in it", async () => {
    const screen = await enter("a deposit: nil", /\d+ Account>>deposit:.*\n[\s\S]*st 1> ?$/);
    const number = frameNumber(screen);
    await enter(
      `:frame ${number}`,
      /> .*before \+ amount[\s\S]*\^+\n[\s\S]* {2}amount +nil\n {2}before +30\nst 1:\d+> ?$/,
    );
    await enter("before + 1", /\n31\nst 1:/);
    await enter("self == a", /\ntrue\nst 1:/);
    await enter("before := 100", /\n100\nst 1:/);
    await enter(":vars", / {2}balance +30\n[\s\S]* {2}before +100\nst 1:/);
    await enter(":frame none", /\nst 1> ?$/);
    await enter("before", /not declared/);
    await enter(`:frame ${number}`, /st 1:/);
    await enter(":return 3 * before", /\n300\nst> ?$/);
  });

  test("a frame begins again, with what was put right meanwhile", async () => {
    const screen = await enter("a deposit: 'x'", /\d+ Account>>deposit:.*\n[\s\S]*st 1> ?$/);
    const number = frameNumber(screen);
    await enter(`:frame ${number}`, /st 1:/);
    await enter("amount := 7", /\n7\nst 1:/);
    await enter(":restart", /\n37\nst> ?$/);
  });

  test("a method that was mended runs in the frame of the old one", async () => {
    const screen = await enter("(a deposit: nil) -> 1", /\d+ Account>>deposit:.*\n[\s\S]*st 1> ?$/);
    await enter("Account >> deposit: amount [ ^'mended' ]", /Account>>deposit:\nst 1> ?$/);
    await enter(`:frame ${frameNumber(screen)}`, /st 1:/);
    await enter(":restart", /\n'mended'->1\nst> ?$/);
  });

  test("the failed message can answer a value, and errors can be nested", async () => {
    await enter("(a zork: 1) + 1", /#zork:[\s\S]*st 1> ?$/);
    await enter(":proceed 1/0", /ZeroDivide[\s\S]*st 2> ?$/);
    await enter(":abandon", /\nst 1> ?$/);
    await enter(":proceed 41", /\n42\nst> ?$/);
    await enter("(Exception signal: 'careful') -> 3", /careful[\s\S]*st 1> ?$/);
    await enter(":proceed", /\nnil->3\nst> ?$/);
  });

  test("that of a forked process is told and can be opened", async () => {
    await enter("p := [1/0. 5] fork. 3", /ZeroDivide[\s\S]*:debug opens it\.\nst> ?$/);
    await enter(":debug", /ZeroDivide[\s\S]*st 1> ?$/);
    await enter(":return 8", /\nst> ?$/);
    await enter("p isTerminated", /\ntrue\nst> ?$/);
  });

  test("a wrong command tells in a line what it needs", async () => {
    await enter("1/0", /st 1> ?$/);
    await enter(":frame 99", /:frame needs a number from 1 to \d+, or none\.\nst 1> ?$/);
    await enter(":return", /:return needs an expression\.\nst 1> ?$/);
    await enter(":debug", /No forked process stands at an error\.\nst 1> ?$/);
    await enter(":abandon all", /\nst> ?$/);
  });

  test("a method can be changed where its error was", async () => {
    await enter(":edit Account>>deposit:", /st> Account >> deposit: amount \[/);
    terminal.press("C-c");
    await terminal.waitFor(/\nst> ?$/);
  });
});

test("on a pipe nothing waits: the unwind blocks run, and the run ends", async () => {
  const input = "[1/0] ensure: [Transcript show: 'unwound'; lf]\n:proceed 3\n3 + 4\n";
  const { status, output, errors } = await gondola([], { input });
  expect([status, output]).toEqual([1, "unwound\n"]);
  expect(errors).toMatch(/^ZeroDivide/);
});
