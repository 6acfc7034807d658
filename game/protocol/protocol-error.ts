// What decoders throw on bytes that break the protocol; the sender's socket is closed with its code.

export class ProtocolError extends Error {
  readonly code = "bad-frame";

  constructor(reason: string) {
    super(`cannot decode: ${reason}`);
    this.name = "ProtocolError";
  }
}
