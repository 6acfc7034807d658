// Wires made of Socket.IO: WebSocket only, one connection for each wire, no reconnecting of its own (connection.ts decides about that).

import { io } from "socket.io-client";
import type { Hello, JoinAnswer, JoinRequest, Refusal } from "../../game/protocol/index.ts";
import { parseMove, parseRelease, REFUSALS } from "../../game/protocol/index.ts";
import { packetCodec } from "./packet-codec.ts";
import type { Dial, Traffic, Wire, WireEvents } from "./wire.ts";

/** Longest wait for the WebSocket upgrade. */
const DIAL_TIMEOUT_MS = 5_000;

/** Pings say what has come; a room with more than that between two of them has it said in between. Half of a server's window. */
const CONFIRM_EVERY_BYTES = 6_144;

export interface ConnectOptions {
  /** Origin of the game, e.g. `https://localhost:8443`. */
  url: string;
  /** Certificate authority to trust instead of the system's, PEM. Node only. */
  ca?: string;
}

/** Makes the function that opens sockets to `url`. */
export function socketIoDial(options: ConnectOptions): Dial {
  return (hello, events, traffic) => openSocket(options, hello, events, traffic);
}

function openSocket(options: ConnectOptions, hello: Hello, events: WireEvents, traffic: Traffic): Wire {
  const socket = io(options.url, {
    transports: ["websocket"],
    reconnection: false,
    forceNew: true,
    autoConnect: false,
    timeout: DIAL_TIMEOUT_MS,
    parser: packetCodec(traffic),
    auth: hello,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });
  let isOver = false;
  const end = (reason: string) => {
    if (isOver) return;
    isOver = true;
    socket.disconnect();
    events.closed(reason);
  };

  socket.on("connect", () => events.open());
  socket.on("connect_error", (error: Error & { data?: unknown }) => {
    if (isOver) return;
    if (isRefusal(error.data)) events.refused(error.data);
    end(error.message);
  });
  socket.on("disconnect", (reason) => end(reason));
  socket.on("closing", (refusal: unknown) => {
    if (isRefusal(refusal)) events.refused(refusal);
  });
  let snapshotBytes = 0;
  let confirmedBytes = 0;
  const confirm = (answered: () => void) => {
    confirmedBytes = snapshotBytes;
    emit("ping", snapshotBytes, answered);
  };
  socket.on("snapshot", (bytes: Uint8Array) => {
    snapshotBytes += bytes.length;
    if (snapshotBytes - confirmedBytes >= CONFIRM_EVERY_BYTES) confirm(() => {});
    events.frame(bytes);
  });
  socket.on("roster", (roster) => events.roster(roster));
  socket.on("roster-change", (change) => events.rosterChange(change));
  socket.on("path", (path) => events.path(path));
  socket.on("release", (said: unknown) => {
    const release = parseRelease(said);
    if (release) events.release(release);
  });
  socket.on("move", (offered: unknown) => {
    const move = parseMove(offered);
    if (move) events.move(move);
  });
  // Later, so that even an error at once comes after the caller has the wire.
  queueMicrotask(() => isOver || socket.connect());

  // Socket.IO would keep what is emitted on a closed socket for a reconnection that never comes.
  const emit = (event: string, ...values: unknown[]) => {
    if (socket.connected) socket.emit(event, ...values);
  };
  return {
    join: (request: JoinRequest, answered: (answer: JoinAnswer) => void) =>
      emit("join", { ...request, confirms: true }, answered),
    input: (frame) => emit("input", frame),
    askKeyframe: () => emit("keyframe"),
    ping: confirm,
    leave: () => emit("leave"),
    close() {
      isOver = true;
      socket.disconnect();
    },
  };
}

function isRefusal(value: unknown): value is Refusal {
  if (typeof value !== "object" || value === null) return false;
  const { code, message } = value as Partial<Refusal>;
  return typeof code === "string" && Object.hasOwn(REFUSALS, code) && typeof message === "string";
}
