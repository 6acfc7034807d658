import { describe, expect, it } from "vitest";
import { VirtualClock } from "../clock.ts";
import { describeBus } from "./bus-contract.ts";
import { MemoryBusHub } from "./memory-bus.ts";

const clock = new VirtualClock();
const hub = new MemoryBusHub(clock);
let channels = 0;

describeBus("MemoryBus", {
  start: async () => {},
  connect: async () => hub.connect(),
  channel: () => `channel-${channels++}`,
  async until(condition) {
    for (let steps = 0; steps < 100 && !condition(); steps++) await clock.advance(1);
    expect(condition()).toBe(true);
  },
  stop: async () => {},
});

describe("the link of a MemoryBus", () => {
  it("loses what is sent, and what is under way, while it is cut", async () => {
    const sender = hub.connect();
    const receiver = hub.connect();
    const got: number[] = [];
    await receiver.subscribe("room", (bytes) => got.push(bytes[0]!));
    sender.publish("room", Uint8Array.of(1));
    receiver.cut = true;
    await clock.advance(10);
    sender.publish("room", Uint8Array.of(2));
    await clock.advance(10);
    receiver.cut = false;
    sender.publish("room", Uint8Array.of(3));
    await clock.advance(10);
    expect(got).toEqual([3]);
  });

  it("tells when it is healed", () => {
    const bus = hub.connect();
    let returns = 0;
    bus.onReturn(() => returns++);
    bus.cut = true;
    bus.cut = false;
    bus.cut = false;
    expect(returns).toBe(1);
  });
});
