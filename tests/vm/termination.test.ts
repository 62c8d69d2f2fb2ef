// A process is terminated at ever other moments of its way out of unwind blocks: between any two activations, those of the
// class library's own unwinding included. Whenever it happens, a block that began is completed, what lies outside runs
// afterwards, and the process does nothing more.

import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { distFolder } from "../../platform/node/distribution.ts";
import type { EngineName, Machine } from "../../platform/node/engine.ts";
import { Session } from "../../platform/node/session.ts";
import { STOP_BUDGET } from "../../vm/stop.ts";

const ROUNDS = 400;
const MOMENT_SIGNAL = 12;
/** Ticks from one termination to the next go from 1 to this number, again and again. */
const LONGEST_WAIT_TICKS = 97;

const WAYS_OUT = {
  "a non-local return": `
    [:exit | [[exit value] ensure: [log add: 1. log size printString. log add: -1]]
      ensure: [[exit value] ensure: [log add: 2. log size printString. log add: -2]]] valueWithExit`,
  "a handled error": `
    [[[Error signal] ensure: [log add: 1. log size printString. log add: -1]]
      ensure: [[Error signal] ensure: [log add: 2. log size printString. log add: -2]]] on: Error do: [:error | 3]`,
  "a handler that resumes and one that retries": `
    | count | count := 0.
    [[Notification signal. (count := count + 1) < 2 ifTrue: [Error signal]] ensure: [log add: 1. log add: -1]]
      on: Error do: [:error | error retry] on: Notification do: [:each | each resume]`,
};

/** Answers, for each round, what the unwind blocks of the victim noted on its last way out. */
const sourceFor = (wayOut: string) => `
  | moment |
  moment := Smalltalk externalSemaphoreAt: ${MOMENT_SIGNAL}.
  ((1 to: ${ROUNDS}) collect: [:round | | log victim |
    log := OrderedCollection new.
    victim := [[
      log removeAll.
      [${wayOut}] value.
      log yourself] repeat] forkAt: Processor activePriority - 1.
    moment consumeAllSignals; wait.
    victim terminate.
    String streamContents: [:stream | log do: [:each | stream print: each] separatedBy: [stream space]]]) asArray`;

/** Lets the machine run in slices of a few ticks, and signals the image after each. */
function signalAtEveryMoment(session: Session): void {
  const running = (session as unknown as { machine: { machine: Machine; canMove: boolean } }).machine;
  const machine = running.machine;
  let ticks = 0;
  running.canMove = false;
  running.machine = {
    ...machine,
    interpret() {
      ticks = (ticks % LONGEST_WAIT_TICKS) + 1;
      const reason = machine.interpret(ticks);
      if (reason === STOP_BUDGET) machine.signal(MOMENT_SIGNAL);
      return reason;
    },
  };
}

/** Opened is closed, in this order; where only ensure: has begun, but not yet what it protects, its block runs alone. */
const POSSIBLE = ["", "1 -1", "1 -1 1 -1", "1 -1 2 -2", "2 -2"];

describe.each<EngineName>(["wasm", "ts"])("terminated at every moment, engine %s", (engine) => {
  test.each(Object.entries(WAYS_OUT))("%s", { timeout: 60_000 }, async (_, wayOut) => {
    const sink = (bytes: Uint8Array) => bytes.length;
    const imageFile = join(distFolder, "test.image");
    const session = new Session({ engine, imageFile, streams: { output: sink, errors: sink } });
    signalAtEveryMoment(session);
    const outcomes = new Set((await session.evaluate(sourceFor(wayOut))) as string[]);
    session.close();
    expect(outcomes.size).toBeGreaterThan(1);
    expect(POSSIBLE).toEqual(expect.arrayContaining([...outcomes]));
  });
});
