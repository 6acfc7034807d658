import { expect, it } from "vitest";
import { VirtualClock } from "../clock.ts";
import type { PlayerId, RoomCode } from "../room/room-port.ts";
import { HallOfFame } from "./hall-of-fame.ts";
import { MemoryRedis } from "./memory-redis.ts";
import { MemoryStore } from "./memory-store.ts";

const claim = {
  code: "ABCD" as RoomCode,
  epoch: 1,
  owner: { id: "a", version: "v1" },
  birth: "a/1",
  waters: "basin" as const,
};
const scoreOf = (name: string, score: number) => ({ player: name as PlayerId, name, score, at: "2026-01-01" });

it("stops writing what waits when Redis falls silent meanwhile, and forgets none of it", async () => {
  const clock = new VirtualClock();
  const redis = new MemoryRedis(clock);
  const store = new MemoryStore(clock, redis);
  const hall = new HallOfFame(store);
  store.link = "refused";
  for (let score = 1; score <= 50; score++) await hall.record(claim, scoreOf(`p${score}`, score));
  store.link = "up";
  const refreshing = hall.refresh().catch((error: Error) => error);
  store.link = "silent";
  let ended = false;
  void refreshing.then(() => {
    ended = true;
  });
  await clock.advance(3000);
  expect(ended).toBe(true);
  expect(await refreshing).toBeInstanceOf(Error);
  expect(hall.entries()).toHaveLength(50);
  store.link = "up";
  await hall.refresh();
  expect(redis.hall()).toHaveLength(50);
  expect(hall.entries()).toHaveLength(50);
});
