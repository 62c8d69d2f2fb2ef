// Random programs (randomPrograms.ts) do the same interpreted, translated, and translated in slices of a few ticks: answers,
// errors, frames with all that is in them, and what is shown on the Transcript.

import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { distFolder } from "../../platform/node/distribution.ts";
import type { RunningMachine } from "../../platform/node/machine.ts";
import { Session } from "../../platform/node/session.ts";
import { ProgramWriter, type RandomProgram } from "./randomPrograms.ts";

const SEED = Number(process.env.SEED ?? Date.now() & 0x7fffffff);
/** How long programs are written and run; the first one always is. */
const TIME_MS = 8000;
const USUAL_BUDGET = 100_000;

/** A session in which programs run in slices of `budget` ticks. */
class Runner {
  private output = "";
  private readonly session: Session;
  private readonly machine: RunningMachine;

  constructor(
    translateAfter: number,
    private readonly budget = USUAL_BUDGET,
  ) {
    const sink = (bytes: Uint8Array) => {
      this.output += Buffer.from(bytes).toString();
      return bytes.length;
    };
    const imageFile = join(distFolder, "gondola.image");
    this.session = new Session({ imageFile, translateAfter, streams: { output: sink, errors: sink } });
    this.machine = (this.session as unknown as { machine: RunningMachine }).machine;
    Object.assign(this.machine, { adaptBudget: () => {}, shareTime: () => {} });
  }

  /** What a program answers and shows. Its classes are defined in usual slices. */
  async run({ definitions, expression, end }: RandomProgram): Promise<string> {
    this.output = "";
    Object.assign(this.machine, { budget: USUAL_BUDGET });
    for (const definition of definitions) await this.session.evaluate(definition);
    Object.assign(this.machine, { budget: this.budget });
    const answer = await this.session.evaluate(expression, { limit: 1_000_000 });
    Object.assign(this.machine, { budget: USUAL_BUDGET });
    await this.session.evaluate(end);
    return `${answer}\n${this.output}`;
  }
  close(): void {
    this.session.close();
  }
}

const interpreted = new Runner(0);
const translated = {
  "translated at once": new Runner(1),
  "translated after 3, in slices of 5 ticks": new Runner(3, 5),
};
afterAll(() => {
  for (const runner of [interpreted, ...Object.values(translated)]) runner.close();
});

test("random programs do the same interpreted and translated", { timeout: 120_000 }, async () => {
  const start = performance.now();
  for (let seed = SEED; seed === SEED || performance.now() - start < TIME_MS; seed++) {
    const program = new ProgramWriter(seed, `Random${seed}`).program();
    let expected: string;
    try {
      expected = await interpreted.run(program);
    } catch {
      continue; // refused by the compiler: too many variables, for example
    }
    for (const [how, runner] of Object.entries(translated)) {
      expect(await runner.run(program), `SEED=${seed}, ${how}`).toBe(expected);
    }
  }
});
