// What a person can do with the keys at the prompt, and what a terminal may do to it.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { command, scratch } from "../support/gondola.ts";
import { hasTmux, Terminal } from "../support/terminal.ts";

const ENV = { XDG_STATE_HOME: scratch, NO_COLOR: "1" };
const PROGRAM = [process.execPath, command];
const PASTE_LIMIT_MS = 60_000;

describe.skipIf(!hasTmux)("the line editor", () => {
  const terminal = new Terminal(PROGRAM, { columns: 60, rows: 30, env: ENV });

  beforeEach(async () => {
    terminal.start();
    await terminal.waitFor(/st>$/);
  });
  afterEach(() => terminal.stop());

  test("moves, deletes and brings back with the keys of readline", async () => {
    terminal.type("bc + 4");
    terminal.press("C-a");
    terminal.type("a");
    terminal.press("C-e", "BSpace");
    terminal.type("5");
    await terminal.waitFor(/st> abc \+ 5$/);
    terminal.press("Home", "M-f", "C-k");
    await terminal.waitFor(/st> abc$/);
    terminal.press("C-y", "C-w", "C-u", "C-y", "C-y");
    await terminal.waitFor(/st> abc \+ abc \+$/);
    terminal.press("C-_", "C-_");
    await terminal.waitFor(/st> ?$/);
  });

  test("changes any line of an input of several lines", async () => {
    terminal.enter("#(1 2) inject: 10 into: [:a :b |");
    terminal.type("a + b]");
    await terminal.waitFor(/\n {2}> a \+ b\]$/);
    terminal.press("Up", "C-e", "M-b", "BSpace");
    terminal.type(": ");
    terminal.press("BSpace");
    await terminal.waitFor(/into: \[:a :b \|\n/);
    terminal.press("C-a");
    terminal.type("3 + (");
    terminal.press("Down", "C-e");
    terminal.type(")");
    terminal.press("Enter");
    await terminal.waitFor(/\n16\nst> ?$/);
    terminal.press("Up");
    await terminal.waitFor(/st> 3 \+ \(#\(1 2\) inject: 10 into: \[:a :b \|\n {2}> a \+ b\]\)$/);
  });

  test("finds what was typed before", async () => {
    terminal.enter("111 + 111");
    await terminal.waitFor(/\n222\nst> ?$/);
    terminal.enter("'other'");
    await terminal.waitFor(/\n'other'\nst> ?$/);
    terminal.type("draft");
    terminal.press("C-r");
    terminal.type("11 +");
    await terminal.waitFor(/\(history\) 11 \+: 111 \+ 111$/);
    terminal.press("C-g");
    await terminal.waitFor(/st> draft$/);
    terminal.press("C-r");
    terminal.type("1 + 1");
    terminal.press("Enter");
    await terminal.waitFor(/st> 111 \+ 111\n222\nst> ?$/);
  });

  test("knows how wide characters are", async () => {
    terminal.type("'日本語🙂e\u0301' size");
    await terminal.waitFor(/st> '日本語🙂e\u0301' size$/);
    for (let index = 0; index < 6; index++) terminal.press("Left");
    await terminal.waitFor(/./);
    terminal.press("BSpace", "BSpace");
    await terminal.waitFor(/st> '日本語' size$/);
    expect(terminal.cursor()[0]).toBe("st> '".length + 6);
    terminal.press("Enter");
    await terminal.waitFor(/\n3\nst> ?$/);
  });

  test("breaks long lines, also when the window becomes narrower or wider", async () => {
    const text = `'${"0123456789".repeat(12)}' size`;
    terminal.type(text);
    await terminal.waitFor(/' size$/);
    terminal.resize(35, 30);
    await terminal.waitFor(/st> '.*\n.*\n.*\n.*' size$/);
    terminal.resize(90, 30);
    await terminal.waitFor(/st> '.{85}\n.*' size$/);
    terminal.press("C-a");
    terminal.type("1 + ");
    terminal.press("Enter");
    const screen = await terminal.waitFor(/\n121\nst> ?$/);
    expect(screen.match(/st> 1 \+ '/g)).toHaveLength(1);
    expect(screen.replaceAll("\n", "")).toContain(text);
  });

  test("leaves out what it does not know: terminal noise", async () => {
    terminal.type("3 ");
    const noise = [
      "\x1b[?1;2c",
      "\x1b[<0;1;2M",
      "\x1b]11;rgb:0000/0000/0000\x07",
      "\x1bP1$r0m\x1b\\",
      "\x1b[I",
      "\x1bO~",
    ];
    for (const sequence of noise) terminal.type(sequence);
    terminal.press("F5", "M-x", "C-o", "C-z");
    terminal.type("+ 4");
    await terminal.waitFor(/st> 3 \+ 4$/);
    terminal.press("Enter");
    await terminal.waitFor(/st> 3 \+ 4\n7\nst> ?$/);
  });

  test("takes a paste as it is, until Enter", async () => {
    terminal.paste("x := 3.\n\tx + 4\n");
    await terminal.waitFor(/st> x := 3\.\n {2}> +x \+ 4\n {2}> ?$/);
    terminal.press("BSpace", "Enter");
    await terminal.waitFor(/\n7\nst> ?$/);
  });

  test("takes a megabyte that is pasted", async () => {
    terminal.paste(`'${"All work and no play makes Jack a dull boy.\n".repeat(24_000)}' size`);
    await terminal.waitFor(/' size$/, PASTE_LIMIT_MS);
    terminal.press("Enter");
    await terminal.waitFor(/\n1056000\nst> ?$/, PASTE_LIMIT_MS);
  });

  test("completes what the receiver understands, and lists it", async () => {
    terminal.type("Transcript crSh");
    terminal.press("Tab");
    await terminal.waitFor(/st> Transcript crShow: ?$/);
    terminal.press("C-c");
    terminal.type("3 isEm");
    terminal.press("Tab", "Tab");
    terminal.type("!");
    await terminal.waitFor(/st> 3 isEm!$/);
    terminal.press("C-c");
    terminal.type("#() isEm");
    terminal.press("Tab", "Tab");
    await terminal.waitFor(/isEmpty +isEmptyOrNil\nst> #\(\) isEmpty$/);
    terminal.press("C-c");
    terminal.type(":brow");
    terminal.press("Tab");
    terminal.type("Ordered");
    await terminal.waitFor(/st> :browse Ordered$/);
  });

  test("Ctrl-C forgets what was typed, Ctrl-D at an empty prompt leaves", async () => {
    terminal.type("3 + (");
    terminal.press("Enter");
    terminal.type("4");
    terminal.press("C-c");
    await terminal.waitFor(/ {2}> 4\nst> ?$/);
    terminal.press("C-d");
    await terminal.waitFor(/STATUS 0$/);
  });

  test("Ctrl-C is heard whatever runs", async () => {
    const busy = [
      "[true] whileTrue",
      "[[true] whileTrue] forkAt: 60. [true] whileTrue",
      "Semaphore new wait",
      "(Delay forSeconds: 100) wait",
      "[true] whileTrue: [Transcript show: 'busy '; lf]",
      "[[true] whileTrue] ensure: [(Delay forSeconds: 100) wait]",
      "10000000 factorial",
      "| block | block := nil. block := [:n | 1 + (block value: n + 1)]. [true] whileTrue: [[block value: 1] on: Error do: []]",
    ];
    for (const expression of busy) {
      terminal.enter(expression);
      await new Promise((resolve) => setTimeout(resolve, 300));
      terminal.press("C-c");
      await terminal.waitFor(/Interrupted\.\n[\s\S]*st> ?$/);
      terminal.press("C-l");
      terminal.enter("3 + 4");
      await terminal.waitFor(/st> 3 \+ 4\n7\nst> ?$/);
    }
  });

  test("Ctrl-C ends an image in which the highest priority never rests, with one sentence", async () => {
    terminal.enter("[[true] whileTrue] forkAt: 80");
    await new Promise((resolve) => setTimeout(resolve, 300));
    terminal.press("C-c");
    await terminal.waitFor(/The image did not react to the interrupt and wa\s*s\s+stopped\.\nSTATUS 1$/);
  });

  test("a program reads what is typed while it runs", async () => {
    terminal.enter("Stdio stdin nextLine reversed");
    await new Promise((resolve) => setTimeout(resolve, 300));
    terminal.enter("abc");
    await terminal.waitFor(/\nabc\n'cba'\nst> ?$/);
  });
});

describe.skipIf(!hasTmux)("colours", () => {
  async function screenAfterError(env: Record<string, string>): Promise<string> {
    const terminal = new Terminal(PROGRAM, { env: { ...env, XDG_STATE_HOME: scratch } });
    terminal.start();
    try {
      await terminal.waitFor(/st> ?$/);
      terminal.enter("1/0");
      await terminal.waitFor(/ZeroDivide[\s\S]*> ?$/);
      return terminal.screen(true);
    } finally {
      terminal.stop();
    }
  }

  test("an error is red", async () => {
    expect(await screenAfterError({})).toContain("\x1b[31mZeroDivide");
  });

  test("not with NO_COLOR", async () => {
    expect(await screenAfterError({ NO_COLOR: "1" })).not.toContain("\x1b[31m");
  });

  test("a dumb terminal gets plain text and edits itself", async () => {
    expect(await screenAfterError({ TERM: "dumb" })).not.toContain("\x1b[");
  });
});
