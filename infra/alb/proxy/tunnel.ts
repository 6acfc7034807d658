// Two sockets become one pipe: every byte of one goes to the other, at the pace of the slower. No frame is looked at.
// When one side ends or breaks, the other is closed after it has got what was on its way.

import type { Socket } from "node:net";
import type { Clock } from "../clock.ts";
import { limits } from "../limits.ts";

export interface TunnelBytes {
  fromClient: number;
  fromTarget: number;
}

export interface Tunnel {
  readonly bytes: TunnelBytes;
  /** Closes both sides (FIN, no WebSocket Close frame). */
  cut(): void;
}

/** `onClosed` runs once, when both sockets are gone. */
export function openTunnel(client: Socket, target: Socket, clock: Clock, onClosed: () => void): Tunnel {
  const bytes: TunnelBytes = { fromClient: 0, fromTarget: 0 };
  let closing = false;
  let open = 2;

  const onClientData = (chunk: Buffer) => {
    bytes.fromClient += chunk.length;
    if (!target.write(chunk)) client.pause();
  };
  const onTargetData = (chunk: Buffer) => {
    bytes.fromTarget += chunk.length;
    if (!client.write(chunk)) target.pause();
  };
  const cut = () => {
    if (closing) return;
    closing = true;
    client.off("data", onClientData);
    target.off("data", onTargetData);
    closeGently(client, clock);
    closeGently(target, clock);
  };
  const onSocketClose = () => {
    cut();
    if (--open === 0) onClosed();
  };

  for (const socket of [client, target]) {
    socket.setNoDelay(true);
    socket.setTimeout(0);
    socket.on("end", cut);
    // A broken connection also closes; there is nobody to tell.
    socket.on("error", cut);
    socket.on("close", onSocketClose);
  }
  client.on("drain", () => target.resume());
  target.on("drain", () => client.resume());
  client.on("data", onClientData);
  target.on("data", onTargetData);
  client.resume();
  target.resume();
  if (client.destroyed || target.destroyed) cut();
  return { bytes, cut };
}

/** Sends what is queued and FIN, then waits a moment for the other side's end: closing with unread bytes would reset. */
export function closeGently(socket: Socket, clock: Clock): void {
  if (socket.destroyed) return;
  const timer = clock.after(limits.lingerMs, () => socket.destroy());
  socket.on("close", () => timer.cancel());
  socket.end(() => {
    if (socket.readableEnded) socket.destroy();
  });
  socket.on("end", () => {
    if (socket.writableFinished) socket.destroy();
  });
  socket.resume();
}
