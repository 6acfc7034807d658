// What certificate a client of some host is shown, by a real handshake.

import { connect } from "node:tls";

export interface ShownCertificate {
  /** The subject's common name. */
  readonly name: string;
  readonly serial: string;
}

export function shownCertificate(port: number, servername: string): Promise<ShownCertificate> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, servername, rejectUnauthorized: false });
    socket.once("error", reject);
    socket.once("secureConnect", () => {
      const { subject, serialNumber } = socket.getPeerCertificate();
      resolve({ name: String(subject.CN), serial: serialNumber });
      socket.destroy();
    });
  });
}
