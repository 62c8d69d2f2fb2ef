// The workspace as a person sees it, in a terminal that tmux draws.

import { mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { command } from "../support/gondola.ts";
import { hasTmux, Terminal } from "../support/terminal.ts";

describe.skipIf(!hasTmux)("the workspace in a terminal", () => {
  const state = mkdtempSync(join(tmpdir(), "gondola-state-"));
  const env = { XDG_STATE_HOME: state, NO_COLOR: "1" };
  const terminal = new Terminal([process.execPath, command], { env });

  beforeAll(async () => {
    terminal.start();
    await terminal.waitFor(/st>$/);
  });
  afterAll(() => terminal.stop());

  test("shows the value of an expression and prompts again", async () => {
    terminal.type("3 + 4");
    terminal.press("Enter");
    await terminal.waitFor(/st> 3 \+ 4\n7\nst> ?$/);
  });

  test("asks for more while an expression is incomplete", async () => {
    terminal.type("#(1 2 3) inject: 0 into: [:a :b |");
    terminal.press("Enter");
    await terminal.waitFor(/\n {2}> ?$/);
    terminal.type("a + b]");
    terminal.press("Enter");
    await terminal.waitFor(/\n6\nst> ?$/);
  });

  test("keeps what was typed where nobody else can read it", () => {
    expect(statSync(join(state, "gondola/history")).mode & 0o777).toBe(0o600);
  });

  test("interrupts with Ctrl-C and gives the prompt back", async () => {
    terminal.type("[true] whileTrue");
    terminal.press("Enter");
    await new Promise((resolve) => setTimeout(resolve, 500));
    terminal.press("C-c");
    await terminal.waitFor(/Interrupted\.\n.*DoIt[^\n]*\nst> ?$/);
  });

  test("ends with Ctrl-C what a file does that is loaded, and tells its line", async () => {
    writeFileSync(join(state, "endless.st"), "Transcript showln: 'begun'.\n[true] whileTrue.\n");
    terminal.enter(`:load ${join(state, "endless.st")}`);
    await terminal.waitFor(/\nbegun$/);
    terminal.press("C-c");
    await terminal.waitFor(/Interrupted\.\n[^\n]*DoIt line 2: \[true\] whileTrue\.\nst> ?$/);
    terminal.enter(
      "Process allInstances count: [:each | each isReady and: [each name includesSubstring: 'evaluation']]",
    );
    await terminal.waitFor(/\n0\nst> ?$/);
  });

  test("puts what a process in the background writes above the prompt and what was typed", async () => {
    terminal.type("[(Delay forMilliseconds: 500) wait. Transcript show: 'later'; lf] fork");
    terminal.press("Enter");
    await terminal.waitFor(/priority 40[^\n]*\nst> ?$/);
    terminal.type("3 + 4");
    await terminal.waitFor(/\nlater\nst> 3 \+ 4$/);
    terminal.press("Enter");
    await terminal.waitFor(/st> 3 \+ 4\n7\nst> ?$/);
  });

  test("lets a process in the background go on with the line that it has begun", async () => {
    terminal.enter(
      "[3 timesRepeat: [Transcript show: $.. (Delay forMilliseconds: 150) wait]. Transcript show: 'over'; lf] fork",
    );
    await terminal.waitFor(/priority 40[^\n]*\n\.+\n/);
    terminal.type("3 + 4");
    await terminal.waitFor(/priority 40[^\n]*\n\.\.\.over\nst> 3 \+ 4$/);
    terminal.press("C-c");
    await terminal.waitFor(/\nst> ?$/);
  });

  test("lets a program ask for a line behind its question", async () => {
    terminal.enter("Transcript show: 'Name? '. Stdio stdin nextLine size");
    await terminal.waitFor(/\nName\?$/);
    terminal.type("Adx");
    terminal.press("BSpace");
    terminal.type("a");
    await terminal.waitFor(/\nName\? Ada$/);
    terminal.press("Enter");
    await terminal.waitFor(/\nName\? Ada\n3\nst> ?$/);
  });

  test("completes names with Tab", async () => {
    terminal.type("OrderedColl");
    terminal.press("Tab");
    await terminal.waitFor(/st> OrderedCollection/);
    terminal.type(" new isEm");
    terminal.press("Tab");
    await terminal.waitFor(/st> OrderedCollection new isEmpty/);
    terminal.press("C-c");
    await terminal.waitFor(/\nst> ?$/);
  });

  test("completes the names of files behind :load", async () => {
    writeFileSync(join(state, "completed.st"), "'loaded'");
    terminal.type(`:load ${join(state, "comp")}`);
    terminal.press("Tab");
    await terminal.waitFor(/\/completed\.st$/);
    terminal.press("Enter");
    await terminal.waitFor(/Loaded [^\n]*completed\.st\.\nst> ?$/);
  });

  test("a process that was forked goes on in the image that was saved, and writes there", async () => {
    const image = join(state, "saved.image");
    terminal.enter("ticker := [[(Delay forMilliseconds: 200) wait. Transcript show: 'tick'; lf] repeat] fork");
    await terminal.waitFor(/tick\nst> ?$/);
    terminal.enter(`:save ${image}`);
    await terminal.waitFor(/Saved .*\n/);
    terminal.enter("ticker terminate");
    await terminal.waitFor(/a Process named.*terminated\)\nst> ?$/);
    const later = new Terminal([process.execPath, command, image], { env });
    later.start();
    try {
      await later.waitFor(/can be done here\.[\s\S]*\ntick\ntick\nst> ?$/);
      later.type("3 + 4");
      await later.waitFor(/tick\ntick\nst> 3 \+ 4$/);
    } finally {
      later.stop();
    }
  });

  test("Ctrl-Z gives the shell its turn", async () => {
    const shell = new Terminal(["bash", "--norc", "--noprofile", "-i"], { env: { ...env, PS1: "shell+" } });
    shell.start();
    try {
      await shell.waitFor(/shell\+$/);
      shell.enter(`${process.execPath} ${command}`);
      await shell.waitFor(/st> ?$/);
      shell.type("3 +");
      shell.press("C-z");
      await shell.waitFor(/Stopped[\s\S]*shell\+$/);
      shell.enter("fg");
      await new Promise((resolve) => setTimeout(resolve, 300));
      shell.type(" 4");
      shell.press("Enter");
      await shell.waitFor(/\n7\nst> ?$/);
    } finally {
      shell.stop();
    }
  });

  test("remembers what was typed, also in the next run", async () => {
    terminal.type("111 * 3");
    terminal.press("Enter");
    await terminal.waitFor(/\n333\nst> ?$/);
    terminal.press("C-d");
    await terminal.waitFor(/STATUS 0/);
    terminal.stop();
    terminal.start();
    await terminal.waitFor(/st> ?$/);
    terminal.press("Up");
    await terminal.waitFor(/st> 111 \* 3$/);
    terminal.press("Enter");
    await terminal.waitFor(/\n333\nst> ?$/);
  });
});
