// The workspace: a prompt at which a person, or a pipe, evaluates expressions and makes definitions in a living image.

import { createInterface, type Interface } from "node:readline";
import { isComplete } from "../../compiler/script.ts";
import { renderDiagnostic, SourceError } from "../../compiler/sourceError.ts";
import { readSource } from "../../compiler/sources.ts";
import { FORM_PRINTED, SmalltalkError } from "./channel.ts";
import { CommandError, ExitRequest, type ParsedCommandLine, writeOutput } from "./commandLine.ts";
import { describeFailure } from "./commandSession.ts";
import { complete } from "./completion.ts";
import { version } from "./distribution.ts";
import { descriptorSink } from "./host.ts";
import { loadItems } from "./loader.ts";
import { ImageStoppedError, Session } from "./session.ts";
import { readAllSources, sourceFilesAt } from "./sourceFiles.ts";
import { GlobalName } from "./wire.ts";
import { readHistory, writeHistory } from "./workspaceHistory.ts";

const TOOLS = new GlobalName("HostTools");
const PRINT_LIMIT = 10_000;
const PROMPT = "st> ";
const CONTINUATION = "  > ";
/** So long after output of a process in the background the prompt comes back. */
const PROMPT_AGAIN_MS = 20;

const HELP = `An expression shows its value; _ is the last one. Variables that you assign keep their values.
Input goes on over several lines until it is complete; an empty line ends it in any case.

  Object subclass: #Account instanceVariableNames: 'balance' classVariableNames: '' package: 'Bank'
  Account >> deposit: amount [ balance := (balance ifNil: [0]) + amount ]

  :save FILE          save the image             :browse CLASS         definition and methods of a class
  :load PATH          load source files          :browse CLASS>>SEL    source of a method
  :inspect EXPR       what is in an object       :senders SEL          who sends a message
  :processes          what runs                  :implementors SEL     who understands it
  :quit or Ctrl-D     leave                      Ctrl-C                interrupt what is running
`;

type Settings = Pick<ParsedCommandLine, "engine" | "image" | "memoryLimitBytes" | "strict">;

export class Workspace {
  private readonly session: Session;
  private readonly isTerminal = Boolean(process.stdin.isTTY && process.stdout.isTTY);
  private readonly lines: string[] = [];
  private pending = "";
  private isBusy = false;
  private isAtEnd = false;
  private failed = false;
  private status: number | undefined;
  private isAtLineStart = true;
  /** The prompt and what was typed behind it stand on the last line of the screen. */
  private isPromptShown = false;
  private promptTimer: NodeJS.Timeout | undefined;
  private readline!: Interface;
  private wake: () => void = () => {};

  private constructor(settings: Settings) {
    this.session = new Session({
      engine: settings.engine,
      imageFile: settings.image,
      memoryLimitBytes: settings.memoryLimitBytes,
      strict: settings.strict,
      streams: { output: this.watch(descriptorSink(1)), errors: this.watch(descriptorSink(2)) },
      warn: (diagnostic, origin) => this.show(renderDiagnostic(diagnostic, origin, "warning")),
      onDeadlock: () => {
        if (!this.isTerminal) this.session.interrupt("Nothing can happen any more: it waits for what never comes.");
      },
    });
  }

  static async open(settings: Settings): Promise<Workspace> {
    const workspace = new Workspace(settings);
    await workspace.session.adoptVariables();
    return workspace;
  }

  /** Answers the exit status. */
  async run(): Promise<number> {
    this.readline = createInterface({
      input: process.stdin,
      output: this.isTerminal ? process.stdout : undefined,
      terminal: this.isTerminal,
      history: this.isTerminal ? readHistory() : [],
      historySize: 1000,
      removeHistoryDuplicates: true,
      completer: (line: string) => complete(this.session, line),
      prompt: PROMPT,
    });
    this.listen();
    if (this.isTerminal) this.show(`Gondola ${version}. :help shows what can be done here.`);
    try {
      await this.serve();
    } finally {
      clearTimeout(this.promptTimer);
      this.isPromptShown = false;
      this.readline.close();
      this.session.close();
    }
    return this.status ?? (this.failed && !this.isTerminal ? 1 : 0);
  }

