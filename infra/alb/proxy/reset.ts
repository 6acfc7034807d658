// Ends a connection with RST instead of FIN.

import type { Socket } from "node:net";

/** What is on its way is lost. A TLS connection is reset below its TLS, where Node keeps the TCP socket as `_parent`. */
export function resetConnection(socket: Socket & { readonly _parent?: Socket | null }): void {
  const { _parent: below = null } = socket;
  if (below) {
    below.resetAndDestroy();
    below.once("close", () => socket.destroy());
  } else if ("encrypted" in socket) socket.destroy();
  else socket.resetAndDestroy();
}
