import { expect, test } from "vitest";
import { OfflineSession } from "../netcode/offline-session.ts";
import { seededRandom } from "../netcode/testing/virtual-time.ts";
import { steer } from "./pilot.ts";

test("from the picture alone it gathers pearls and keeps off the rocks", () => {
  const session = new OfflineSession({ seed: 9, boats: 6, pilot: "player" });
  const random = seededRandom(2);
  let aground = 0;
  let taken = 0;
  for (let at = 0; at < 60 * 30; at++) {
    const seen = session.frame((at * 1000) / 30);
    session.setControls(steer(seen, random));
    aground += seen.events.filter((event) => event.type === "bounce" && event.seat === 0).length;
    taken += seen.events.filter((event) => event.type === "pearl-taken" && event.seat === 0).length;
  }
  expect(taken).toBeGreaterThan(10);
  expect(aground).toBeLessThan(30);
});

test("under water it does nothing", () => {
  const session = new OfflineSession({ seed: 9, boats: 1, pilot: "player" });
  const seen = session.frame(0);
  seen.boats[0]!.afloat = false;
  expect(steer(seen, () => 0)).toMatchObject({ throttle: 0, rudder: 0, fire: false });
});
