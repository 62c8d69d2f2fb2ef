import * as path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { BuildError, buildHeap, buildImage, IMAGE_FOLDER } from "../../image/bootstrap/build.ts";
import { SYSTEM_PACKAGES } from "../../image/bootstrap/packages.ts";
import { BootstrapError, runHeap } from "../../image/bootstrap/runHeap.ts";
import { compileEngine } from "../../platform/node/compileEngine.ts";
import type { EngineCode } from "../../platform/node/engine.ts";

const roots = [path.join(import.meta.dirname, "packages")];
const COMPILE_LIMIT_MS = 120_000;
const tiny = { packages: ["Tiny"], roots };

let engine: EngineCode;
beforeAll(async () => {
  engine = await compileEngine("ts");
  await compileEngine("wasm");
}, COMPILE_LIMIT_MS);

describe("building a tiny image", () => {
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
      const raw = buildHeap({ packages: SYSTEM_PACKAGES });
      expect(Buffer.compare(raw.heap, buildHeap({ packages: SYSTEM_PACKAGES }).heap)).toBe(0);
      const [ts, wasm] = [runHeap(engine, raw), runHeap(await compileEngine("wasm"), raw)];
      expect(Buffer.compare(ts.heap, wasm.heap)).toBe(0);
      expect([ts.specialObjectsOop, ts.hashSeed]).toEqual([wasm.specialObjectsOop, wasm.hashSeed]);
      expect(ts.output).toBe("");
    },
    COMPILE_LIMIT_MS,
  );
});

test(
  "a class whose initialization fails stops the build with message and stack",
  async () => {
    const packages = [...SYSTEM_PACKAGES, "Broken"];
    const building = buildImage({ packages, roots: [IMAGE_FOLDER, ...roots], engine: "ts" });
    const error = await building.then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error).toBeInstanceOf(BootstrapError);
    expect(error?.message).toMatch(
      /does not understand #frobnicate[\s\S]*Broken class>>initialize[\s\S]*quit with status 1/,
    );
  },
  COMPILE_LIMIT_MS,
);

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
