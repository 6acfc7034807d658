// Version 1's samples, read by today's code, and what today's code says, read by version 1's.

import { describe, expect, it } from "vitest";
import * as today from "../../game/protocol/index.ts";
import { fightOn, fightWorld } from "../../game/protocol/test-fights.ts";
import { decodeRelay, encodeRelay, type RelayMessage } from "../../server/cluster/envelope.ts";
import { readBeat } from "../../server/cluster/server-beat.ts";
import { PlayerTokens } from "../../server/gateway/player-token.ts";
import type { PlayerId, ServerId } from "../../server/room/room-port.ts";
import { bytesOf, hex, readable, SAMPLE_PLAYER, SAMPLE_SECRET, takeSamples } from "./take-samples.ts";
import { samples1, version1 } from "./version-1.ts";

const v1 = version1.protocol;
const FIGHT_TICKS = 120;

it("the samples of version 1 are what its code says", async () => {
  expect(JSON.parse(JSON.stringify(await takeSamples(version1)))).toEqual(samples1);
});

describe("what version 1 says to a browser, or a browser of version 1 to a server", () => {
  it("is of the oldest version that is understood today, and of today's hot frames", () => {
    expect(samples1.protocolVersion).toBe(today.PROTOCOL_OLDEST);
    expect(today.PROTOCOL_VERSION - today.PROTOCOL_OLDEST).toBeLessThanOrEqual(1);
    expect(samples1.codecVersion).toBe(today.CODEC_VERSION);
  });

  it.each(Object.entries(samples1.packets))("is the same packet today: %s", (_name, text) => {
    const packet = today.decodePacket(text);
    expect(packet).toEqual(v1.decodePacket(text));
    expect(today.encodePacket(packet)).toBe(text);
  });

  it("introduces itself and joins", () => {
    expect(today.parseHello(today.decodePacket(samples1.packets.connect!).data)).toMatchObject({ protocol: 1 });
    expect(joined("join")).toEqual({ name: "Zoë", room: "KQXR" });
    expect(joined("joinRemote")).toEqual({ name: "Zoë", prefer: "remote" });
  });

  it("has refusals that are known today", () => {
    for (const name of ["refused", "closing", "notWelcome"]) {
      const code = /"code":"([a-z-]+)"/.exec(samples1.packets[name]!)?.[1];
      expect(today.REFUSALS).toHaveProperty(code!);
    }
    for (const code of Object.keys(v1.REFUSALS)) expect(today.REFUSALS).toHaveProperty(code);
  });

  it("has hot frames that say the same today", () => {
    expect(today.decodeInput(bytesOf(samples1.input.hex))).toEqual(samples1.input.decoded);
    const [keyframe, delta] = [bytesOf(samples1.keyframe), bytesOf(samples1.delta)];
    const base = today.decodeSnapshot(keyframe);
    expect(base).toMatchObject(v1.decodeSnapshot(keyframe));
    expect(today.decodeSnapshot(delta, base.view)).toMatchObject(v1.decodeSnapshot(delta, base.view));
    expect(hex(today.encodeSnapshot(base))).toBe(samples1.keyframe);
  });

  it("proves who a player is", async () => {
    expect(await new PlayerTokens(SAMPLE_SECRET).verify(samples1.playerToken)).toBe(SAMPLE_PLAYER);
    const token = await new PlayerTokens(SAMPLE_SECRET).sign(SAMPLE_PLAYER);
    expect(await new version1.PlayerTokens(SAMPLE_SECRET).verify(token)).toBe(SAMPLE_PLAYER);
  });
});

describe("what is said today to a browser of version 1", () => {
  it("is a fight that it sees as it is", () => {
    const world = fightWorld(7, 12);
    let base = fightOn(world).view;
    for (let tick = 0; tick < FIGHT_TICKS; tick++) {
      const { view, events } = fightOn(world);
      const reports = [{ seat: 3, number: tick, applied: tick, marginTicks: -1 }];
      const content = { epoch: 2, rosterVersion: 3, view, events, reports };
      const [keyframe, delta] = [today.encodeSnapshot(content), today.encodeSnapshot({ ...content, base })];
      expect(view).toEqual({ ...v1.decodeSnapshot(keyframe).view, waters: "basin" });
      expect(today.decodeSnapshot(delta, base)).toMatchObject(v1.decodeSnapshot(delta, base));
      base = view;
    }
  });

  it.each(["move", "release"])("may be a %s: a packet like any other, which it has no ear for", (name) => {
    const text = today.encodePacket({ type: 2, nsp: "/", data: [name, { ticket: "t", version: "v2" }] });
    expect(v1.decodePacket(text)).toEqual(today.decodePacket(text));
  });

  it("refuses it by codes that it knows, as long as it says only what it can say", () => {
    const news = Object.keys(today.REFUSALS).filter((code) => !Object.hasOwn(v1.REFUSALS, code));
    // It has no tickets.
    expect(news).toEqual(["bad-ticket"]);
  });
});

describe("between a server of version 1 and one of today", () => {
  it.each(samples1.relay)("a message about a room is the same: $message.kind", ({ hex: sample, message }) => {
    const read = decodeRelay(bytesOf(sample));
    expect(readable(read)).toEqual(message);
    expect(hex(encodeRelay(read!))).toBe(sample);
  });

  const request = { player: SAMPLE_PLAYER, name: "Zoë", gateway: "s1" as ServerId, connection: "socket-2" };
  const roster = { version: 3, seats: [] };
  const sayings: RelayMessage[] = [
    { kind: "join", epoch: 1, requestId: 1, request: { ...request, replaces: "socket-1" } },
    {
      kind: "presence",
      epoch: 1,
      presence: { gateway: request.gateway, seats: [{ ...request, replaces: "socket-1" }] },
    },
    {
      ...{ kind: "answer", epoch: 2, gateway: request.gateway, requestId: 7 },
      answer: { ok: true, seat: 5, resumed: true, inputsReceived: 12, roster, replaced: "socket-1" },
    },
    { kind: "path", epoch: 3, owner: { id: "s2", version: "v2" }, nextInputs: { ["p1" as PlayerId]: 7 } },
  ];
  it.each(sayings)("a $kind that says more today is understood as far as version 1 goes", (message) => {
    const read = version1.decodeRelay(encodeRelay(message));
    expect(read).toMatchObject({ kind: message.kind, epoch: message.epoch });
    const { nextInputs: _, ...known } = { ...message, nextInputs: undefined };
    expect(read).toMatchObject(known);
  });

  it("an entry in the registry is one, with defaults for what version 1 does not say", () => {
    const unsaid = { address: "", sockets: 0, arenas: false, openArenas: [], revision: 0, phase: "", arrived: 0 };
    expect(readBeat(samples1.beat)).toEqual({ ...(samples1.beat as object), ...unsaid });
  });
});

function joined(name: string) {
  const { data } = today.decodePacket(samples1.packets[name]!);
  return today.parseJoinRequest((data as unknown[])[1]);
}
