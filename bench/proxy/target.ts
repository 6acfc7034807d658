// The application behind every proxy, a process of its own, as lean as Node allows: HTTP/1.1 with one small answer, and
// WebSockets that are sent messages at a fixed rate and whose messages are counted. It checks nothing that it need not.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { mulberry } from "../common/mulberry.ts";
import { nowUs } from "../common/now.ts";
import { Wheel } from "../common/wheel.ts";
import { answerCalls } from "../common/worker-calls.ts";
import { Counters } from "./counters.ts";
import { DOWN, downFrame, FrameReader, stamp, UP } from "./frames.ts";
import { BODY, STREAM_PATH } from "./http-text.ts";
import type { ProxyCalls, TargetConfig, TargetPorts } from "./worker-protocol.ts";

const WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const HEAD_END = "\r\n\r\n";
const HEAD_MAX_CHARS = 65_536;
const TICK_MS = 1;
const SEED = 2;

const OK = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;

const counters = new Counters();
const open = new Set<Socket>();
let wheel: Wheel<() => void> | undefined;

function serve(socket: Socket): void {
  socket.setNoDelay(true);
  open.add(socket);
  let head = "";
  const onHead = (chunk: Buffer) => {
    head += chunk.toString("latin1");
    for (let end = head.indexOf(HEAD_END); end >= 0; end = head.indexOf(HEAD_END)) {
      const request = head.slice(0, end);
      head = head.slice(end + HEAD_END.length);
      const key = /\r\nsec-websocket-key: *([^\r\n]+)/i.exec(request)?.[1];
      if (key === undefined) {
        socket.write(OK);
        continue;
      }
      socket.off("data", onHead);
      acceptWebSocket(socket, key, request.startsWith(`GET ${STREAM_PATH} `), Buffer.from(head, "latin1"));
      return;
    }
    if (head.length > HEAD_MAX_CHARS) socket.destroy();
  };
  socket.on("data", onHead);
  socket.on("error", () => {}); // "close" follows, and says all that matters
  socket.on("close", () => open.delete(socket));
}

function acceptWebSocket(socket: Socket, key: string, streams: boolean, early: Buffer): void {
  const accept = createHash("sha1").update(`${key}${WEBSOCKET_GUID}`).digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  if (!streams) {
    socket.resume();
    return;
  }
  const reader = new FrameReader(UP);
  const onFrame = (stampUs: number) => {
    counters.received(nowUs() - stampUs);
  };
  reader.read(early, onFrame);
  socket.on("data", (chunk: Buffer) => reader.read(chunk, onFrame));
  const frame = downFrame();
  const send = () => {
    counters.sent();
    socket.write(stamp(frame, DOWN, nowUs()));
  };
  wheel?.add(send);
  socket.on("close", () => wheel?.remove(send));
}

async function listen(config: TargetConfig): Promise<TargetPorts> {
  const turning = new Wheel<() => void>(1_000 / config.rate, mulberry(SEED));
  wheel = turning;
  setInterval(() => turning.advance(performance.now(), (send) => send()), TICK_MS);
  const tls = createTlsServer({ cert: readFileSync(config.certificateFile), key: readFileSync(config.keyFile) }, serve);
  return { plain: await listenOn(createServer(serve)), tls: await listenOn(tls) };
}

function listenOn(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port: 0, host: "127.0.0.1", backlog: 4_096 }, () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
}

answerCalls<ProxyCalls>({
  listen,
  begin: () => counters.begin(wheel?.skippedSlots ?? 0),
  tally: () => counters.tally(open.size, wheel?.skippedSlots ?? 0),
});