  private listen(): void {
    this.readline.on("line", (line) => {
      this.isPromptShown = false;
      this.lines.push(line);
      this.wake();
    });
    this.readline.on("close", () => {
      this.isAtEnd = true;
      this.wake();
    });
    this.readline.on("history", (lines: string[]) => writeHistory(lines));
    this.readline.on("SIGINT", () => this.interrupt());
    if (!this.isTerminal) process.on("SIGINT", () => this.interrupt());
  }

  /** Ctrl-C: what runs is interrupted; otherwise what was typed is forgotten. */
  private interrupt(): void {
    if (this.isBusy) return this.session.interrupt("Interrupted.");
    if (!this.isTerminal) process.exit(130);
    this.pending = "";
    this.readline.write(null, { ctrl: true, name: "e" });
    this.readline.write(null, { ctrl: true, name: "u" });
    process.stdout.write("\n");
    this.prompt();
  }

  private async serve(): Promise<void> {
    this.prompt();
    while (this.status === undefined) {
      const line = await this.nextLine();
      if (line === undefined) break;
      await this.take(line);
    }
    if (this.pending.trim() !== "") await this.perform(this.takePending());
    if (this.isTerminal && this.isAtEnd && this.status === undefined) writeOutput("\n");
  }

  private async nextLine(): Promise<string | undefined> {
    while (this.lines.length === 0) {
      if (this.isAtEnd) return undefined;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return this.lines.shift();
  }

  private async take(line: string): Promise<void> {
    const isForced = line.trim() === "" && this.pending !== "";
    this.pending += this.pending === "" ? line : `\n${line}`;
    // What was pasted or piped is there at once: an indented line then goes on with the one before it.
    await new Promise((resolve) => setImmediate(resolve));
    if (!isForced && /^[ \t]+\S/.test(this.lines[0] ?? "")) return;
    if (isForced || isCommand(this.pending) || isComplete(this.pending)) await this.perform(this.takePending());
    if (this.status === undefined) this.prompt();
  }

  private takePending(): string {
    const text = this.pending;
    this.pending = "";
    return text;
  }

  private prompt(): void {
    if (!this.isTerminal) return;
    this.startLine();
    this.readline.setPrompt(this.pending === "" ? PROMPT : CONTINUATION);
    this.readline.prompt();
    this.isPromptShown = true;
  }

  /** A process in the background is about to write: its output takes the line of the prompt, which comes back below. */
  private makeRoomForOutput(): void {
    if (!this.isPromptShown) return;
    process.stdout.write("\r\x1b[K");
    this.isPromptShown = false;
    this.promptTimer = setTimeout(() => this.promptAgain(), PROMPT_AGAIN_MS);
  }

  private promptAgain(): void {
    this.promptTimer = undefined;
    if (this.isBusy || this.isAtEnd || this.lines.length > 0) return;
    this.startLine();
    this.readline.prompt(true);
    this.isPromptShown = true;
  }

  private async perform(text: string): Promise<void> {
    this.isBusy = true;
    try {
      if (isCommand(text)) await this.command(text.trim());
      else if (text.trim() !== "") await this.evaluate(text);
    } catch (error) {
      this.fail(error);
    } finally {
      this.isBusy = false;
    }
  }

  private fail(error: unknown): void {
    this.failed = true;
    if (error instanceof ExitRequest) throw error;
    if (error instanceof ImageStoppedError) {
      this.status = error.status ?? 1;
      if (error.status === undefined) this.show(error.message);
      return;
    }
    const isOurs = error instanceof SourceError || error instanceof SmalltalkError;
    const text = isOurs ? describeFailure(error) : (error as Error).message;
    if (this.isTerminal) this.show(process.env.NO_COLOR ? text : text.replace(/^.*/, "\x1b[31m$&\x1b[0m"));
    else process.stderr.write(`${text}\n`);
  }

  private async evaluate(text: string): Promise<void> {
    const items = readSource(text, "workspace", "script");
    if (items.length === 0) return;
    const answer = await loadItems(this.session, items, { form: FORM_PRINTED, limit: PRINT_LIMIT });
    const last = items[items.length - 1];
    if (last.kind === "expression") this.show(String(answer));
    else if (last.kind === "method")
      this.show(`${last.method.className}${last.method.meta ? " class" : ""}>>${answer}`);
  }

  // --- Commands ---

  private async command(text: string): Promise<void> {
    const [, name, operand] = /^:(\w*)\s*([\s\S]*)$/.exec(text) as RegExpExecArray;
    const commands: Record<string, () => Promise<void> | void> = {
      help: () => this.show(HELP.trimEnd()),
      quit: () => {
        this.status = 0;
      },
      save: () => this.save(operand),
      load: () => this.load(operand),
      browse: () => this.browse(operand),
      senders: () => this.list("senders:", operand, "a selector"),
      implementors: () => this.list("implementors:", operand, "a selector"),
      inspect: () => this.inspect(operand),
      processes: async () => this.show(((await this.session.send(TOOLS, "processes", [])) as string[]).join("\n")),
    };
    if (!Object.hasOwn(commands, name)) throw new CommandError(`There is no command :${name}; :help shows them.`, 2);
    await commands[name]();
  }

  private async save(file: string): Promise<void> {
    if (file === "") throw new CommandError(":save needs the name of a file.", 2);
    await this.session.save(file);
    this.show(`Saved ${file}.`);
  }

  private async load(path: string): Promise<void> {
    if (path === "") throw new CommandError(":load needs a file or a folder.", 2);
    const files = sourceFilesAt(path);
    await loadItems(this.session, readAllSources(files));
    this.show(`Loaded ${files.length === 1 ? files[0] : `${files.length} files`}.`);
  }

  private async browse(operand: string): Promise<void> {
    if (operand === "") throw new CommandError(":browse needs the name of a class.", 2);
    const [className, selector] = operand.split(/\s*>>\s*#?/);
    const values = selector === undefined ? [className] : [className, selector];
    this.show(String(await this.session.send(TOOLS, values.length === 1 ? "browse:" : "browse:selector:", values)));
  }

  private async list(selector: string, operand: string, what: string): Promise<void> {
    if (operand === "") throw new CommandError(`:${selector.slice(0, -1)} needs ${what}.`, 2);
    const found = (await this.session.send(TOOLS, selector, [operand.replace(/^#/, "")])) as string[];
    this.show(found.length === 0 ? "None." : found.join("\n"));
  }

  private async inspect(source: string): Promise<void> {
    if (source === "") throw new CommandError(":inspect needs an expression.", 2);
    const handle = await this.session.evaluate(source, { form: 1 });
    this.show(String(await this.session.send(TOOLS, "inspect:", [handle])));
  }

  // --- Output ---

  private show(text: string): void {
    this.startLine();
    writeOutput(`${text.replace(/\r\n?/g, "\n")}\n`);
  }

  /** What the image wrote last may not have ended its line. */
  private startLine(): void {
    if (!this.isAtLineStart) writeOutput("\n");
    this.isAtLineStart = true;
  }

  private watch(sink: (bytes: Uint8Array) => number): (bytes: Uint8Array) => number {
    return (bytes) => {
      this.makeRoomForOutput();
      const count = sink(bytes);
      if (count > 0) this.isAtLineStart = bytes[count - 1] === 10;
      return count;
    };
  }
}

function isCommand(text: string): boolean {
  return /^\s*:[a-z]/.test(text);
}
