// What is said by event (rosters, answers) waits in Engine.IO's queue while a connection takes nothing. Somebody who reads little for long,
// or asks much and reads nothing, would make that queue grow: beyond a limit the connection is ended. Its player comes back over another.

import type { Socket } from "socket.io";

/** All that 300 questions at once are answered with, and a dozen rosters of basins or one of an arena. */
export const BACKLOG_MAX_BYTES = 65_536;
/** So few packets are not looked at: they are the rule, and small. */
const PACKETS_UNCHECKED_MAX = 16;

type Connection = Socket["conn"];

/** What Engine.IO's types do not show. */
interface WebSocketParts {
  readonly bufferedAmount: number;
  prependOnceListener(event: "close", listener: (code: number) => void): void;
  on(event: "ping", listener: () => void): void;
  terminate(): void;
}

interface Queue {
  readonly writeBuffer: readonly { readonly data?: string | Uint8Array }[];
}

/** From now on the connection is ended when more than BACKLOG_MAX_BYTES wait for it. */
export function limitBacklog({ conn }: Socket): void {
  conn.on("packetCreate", () => {
    const { writeBuffer } = conn as unknown as Queue;
    if (writeBuffer.length <= PACKETS_UNCHECKED_MAX || bytesOf(writeBuffer) <= BACKLOG_MAX_BYTES) return;
    // A close in order would wait for the queue that nobody reads.
    webSocketOf(conn).terminate();
  });
}

/**
 * The same of pongs, from the first moment of a connection: ws answers every ping of WebSocket itself, also to somebody who reads none of the
 * answers. Browsers send no such pings.
 */
export function limitPongs(conn: Connection): void {
  const webSocket = webSocketOf(conn);
  webSocket.on("ping", () => {
    if (webSocket.bufferedAmount > BACKLOG_MAX_BYTES) webSocket.terminate();
  });
}

export function webSocketOf({ transport }: Connection): WebSocketParts {
  return (transport as unknown as { socket: WebSocketParts }).socket;
}

function bytesOf(packets: Queue["writeBuffer"]): number {
  return packets.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
}
