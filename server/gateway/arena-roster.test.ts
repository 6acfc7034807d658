import { afterEach, beforeEach, expect, it } from "vitest";
import type { RoomCode } from "../room/room-port.ts";
import { makePlayers, type PlayersUnderTest, type TestSocket } from "./players-for-tests.ts";
import { OVERLAP_MAX_MS } from "./seat-taking.ts";

const DEADLINE_MS = 1_000;

let test: PlayersUnderTest;
let ann: TestSocket;

beforeEach(async () => {
  test = makePlayers();
  test.cluster.rooms.create("ARNA" as RoomCode, 1, "arena");
  ann = await test.connect();
  expect(await ann.join({ room: "ARNA" })).toMatchObject({ ok: true, waters: "arena" });
  await test.advance(1_000);
});

afterEach(() => test.close());

const rosters = (): number => ann.said.filter(([name]) => name === "roster").length;

async function ask(): Promise<void> {
  ann.session!.restart();
  await test.advance(10);
}

it("an arena's roster is given to who asks, and no more than once a second", async () => {
  for (let asked = 0; asked < 50; asked++) await ask();
  expect(rosters()).toBe(1);
  await test.advance(1_000);
  await ask();
  expect(rosters()).toBe(2);
});

it("an arena's roster is not given while the player may be on the way to another connection, and is again when that came to nothing", async () => {
  await ann.session!.offerMove({ deadlineMs: DEADLINE_MS, generation: undefined });
  await ask();
  expect(rosters()).toBe(0);
  await test.advance(DEADLINE_MS + OVERLAP_MAX_MS);
  await ask();
  expect(rosters()).toBe(1);
});
