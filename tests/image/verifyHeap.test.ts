// Images that somebody made on purpose: right checksums, wrong objects.

import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureImage } from "../../image/bootstrap/ensureImage.ts";
import { type ImageContent, readImageFile, readOwnImageFile, saveImageFile } from "../../image/file.ts";
import { fileMemory } from "../../image/heapReader.ts";
import { ImageReader } from "../../image/reader.ts";
import { findDefect } from "../../image/verifyHeap.ts";
import { Image } from "../../platform/node/index.ts";
import * as layout from "../../vm/layout.ts";
import { Randomness } from "../compiler/support.ts";

const SEED = Number(process.env.SEED ?? (Date.now() & 0x7fffffff) | 1);
const WORDS_FORGED = 400;
const IMAGES_RUN = 12;

let content: ImageContent;
let reader: ImageReader;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gondola-forged-"));

beforeAll(async () => {
  content = readOwnImageFile(await ensureImage());
  reader = new ImageReader(fileMemory(content.heap, content.specialObjectsOop));
}, 120_000);
afterAll(() => fs.rmSync(folder, { recursive: true }));

const special = (index: number) => reader.slotAt(content.specialObjectsOop, index);
const slotAddress = (object: number, index: number) => object + layout.HEADER_SIZE + index * 4;

/** What is found after one word was changed. */
function defectWith(address: number, value: number | ((old: number) => number)): string | undefined {
  const view = new DataView(content.heap.buffer, content.heap.byteOffset);
  const offset = address - layout.OLD_SPACE_START;
  const old = view.getInt32(offset, true);
  view.setInt32(offset, typeof value === "number" ? value : value(old), true);
  try {
    return findDefect(content.heap, content.specialObjectsOop);
  } finally {
    view.setInt32(offset, old, true);
  }
}

test("a sound image is sound", () => {
  expect(findDefect(content.heap, content.specialObjectsOop)).toBeUndefined();
});

describe("an image with right checksums is refused", () => {
  const classOf = (name: string) => reader.global(name) as number;
  const methodDictionary = () => reader.slotAt(classOf("Object"), layout.CLASS_METHOD_DICTIONARY);
  test.each<[string, () => [number, number | ((old: number) => number)], RegExp]>([
    ["an object that ends outside", () => [classOf("Object") + 4, (old) => (old & 0xffffff) | (254 << 24)], /./],
    [
      "a reference between objects",
      () => [slotAddress(classOf("Object"), 0), layout.OLD_SPACE_START + 4],
      /refers to none|superclasses/,
    ],
    ["a reference beyond the end", () => [slotAddress(classOf("Object"), 10), 0x7ffffff8], /refers to none/],
    ["a reference below old space", () => [slotAddress(classOf("Object"), 10), 0x100000], /refers to none/],
    [
      "an object of no class",
      () => [classOf("Object"), (old) => (old & ~layout.CLASS_INDEX_MASK) | 0x3ffff0],
      /has no class|is none/,
    ],
    [
      "an object in another shape",
      () => [special(layout.SPECIAL_SELECTORS), (old) => (old & ~0x1f000000) | (16 << 24)],
      /shape/,
    ],
    ["a collector's mark", () => [classOf("Object"), (old) => old | layout.REMEMBERED_BIT], /collector/],
    [
      "no class table",
      () => [slotAddress(content.specialObjectsOop, layout.SPECIAL_CLASS_TABLE), layout.NIL],
      /special object 4/,
    ],
    ["no selectors", () => [slotAddress(special(layout.SPECIAL_SELECTORS), 3), layout.TRUE], /special object 5/],
    [
      "a class of itself",
      () => [slotAddress(classOf("Object"), layout.CLASS_SUPERCLASS), classOf("Array")],
      /without an end/,
    ],
    [
      "a class without methods",
      () => [slotAddress(classOf("Object"), layout.CLASS_METHOD_DICTIONARY), layout.NIL],
      /dictionary of methods/,
    ],
    [
      "a method that is none",
      () => [slotAddress(reader.slotAt(methodDictionary(), 1), usedSlot()), layout.TRUE],
      /without a method/,
    ],
    ["more literals than room", () => [slotAddress(anyMethod(), 0), (old) => old | (0x7fff << 1)], /more literals/],
    ["no scheduler", () => [slotAddress(content.specialObjectsOop, layout.SPECIAL_PROCESSOR), layout.NIL], /scheduler/],
    [
      "a process that cannot run",
      () => [slotAddress(activeProcess(), layout.PROCESS_SUSPENDED_CONTEXT), layout.TRUE],
      /cannot run/,
    ],
    [
      "a stack outside its activation",
      () => [slotAddress(activeContext(), layout.CONTEXT_STACK_POINTER), (999 << 1) | 1],
      /cannot go on/,
    ],
    [
      "a pc outside its code",
      () => [slotAddress(activeContext(), layout.CONTEXT_PC), (99999 << 1) | 1],
      /cannot go on/,
    ],
  ])("with %s", (_, forge, expected) => {
    expect(defectWith(...forge())).toMatch(expected);
  });

  const anyMethod = () => reader.slotAt(reader.slotAt(methodDictionary(), 1), usedSlot());
  const activeProcess = () => reader.slotAt(special(layout.SPECIAL_PROCESSOR), layout.SCHEDULER_ACTIVE_PROCESS);
  const activeContext = () => reader.slotAt(activeProcess(), layout.PROCESS_SUSPENDED_CONTEXT);

  function usedSlot(): number {
    const dictionary = methodDictionary();
    const capacity = reader.slotCountOf(dictionary) - layout.METHOD_DICTIONARY_SELECTORS;
    const selectors = Array.from({ length: capacity }, (_, index) => reader.slotAt(dictionary, index + 2));
    return selectors.findIndex((selector) => selector !== layout.NIL);
  }

  test("in one sentence", () => {
    const file = path.join(folder, "forged.image");
    const heap = new Uint8Array(content.heap);
    new DataView(heap.buffer).setInt32(slotAddress(content.specialObjectsOop, 4) - layout.OLD_SPACE_START, 8, true);
    saveImageFile(file, { ...content, heap });
    expect(() => readImageFile(file)).toThrow(`${file} is damaged: special object 4 is not what the machine needs.`);
  });
});

test("an image with random words in it is refused, or whatever it does leaves this program alive", async () => {
  const random = new Randomness(SEED);
  let refused = 0;
  const accepted: Uint8Array[] = [];
  for (let round = 0; round < WORDS_FORGED; round++) {
    const heap = new Uint8Array(content.heap);
    const values = [random.below(0x7fffffff), layout.OLD_SPACE_START + random.below(heap.length), random.below(64)];
    new DataView(heap.buffer).setInt32(random.below(heap.length >> 2) * 4, random.pick(values), true);
    if (findDefect(heap, content.specialObjectsOop) === undefined) accepted.push(heap);
    else refused++;
  }
  expect(refused, `seed ${SEED}`).toBeGreaterThan(WORDS_FORGED / 20);
  for (const heap of accepted.slice(0, IMAGES_RUN)) {
    const file = path.join(folder, "random.image");
    saveImageFile(file, { ...content, heap });
    const image = await Image.open(file, { onOutput: () => {} });
    await image.evaluate("Smalltalk garbageCollect. 3 + 4", { timeoutMs: 1000 }).catch(() => {});
    image.close();
  }
}, 120_000);
