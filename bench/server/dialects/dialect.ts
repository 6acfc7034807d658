// How a bare socket joins a server and plays there: what all protocols have in common.
import type { Socket } from "node:net";
import type { Sighting } from "../../../game/protocol/index.ts";
import type { Controls } from "../../../game/sim/index.ts";
import { openWebSocket } from "../../common/dial.ts";
import { clientFrame, MessageReader } from "../../common/web-socket-frames.ts";

/** One player's seat. */
export interface Seat {
  readonly socket: Socket;
  /** Its number in the room, where the protocol tells. */
  readonly index?: number;
  input(controls: Controls): void;
  /** Says goodbye where the protocol has a word for it, so that the seat is free at once. */
  leave(): void;
  close(): void;
}

/** What the players of one room know together. */
export interface RoomMates {
  /** The room's newest tick, where inputs are labelled with ticks. */
  tick: number;
  /** Where players can name their room. */
  code: string | undefined;
  /** Where all boats of an arena are, roughly, by seat. */
  sightings: readonly Sighting[];
}

export const newRoomMates = (): RoomMates => ({ tick: 0, code: undefined, sightings: [] });

export interface Ears {
  /** One state of the game has arrived. */
  snapshot(): void;
  /** The connection is gone, and nobody here has closed it. */
  closed(): void;
}

/** Takes a seat. Rejects when there is none. */
export type Dialect = (port: number, room: RoomMates, ears: Ears) => Promise<Seat>;

const PING = 9;
const PONG = 10;
const JOIN_TIMEOUT_MS = 20_000;

/** A WebSocket that hands on messages and answers pings. */
export class RawSocket {
  readonly socket: Socket;
  #isClosed = false;

  private constructor(socket: Socket, closed: () => void) {
    this.socket = socket;
    socket.on("close", () => this.#isClosed || closed());
  }

  /** Resolves when `onMessage` has said true: the player has its seat. Rejects when that takes too long. */
  static async open(
    port: number,
    path: string,
    onMessage: (opcode: number, payload: Buffer, socket: Socket) => boolean,
    closed: () => void,
  ): Promise<RawSocket> {
    const origin = `http://127.0.0.1:${port}`;
    const { socket, early } = await openWebSocket({ port, path, transport: "plain", origin });
    const raw = new RawSocket(socket, closed);
    const reader = new MessageReader();
    await new Promise<void>((resolve, reject) => {
      const giveUp = () => reject(new Error("no seat"));
      const timer = setTimeout(giveUp, JOIN_TIMEOUT_MS);
      const take = (chunk: Buffer) =>
        reader.read(chunk, (opcode, payload) => {
          if (opcode === PING) socket.write(clientFrame(PONG, payload));
          else if (onMessage(opcode, payload, socket)) {
            clearTimeout(timer);
            resolve();
          }
        });
      socket.once("close", giveUp);
      socket.on("data", take);
      take(early);
      socket.resume();
    });
    return raw;
  }

  write(opcode: number, payload: Uint8Array): void {
    this.socket.write(clientFrame(opcode, payload));
  }

  close(): void {
    this.#isClosed = true;
    this.socket.destroy();
  }
}
