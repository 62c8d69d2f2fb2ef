// Network connections as streams of the image: each has a number, and two events that say when the image can go on.

import type { Socket } from "node:net";
import { ByteQueue } from "./byteQueue.ts";

/** Connections are numbered from here; below are the streams that every host has. */
export const FIRST_CONNECTION = 16;
/** With more than this many bytes on their way out, the image has to wait. */
const FULL_BYTES = 1 << 18;

interface Connection {
  socket: Socket;
  input: ByteQueue;
}

export class Connections {
  private readonly open = new Map<number, Connection>();

  constructor(private readonly signal: (index: number) => void) {}

  /** Answers the number of the stream. Event 2n says that there is something to read, 2n + 1 that there is room to write. */
  add(socket: Socket): number {
    let number = FIRST_CONNECTION;
    while (this.open.has(number)) number++;
    const input = new ByteQueue(socket);
    this.open.set(number, { socket, input });
    input.start(() => this.signal(2 * number));
    for (const event of ["drain", "error", "close"]) socket.on(event, () => this.signal(2 * number + 1));
    return number;
  }

  read(stream: number, count: number): Uint8Array | undefined {
    return this.open.get(stream)?.input.read(count);
  }

  /** Answers how many bytes were taken: 0 when the other end is slow, -1 when it is gone. */
  write(stream: number, bytes: Uint8Array): number {
    const socket = this.open.get(stream)?.socket;
    if (!socket?.writable) return -1;
    if (socket.writableLength > FULL_BYTES) return 0;
    socket.write(bytes.slice());
    return bytes.length;
  }

  /** What was written is still sent. */
  close(stream: number): void {
    const connection = this.open.get(stream);
    this.open.delete(stream);
    connection?.socket.end();
    setTimeout(() => connection?.socket.destroy(), 1000).unref();
  }
}
