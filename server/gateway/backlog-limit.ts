// What is said by event (rosters, answers) waits in Engine.IO's queue while a connection takes nothing. Somebody who reads little for long,
// or asks much and reads nothing, would make that queue grow: beyond a limit the connection is ended. Its player comes back over another.

import type { Socket } from "socket.io";

/** All that 300 questions at once are answered with, and a dozen rosters. */
export const BACKLOG_MAX_BYTES = 65_536;
/** So few packets are not looked at: they are the rule, and small. */
const PACKETS_UNCHECKED_MAX = 16;

interface Queue {
  readonly writeBuffer: readonly { readonly data?: string | Uint8Array }[];
}

/** From now on the connection is ended when more than BACKLOG_MAX_BYTES wait for it. */
export function limitBacklog({ conn }: Socket): void {
  conn.on("packetCreate", () => {
    const { writeBuffer } = conn as unknown as Queue;
    if (writeBuffer.length <= PACKETS_UNCHECKED_MAX || bytesOf(writeBuffer) <= BACKLOG_MAX_BYTES) return;
    // A close in order would wait for the queue that nobody reads.
    (conn.transport as unknown as { socket: { terminate(): void } }).socket.terminate();
  });
}

function bytesOf(packets: Queue["writeBuffer"]): number {
  return packets.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
}
