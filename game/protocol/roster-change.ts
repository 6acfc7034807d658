// The difference of two rosters, and a roster with it: what an arena's players are told when somebody comes or goes.

import type { Roster, RosterChange, RosterSeat } from "./messages.ts";

export function rosterChange(before: Roster, after: Roster): RosterChange {
  const known = new Map(before.seats.map((seat) => [seat.seat, seat]));
  const seats = after.seats.filter((seat) => !isSame(known.get(seat.seat), seat));
  const taken = new Set(after.seats.map(({ seat }) => seat));
  const gone = before.seats.flatMap(({ seat }) => (taken.has(seat) ? [] : [seat]));
  return { from: before.version, version: after.version, seats, gone };
}

/** The roster after the change; `undefined` if it is a change of another one: then the whole is to be asked for. */
export function changedRoster(roster: Roster, change: RosterChange): Roster | undefined {
  if (roster.version !== change.from) return undefined;
  const left = new Set([...change.gone, ...change.seats.map(({ seat }) => seat)]);
  const seats = [...roster.seats.filter(({ seat }) => !left.has(seat)), ...change.seats];
  return { version: change.version, seats: seats.sort((a, b) => a.seat - b.seat) };
}

function isSame(a: RosterSeat | undefined, b: RosterSeat): boolean {
  return a !== undefined && a.name === b.name && a.bot === b.bot && a.away === b.away;
}
