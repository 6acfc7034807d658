// Two sockets become one pipe: every byte of one goes to the other, at the pace of the slower. No frame is looked at.
// When one side ends or breaks, the other is closed after it has got what was on its way.

import type { Socket } from "node:net";
import type { Clock } from "../clock.ts";
import { limits } from "../limits.ts";
import { openFlow } from "./flow.ts";

/** Carried so far. */
export interface TunnelBytes {
  readonly fromClient: number;
  readonly fromTarget: number;
}

export interface Tunnel {
  readonly bytes: TunnelBytes;
  /** Closes both sides (FIN, no WebSocket Close frame). */
  cut(): void;
}

/** `onClosed` runs once, when both sockets are gone. */
export function openTunnel(client: Socket, target: Socket, clock: Clock, onClosed: () => void): Tunnel {
  let closing = false;
  let open = 2;
  const cut = () => {
    if (closing) return;
    closing = true;
    upward.stop(linger(target, clock));
    downward.stop(linger(client, clock));
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
  const upward = openFlow(client, target);
  const downward = openFlow(target, client);
  if (client.destroyed || target.destroyed) cut();
  const bytes = {
    get fromClient() {
      return upward.bytes;
    },
    get fromTarget() {
      return downward.bytes;
    },
  };
  return { bytes, cut };
}

/** Sends what is queued and FIN, then waits a moment for the other side's end: closing with unread bytes would reset. */
export function closeGently(socket: Socket, clock: Clock): void {
  linger(socket, clock)();
  socket.resume();
}

/** The same in two steps: the wait begins now, the function that is returned sends FIN. */
function linger(socket: Socket, clock: Clock): () => void {
  if (socket.destroyed) return () => {};
  const timer = clock.after(limits.lingerMs, () => socket.destroy());
  socket.on("close", () => timer.cancel());
  socket.on("end", () => {
    if (socket.writableFinished) socket.destroy();
  });
  return () => {
    socket.end(() => {
      if (socket.readableEnded) socket.destroy();
    });
  };
}
