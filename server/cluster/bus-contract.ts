// What every Bus must do, as tests that run on each of them.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Bus } from "./bus.ts";

export interface BusHarness {
  start(): Promise<void>;
  /** Another server's bus to the same Redis, connected. */
  connect(): Promise<Bus>;
  /** Lets messages arrive until the condition holds; fails when it never does. */
  until(condition: () => boolean): Promise<void>;
  /** A channel that no other test uses. */
  channel(): string;
  stop(): Promise<void>;
}

export function describeBus(name: string, harness: BusHarness): void {
  describe(name, () => {
    let sender: Bus;
    let receiver: Bus;
    let channel: string;

    beforeAll(() => harness.start());
    afterAll(() => harness.stop());
    beforeEach(async () => {
      channel = harness.channel();
      sender = await harness.connect();
      receiver = await harness.connect();
      return async () => {
        await sender.close();
        await receiver.close();
      };
    });

    /** Collects the first bytes of what arrives. */
    async function collect(bus: Bus, from: string): Promise<{ got: number[]; end: () => void }> {
      const got: number[] = [];
      const end = await bus.subscribe(from, (bytes) => got.push(bytes[0]!));
      return { got, end };
    }

    it("brings every byte to a subscriber on another server", async () => {
      const sent = Uint8Array.from({ length: 256 }, (_, index) => index);
      let got: Uint8Array | undefined;
      await receiver.subscribe(channel, (bytes) => {
        got = Uint8Array.from(bytes);
      });
      sender.publish(channel, sent);
      await harness.until(() => got !== undefined);
      expect(got).toEqual(sent);
    });

    it("sends what the bytes were when they were published", async () => {
      const { got } = await collect(receiver, channel);
      const reused = Uint8Array.of(1);
      sender.publish(channel, reused.slice());
      reused[0] = 9;
      await harness.until(() => got.length === 1);
      expect(got).toEqual([1]);
    });

    it("keeps the order of one publisher", async () => {
      const { got } = await collect(receiver, channel);
      const sent = Array.from({ length: 100 }, (_, index) => index);
      for (const value of sent) sender.publish(channel, Uint8Array.of(value));
      await harness.until(() => got.length === 100);
      expect(got).toEqual(sent);
    });

    it("brings a message to the publisher too, if it subscribed", async () => {
      const { got } = await collect(sender, channel);
      sender.publish(channel, Uint8Array.of(5));
      await harness.until(() => got.length === 1);
    });

    it("tells channels apart", async () => {
      const other = harness.channel();
      const here = await collect(receiver, channel);
      const there = await collect(receiver, other);
      sender.publish(other, Uint8Array.of(2));
      sender.publish(channel, Uint8Array.of(1));
      await harness.until(() => here.got.length + there.got.length === 2);
      expect([here.got, there.got]).toEqual([[1], [2]]);
    });

    it("ends one subscription of a channel without the others", async () => {
      const first = await collect(receiver, channel);
      const second = await collect(receiver, channel);
      first.end();
      sender.publish(channel, Uint8Array.of(1));
      await harness.until(() => second.got.length === 1);
      expect(first.got).toEqual([]);
    });

    it("can subscribe again to a channel that it has just left", async () => {
      const first = await collect(receiver, channel);
      first.end();
      const second = await collect(receiver, channel);
      sender.publish(channel, Uint8Array.of(1));
      await harness.until(() => second.got.length === 1);
      expect(first.got).toEqual([]);
    });

    it("says that it is connected", () => {
      expect([sender.connected, receiver.connected]).toEqual([true, true]);
    });
  });
}
