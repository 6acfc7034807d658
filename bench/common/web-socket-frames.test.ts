import { once } from "node:events";
import { expect, test } from "vitest";
import WebSocket, { WebSocketServer } from "ws";
import { clientFrame, clientText, MessageReader, OPCODES } from "./web-socket-frames.ts";

/** As a server sends it. */
function serverFrame(opcode: number, payload: Buffer): Buffer {
  const head = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 0xff];
  return Buffer.concat([Buffer.from([0x80 | opcode, ...head]), payload]);
}

test("messages come out whole however the stream is cut", () => {
  const payloads = [0, 1, 125, 126, 3_000].map((length) => Buffer.alloc(length, length & 0xff));
  const stream = Buffer.concat(payloads.map((payload) => serverFrame(OPCODES.binary, payload)));
  for (const chunkBytes of [1, 2, 7, 128, stream.length]) {
    const reader = new MessageReader();
    const got: Buffer[] = [];
    for (let at = 0; at < stream.length; at += chunkBytes) {
      reader.read(stream.subarray(at, at + chunkBytes), (_opcode, payload) => got.push(payload));
    }
    expect(got).toEqual(payloads);
  }
});

test("a message in several frames is refused", () => {
  const part = serverFrame(OPCODES.text, Buffer.from("half"));
  part[0]! &= 0x7f;
  expect(() => new MessageReader().read(part, () => {})).toThrow("several frames");
});

test("a WebSocket server reads our frames", async () => {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const heard: unknown[] = [];
  const done = new Promise<void>((resolve) => {
    server.on("connection", (socket) =>
      socket.on("message", (data: Buffer, isBinary) => {
        heard.push(isBinary ? data.length : data.toString());
        if (heard.length === 3) resolve();
      }),
    );
  });
  const { port } = server.address() as { port: number };
  const client = new WebSocket(`ws://127.0.0.1:${port}`);
  await once(client, "open");
  const { _socket: socket } = client as unknown as { _socket: { write(bytes: Buffer): void } };
  for (const frame of [
    clientText("héllo"),
    clientFrame(OPCODES.binary, Buffer.alloc(9)),
    clientText("x".repeat(300)),
  ]) {
    socket.write(frame);
  }
  await done;
  expect(heard).toEqual(["héllo", 9, "x".repeat(300)]);
  client.terminate();
  server.close();
});
