// The Socket.IO parser of a server: one frame for each packet. Hot input frames do not become packets at all, they go straight to
// the gate that a session sets; everything else takes Socket.IO's way.

import { EventEmitter } from "node:events";
import type { Socket } from "socket.io";
import {
  CLIENT_MESSAGE_MAX_BYTES,
  decodePacket,
  encodePacket,
  PACKET_TYPES,
  type Packet,
} from "../../game/protocol/index.ts";
import { Refused } from "./refused.ts";

/** What a client may ask by event. */
const EVENTS: ReadonlySet<unknown> = new Set(["join", "leave", "ping", "keyframe"]);

export interface FrameGate {
  /** Hears of every message before it is read; throws Refused to end the socket. */
  message(sizeBytes: number): void;
  /** A binary frame, not yet read. */
  input(frame: Uint8Array): void;
}

export class PacketEncoder {
  encode(packet: Packet): (string | Uint8Array)[] {
    return [encodePacket(packet)];
  }
}

export class PacketDecoder extends EventEmitter {
  /** Set once the socket is let in. */
  gate: FrameGate | undefined = undefined;
  #introduced = false;

  /** Throws Refused; Socket.IO then tells the socket's "error" listeners and closes the connection. */
  add(data: unknown): void {
    if (typeof data !== "string" && !(data instanceof Uint8Array)) throw new Refused("bad-frame");
    const sizeBytes = typeof data === "string" ? Buffer.byteLength(data) : data.length;
    if (sizeBytes > CLIENT_MESSAGE_MAX_BYTES) throw new Refused("too-large");
    this.gate?.message(sizeBytes);
    if (typeof data === "string") this.emit("decoded", this.#onceIntroduced(readPacket(data)));
    else if (this.gate) this.gate.input(data);
    else throw new Refused("bad-frame");
  }

  /** Until a socket is let in it has no budget; a second introduction would be let in beside the first, which is still being judged. */
  #onceIntroduced(packet: Packet): Packet {
    if (packet.type !== PACKET_TYPES.CONNECT) return packet;
    if (this.#introduced) throw new Refused("bad-frame");
    this.#introduced = true;
    return packet;
  }

  destroy(): void {
    this.gate = undefined;
    this.removeAllListeners();
  }
}

function readPacket(data: string): Packet {
  let packet: Packet;
  try {
    packet = decodePacket(data);
  } catch (cause) {
    throw Object.assign(new Refused("bad-frame"), { cause });
  }
  if (packet.type === PACKET_TYPES.EVENT && !EVENTS.has((packet.data as unknown[])[0])) throw new Refused("bad-frame");
  return packet;
}

/** The decoder of a connected socket. Socket.IO makes it and keeps it in a private field. */
export function decoderOf(socket: Socket): PacketDecoder {
  return (socket as unknown as { client: { decoder: PacketDecoder } }).client.decoder;
}
