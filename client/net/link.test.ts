import { expect, test } from "vitest";
import type { Roster, RosterSeat } from "../../game/protocol/index.ts";
import { VirtualTime } from "../netcode/testing/virtual-time.ts";
import { Link, type LinkListener } from "./link.ts";
import { handDial, welcomeTo } from "./testing/hand-wire.ts";

const sailor = (seat: number, name: string): RosterSeat => ({ seat, name, bot: false, away: false });

/** A link that is seated in an arena with this roster; `rosters` are those that were told since. */
function seated(roster: Roster) {
  const { dial, wires } = handDial();
  const rosters: Roster[] = [];
  const nothing = () => {};
  const listener: LinkListener = {
    opened: nothing,
    welcome: nothing,
    frame: nothing,
    roster: (_link, told) => rosters.push(told),
    path: nothing,
    move: nothing,
    release: nothing,
    roundTrip: nothing,
    doubted: nothing,
    trusted: nothing,
    closed: nothing,
  };
  const hello = { protocol: 2, build: "test" };
  const traffic = { bytesDown: 0, bytesUp: 0 };
  new Link({ dial, clock: new VirtualTime(), hello, request: { name: "Ada" }, traffic, listener });
  const wire = wires[0]!;
  wire.events.open();
  wire.answerJoin({ ...welcomeTo("ABCD"), waters: "arena", roster });
  return { events: wire.events, rosters };
}

test("changes of a roster are put together with what is known, and told as a whole", () => {
  const { events, rosters } = seated({ version: 4, seats: [sailor(0, "Ada"), sailor(7, "Ben")] });
  events.rosterChange({ from: 4, version: 5, seats: [sailor(3, "Cem")], gone: [7] });
  events.rosterChange({ from: 5, version: 6, seats: [{ ...sailor(3, "Cem"), away: true }], gone: [] });
  expect(rosters).toEqual([
    { version: 5, seats: [sailor(0, "Ada"), sailor(3, "Cem")] },
    { version: 6, seats: [sailor(0, "Ada"), { ...sailor(3, "Cem"), away: true }] },
  ]);
});

test("a change of another roster is passed over, until the whole one comes", () => {
  const { events, rosters } = seated({ version: 4, seats: [] });
  events.rosterChange({ from: 5, version: 6, seats: [sailor(3, "Cem")], gone: [] });
  expect(rosters).toEqual([]);
  events.roster({ version: 6, seats: [sailor(3, "Cem")] });
  events.rosterChange({ from: 6, version: 7, seats: [], gone: [3] });
  expect(rosters.map(({ version, seats }) => [version, seats.length])).toEqual([
    [6, 1],
    [7, 0],
  ]);
});
