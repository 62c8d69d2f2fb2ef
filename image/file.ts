// The image file: one header page, then the heap as it lies in linear memory. Nothing of it is believed before the
// checksums are right.
//
//   offset  size
//        0     8  magic
//        8     4  version
//       12     4  address of the heap's first byte
//       16     4  size of the heap in bytes, a multiple of 8
//       20     4  special objects oop
//       24     4  hash seed: where the machine goes on with identity hashes
//       28     4  flags
//       32     4  CRC-32 of the heap
//       40     8  milliseconds since 1970 when it was saved (a float), 0 in images made from the sources alone
//       48    80  what made it: UTF-8, zeros behind
//     4092     4  CRC-32 of the 4092 bytes before; magic and this stay where they are in all versions
//     4096        heap
// All numbers are little-endian.

import * as fs from "node:fs";
import * as path from "node:path";
import { NIL, OLD_SPACE_START } from "../vm/layout.ts";
import { crc32 } from "./crc32.ts";
import { findDefect } from "./verifyHeap.ts";

export const IMAGE_HEADER_SIZE = 4096;
export const IMAGE_VERSION = 1;
/** Flags: the methods' sources were left out. */
export const IMAGE_IS_STRIPPED = 1;
/** The first byte is none of ASCII and the last ends a listing under DOS: a text tool spoils such a file visibly. */
const MAGIC = Uint8Array.of(0x8a, 0x47, 0x6f, 0x6e, 0x64, 0x6f, 0x6c, 0x1a);

const VERSION_OFFSET = 8;
const HEAP_BASE_OFFSET = 12;
const HEAP_SIZE_OFFSET = 16;
const SPECIAL_OBJECTS_OFFSET = 20;
const HASH_SEED_OFFSET = 24;
const FLAGS_OFFSET = 28;
const HEAP_CHECKSUM_OFFSET = 32;
const SAVED_AT_OFFSET = 40;
const CREATOR_OFFSET = 48;
const CREATOR_SIZE = 80;
const HEADER_CHECKSUM_OFFSET = IMAGE_HEADER_SIZE - 4;

export interface ImageContent {
  /** From OLD_SPACE_START to the end of the last object. */
  heap: Uint8Array;
  specialObjectsOop: number;
  hashSeed: number;
  flags: number;
  /** Milliseconds since 1970; 0: unknown, made from the sources alone. */
  savedAtMs: number;
  /** What made the file. */
  creator: string;
}

/** A file that is not what it should be. The message is one sentence for the person who named the file. */
export class ImageFileError extends Error {
  override readonly name = "ImageFileError";
}

// --- Encoding ---

export function encodeHeader(content: ImageContent): Uint8Array {
  const header = new Uint8Array(IMAGE_HEADER_SIZE);
  const view = new DataView(header.buffer);
  header.set(MAGIC);
  view.setUint32(VERSION_OFFSET, IMAGE_VERSION, true);
  view.setUint32(HEAP_BASE_OFFSET, OLD_SPACE_START, true);
  view.setUint32(HEAP_SIZE_OFFSET, content.heap.length, true);
  view.setUint32(SPECIAL_OBJECTS_OFFSET, content.specialObjectsOop, true);
  view.setUint32(HASH_SEED_OFFSET, content.hashSeed, true);
  view.setUint32(FLAGS_OFFSET, content.flags, true);
  view.setUint32(HEAP_CHECKSUM_OFFSET, crc32(content.heap), true);
  view.setFloat64(SAVED_AT_OFFSET, content.savedAtMs, true);
  new TextEncoder().encodeInto(content.creator, header.subarray(CREATOR_OFFSET, CREATOR_OFFSET + CREATOR_SIZE));
  view.setUint32(HEADER_CHECKSUM_OFFSET, crc32(header.subarray(0, HEADER_CHECKSUM_OFFSET)), true);
  return header;
}

export function encodeImage(content: ImageContent): Uint8Array {
  const bytes = new Uint8Array(IMAGE_HEADER_SIZE + content.heap.length);
  bytes.set(encodeHeader(content));
  bytes.set(content.heap, IMAGE_HEADER_SIZE);
  return bytes;
}

// --- Decoding ---

export function beginsWithMagic(bytes: Uint8Array): boolean {
  const length = Math.min(MAGIC.length, bytes.length);
  return MAGIC.subarray(0, length).every((byte, index) => byte === bytes[index]);
}

