// Programs that read and write files, and what they are told when that does not go.

import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Image } from "../../platform/node/index.ts";
import { gondola, scratch } from "../support/gondola.ts";

const folder = mkdtempSync(join(scratch, "files-"));

async function runLines(source: string): Promise<string[]> {
  const { output, errors } = await gondola(["eval", source], { cwd: folder });
  expect(errors).toBe("");
  return output.trimEnd().split("\n");
}

test("writes text in UTF-8, adds to it and reads it", async () => {
  const source = `| file |
    file := 'notes.txt' asFileReference.
    file writeStreamDo: [ :stream | stream nextPutAll: 'previous' ].
    file writeStreamDo: [ :stream | stream nextPutAll: 'Hällo'; lf ].
    file appendStreamDo: [ :stream | stream print: 3 ].
    { file contents lines. file size. file exists. file isFile. file isDirectory. file readStream upTo: $o }`;
  expect(await runLines(source)).toEqual(["#(#('Hällo' '3') 8 true true false 'Häll')"]);
  expect(readFileSync(join(folder, "notes.txt"), "utf8")).toBe("Hällo\n3");
});

test("makes folders, copies, moves, lists and deletes", async () => {
  const source = `
    'a/b' asFileReference ensureCreateDirectory.
    ('a' asFileReference / 'x') binaryWriteStreamDo: [ :stream | stream nextPutAll: #[ 1 255 ] ].
    'a/x' asFileReference copyTo: 'a/y'.
    'a/y' asFileReference moveTo: 'a/z'.
    'a/x' asFileReference delete; ensureDelete.
    { 'a' asFileReference files. 'a' asFileReference directories. 'a/z' asFileReference binaryContents }`;
  expect(await runLines(source)).toEqual(["{{File @ a/z}. {File @ a/b}. #[1 255]}"]);
});

test.each([
  ["'none' asFileReference contents", "FileDoesNotExistException: none does not exist."],
  ["'none/x' asFileReference writeStream", "FileDoesNotExistException: none/x does not exist."],
  ["'full' asFileReference delete", "FileException: full is not empty."],
  ["'full' asFileReference contents", "FileException: full is a directory."],
  ["'noise' asFileReference contents", "FileException: noise is not text in UTF-8."],
  ["'' asFileReference contents", "FileException: An empty name is not the name of a file."],
])("%s: %s", async (source, message) => {
  mkdirSync(join(folder, "full/inner"), { recursive: true });
  writeFileSync(join(folder, "noise"), Uint8Array.of(200, 200));
  const { status, errors } = await gondola(["eval", source], { cwd: folder });
  expect([status, errors.split("\n")[0]]).toEqual([1, message]);
});

test("an image that is embedded reaches no files unless its program lets it", async () => {
  const image = await Image.open();
  try {
    await expect(image.evaluate("'x' asFileReference contents")).rejects.toThrow(
      "No JavaScript function is registered",
    );
  } finally {
    image.close();
  }
});
