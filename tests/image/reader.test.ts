import { beforeAll, describe, expect, test } from "vitest";
import { ensureImage } from "../../image/bootstrap/ensureImage.ts";
import { HeapWriter } from "../../image/bootstrap/heapWriter.ts";
import { describeImage } from "../../image/describe.ts";
import { type ImageContent, readImageFile } from "../../image/file.ts";
import { fileMemory } from "../../image/heapReader.ts";
import { ImageReader } from "../../image/reader.ts";
import * as layout from "../../vm/layout.ts";

const BUILD_LIMIT_MS = 120_000;
const MAXIMUM_IMAGE_SIZE = 3 * 1024 * 1024;

describe("the reader of the class library's image", () => {
  let content: ImageContent;
  let reader: ImageReader;
  beforeAll(async () => {
    content = readImageFile(await ensureImage());
    reader = new ImageReader(fileMemory(content.heap, content.specialObjectsOop));
  }, BUILD_LIMIT_MS);

  test("finds classes by name, and their superclasses", () => {
    const chain = [...reader.withSuperclasses(reader.classNamed("SmallInteger"))].map((each) =>
      reader.nameOfClass(each),
    );
    expect(chain).toEqual(["SmallInteger", "Integer", "Number", "Magnitude", "Object", "ProtoObject"]);
    expect(reader.classNamed("NoSuchClass")).toBeUndefined();
    expect(reader.classNamed("Smalltalk")).toBeUndefined();
  });

  test("names metaclasses after their classes", () => {
    expect(reader.nameOfClass(reader.classOf(reader.classNamed("Array") ?? 0))).toBe("Array class");
  });

  test("knows all instance variables in the order of the slots", () => {
    expect(reader.instanceVariables("Association", false)).toEqual(["key", "value"]);
    const ofClass = reader.instanceVariables("Class", false);
    expect(ofClass.slice(0, 3)).toEqual(["superclass", "methodDict", "format"]);
    expect(reader.instanceVariables("Object", true)).toEqual(ofClass);
  });

  test("tells globals from names that mean nothing", () => {
    expect(reader.hasGlobal("Smalltalk")).toBe(true);
    expect(reader.hasGlobal("Object")).toBe(true);
    expect(reader.hasGlobal("Smaltalk")).toBe(false);
    expect(reader.globalNames()).toContain("Processor");
  });

  test("finds a class variable from its class and from the subclasses", () => {
    const owner =
      reader.classes().find((each) => [...reader.classVariableNames(reader.nameOfClass(each))].length > 0) ?? 0;
    const name = reader.nameOfClass(owner);
    const [variable] = reader.classVariableNames(name);
    expect(reader.classVariableOwner(name, variable)).toBeDefined();
    expect(reader.classVariableOwner(name, "NoSuchVariable")).toBeUndefined();
  });

  test("lists the selectors of a class", () => {
    const selectors = reader.selectorsOf(reader.classNamed("Object") ?? 0);
    expect(selectors).toContain("printString");
    expect(reader.allSelectors().size).toBeGreaterThan(selectors.length);
  });

  test("describes the file: every class that has objects, and no object of no class", () => {
    const description = describeImage(content);
    expect(description.classCount).toBe(reader.classes().length);
    expect(description.methodCount).toBeGreaterThan(description.classCount);
    const size = description.classes.reduce((sum, use) => sum + use.sizeInBytes, 0);
    expect(size).toBeLessThanOrEqual(content.heap.length);
    expect(size).toBeGreaterThan(content.heap.length * 0.99);
  });

  test("and the image is at most 3 MiB", () => {
    expect(content.heap.length).toBeLessThan(MAXIMUM_IMAGE_SIZE);
  });
});

describe("values in JavaScript", () => {
  const heap = new HeapWriter();
  const large = heap.integer(2n ** 70n);
  const safe = heap.integer(-(2n ** 40n));
  const nested = heap.array([heap.string("größer"), heap.array([heap.symbol("at:"), layout.TRUE]), layout.NIL]);
  const cyclic = heap.array([layout.NIL]);
  heap.setSlot(cyclic, 0, cyclic);
  const association = heap.association(layout.NIL, layout.NIL);
  const float = heap.float(0.1);
  const reader = new ImageReader(fileMemory(heap.heapBytes(), layout.NIL));

  test("are numbers while they are exact, and bigints beyond", () => {
    expect(reader.javaScriptValueOf((-5 << 1) | 1)).toBe(-5);
    expect(reader.javaScriptValueOf(float)).toBe(0.1);
    expect(reader.javaScriptValueOf(safe)).toBe(-(2 ** 40));
    expect(reader.javaScriptValueOf(large)).toBe(2n ** 70n);
  });

  test("are null, booleans, strings and arrays", () => {
    expect(reader.javaScriptValueOf(nested)).toEqual(["größer", ["at:", true], null]);
    expect(reader.javaScriptValueOf((97 << 2) | 2)).toBe("a");
  });

  test("are references for anything else, and for what nests without end", () => {
    expect(reader.javaScriptValueOf(association)).toEqual({ oop: association });
    expect(JSON.stringify(reader.javaScriptValueOf(cyclic))).toContain(`{"oop":${cyclic}}`);
  });
});