function checkHeader(bytes: Uint8Array, name: string): DataView {
  if (bytes.length === 0) throw new ImageFileError(`${name} is empty; it is not an image.`);
  if (!beginsWithMagic(bytes)) throw new ImageFileError(`${name} is not a Gondola image.`);
  if (bytes.length < IMAGE_HEADER_SIZE) {
    throw new ImageFileError(
      `${name} is truncated: its header ends after ${bytes.length} of ${IMAGE_HEADER_SIZE} bytes.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const expected = view.getUint32(HEADER_CHECKSUM_OFFSET, true);
  if (crc32(bytes.subarray(0, HEADER_CHECKSUM_OFFSET)) !== expected) {
    throw new ImageFileError(`${name} is damaged: the checksum of its header is wrong.`);
  }
  const version = view.getUint32(VERSION_OFFSET, true);
  if (version !== IMAGE_VERSION) {
    throw new ImageFileError(`${name} is an image of version ${version}; this Gondola reads version ${IMAGE_VERSION}.`);
  }
  return view;
}

function checkSizes(view: DataView, name: string): void {
  const heapSize = view.getUint32(HEAP_SIZE_OFFSET, true);
  const missing = IMAGE_HEADER_SIZE + heapSize - view.byteLength;
  if (missing > 0) throw new ImageFileError(`${name} is truncated: ${missing} bytes are missing at its end.`);
  if (missing < 0) throw new ImageFileError(`${name} is damaged: ${-missing} foreign bytes follow the image.`);
  const specialObjects = view.getUint32(SPECIAL_OBJECTS_OFFSET, true);
  const isSound =
    view.getUint32(HEAP_BASE_OFFSET, true) === OLD_SPACE_START &&
    heapSize % 8 === 0 &&
    specialObjects % 8 === 0 &&
    specialObjects > NIL &&
    specialObjects < OLD_SPACE_START + heapSize;
  if (!isSound) throw new ImageFileError(`${name} is damaged: its header contradicts itself.`);
}

/** `name`: how messages call the file. The heap answered is a part of `bytes`, not a copy. */
export function decodeImage(bytes: Uint8Array, name: string): ImageContent {
  const view = checkHeader(bytes, name);
  checkSizes(view, name);
  const heap = bytes.subarray(IMAGE_HEADER_SIZE);
  if (crc32(heap) !== view.getUint32(HEAP_CHECKSUM_OFFSET, true)) {
    throw new ImageFileError(`${name} is damaged: the checksum of its objects is wrong.`);
  }
  const creator = bytes.subarray(CREATOR_OFFSET, CREATOR_OFFSET + CREATOR_SIZE);
  return {
    heap,
    specialObjectsOop: view.getUint32(SPECIAL_OBJECTS_OFFSET, true),
    hashSeed: view.getInt32(HASH_SEED_OFFSET, true),
    flags: view.getUint32(FLAGS_OFFSET, true),
    savedAtMs: view.getFloat64(SAVED_AT_OFFSET, true),
    creator: new TextDecoder().decode(creator).replace(/\0+$/, ""),
  };
}

// --- Files ---

const READ_FAILURES: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  EISDIR: "is a directory, not an image",
  EACCES: "may not be read",
  ENOTDIR: "does not exist",
  ELOOP: "is a link to itself",
  ERR_FS_FILE_TOO_LARGE: "is too large for an image",
};

function errorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "";
}

/** Reads and verifies; throws ImageFileError with one sentence when the file cannot be used. */
export function readImageFile(file: string): ImageContent {
  const content = readOwnImageFile(file);
  const defect = findDefect(content.heap, content.specialObjectsOop);
  if (defect !== undefined) throw new ImageFileError(`${file} is damaged: ${defect}.`);
  return content;
}

/** As `readImageFile`, of a file that nobody else can have made: checksums are enough. */
export function readOwnImageFile(file: string): ImageContent {
  let bytes: Uint8Array;
  if (file === "") throw new ImageFileError("An empty name is not the name of an image.");
  try {
    bytes = readWholeFile(file);
  } catch (error) {
    if (error instanceof ImageFileError) throw error;
    const reason = READ_FAILURES[errorCode(error)] ?? `cannot be read (${errorCode(error)})`;
    throw new ImageFileError(`${file} ${reason}.`);
  }
  return decodeImage(bytes, file);
}

/** A pipe or a device might never end, so only regular files are read. */
function readWholeFile(file: string): Uint8Array {
  const status = fs.statSync(file);
  if (!status.isFile() && !status.isDirectory()) throw new ImageFileError(`${file} is not a regular file.`);
  return fs.readFileSync(file);
}

const WRITE_FAILURES: Readonly<Record<string, string>> = {
  ENOENT: "its folder does not exist",
  ENOTDIR: "its folder is a file",
  ELOOP: "it is a link to itself",
  EACCES: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "no space left on the device",
  EDQUOT: "the disk quota is used up",
};

/**
 * Replaces `file` in one step: the image goes to a temporary file beside it, to the disk, and only then to its name. When
 * anything fails, the previous file is what it was, and ImageFileError says why.
 */
export function saveImageFile(file: string, content: ImageContent): void {
  attemptToSave(file, () => replaceFile(resolveTarget(file), [encodeHeader(content), content.heap]));
}

/** Throws ImageFileError when what stands there now must not be replaced, before anything is done that would be in vain. */
export function checkSaveTarget(file: string): void {
  attemptToSave(file, () => resolveTarget(file));
}

function attemptToSave(file: string, action: () => unknown): void {
  try {
    action();
  } catch (error) {
    if (error instanceof ImageFileError) throw error;
    const reason = WRITE_FAILURES[errorCode(error)] ?? (error as Error).message;
    throw new ImageFileError(`${file} cannot be saved: ${reason}.`);
  }
}

function replaceFile(target: string, parts: Uint8Array[]): void {
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.tmp`);
  try {
    writeDurably(temporary, parts, fs.statSync(target, { throwIfNoEntry: false })?.mode);
    fs.renameSync(temporary, target);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(path.dirname(target));
}

/**
 * Follows symbolic links, so that saving changes the file and not the link. What may not be written is not replaced, and
 * neither is what somebody keeps there that is no image.
 */
function resolveTarget(file: string): string {
  if (file === "") throw new ImageFileError("An image cannot be saved without a name.");
  const status = fs.statSync(file, { throwIfNoEntry: false });
  if (status === undefined) return file;
  if (status.isDirectory()) throw new ImageFileError(`${file} is a directory; an image cannot be saved there.`);
  if (!status.isFile()) throw new ImageFileError(`${file} is not a regular file; an image cannot be saved there.`);
  fs.accessSync(file, fs.constants.W_OK);
  if (!beginsWithMagic(readBeginning(file))) {
    throw new ImageFileError(`${file} is not an image; it was not overwritten.`);
  }
  return fs.realpathSync(file);
}

/** As many bytes as tell an image from other files. */
function readBeginning(file: string): Uint8Array {
  const bytes = new Uint8Array(MAGIC.length);
  const descriptor = fs.openSync(file, "r");
  try {
    return bytes.subarray(0, fs.readSync(descriptor, bytes));
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Who may read and write the file is as it was. */
function writeDurably(file: string, parts: Uint8Array[], mode?: number): void {
  const descriptor = fs.openSync(file, "w", mode);
  try {
    if (mode !== undefined) fs.fchmodSync(descriptor, mode);
    for (const part of parts) writeFully(descriptor, part);
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

function writeFully(descriptor: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += fs.writeSync(descriptor, bytes, written);
}

/** Not every file system lets a folder be opened or synchronized; the image itself is safe by then. */
function syncFolder(folder: string): void {
  try {
    const descriptor = fs.openSync(folder, "r");
    fs.fsyncSync(descriptor);
    fs.closeSync(descriptor);
  } catch {
    // The rename is atomic all the same.
  }
}

// --- Description ---

/** What a header says, as lines of a name and a value. */
export function describeHeader(content: ImageContent): [string, string][] {
  const savedAt = content.savedAtMs === 0 ? "built from the sources" : new Date(content.savedAtMs).toISOString();
  return [
    ["version", String(IMAGE_VERSION)],
    ["made by", content.creator],
    ["saved", savedAt],
    ["heap", `${content.heap.length} bytes`],
    ["sources", (content.flags & IMAGE_IS_STRIPPED) === 0 ? "included" : "left out"],
    ["checksum", crc32(content.heap).toString(16).padStart(8, "0")],
  ];
}
