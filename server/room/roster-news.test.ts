import { expect, it } from "vitest";
import { changedRoster, type Roster } from "../../game/protocol/index.ts";
import { createWorld } from "../../game/sim/index.ts";
import { loadCheckpoint } from "./checkpoint.ts";
import type { Room } from "./room.ts";
import { makeRoom, request, rethrow, seated, steps } from "./room-for-tests.ts";
import { createRoomState } from "./room-state.ts";
import { ROSTER_INTERVAL_TICKS, type RosterNews, RosterTeller } from "./roster-news.ts";

const seat = (index: number, name: string) => ({ seat: index, name, bot: false, away: false });
const ann: Roster = { version: 1, seats: [seat(0, "Ann")] };
const both: Roster = { version: 3, seats: [seat(0, "Ann"), seat(1, "Bob")] };

it("a basin's players are told the whole roster, an arena's what has changed", () => {
  const [basin, arena] = [new RosterTeller("basin"), new RosterTeller("arena")];
  for (const teller of [basin, arena]) {
    expect(teller.news(0, () => ann)).toEqual({ kind: "whole", roster: ann });
    teller.changed();
    expect(teller.news(1, () => both)).toBeUndefined();
  }
  expect(basin.news(ROSTER_INTERVAL_TICKS, () => both)).toEqual({ kind: "whole", roster: both });
  expect(arena.news(ROSTER_INTERVAL_TICKS, () => both)).toEqual({
    kind: "change",
    change: { from: 1, version: 3, seats: [seat(1, "Bob")], gone: [] },
  });
});

it("whoever comes to an arena between two changes has a roster that the next change fits", () => {
  const teller = new RosterTeller("arena");
  teller.news(0, () => ann);
  teller.changed();
  const given = teller.rosterFor(1, both);
  expect(given).toEqual({ ...both, version: 1 });
  const news = teller.news(ROSTER_INTERVAL_TICKS, () => both) as Extract<RosterNews, { kind: "change" }>;
  expect(changedRoster(given, news.change)).toEqual(both);
});

it("people who come and go in an arena are told of each other, and all of them know who is there", async () => {
  const test = makeRoom(createRoomState(createWorld(7, "arena")), 1, 5);
  const { room } = test;
  const known = new Map<string, Roster>();
  for (let turn = 0; turn < 60; turn++) {
    if (turn % 3 === 0) known.set(`p${turn}`, (await seated(room, `p${turn}`)).roster);
    if (turn % 7 === 6) room.leave(request(`p${turn - 6}`).player);
    const told = test.news.length;
    room.step(rethrow);
    for (const news of test.news.slice(told)) {
      for (const [name, roster] of known) {
        const next = news.kind === "whole" ? news.roster : changedRoster(roster, news.change);
        expect(next, `${name} can follow`).toBeDefined();
        known.set(name, next!);
      }
    }
  }
  steps(room, 2 * ROSTER_INTERVAL_TICKS);
  const last = test.news.at(-1)!;
  expect(last).toMatchObject({ kind: "change", change: { version: room.roster.version } });
});

it("the next owner of an arena goes on with what players were told, and repeats it only after a crash", async () => {
  const heirOf = (room: Room, isWhole: boolean) => {
    const heir = makeRoom(loadCheckpoint(room.checkpoint()), 2, 0);
    heir.room.takeOver(isWhole);
    steps(heir.room, 2 * ROSTER_INTERVAL_TICKS);
    return heir;
  };
  const { room } = makeRoom(createRoomState(createWorld(7, "arena")), 1, 0);
  await seated(room, "ann");
  steps(room, 2 * ROSTER_INTERVAL_TICKS);
  expect(heirOf(room, true).news).toEqual([]);
  expect(heirOf(room, false).news).toMatchObject([{ kind: "whole" }]);
  await seated(room, "bob");
  expect(heirOf(room, true).news).toMatchObject([{ kind: "whole" }]);
});
