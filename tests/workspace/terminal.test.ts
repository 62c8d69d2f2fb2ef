// The workspace as a person sees it, in a terminal that tmux draws.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { command } from "../support/gondola.ts";

const hasTmux = spawnSync("tmux", ["-V"]).status === 0;
const LIMIT_MS = 15_000;

class Terminal {
  private runs = 0;

  constructor(private readonly state: string) {}

  /** A server of its own for each run: one that was told to end takes a while. */
  private get socket(): string {
    return `gondola-${process.pid}-${this.runs}`;
  }

  private tmux(...words: string[]): string {
    return execFileSync("tmux", ["-L", this.socket, ...words], { encoding: "utf8" });
  }

  start(): void {
    this.runs++;
    const line = `env XDG_STATE_HOME=${this.state} NO_COLOR=1 ${process.execPath} ${command}; echo STATUS $?; sleep 60`;
    this.tmux("new-session", "-d", "-x", "120", "-y", "50", line);
  }

  type(text: string): void {
    this.tmux("send-keys", "-l", text);
  }

  press(...keys: string[]): void {
    this.tmux("send-keys", ...keys);
  }

  screen(): string {
    return this.tmux("capture-pane", "-p", "-S", "-200").trimEnd();
  }

  async waitFor(pattern: RegExp): Promise<string> {
    const end = Date.now() + LIMIT_MS;
    for (;;) {
      const screen = this.screen();
      if (pattern.test(screen)) return screen;
      if (Date.now() > end) throw new Error(`${pattern} did not appear:\n${screen}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  stop(): void {
    spawnSync("tmux", ["-L", this.socket, "kill-server"]);
  }
}

describe.skipIf(!hasTmux)("the workspace in a terminal", () => {
  const state = mkdtempSync(join(tmpdir(), "gondola-state-"));
  const terminal = new Terminal(state);

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
