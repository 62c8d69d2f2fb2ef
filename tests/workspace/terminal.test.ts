// The workspace as a person sees it, in a terminal that tmux draws.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
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

  test("interrupts with Ctrl-C and gives the prompt back", async () => {
    terminal.type("[true] whileTrue");
    terminal.press("Enter");
    await new Promise((resolve) => setTimeout(resolve, 500));
    terminal.press("C-c");
    await terminal.waitFor(/Interrupted\.\n.*DoIt[^\n]*\nst> ?$/);
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
