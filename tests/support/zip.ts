// A zip archive with just what readers of archives look at: no times, no checksums.

import { deflateRawSync } from "node:zlib";

/** `files` by name; `isPacked` tells whether they are compressed. */
export function zipOf(files: Record<string, string>, isPacked: boolean): Uint8Array {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let start = 0;
  for (const [name, text] of Object.entries(files)) {
    const content = isPacked ? deflateRawSync(text) : Buffer.from(text);
    const sizes = [isPacked ? 8 : 0, content.length, Buffer.byteLength(text), name.length] as const;
    const local = record(30, 0x04034b50, { 8: sizes[0], 26: sizes[3] }, { 18: sizes[1], 22: sizes[2] });
    locals.push(local, Buffer.from(name), content);
    const long = { 20: sizes[1], 24: sizes[2], 42: start };
    entries.push(record(46, 0x02014b50, { 10: sizes[0], 28: sizes[3] }, long), Buffer.from(name));
    start += local.length + name.length + content.length;
  }
  const directory = Buffer.concat(entries);
  const count = Object.keys(files).length;
  const end = record(22, 0x06054b50, { 8: count, 10: count }, { 12: directory.length, 16: start });
  return Buffer.concat([...locals, directory, end]);
}

function record(
  size: number,
  signature: number,
  shorts: Record<number, number>,
  longs: Record<number, number>,
): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.writeUInt32LE(signature);
  for (const [at, value] of Object.entries(shorts)) bytes.writeUInt16LE(value, Number(at));
  for (const [at, value] of Object.entries(longs)) bytes.writeUInt32LE(value, Number(at));
  return bytes;
}
