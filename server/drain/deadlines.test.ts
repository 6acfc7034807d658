import { describe, expect, it } from "vitest";
import {
  backOffMaxMs,
  CLOSE_MS,
  drainWindowMs,
  planDeparture,
  SETTLE_MS,
  senseLagMs,
  settleMs,
  stopWindowMs,
  whyTooShort,
} from "./deadlines.ts";

const local = { deregistrationDelayMs: 15_000, stopTimeoutMs: 10_000, pollMs: 500, propagationLagMs: 0 };
const aws = { deregistrationDelayMs: 60_000, stopTimeoutMs: 30_000, pollMs: 1000, propagationLagMs: 20_000 };

describe("the times of a departure", () => {
  it.each([
    ["a laptop's", local],
    ["AWS's", aws],
  ])("%s fit", (_whose, times) => {
    expect(whyTooShort(times, true)).toBeUndefined();
  });

  it("are in order in every window, and end before it does", () => {
    for (const windowMs of [
      0,
      100,
      2000,
      5000,
      stopWindowMs(local),
      drainWindowMs(local, 600),
      drainWindowMs(aws, 1100),
      3_600_000,
    ]) {
      const { settledMs, roomsUntilMs, offersUntilMs, playersUntilMs } = planDeparture(windowMs, SETTLE_MS);
      expect(settledMs).toBeLessThanOrEqual(roomsUntilMs);
      expect(roomsUntilMs).toBeLessThanOrEqual(offersUntilMs);
      expect(offersUntilMs).toBeLessThanOrEqual(playersUntilMs);
      expect(playersUntilMs).toBe(Math.max(0, windowMs - CLOSE_MS));
    }
  });

  it("leave the last player who is asked some time to go, and rooms no more than they can use", () => {
    const { roomsUntilMs, offersUntilMs, playersUntilMs } = planDeparture(
      drainWindowMs(aws, 1100),
      settleMs(aws.pollMs),
    );
    expect(playersUntilMs - offersUntilMs).toBe(5000);
    expect(roomsUntilMs).toBe(1600 + 5000);
  });

  it("let servers wait until all that were deregistered at the same time have noticed it", () => {
    expect(settleMs(100)).toBe(610);
    expect(settleMs(1000)).toBe(1600);
  });

  it("let a server without answers ask more rarely only as far as the deregistration delay can spare that", () => {
    expect(backOffMaxMs(local)).toBeGreaterThan(local.pollMs);
    expect(backOffMaxMs(local)).toBeLessThan((local.deregistrationDelayMs - senseLagMs(local.pollMs)) / 4);
    expect(backOffMaxMs({ ...aws, deregistrationDelayMs: 300_000 })).toBe(10_000);
    expect(backOffMaxMs({ ...local, deregistrationDelayMs: 0 })).toBe(local.pollMs);
  });

  it("are refused by the name of the variable when the stop timeout is too short", () => {
    expect(whyTooShort({ ...local, stopTimeoutMs: 3000 }, false)).toBe(
      "STOP_TIMEOUT_SECONDS must be at least 5 s (0.6 s to see who else leaves, 2 s for rooms and players, 2 s to close), and it is 3 s",
    );
  });

  it("are refused when a deregistration is noticed too late, if that is how the server learns of it", () => {
    const slow = { ...local, pollMs: 5000 };
    expect(whyTooShort(slow, true)).toBe(
      "DEREGISTRATION_DELAY_SECONDS must be at least 23.4 s (13 s to notice it with a TARGET_POLL_MS of 5000, " +
        "6 s to see who else leaves, 2 s for rooms and players, 2 s to close), and it is 15 s",
    );
    expect(whyTooShort(slow, false)).toBeUndefined();
  });

  it("are refused when the server would go before the load balancer sends it nobody any more", () => {
    expect(whyTooShort({ ...local, propagationLagMs: 20_000 }, true)).toBe(
      "DEREGISTRATION_DELAY_SECONDS must be at least 25.5 s (3.1 s to notice it with a TARGET_POLL_MS of 500, " +
        "a PROPAGATION_LAG_SECONDS of 20), and it is 15 s",
    );
  });

  it("that just fit by the sentence are taken", () => {
    expect(
      whyTooShort({ deregistrationDelayMs: 23_400, stopTimeoutMs: 5000, pollMs: 5000, propagationLagMs: 0 }, true),
    ).toBeUndefined();
    expect(
      whyTooShort({ deregistrationDelayMs: 23_300, stopTimeoutMs: 5000, pollMs: 5000, propagationLagMs: 0 }, true),
    ).toBeDefined();
  });
});
