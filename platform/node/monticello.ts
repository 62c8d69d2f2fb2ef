// Monticello's packages (.mcz): zip files in which snapshot/source.st is the code as a file-out, beside the same in binary
// and the history of the package, which nobody needs here (https://en.wikipedia.org/wiki/ZIP_(file_format)).

import { inflateRawSync } from "node:zlib";

const SOURCE = "snapshot/source.st";

const END_SIGNATURE = 0x06054b50;
const END_SIZE = 22;
const END_ENTRY_COUNT = 10;
const END_DIRECTORY_START = 16;
/** A comment of this size may stand behind the end record. */
const LARGEST_COMMENT = 0xffff;

const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_SIZE = 46;
const ENTRY_METHOD = 10;
const ENTRY_COMPRESSED_SIZE = 20;
const ENTRY_NAME_SIZE = 28;
const ENTRY_EXTRA_SIZE = 30;
const ENTRY_COMMENT_SIZE = 32;
const ENTRY_FILE_START = 42;

const FILE_SIZE = 30;
const FILE_NAME_SIZE = 26;
const FILE_EXTRA_SIZE = 28;

const METHOD_STORED = 0;
const METHOD_DEFLATED = 8;

export function isZip(bytes: Uint8Array): boolean {
  return bytes.length >= END_SIZE && bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/** The code of a package; undefined when the file is damaged, or a zip file of something else, or too large. */
export function monticelloSource(bytes: Uint8Array, limit: number): Uint8Array | undefined {
  try {
    return contentsOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), SOURCE, limit);
  } catch {
    return undefined;
  }
}

/** Of one file in the archive. Throws an error of some kind when the archive is not what it should be. */
function contentsOf(archive: Buffer, name: string, limit: number): Uint8Array | undefined {
  const end = endRecordIn(archive);
  let at = archive.readUInt32LE(end + END_DIRECTORY_START);
  for (let count = archive.readUInt16LE(end + END_ENTRY_COUNT); count > 0; count--) {
    if (archive.readUInt32LE(at) !== ENTRY_SIGNATURE) throw new RangeError("no entry of a directory");
    const nameEnd = at + ENTRY_SIZE + archive.readUInt16LE(at + ENTRY_NAME_SIZE);
    if (archive.toString("utf8", at + ENTRY_SIZE, nameEnd) === name) return fileAt(archive, at, limit);
    at = nameEnd + archive.readUInt16LE(at + ENTRY_EXTRA_SIZE) + archive.readUInt16LE(at + ENTRY_COMMENT_SIZE);
  }
  return undefined;
}

function endRecordIn(archive: Buffer): number {
  const first = Math.max(0, archive.length - END_SIZE - LARGEST_COMMENT);
  for (let at = archive.length - END_SIZE; at >= first; at--) {
    if (archive.readUInt32LE(at) === END_SIGNATURE) return at;
  }
  throw new RangeError("no end of a directory");
}

function fileAt(archive: Buffer, entry: number, limit: number): Uint8Array | undefined {
  const header = archive.readUInt32LE(entry + ENTRY_FILE_START);
  const extraSize = archive.readUInt16LE(header + FILE_EXTRA_SIZE);
  const start = header + FILE_SIZE + archive.readUInt16LE(header + FILE_NAME_SIZE) + extraSize;
  const packed = archive.subarray(start, start + archive.readUInt32LE(entry + ENTRY_COMPRESSED_SIZE));
  const method = archive.readUInt16LE(entry + ENTRY_METHOD);
  if (method === METHOD_STORED) return packed;
  return method === METHOD_DEFLATED ? inflateRawSync(packed, { maxOutputLength: limit }) : undefined;
}
