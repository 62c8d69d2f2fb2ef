// Streams of the host: bytes go through the transfer buffer, so that the host never needs the address of an object.

import { hostRead, hostWrite } from "../host.ts";
import { HEADER_SIZE, NIL, TRANSFER_BUFFER, TRANSFER_BUFFER_SIZE } from "../layout.ts";
import { copyBytes } from "../memory.ts";
import { rawElementCount, tagInteger, untagInteger } from "../object.ts";
import { answer, stackValue } from "../state.ts";
import { isReadOnly } from "./arrays.ts";
import { isBytes } from "./bytes.ts";

let address: i32 = 0;
let byteCount: i32 = 0;
let stream: i32 = 0;

/** How many of `remaining` bytes the next host call can carry. */
export function transferSize(remaining: i32): i32 {
  if (remaining > TRANSFER_BUFFER_SIZE) return TRANSFER_BUFFER_SIZE;
  return remaining;
}

/** Loads the arguments bytes, start, count and stream; false when they name no part of the bytes. */
function loadTransfer(): boolean {
  const bytes: i32 = stackValue(3);
  if (!isBytes(bytes) || (stackValue(2) & stackValue(1) & stackValue(0) & 1) == 0) return false;
  const first: i32 = untagInteger(stackValue(2)) - 1;
  byteCount = untagInteger(stackValue(1));
  stream = untagInteger(stackValue(0));
  if (first < 0 || byteCount < 0 || byteCount > rawElementCount(bytes) - first) return false;
  address = bytes + HEADER_SIZE + first;
  return true;
}

/** Writes until the host is busy; answers how many bytes it took, nil when the stream is closed. */
export function hostWriteBytes(): boolean {
  if (!loadTransfer()) return false;
  let done: i32 = 0;
  while (done < byteCount) {
    const chunk: i32 = transferSize(byteCount - done);
    copyBytes(TRANSFER_BUFFER, address + done, chunk);
    const taken: i32 = hostWrite(stream, TRANSFER_BUFFER, chunk);
    if (taken < 0) return answer(4, NIL);
    done += taken;
    if (taken < chunk) break;
  }
  return answer(4, tagInteger(done));
}

/** Reads what is there; answers how many bytes, 0 when there are none yet, nil at the end of the stream. */
export function hostReadBytes(): boolean {
  if (!loadTransfer() || isReadOnly(stackValue(3))) return false;
  const wanted: i32 = transferSize(byteCount);
  if (wanted == 0) return answer(4, tagInteger(0));
  const count: i32 = hostRead(stream, TRANSFER_BUFFER, wanted);
  if (count < 0) return answer(4, NIL);
  copyBytes(address, TRANSFER_BUFFER, count);
  return answer(4, tagInteger(count));
}
