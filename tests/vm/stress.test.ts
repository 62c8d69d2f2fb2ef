// The class library's own tests while the garbage collector runs at every safepoint: whatever the machine holds outside
// the heap's roots is moved away under it at once.

import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { distFolder } from "../../platform/node/distribution.ts";
import type { EngineName } from "../../platform/node/engine.ts";
import type { RunningMachine } from "../../platform/node/machine.ts";
import { Session } from "../../platform/node/session.ts";
import { GlobalName } from "../../platform/node/wire.ts";

const TOOLS = new GlobalName("HostTools");
/** Processes, weak references, become and unwinding first: they hold addresses in the most places. */
const SUITES = [
  "BlockClosureTest",
  "ClassTest",
  "ContextTest",
  "ExceptionTest",
  "FinalizationTest",
  "GeneratorTest",
  "MethodDictionaryTest",
  "ObjectTest",
  "SemaphoreTest",
  "ProcessTest",
  "DictionaryTest",
  "OrderedCollectionTest",
  "StringTest",
  "WriteStreamTest",
];
/** These fill the memory, which takes too long when all of it is collected again and again. */
const TOO_LARGE = /Recursion|Memory|Deep/;
/** Between two full collections: the dearer the engine, the rarer. */
const SAFEPOINTS_PER_COLLECTION: Record<EngineName, number> = { wasm: 50, ts: 500 };

function openSession(engine: EngineName, translateAfter: number): { session: Session; running: RunningMachine } {
  const sink = (bytes: Uint8Array) => bytes.length;
  const imageFile = join(distFolder, "test.image");
  const session = new Session({ engine, imageFile, translateAfter, streams: { output: sink, errors: sink } });
  return { session, running: (session as unknown as { machine: RunningMachine }).machine };
}

function stressedSession(engine: EngineName, translateAfter: number): Session {
  const { session, running } = openSession(engine, translateAfter);
  running.machine.setStressMode(SAFEPOINTS_PER_COLLECTION[engine]);
  return session;
}

/** The heap goes to another machine after every slice, as it otherwise does only to give memory back. */
function movingSession(engine: EngineName, translateAfter: number): Session {
  const { session, running } = openSession(engine, translateAfter);
  Object.assign(running, { hasSpareMemory: () => true });
  return session;
}

/** Where everything is translated anew after each slice, only what is hot is. */
const MACHINES = [
  { how: "under GC stress", open: stressedSession, engine: "wasm", translateAfter: 0 },
  { how: "under GC stress", open: stressedSession, engine: "wasm", translateAfter: 1 },
  { how: "under GC stress", open: stressedSession, engine: "ts", translateAfter: 0 },
  { how: "moving to a new machine all the time", open: movingSession, engine: "wasm", translateAfter: 0 },
  { how: "moving to a new machine all the time", open: movingSession, engine: "wasm", translateAfter: 30 },
  { how: "moving to a new machine all the time", open: movingSession, engine: "ts", translateAfter: 0 },
] as const;

describe.each(MACHINES)(
  "$how, engine $engine, translated after $translateAfter (0: never)",
  ({ open, engine, translateAfter }) => {
    const session = open(engine, translateAfter);
    afterAll(() => session.close());

    test.each(SUITES)(
      "%s passes",
      async (suite) => {
        const tests = (await session.send(TOOLS, "testsMatching:", [suite])) as [string, string][];
        expect(tests.length).toBeGreaterThan(0);
        const failures: string[] = [];
        for (const [className, selector] of tests.filter(([, name]) => !TOO_LARGE.test(name))) {
          const outcome = await session.send(TOOLS, "runTest:selector:", [className, selector], { timeoutMs: 150_000 });
          if (outcome !== "passed") failures.push(`${className}>>${selector}: ${JSON.stringify(outcome)}`);
        }
        expect(failures).toEqual([]);
      },
      180_000,
    );
  },
);
