// A terminal that tmux draws, with a program in it.

import { execFileSync, spawnSync } from "node:child_process";

export const hasTmux = spawnSync("tmux", ["-V"]).status === 0;
const LIMIT_MS = 15_000;
let servers = 0;

export interface TerminalOptions {
  columns?: number;
  rows?: number;
  env?: Record<string, string>;
}

export class Terminal {
  /** A server of its own for each run: one that was told to end takes a while. */
  private socket = "";

  /** `words`: the program and its arguments. */
  constructor(
    private readonly words: string[],
    private readonly options: TerminalOptions = {},
  ) {}

  private tmux(...words: string[]): string {
    return execFileSync("tmux", ["-L", this.socket, ...words], { encoding: "utf8" });
  }

  start(): void {
    this.socket = `gondola-${process.pid}-${++servers}`;
    const { columns = 120, rows = 50, env = {} } = this.options;
    const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const line = `env ${settings.join(" ")} ${this.words.join(" ")}; echo STATUS $?; sleep 60`;
    this.tmux("new-session", "-d", "-x", `${columns}`, "-y", `${rows}`, line);
  }

  type(text: string): void {
    this.tmux("send-keys", "-l", text);
  }

  press(...keys: string[]): void {
    this.tmux("send-keys", ...keys);
  }

  /** A line, with Enter. */
  enter(text: string): void {
    this.type(text);
    this.press("Enter");
  }

  /** What the terminal sends when something is pasted: with its marks when the program has asked for them. */
  paste(text: string): void {
    execFileSync("tmux", ["-L", this.socket, "load-buffer", "-"], { input: text });
    this.tmux("paste-buffer", "-p", "-r");
  }

  resize(columns: number, rows: number): void {
    this.tmux("resize-window", "-x", `${columns}`, "-y", `${rows}`);
  }

  /** With `styled`, the escape sequences of colours are in it. */
  screen(styled = false): string {
    return this.tmux("capture-pane", ...(styled ? ["-e"] : []), "-p", "-S", "-200").trimEnd();
  }

  /** Column and row of the cursor, from 0. */
  cursor(): [number, number] {
    const [x, y] = this.tmux("display-message", "-p", "#{cursor_x} #{cursor_y}").trim().split(" ");
    return [Number(x), Number(y)];
  }

  async waitFor(pattern: RegExp, limitMs = LIMIT_MS): Promise<string> {
    const end = Date.now() + limitMs;
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
