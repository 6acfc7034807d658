// Two sockets become one pipe: every byte of one goes to the other, at the pace of the slower. No frame is looked at.
// When one side ends or breaks, the other is closed after it has got what was on its way.

import { Socket } from "node:net";
import type { Clock } from "../clock.ts";
import { limits } from "../limits.ts";
import { Outlet } from "./outlet.ts";

export interface TunnelBytes {
  fromClient: number;
  fromTarget: number;
}

export interface Tunnel {
  readonly bytes: TunnelBytes;
  /** Closes both sides (FIN, no WebSocket Close frame). */
  cut(): void;
}

/** `onClosed` runs once, when both sockets are gone. What either has written or received before goes first. */
export function openTunnel(client: Socket, target: Socket, clock: Clock, onClosed: () => void): Tunnel {
  const bytes: TunnelBytes = { fromClient: 0, fromTarget: 0 };
  let closing = false;
  let open = 2;

  const cut = () => {
    if (closing) return;
    closing = true;
    for (const [socket, outlet] of ends) {
      // Back to the prototype's: what comes now is read and dropped.
      Reflect.deleteProperty(socket, "push");
      closeGently(socket, clock, (end) => outlet.flushed(end));
      socket._read(0);
    }
  };
  const onSocketClose = () => {
    cut();
    if (--open === 0) onClosed();
  };
  const toTarget = new Outlet(target, {
    onRoom: () => client._read(0),
    onBroken: () => target.destroy(),
  });
  const toClient = new Outlet(client, {
    onRoom: () => target._read(0),
    onBroken: () => client.destroy(),
  });
  const ends = [
    [client, toClient],
    [target, toTarget],
  ] as const;

  for (const [socket] of ends) {
    socket.setNoDelay(true);
    socket.setTimeout(0);
    socket.on("end", cut);
    // A broken connection also closes; there is nobody to tell.
    socket.on("error", cut);
    socket.on("close", onSocketClose);
  }
  conduct(client, (chunk) => {
    bytes.fromClient += chunk.length;
    return toTarget.write(chunk);
  });
  conduct(target, (chunk) => {
    bytes.fromTarget += chunk.length;
    return toClient.write(chunk);
  });
  if (client.destroyed || target.destroyed) cut();
  return { bytes, cut };
}

/** Gives each chunk to `take` straight from the system's read, where it would enter the Readable; false pauses reading. */
function conduct(source: Socket, take: (chunk: Buffer) => boolean): void {
  for (let chunk = source.read(); chunk !== null; chunk = source.read()) take(chunk);
  source.push = (chunk: Buffer | null) => (chunk === null ? Socket.prototype.push.call(source, null) : take(chunk));
  source.resume();
}

/** Sends what is queued and FIN, then waits a moment for the other side's end: closing with unread bytes would reset. */
export function closeGently(
  socket: Socket,
  clock: Clock,
  whenFlushed: (end: () => void) => void = (end) => end(),
): void {
  if (socket.destroyed) return;
  const timer = clock.after(limits.lingerMs, () => socket.destroy());
  socket.on("close", () => timer.cancel());
  whenFlushed(() => {
    socket.end(() => {
      if (socket.readableEnded) socket.destroy();
    });
  });
  socket.on("end", () => {
    if (socket.writableFinished) socket.destroy();
  });
  socket.resume();
}
