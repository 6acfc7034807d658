// One direction of a tunnel. Each chunk goes straight from the system's read to the other socket's own write, beside the
// machinery of Readable and Writable, which would cost more than all else that a tunnel does in JavaScript
// (docs/decisions/0007-tunnels-beside-streams.md). At the pace of the slower: what waits is bounded.

import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { limits } from "../limits.ts";
import { readShared } from "./shared-reads.ts";

export interface Flow {
  /** Carried so far. */
  bytes: number;
  /** Takes nothing more from the source; calls `then` when the system has got everything that was taken. */
  stop(then: () => void): void;
}

const nothing = Buffer.alloc(0);
/** What a Writable passes along with a Buffer; the types do not know it. */
const asBuffer = "buffer" as BufferEncoding;

/** What `source` has read and `sink` has written before goes first. A failed write destroys the sink. */
export function openFlow(source: Socket, sink: Socket): Flow {
  const flow: Flow = { bytes: 0, stop };
  /** TLS has encrypted a chunk, or copied it, when the write returns; a plain socket may need it for longer. */
  const copies = sink instanceof TLSSocket;
  /** One write at a time: a TLS socket cannot have two under way. */
  let busy = false;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let paused = false;
  let onIdle: (() => void) | undefined;

  const take = (chunk: Buffer): boolean => {
    flow.bytes += chunk.length;
    if (busy) return wait(chunk);
    busy = true;
    sink._write(copies ? chunk : Buffer.from(chunk), asBuffer, onWritten);
    return true;
  };
  const onWritten = (error?: Error | null): void => {
    busy = false;
    if (waitingBytes > 0 || paused || onIdle || error) settle(error);
  };

  /** False asks the source to read no further. */
  function wait(chunk: Buffer): boolean {
    waiting.push(Buffer.from(chunk));
    waitingBytes += chunk.length;
    paused = waitingBytes >= limits.maxTunnelBacklogBytes;
    return !paused;
  }

  function settle(error: Error | null | undefined): void {
    if (error) {
      sink.destroy();
      return;
    }
    if (waitingBytes > 0) {
      const next = Buffer.concat(waiting);
      waiting = [];
      waitingBytes = 0;
      busy = true;
      sink._write(next, asBuffer, onWritten);
    }
    if (paused) {
      paused = false;
      source._read(0);
    }
    if (!busy) onIdle?.();
  }

  function stop(then: () => void): void {
    stopReading();
    source.resume();
    source._read(0);
    if (busy) onIdle = then;
    else then();
  }

  if (sink.writableLength > 0) {
    busy = true;
    sink.write(nothing, onWritten);
  }
  for (let chunk = source.read(); chunk !== null; chunk = source.read()) take(chunk);
  const stopReading = readShared(source, take);
  source.resume();
  return flow;
}
