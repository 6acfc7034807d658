import { describe, expect, it } from "vitest";
import type { PlayerId, RoomFrame, RoomListener, RoomPort } from "../room/room-port.ts";
import { Fanout, type Receiver } from "./fanout.ts";
import { toWireFrame, type WireFrame } from "./snapshot-writer.ts";

class Socket implements Receiver {
  drained = true;
  readonly got: string[] = [];
  readonly buffers: Buffer[] = [];

  write({ payload, frame }: WireFrame): void {
    this.got.push(new TextDecoder().decode(payload));
    this.buffers.push(frame);
  }
  path(): void {}
  roomClosed(): void {}
  seatLost(player: PlayerId): void {
    this.got.push(`lost ${player}`);
  }
}

function setUp() {
  let listener: RoomListener | undefined;
  const counts = { asked: 0, skipped: 0, encodedKeyframes: 0 };
  const port = {
    listen(given: RoomListener) {
      listener = given;
      return () => {
        listener = undefined;
      };
    },
    wantKeyframe() {
      counts.asked++;
    },
  } as unknown as RoomPort;
  const metrics = {
    snapshotsOut() {},
    snapshotsSkipped(count: number) {
      counts.skipped += count;
    },
  };
  const fanout = new Fanout(port, metrics);
  const bytes = (text: string) => new TextEncoder().encode(text);
  /** What a local room sends: "d5" with "k5" beside it; with `parts` what a relay may send. */
  const tick = (number: number, parts = "dk", epoch = 1) => {
    const frame: RoomFrame = { epoch, tick: number };
    if (parts.includes("d")) frame.delta = bytes(`d${number}`);
    if (parts.includes("k")) {
      frame.keyframe = () => {
        counts.encodedKeyframes++;
        return bytes(`k${number}`);
      };
    }
    listener!.frame(frame);
  };
  return { fanout, counts, tick, isListening: () => listener !== undefined, tell: () => listener! };
}

describe("the fan-out of a room", () => {
  it("gives a new socket a keyframe and deltas from then on", () => {
    const { fanout, tick } = setUp();
    const socket = new Socket();
    fanout.add(socket);
    for (const number of [5, 6, 7]) tick(number);
    expect(socket.got).toEqual(["k5", "d6", "d7"]);
  });

  it("frames once: every socket gets the same buffer", () => {
    const { fanout, tick } = setUp();
    const sockets = [new Socket(), new Socket(), new Socket()];
    for (const socket of sockets) fanout.add(socket);
    tick(1);
    tick(2);
    expect(new Set(sockets.flatMap((socket) => socket.buffers)).size).toBe(2);
  });

  it("gives a socket that is not drained nothing, then a keyframe, and others do not notice", () => {
    const { fanout, tick, counts } = setUp();
    const [slow, fast] = [new Socket(), new Socket()];
    fanout.add(slow);
    fanout.add(fast);
    tick(1);
    slow.drained = false;
    tick(2);
    tick(3);
    slow.drained = true;
    tick(4);
    tick(5);
    expect(slow.got).toEqual(["k1", "k4", "d5"]);
    expect(fast.got).toEqual(["k1", "d2", "d3", "d4", "d5"]);
    expect(counts.skipped).toBe(2);
  });

  it("makes no keyframe that nobody needs", () => {
    const { fanout, tick, counts } = setUp();
    fanout.add(new Socket());
    for (const number of [1, 2, 3, 4]) tick(number);
    expect(counts.encodedKeyframes).toBe(1);
  });

  it("asks a remote room for a keyframe, not with every frame, and takes it when it comes", () => {
    const { fanout, tick, counts } = setUp();
    const socket = new Socket();
    fanout.add(socket);
    for (let number = 1; number <= 9; number++) tick(number, "d");
    expect(counts.asked).toBe(1);
    tick(10, "k");
    tick(11, "d");
    expect(socket.got).toEqual(["k10", "d11"]);
  });

  it("never sends a delta over a gap, a tick twice, or a former owner's frame", () => {
    const { fanout, tick } = setUp();
    const socket = new Socket();
    fanout.add(socket);
    tick(1);
    tick(3, "d");
    tick(4);
    tick(4, "k");
    tick(5, "dk", 2);
    tick(6, "dk", 1);
    tick(6, "d", 2);
    expect(socket.got).toEqual(["k1", "k4", "k5", "d6"]);
  });

  it("starts a socket over when it asks for that", () => {
    const { fanout, tick, counts } = setUp();
    const socket = new Socket();
    fanout.add(socket);
    tick(1);
    fanout.restart(socket);
    tick(2);
    expect(socket.got).toEqual(["k1", "k2"]);
    expect(counts.asked).toBe(1);
  });

  it("passes on whose seat was lost", () => {
    const { fanout, tell } = setUp();
    const socket = new Socket();
    fanout.add(socket);
    tell().seatLost!("p1" as PlayerId, "unavailable");
    expect(socket.got).toEqual(["lost p1"]);
  });

  it("stops listening when it is closed", () => {
    const { fanout, isListening } = setUp();
    fanout.close();
    expect(isListening()).toBe(false);
  });
});

describe("a WebSocket frame", () => {
  it.each([
    [0, [0x82, 0]],
    [125, [0x82, 125]],
    [126, [0x82, 126, 0, 126]],
    [65_535, [0x82, 126, 0xff, 0xff]],
  ])("of %i bytes has the head that RFC 6455 says", (size, head) => {
    const { frame } = toWireFrame(new Uint8Array(size).fill(7));
    expect([...frame.subarray(0, head.length)]).toEqual(head);
    expect(frame.length).toBe(head.length + size);
  });

  it("larger than a snapshot may be is refused", () => {
    expect(() => toWireFrame(new Uint8Array(65_536))).toThrow(RangeError);
  });
});
