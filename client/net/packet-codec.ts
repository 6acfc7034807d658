// Our packets in the shape that Socket.IO asks of a parser: an Encoder and a Decoder that emits. Counts bytes; knows no game.

import type { Packet } from "../../game/protocol/index.ts";
import { decodePacket, encodePacket } from "../../game/protocol/index.ts";
import type { Traffic } from "./wire.ts";

type Decoded = (packet: Packet) => void;

/** The value of Socket.IO's `parser` option, for one socket. */
export function packetCodec(traffic: Traffic) {
  return {
    Encoder: class {
      encode(packet: Packet): (string | Uint8Array)[] {
        const data = encodePacket(packet);
        traffic.bytesUp += data.length;
        return [data];
      }
    },
    Decoder: class {
      #listeners: Decoded[] = [];

      /** Throws on what is not a packet; Socket.IO then closes the socket with "parse error". */
      add(data: string | Uint8Array | ArrayBuffer): void {
        const content = data instanceof ArrayBuffer ? new Uint8Array(data) : data;
        traffic.bytesDown += content.length;
        const packet = decodePacket(content);
        for (const listener of this.#listeners) listener(packet);
      }

      on(_event: "decoded", listener: Decoded): void {
        this.#listeners.push(listener);
      }

      off(_event: "decoded", listener: Decoded): void {
        this.#listeners = this.#listeners.filter((other) => other !== listener);
      }

      destroy(): void {
        this.#listeners = [];
      }
    },
  };
}
