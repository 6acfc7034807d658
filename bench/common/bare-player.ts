// A player without a game: speaks Tidegate's protocol over a bare socket, so that a generator spends little on each. It joins, sends
// inputs, and hands on the frames that come; it decodes none of them.
import type { Socket } from "node:net";
import {
  decodePacket,
  encodeInput,
  encodePacket,
  type JoinAnswer,
  type JoinRequest,
  PACKET_TYPES,
  type Packet,
  PROTOCOL_VERSION,
  type Refusal,
  type Welcome,
} from "../../game/protocol/index.ts";
import type { Controls } from "../../game/sim/index.ts";
import { type Address, openWebSocket } from "./dial.ts";
import { clientFrame, clientText, MessageReader, OPCODES } from "./web-socket-frames.ts";

/** A slow reader reads this often. */
const SIP_MS = 50;
const JOIN_TIMEOUT_MS = 20_000;
const ENGINE = { ping: "2", pong: "3", message: "4" } as const;
const PATH = "/socket.io/?EIO=4&transport=websocket";

export interface PlayerEvents {
  /** A snapshot, still encoded; shares memory with what came. */
  frame(bytes: Buffer, player: BarePlayer): void;
  /** Any other event: its name and how long it was as text. */
  event?(name: string, sizeBytes: number, player: BarePlayer): void;
  /** The connection is gone, and nobody here has closed it. */
  closed(player: BarePlayer): void;
}

export class BarePlayer {
  readonly socket: Socket;
  readonly #events: PlayerEvents;
  readonly #reader = new MessageReader();
  readonly #acks = new Map<number, (value: unknown) => void>();
  #connected: (answer: Packet) => void = () => {};
  #welcome: Welcome | undefined;
  #asked = 0;
  #inputs = 0;
  #snapshotBytes = 0;
  #isClosed = false;

  private constructor(socket: Socket, events: PlayerEvents) {
    this.socket = socket;
    this.#events = events;
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.on("close", () => !this.#isClosed && events.closed(this));
  }

  /** Rejects when the seat is refused or does not come in time. */
  static async join(
    address: Omit<Address, "path">,
    request: JoinRequest,
    events: PlayerEvents,
    hello: Readonly<Record<string, unknown>> = {},
  ): Promise<BarePlayer> {
    const { socket, early } = await openWebSocket({ ...address, path: PATH });
    const player = new BarePlayer(socket, events);
    const joined = player.#join(request, hello);
    player.#read(early);
    socket.resume();
    try {
      await inTime(joined, socket);
    } catch (error) {
      player.close();
      throw error;
    }
    return player;
  }

  get welcome(): Welcome {
    return this.#welcome!;
  }

  /** Inputs sent so far: the number of the last one. */
  get inputs(): number {
    return this.#inputs;
  }

  input(tick: number, controls: Controls): void {
    this.#inputs += 1;
    this.socket.write(clientFrame(OPCODES.binary, encodeInput({ number: this.#inputs, tick, controls })));
  }

  /** To the gateway and back; says how much has come, for who joined with `confirms`. */
  ping(answered: () => void): void {
    this.#ask("ping", this.#snapshotBytes, answered);
  }

  event(name: string): void {
    this.#say({ type: PACKET_TYPES.EVENT, nsp: "/", data: [name] });
  }

  /** From now on it takes no more than this off its connection, as over a bad network. */
  readSlowly(bytesPerSecond: number): void {
    const { socket } = this;
    socket.removeAllListeners("data");
    socket.pause();
    const atOnce = Math.max(1, Math.round((bytesPerSecond * SIP_MS) / 1_000));
    const sip = setInterval(() => {
      const chunk = socket.read(Math.min(atOnce, socket.readableLength)) as Buffer | null;
      if (chunk) this.#read(chunk);
      else socket.read(0); // asks for more
    }, SIP_MS);
    socket.once("close", () => clearInterval(sip));
  }

  close(): void {
    this.#isClosed = true;
    this.socket.destroy();
  }

  async #join(request: JoinRequest, hello: Readonly<Record<string, unknown>>): Promise<void> {
    const answer = await new Promise<Packet>((resolve) => {
      this.#connected = resolve;
      this.#say({
        type: PACKET_TYPES.CONNECT,
        nsp: "/",
        data: { protocol: PROTOCOL_VERSION, build: "bench", ...hello },
      });
    });
    if (answer.type === PACKET_TYPES.CONNECT_ERROR) throw refused((answer.data as { data: Refusal }).data);
    const said = await new Promise<unknown>((resolve) => this.#ask("join", request, resolve));
    const joined = said as JoinAnswer;
    if (!joined.ok) throw refused(joined);
    this.#welcome = joined;
  }

  #ask(name: string, value: unknown, answered: (value: unknown) => void): void {
    const id = this.#asked++;
    this.#acks.set(id, answered);
    this.#say({ type: PACKET_TYPES.EVENT, nsp: "/", id, data: [name, value] });
  }

  #say(packet: Packet): void {
    this.socket.write(clientText(`${ENGINE.message}${encodePacket(packet) as string}`));
  }

  #read(chunk: Buffer): void {
    this.#reader.read(chunk, (opcode, payload) => {
      if (opcode === OPCODES.text) this.#text(payload.toString());
      if (opcode !== OPCODES.binary) return;
      this.#snapshotBytes += payload.length;
      this.#events.frame(payload, this);
    });
  }

  #text(text: string): void {
    if (text === ENGINE.ping) this.socket.write(clientText(ENGINE.pong));
    if (!text.startsWith(ENGINE.message)) return;
    const packet = decodePacket(text.slice(1));
    if (packet.type === PACKET_TYPES.CONNECT || packet.type === PACKET_TYPES.CONNECT_ERROR) this.#connected(packet);
    if (packet.type === PACKET_TYPES.EVENT) {
      this.#events.event?.(String((packet.data as unknown[])[0]), Buffer.byteLength(text), this);
    }
    if (packet.type !== PACKET_TYPES.ACK) return;
    const answered = this.#acks.get(packet.id!);
    this.#acks.delete(packet.id!);
    answered?.((packet.data as unknown[])[0]);
  }
}

const refused = ({ code, message }: Refusal): Error => new Error(`refused as ${code}: ${message}`);

function inTime(joined: Promise<void>, socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(why));
    const timer = setTimeout(() => fail(`no seat in ${JOIN_TIMEOUT_MS} ms`), JOIN_TIMEOUT_MS);
    const onClose = () => fail("the connection ended before there was a seat");
    socket.once("close", onClose);
    joined.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      socket.off("close", onClose);
    });
  });
}
