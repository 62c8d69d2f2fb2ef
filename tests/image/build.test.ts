import * as path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { BuildError, buildHeap, buildImage } from "../../image/bootstrap/build.ts";
import { BootstrapError, runHeap } from "../../image/bootstrap/runHeap.ts";
import { compileEngine } from "../../platform/node/compileEngine.ts";
import type { EngineCode } from "../../platform/node/engine.ts";

const roots = [path.join(import.meta.dirname, "packages")];
const COMPILE_LIMIT_MS = 120_000;
const tiny = { packages: ["Tiny"], roots };

describe("building a tiny image", () => {
  let engine: EngineCode;
  beforeAll(async () => {
    engine = await compileEngine("ts");
    await compileEngine("wasm");
  }, COMPILE_LIMIT_MS);

  test("twice gives the same bytes", () => {
    const [first, second] = [buildHeap(tiny), buildHeap(tiny)];
    expect(Buffer.compare(first.heap, second.heap)).toBe(0);
    expect(first.specialObjectsOop).toBe(second.specialObjectsOop);
    expect(Buffer.compare(runHeap(engine, first).heap, runHeap(engine, second).heap)).toBe(0);
  });

  test("gives the same bytes on both engines", async () => {
    const [ts, wasm] = [await buildImage({ ...tiny, engine: "ts" }), await buildImage({ ...tiny, engine: "wasm" })];
    expect(Buffer.compare(ts.heap, wasm.heap)).toBe(0);
    expect([ts.specialObjectsOop, ts.hashSeed]).toEqual([wasm.specialObjectsOop, wasm.hashSeed]);
  });

  test("goes on in the saved image where the snapshot was taken", () => {
    expect(() => runHeap(engine, runHeap(engine, buildHeap(tiny)))).toThrow(/quit with status 42/);
    expect(() => runHeap(engine, runHeap(engine, buildHeap(tiny)))).toThrow(BootstrapError);
  });
});

describe("building the class library's image", () => {
  test(
    "gives the same bytes each time, on both engines",
    async () => {
      const [ts, wasm] = [await buildImage({ engine: "ts" }), await buildImage({ engine: "wasm" })];
      expect(Buffer.compare(ts.heap, wasm.heap)).toBe(0);
      expect([ts.specialObjectsOop, ts.hashSeed]).toEqual([wasm.specialObjectsOop, wasm.hashSeed]);
      expect(ts.output).toBe("");
    },
    COMPILE_LIMIT_MS,
  );
});

describe("a build of wrong sources", () => {
  const wrong = { packages: ["Tiny", "Wrong"], roots };

  test("names every problem with its place, and writes nothing", () => {
    const messages = problemsOf(() => buildHeap(wrong));
    expect(messages).toEqual([
      expect.stringMatching(/Wrong.class.st:\d+:\d+: undeclaredThing is not declared/),
      expect.stringMatching(/Wrong.class.st:\d+:\d+: expected /),
      expect.stringMatching(/Orphan.class.st: Orphan: the superclass Nobody is missing/),
    ]);
  });

  test("goes on without what is wrong when it is lenient", () => {
    const built = buildHeap({ ...wrong, lenient: true });
    expect(built.problems).toHaveLength(3);
    expect(built.classCount).toBe(buildHeap(tiny).classCount + 2);
  });

  test("says which package is missing", () => {
    expect(() => buildHeap({ packages: ["Nowhere"], roots })).toThrow("the package Nowhere is missing");
  });
});

function problemsOf(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof BuildError) return error.message.split("\n").sort((a, b) => rank(a) - rank(b));
    throw error;
  }
  return [];
}

function rank(message: string): number {
  return ["undeclared", "expected", "superclass"].findIndex((word) => message.includes(word));
}
