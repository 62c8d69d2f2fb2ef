// gondola test [PATTERN]: SUnit tests, and the examples in method comments.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { SourceError } from "../../../compiler/sourceError.ts";
import { SmalltalkError } from "../channel.ts";
import { EXIT_FAILED, EXIT_GOOD, type ParsedCommandLine, UsageError, writeOutput } from "../commandLine.ts";
import { interruptOnSignal, openSession } from "../commandSession.ts";
import { distFolder } from "../distribution.ts";
import { type Example, examplesIn } from "../examples.ts";
import { ImageStoppedError, type Session } from "../session.ts";
import { GlobalName } from "../wire.ts";

const TOOLS = new GlobalName("HostTools");
const TEST_LIMIT_MS = 60_000;
const EXAMPLE_LIMIT_MS = 10_000;

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

export async function run(parsed: ParsedCommandLine): Promise<number> {
  const [pattern = "", ...rest] = parsed.operands;
  if (rest.length > 0) throw new UsageError("test takes one pattern");
  const session = openSession({ ...parsed, image: parsed.image ?? testImage() });
  interruptOnSignal(session);
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
  try {
    await runTests(session, pattern, tally);
    await runExamples(session, pattern, tally);
  } catch (error) {
    if (!(error instanceof ImageStoppedError)) throw error;
    tally.failed++;
    writeOutput(`${error.message}\n`);
  } finally {
    session.close();
  }
  const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : "";
  writeOutput(`${tally.passed} passed, ${tally.failed} failed${skipped}\n`);
  return tally.failed > 0 ? EXIT_FAILED : EXIT_GOOD;
}

/** A checkout has an image with the class library's tests; what users install has only what they load. */
function testImage(): string | undefined {
  const root = join(distFolder, "..");
  if (!existsSync(join(root, "image/bootstrap"))) return undefined;
  const build = join(root, "platform/node/build.ts");
  execFileSync(process.execPath, ["--import", "tsx", build, "--tests"], { cwd: root, stdio: ["ignore", 2, 2] });
  return join(distFolder, "test.image");
}

async function runTests(session: Session, pattern: string, tally: Tally): Promise<void> {
  const tests = (await session.send(TOOLS, "testsMatching:", [pattern])) as [string, string][];
  for (const [className, selector] of tests) {
    const outcome = await outcomeOf(() =>
      session.send(TOOLS, "runTest:selector:", [className, selector], { timeoutMs: TEST_LIMIT_MS }),
    );
    record(tally, `${className}>>${selector}`, outcome);
  }
}

type Outcome = { kind: "passed" } | { kind: "failed" | "skipped"; text: string };

async function outcomeOf(run: () => Promise<unknown>): Promise<Outcome> {
  try {
    const answer = await run();
    if (answer === "passed") return { kind: "passed" };
    const [kind, text] = answer as [string, string];
    return { kind: kind === "skipped" ? "skipped" : "failed", text };
  } catch (error) {
    if (!(error instanceof SmalltalkError)) throw error;
    return { kind: "failed", text: [error.messageText, ...error.smalltalkStack].join("\n") };
  }
}

function record(tally: Tally, name: string, outcome: Outcome): void {
  tally[outcome.kind]++;
  if (outcome.kind === "failed") writeOutput(`FAILED ${name}\n${outcome.text.trimEnd().replace(/^/gm, "  ")}\n`);
}

async function runExamples(session: Session, pattern: string, tally: Tally): Promise<void> {
  const methods = (await session.send(TOOLS, "examples", [])) as [string, string, string][];
  for (const [className, selector, source] of methods) {
    const name = `${className}>>${selector}`;
    if (!name.includes(pattern)) continue;
    for (const example of examplesIn(source)) record(tally, name, await runExample(session, example));
  }
}

/** The first reading that compiles and holds; when none does, what the last one that compiled came to. */
async function runExample(session: Session, example: Example): Promise<Outcome> {
  let outcome: Outcome = { kind: "failed", text: `${example.text}\nis not an expression` };
  for (const expression of example.expressions) {
    const source = `HostTools example: [ ${expression} ] equals: [ ${example.result} ]`;
    try {
      const options = { timeoutMs: EXAMPLE_LIMIT_MS, strict: true };
      outcome = await outcomeOf(() => session.evaluate(source, options));
      if (outcome.kind === "passed") return outcome;
      outcome = { kind: outcome.kind, text: `${example.text}\n${outcome.text}` };
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
    }
  }
  return outcome;
}
