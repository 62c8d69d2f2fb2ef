// The map from program counters to source: which text a send, a return or a condition came from.
//
// Bytes: for each entry, in the order of the code, three numbers of variable length (7 bits a byte, low ones first, the
// eighth bit says that more follow):
//   - how far the pc has moved since the entry before (the first counts from the first bytecode)
//   - how far the start of the text has moved, zigzag-coded (0, -1, 1, -2, ... as 0, 1, 2, 3, ...)
//   - the length of the text
// The pc of an entry is the offset of the byte behind its bytecode, counted from the first bytecode: where a frame
// stands while the send runs. The text for a frame that stands at pc is that of the first entry whose pc is not less.
// Starts and lengths count code points of the method's source, starts from 0.

export interface MapEntry {
  pc: number;
  start: number;
  length: number;
}

export function encodeMap(entries: readonly MapEntry[]): Uint8Array {
  const bytes: number[] = [];
  let pc = 0;
  let start = 0;
  for (const entry of entries) {
    const move = entry.start - start;
    pushNumber(bytes, entry.pc - pc);
    pushNumber(bytes, move < 0 ? -move * 2 - 1 : move * 2);
    pushNumber(bytes, entry.length);
    ({ pc, start } = entry);
  }
  return Uint8Array.from(bytes);
}

function pushNumber(bytes: number[], value: number): void {
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest >>>= 7;
  }
  bytes.push(rest);
}

export function decodeMap(bytes: Uint8Array): MapEntry[] {
  const entries: MapEntry[] = [];
  let at = 0;
  const next = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  let pc = 0;
  let start = 0;
  while (at < bytes.length) {
    pc += next();
    const move = next();
    start += move & 1 ? -((move + 1) >> 1) : move >> 1;
    entries.push({ pc, start, length: next() });
  }
  return entries;
}
