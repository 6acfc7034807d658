// The hot way of one connection, beside the machinery of streams, ws and Engine.IO, which would cost more than all else that a message does
// in JavaScript (docs/decisions/0013-the-hot-path.md):
//
//   in    system's read ─▶ a whole small binary frame ─▶ Engine.IO's "data"            anything else ─▶ the socket's stream, as ever
//   out   frame ─▶ system's write                                                      behind a packet that waits ─▶ Engine.IO, as ever
//
// It relies on: `_write` of a net.Socket; the slots that net keeps for `onread`; three fields of ws's Receiver; Engine.IO's `transport.socket` and
// `writeBuffer`. Where one of them is missing, messages take the ordinary way.

import { Socket as TcpSocket } from "node:net";
import type { Socket } from "socket.io";
import { type HotFrame, readHotFrame } from "./hot-frame.ts";
import type { WireFrame } from "./snapshot-writer.ts";

/** What one read takes at most; one buffer serves all sockets, because a read is over before the next one begins. */
const READ_MAX_BYTES = 64 * 1024;
/** More packets than this in Engine.IO's own queue: the socket is behind. */
const QUEUED_PACKETS_MAX = 8;
/** ws's word for a connection that is neither opening nor closing. */
const WS_OPEN = 1;

type EngineOptions = Parameters<Socket["conn"]["write"]>[1];

/** What a Writable passes along with a Buffer; the types do not know it. */
const AS_BUFFER = "buffer" as BufferEncoding;

/** Parts of ws and Engine.IO that their types do not show. */
interface WebSocketParts {
  readonly readyState: number;
  readonly bufferedAmount: number;
  readonly _socket?: unknown;
  /** Between two messages all three are 0. */
  readonly _receiver?: { _state?: number; _bufferedBytes?: number; _fragmented?: number };
}
interface EngineParts {
  readonly transport: { readonly socket: WebSocketParts };
  readonly writeBuffer?: readonly unknown[];
}

/** What net keeps on a socket for `net.connect({ onread })`; accepted sockets have no public way to it. */
type ReadSlots = Record<symbol, unknown> & { _handle?: { useUserBuffer?(buffer: Uint8Array): void } | null };

const symbols = Object.getOwnPropertySymbols(new TcpSocket());
const slotNamed = (name: string) => symbols.find((each) => each.description === name);
const READ_BUFFER = slotNamed("kBuffer");
const ON_READ = slotNamed("kBufferCb");

let shared: Buffer | undefined;

export class HotWire {
  readonly #conn: Socket["conn"];
  readonly #engine: EngineParts;
  readonly #ws: WebSocketParts;
  readonly #tcp: TcpSocket | undefined;
  readonly #frame: HotFrame = { message: Buffer.alloc(0), end: 0 };
  /** Writes of ours that the system has not taken whole. */
  #underWay = 0;

  constructor(socket: Socket) {
    this.#conn = socket.conn;
    this.#engine = socket.conn as unknown as EngineParts;
    this.#ws = this.#engine.transport.socket;
    const tcp = this.#ws._socket;
    this.#tcp = tcp instanceof TcpSocket && Array.isArray(this.#engine.writeBuffer) ? tcp : undefined;
    if (this.#tcp) this.#readShared(this.#tcp);
  }

  /**
   * True when the kernel took everything that was written before: a snapshot does not have to wait in a queue. Engine.IO's own
   * `writable` is false until the next round of the event loop, also when the kernel took all at once; a roster in the same tick, or a
   * second tick made up for, would then cost a snapshot.
   */
  get drained(): boolean {
    if (this.#conn.readyState !== "open" || this.#underWay > 0) return false;
    return this.#queuedPackets <= QUEUED_PACKETS_MAX && this.#ws.bufferedAmount === 0;
  }

  /** Packets of Engine.IO that were given to it before go out before. */
  write({ payload, frame }: WireFrame): void {
    const tcp = this.#tcp;
    if (tcp && this.#queuedPackets === 0 && tcp.writableLength === 0 && tcp.writable) {
      this.#underWay += 1;
      tcp._write(frame, AS_BUFFER, this.#written);
      return;
    }
    // Engine.IO hands a pre-encoded frame to the socket as it is; the options object is its own, it writes into it.
    const options = { compress: false, wsPreEncodedFrame: [frame] };
    this.#conn.write(payload as Buffer, options as EngineOptions);
  }

  readonly #written = (error?: Error | null): void => {
    this.#underWay -= 1;
    if (error) this.#tcp?.destroy(error);
  };

  get #queuedPackets(): number {
    return this.#engine.writeBuffer?.length ?? 0;
  }

  /** From now on the socket reads into the shared buffer, instead of 64 KiB of its own for each read. */
  #readShared(tcp: TcpSocket): void {
    const slots = tcp as unknown as ReadSlots;
    if (!READ_BUFFER || !ON_READ || !slots._handle?.useUserBuffer) return;
    shared ??= Buffer.allocUnsafeSlow(READ_MAX_BYTES);
    slots[READ_BUFFER] = shared;
    slots[ON_READ] = (bytes: number, from: Buffer) => this.#read(tcp, from, bytes);
    slots._handle.useUserBuffer(shared);
  }

  /** False stops reading until the stream wants more. */
  #read(tcp: TcpSocket, from: Buffer, bytes: number): boolean {
    let at = 0;
    while (at < bytes && this.#isBetweenMessages(tcp) && readHotFrame(from, at, bytes, this.#frame)) {
      at = this.#frame.end;
      // What Engine.IO does with a message; that the connection lives, it hears from pongs and text. Socket.IO catches what its parser throws, and
      // ends the connection.
      this.#conn.emit("data", this.#frame.message);
    }
    return at === bytes || tcp.push(Buffer.from(from.subarray(at, bytes)));
  }

  /** Nothing that came before waits to be understood, and what comes is wanted. */
  #isBetweenMessages(tcp: TcpSocket): boolean {
    const receiver = this.#ws._receiver;
    return (
      receiver?._state === 0 &&
      receiver._bufferedBytes === 0 &&
      receiver._fragmented === 0 &&
      tcp.readableLength === 0 &&
      this.#ws.readyState === WS_OPEN &&
      this.#conn.readyState === "open"
    );
  }
}
