import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { decodeInput, decodePacket, encodePacket, type JoinRequest, type Packet } from "../../game/protocol/index.ts";
import { neutralControls } from "../../game/sim/index.ts";
import { BarePlayer } from "./bare-player.ts";

const servers: WebSocketServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    for (const client of server.clients) client.terminate();
    server.close();
  }
});

/** Says what a Tidegate server would: lets everybody in, seats them, acknowledges pings; keeps binary messages. */
async function startServer(answer: unknown) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  servers.push(server);
  await once(server, "listening");
  const inputs: Buffer[] = [];
  const texts: string[] = [];
  server.on("connection", (socket) => {
    const say = (packet: Packet) => socket.send(`4${encodePacket(packet) as string}`);
    socket.send('0{"sid":"x"}');
    socket.on("message", (data: Buffer, isBinary) => {
      if (isBinary) return void inputs.push(data);
      texts.push(data.toString());
      if (!data.toString().startsWith("4")) return;
      const packet = decodePacket(data.toString().slice(1));
      if (packet.type === 0) say({ type: 0, nsp: "/", data: { sid: "y" } });
      if (packet.id === undefined) return;
      const [name, value] = packet.data as [string, unknown];
      say({ type: 3, nsp: "/", id: packet.id, data: [name === "join" ? answer : value] });
    });
  });
  const { port } = server.address() as { port: number };
  return { server, inputs, texts, address: { port, transport: "plain", origin: "https://localhost" } as const };
}

const request: JoinRequest = { name: "Ann" };

test("it joins, plays, pings, and hears frames and events", async () => {
  const { server, address, inputs, texts } = await startServer({ ok: true, room: "QKAA", seat: 3 });
  const frames: string[] = [];
  const events: string[] = [];
  const player = await BarePlayer.join(address, request, {
    frame: (bytes) => void frames.push(bytes.toString()),
    event: (name) => void events.push(name),
    closed: () => {},
  });
  expect(player.welcome).toMatchObject({ room: "QKAA", seat: 3 });
  player.input(70, { ...neutralControls, aim: 200 });
  await new Promise<void>((resolve) => player.ping(resolve));
  expect(inputs.map((bytes) => decodeInput(bytes))).toMatchObject([{ number: 1, tick: 70, controls: { aim: 200 } }]);
  const [socket] = [...server.clients];
  socket!.send("2");
  socket!.send(`4${encodePacket({ type: 2, nsp: "/", data: ["roster", {}] }) as string}`);
  socket!.send(Buffer.from("snapshot"));
  await expect.poll(() => frames).toEqual(["snapshot"]);
  expect(events).toEqual(["roster"]);
  await expect.poll(() => texts.at(-1)).toBe("3"); // the heartbeat's answer
  player.close();
});

test("a refusal is an error with its code, and a lost connection is told", async () => {
  const refusing = await startServer({ ok: false, code: "room-full", message: "The room is full." });
  const none = { frame: () => {}, closed: () => {} };
  await expect(BarePlayer.join(refusing.address, request, none)).rejects.toThrow("refused as room-full");
  const { server, address } = await startServer({ ok: true, room: "QKAA", seat: 0 });
  const lost = new Promise((resolve) => {
    void BarePlayer.join(address, request, { ...none, closed: resolve }).then(() =>
      [...server.clients][0]!.terminate(),
    );
  });
  expect(await lost).toBeInstanceOf(BarePlayer);
});
