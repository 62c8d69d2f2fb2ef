// Bytes that have arrived from somewhere and wait for the image to read them.

import type { Readable } from "node:stream";
import type { InputSource } from "./host.ts";

/** With more than this many bytes waiting, the stream is asked to send no more for now. */
const FULL_BYTES = 1 << 20;

export class ByteQueue implements InputSource {
  private readonly chunks: Uint8Array[] = [];
  private count = 0;
  private isEnded = false;
  private onReadable: () => void = () => {};

  /** `onChunk` sees all bytes when they arrive, `onTaken` is told when the image reads. */
  constructor(
    private readonly stream: Readable,
    private readonly onChunk: (chunk: Uint8Array) => void = () => {},
    private readonly onTaken: () => void = () => {},
  ) {}

  start(onReadable: () => void): void {
    this.onReadable = onReadable;
    this.stream.on("data", (chunk: Uint8Array) => this.append(chunk));
    for (const event of ["end", "error", "close"]) this.stream.on(event, () => this.end());
  }

  private append(chunk: Uint8Array): void {
    this.chunks.push(chunk);
    this.count += chunk.length;
    if (this.count > FULL_BYTES) this.stream.pause();
    this.onChunk(chunk);
    this.onReadable();
  }

  private end(): void {
    this.isEnded = true;
    this.onReadable();
  }

  read(count: number): Uint8Array | undefined {
    this.onTaken();
    const first = this.chunks[0];
    if (first === undefined) return this.isEnded ? undefined : new Uint8Array(0);
    const part = first.subarray(0, count);
    if (part.length === first.length) this.chunks.shift();
    else this.chunks[0] = first.subarray(part.length);
    this.count -= part.length;
    if (this.count <= FULL_BYTES && this.stream.isPaused()) this.stream.resume();
    return part;
  }
}
