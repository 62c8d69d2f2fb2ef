// CRC-32 of bytes (the polynomial of zip and Ethernet). Node's own from 20.15 on; before that, four tables, which read
// four bytes at a step.

import * as zlib from "node:zlib";

const POLYNOMIAL = 0xedb88320;

function makeTables(): Uint32Array[] {
  const tables = [0, 1, 2, 3].map(() => new Uint32Array(256));
  for (let byte = 0; byte < 256; byte++) {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? POLYNOMIAL : 0);
    tables[0][byte] = remainder;
  }
  for (let byte = 0; byte < 256; byte++) {
    for (let table = 1; table < 4; table++) {
      const before = tables[table - 1][byte];
      tables[table][byte] = (before >>> 8) ^ tables[0][before & 0xff];
    }
  }
  return tables;
}

let tables: Uint32Array[] | undefined;

export function portableCrc32(bytes: Uint8Array, start = 0): number {
  tables ??= makeTables();
  const [first, second, third, fourth] = tables;
  let crc = ~start;
  let index = 0;
  for (const end = bytes.length - 3; index < end; index += 4) {
    crc ^= bytes[index] | (bytes[index + 1] << 8) | (bytes[index + 2] << 16) | (bytes[index + 3] << 24);
    crc = fourth[crc & 0xff] ^ third[(crc >>> 8) & 0xff] ^ second[(crc >>> 16) & 0xff] ^ first[crc >>> 24];
  }
  for (; index < bytes.length; index++) crc = (crc >>> 8) ^ first[(crc ^ bytes[index]) & 0xff];
  return ~crc >>> 0;
}

/** `start`: the checksum of the bytes before these. */
export const crc32: (bytes: Uint8Array, start?: number) => number = zlib.crc32 ?? portableCrc32;
