// The clients, a process of its own: many WebSockets that send at a fixed rate, or handshakes, or requests in a loop.
import type { Socket } from "node:net";
import { dial, openWebSocket } from "../common/dial.ts";
import { mulberry } from "../common/mulberry.ts";
import { nowUs } from "../common/now.ts";
import { Wheel } from "../common/wheel.ts";
import { answerCalls } from "../common/worker-calls.ts";
import { Counters } from "./counters.ts";
import { DOWN, FrameReader, stamp, UP, upFrame } from "./frames.ts";
import { BODY_END, ORIGIN, PLAIN_REQUEST, STREAM_PATH } from "./http-text.ts";
import type { Loop, LoopArgument, ProxyCalls } from "./worker-protocol.ts";

const OPENING_AT_ONCE = 16;
const TICK_MS = 1;
const SEED = 1;

const counters = new Counters();
const sockets = new Set<Socket>();
let wheel: Wheel<() => void> | undefined;
let ticker: NodeJS.Timeout | undefined;

async function open({ port, transport, sockets: count, rate }: ProxyCalls["open"]["argument"]): Promise<void> {
  const turning = new Wheel<() => void>(1_000 / rate, mulberry(SEED));
  wheel = turning;
  let left = count;
  const openSome = async () => {
    while (left-- > 0) stream(await openWebSocket({ port, transport, path: STREAM_PATH, origin: ORIGIN }), turning);
  };
  await Promise.all(Array.from({ length: OPENING_AT_ONCE }, openSome));
  ticker = setInterval(() => turning.advance(performance.now(), (send) => send()), TICK_MS);
}

function stream({ socket, early }: { socket: Socket; early: Buffer }, turning: Wheel<() => void>): void {
  const reader = new FrameReader(DOWN);
  const onFrame = (stampUs: number) => {
    counters.received(nowUs() - stampUs);
  };
  reader.read(early, onFrame);
  socket.on("data", (chunk: Buffer) => reader.read(chunk, onFrame));
  socket.resume();
  const frame = upFrame();
  const send = () => {
    counters.sent();
    socket.write(stamp(frame, UP, nowUs()));
  };
  turning.add(send);
  sockets.add(socket);
  socket.on("close", () => {
    turning.remove(send);
    sockets.delete(socket);
  });
}

async function close(): Promise<void> {
  clearInterval(ticker);
  wheel = undefined;
  const gone = [...sockets].map((socket) => new Promise((resolve) => socket.once("close", resolve)));
  for (const socket of sockets) socket.destroy();
  await Promise.all(gone);
}

/** Runs `step` again and again in each lane until the time is over; a failed step ends its lane. */
async function loop({ lanes, ms }: LoopArgument, lane: () => Promise<() => Promise<void>>): Promise<Loop> {
  const endMs = performance.now() + ms;
  let done = 0;
  let failed = 0;
  let failure: string | undefined;
  const run = async () => {
    try {
      const step = await lane();
      while (performance.now() < endMs) {
        await step();
        done += 1;
      }
    } catch (error) {
      failed += 1;
      failure ??= (error as Error).message;
    }
  };
  await Promise.all(Array.from({ length: lanes }, run));
  await close();
  return { done, failed, failure };
}

const handshakes = (argument: LoopArgument): Promise<Loop> =>
  loop(argument, async () => async () => {
    const { socket } = await openWebSocket({ ...argument, path: "/handshake", origin: ORIGIN });
    socket.destroy();
  });

const requests = (argument: LoopArgument): Promise<Loop> =>
  loop(argument, async () => {
    const socket = await dial(argument.port, argument.transport);
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    return () => request(socket);
  });

function request(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    let refused = false;
    const finish = (error?: Error) => {
      socket.off("data", onData);
      socket.off("close", onClose);
      if (error) reject(error);
      else resolve();
    };
    let first = true;
    const onData = (chunk: Buffer) => {
      if (first && chunk.toString("latin1", 9, 12) !== "200") refused = true;
      first = false;
      if (refused) finish(new Error(`answered ${chunk.toString("latin1", 9, 12)}`));
      else if (chunk[chunk.length - 1] === BODY_END) finish();
    };
    const onClose = () => finish(new Error("the connection ended before the answer"));
    socket.on("data", onData);
    socket.on("close", onClose);
    socket.write(PLAIN_REQUEST);
  });
}

answerCalls<ProxyCalls>({
  open,
  close,
  handshakes,
  requests,
  begin: () => counters.begin(wheel?.skippedSlots ?? 0),
  tally: () => counters.tally(sockets.size, wheel?.skippedSlots ?? 0),
});
