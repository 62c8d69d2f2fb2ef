// gondola test [PATTERN]: SUnit tests, and the examples in method comments.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { SourceError } from "../../../compiler/sourceError.ts";
import { SmalltalkError } from "../channel.ts";
import {
  CommandError,
  EXIT_FAILED,
  EXIT_GOOD,
  type ParsedCommandLine,
  UsageError,
  writeOutput,
} from "../commandLine.ts";
import { interruptOnSignal, openSession } from "../commandSession.ts";
import { distFolder } from "../distribution.ts";
import { type Example, examplesIn } from "../examples.ts";
import { type EvaluateOptions, ImageStoppedError, type Session } from "../session.ts";
import { withTestImage } from "../testSources.ts";
import { GlobalName } from "../wire.ts";

const TOOLS = new GlobalName("HostTools");
const EXIT_NOTHING = 2;
const TEST_LIMIT_MS = 60_000;
const EXAMPLE_LIMIT_MS = 10_000;

export async function run(parsed: ParsedCommandLine): Promise<number> {
  const [pattern = "", ...rest] = parsed.operands;
  if (rest.length > 0) throw new UsageError("test takes one pattern");
  const where = parsed.image ?? "the class library";
  const runOn = (image?: string) => new TestRunner({ ...parsed, image }, pattern, where).run();
  if (parsed.image !== undefined) return runOn(parsed.image);
  const root = join(distFolder, "..");
  const isCheckout = existsSync(join(root, "image/bootstrap"));
  return isCheckout ? runOn(builtTestImage(root)) : withTestImage(parsed, runOn);
}

function builtTestImage(root: string): string {
  const build = join(root, "platform/node/build.ts");
  execFileSync(process.execPath, ["--import", "tsx", build, "--tests"], { cwd: root, stdio: ["ignore", 2, 2] });
  return join(distFolder, "test.image");
}

type Outcome = { kind: "passed" } | { kind: "failed" | "skipped"; text: string };

class TestRunner {
  private session: Session;
  private readonly tally = { passed: 0, failed: 0, skipped: 0 };
  private interrupted = false;

  constructor(
    private readonly settings: Parameters<typeof openSession>[0],
    private readonly pattern: string,
    /** How messages call the image. */
    private readonly where: string,
  ) {
    this.session = this.open();
  }

  private open(): Session {
    const session = openSession(this.settings);
    interruptOnSignal(session);
    process.once("SIGINT", () => {
      this.interrupted = true;
    });
    return session;
  }

  async run(): Promise<number> {
    await this.runTests();
    await this.runExamples();
    this.session.close();
    const { passed, failed, skipped } = this.tally;
    if (passed + failed + skipped === 0 && !this.interrupted)
      throw new CommandError(this.describeNothing(), EXIT_NOTHING);
    writeOutput(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`);
    return failed > 0 || this.interrupted ? EXIT_FAILED : EXIT_GOOD;
  }

  private describeNothing(): string {
    return `There is no test or example in ${this.where}${this.pattern === "" ? "" : ` with ${this.pattern} in its name`}.`;
  }

  private async runTests(): Promise<void> {
    const tests = (await this.session.send(TOOLS, "testsMatching:", [this.pattern])) as [string, string][];
    for (const [className, selector] of tests) {
      if (this.interrupted) return;
      const outcome = await this.outcomeOf(() =>
        this.session.send(TOOLS, "runTest:selector:", [className, selector], { timeoutMs: TEST_LIMIT_MS }),
      );
      this.record(`${className}>>${selector}`, outcome);
    }
    await this.tearDownResources();
  }

  private async tearDownResources(): Promise<void> {
    const outcome = await this.outcomeOf(async () => {
      await this.session.evaluate("TestResource allSubclasses do: [:each | each reset]", { timeoutMs: TEST_LIMIT_MS });
      return "passed";
    });
    if (outcome.kind === "failed") this.record("TestResource>>tearDown", outcome);
  }

  private async runExamples(): Promise<void> {
    const methods = (await this.session.send(TOOLS, "examples", [])) as [string, string, string][];
    for (const [className, selector, source] of methods) {
      const name = `${className}>>${selector}`;
      if (!name.includes(this.pattern)) continue;
      for (const example of examplesIn(source)) {
        if (this.interrupted) return;
        this.record(name, await this.runExample(example));
      }
    }
  }

  /** The first reading that compiles and holds; when none does, what the last one that compiled came to. */
  private async runExample(example: Example): Promise<Outcome> {
    let outcome: Outcome = { kind: "failed", text: `${example.text}\nis not an expression` };
    const options: EvaluateOptions = { timeoutMs: EXAMPLE_LIMIT_MS, strict: true };
    for (const expression of example.expressions) {
      const source = `HostTools example: [ ${expression} ] equals: [ ${example.result} ]`;
      try {
        outcome = await this.outcomeOf(() => this.session.evaluate(source, options));
        if (outcome.kind === "passed") return outcome;
        outcome = { kind: outcome.kind, text: `${example.text}\n${outcome.text}` };
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
      }
    }
    return outcome;
  }

  /** A test that brings the whole image down fails alone: the next one gets a fresh image. */
  private async outcomeOf(run: () => Promise<unknown>): Promise<Outcome> {
    try {
      const answer = await run();
      if (answer === "passed") return { kind: "passed" };
      const [kind, text] = answer as [string, string];
      return { kind: kind === "skipped" ? "skipped" : "failed", text };
    } catch (error) {
      if (error instanceof SmalltalkError) {
        return { kind: "failed", text: [error.messageText, ...error.smalltalkStack].join("\n") };
      }
      if (!(error instanceof ImageStoppedError)) throw error;
      this.session = this.open();
      return { kind: "failed", text: error.message };
    }
  }

  private record(name: string, outcome: Outcome): void {
    this.tally[outcome.kind]++;
    if (outcome.kind === "failed") writeOutput(`FAILED ${name}\n${outcome.text.trimEnd().replace(/^/gm, "  ")}\n`);
  }
}
