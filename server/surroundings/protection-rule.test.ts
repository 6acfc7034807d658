import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ServerRecord } from "../cluster/cluster.ts";
import { server } from "../drain/records-for-tests.ts";
import type { ServerId } from "../room/room-port.ts";
import { protectionOf } from "./protection-rule.ts";

const kindOf = (servers: readonly ServerRecord[], id: string) => protectionOf(servers, id as ServerId)?.kind;
const peopleOf = ({ players, sockets }: ServerRecord) => Math.max(players, sockets);

/** Few different numbers, so that there are ties. */
const loads = fc.record({ players: fc.nat({ max: 4 }), sockets: fc.nat({ max: 4 }) });
const ids = fc.uniqueArray(fc.stringMatching(/^[a-f0-9]{2}$/), { minLength: 1, maxLength: 8 });
const fleetOf = (facts: Partial<ServerRecord> = {}) =>
  ids.chain((names) =>
    fc.tuple(...names.map((id) => loads.map((load) => server(id, { ...load, ...facts })))),
  ) as fc.Arbitrary<ServerRecord[]>;

describe("a fleet of one generation", () => {
  it("keeps all with people in them but exactly one, and that is the emptiest; where some are empty it keeps all others", () => {
    fc.assert(
      fc.property(fleetOf(), (fleet) => {
        const unprotected = fleet.filter(({ id }) => kindOf(fleet, id) === "free");
        const empty = fleet.filter((one) => peopleOf(one) === 0);
        const least = Math.min(...fleet.map(peopleOf));
        if (empty.length > 0) expect(unprotected).toEqual(empty);
        else expect(unprotected.map(peopleOf)).toEqual([least]);
      }),
    );
  });

  it("agrees, in whatever order the registry names its servers", () => {
    const shuffled = fleetOf().chain((fleet) =>
      fc.tuple(fc.constant(fleet), fc.shuffledSubarray(fleet, { minLength: fleet.length })),
    );
    fc.assert(
      fc.property(shuffled, ([fleet, other]) => {
        for (const { id } of fleet) expect(kindOf(other, id)).toBe(kindOf(fleet, id));
      }),
    );
  });

  it("gives its servers to a scale-in one by one, the emptiest first, as each that goes is draining", () => {
    let fleet = [server("a", { players: 3 }), server("b", { players: 1 }), server("c", { players: 2 })];
    const taken: string[] = [];
    while (taken.length < 3) {
      const next = fleet.filter(({ id, state }) => state === "ready" && kindOf(fleet, id) === "free");
      expect(next).toHaveLength(1);
      taken.push(next[0]!.id);
      fleet = fleet.map((one) => (one === next[0] ? { ...one, state: "draining" } : one));
    }
    expect(taken).toEqual(["b", "c", "a"]);
  });

  it("does not count who is leaving, and counts who is starting as empty", () => {
    const leaving = server("a", { players: 1, state: "draining" });
    const starting = server("b", { state: "starting" });
    const [c, d] = [server("c", { players: 2 }), server("d", { players: 3 })];
    expect([leaving, c, d].map(({ id }) => kindOf([leaving, c, d], id))).toEqual(["free", "free", "kept"]);
    expect([starting, c, d].map(({ id }) => kindOf([starting, c, d], id))).toEqual(["free", "kept", "kept"]);
  });
});

describe("two generations", () => {
  it("hold every old server with people, and leave the new ones free for a roll back", () => {
    fc.assert(
      fc.property(fleetOf({ generation: 1 }), fc.constantFrom("starting", "ready"), (fleet, state) => {
        const next = server("next", { generation: 2, players: 5, state });
        const all = [next, ...fleet];
        for (const one of fleet) {
          const wish = protectionOf(all, one.id);
          expect(wish).toEqual({ kind: peopleOf(one) > 0 ? "held" : "free", successors: 2 });
        }
        expect(kindOf(all, next.id)).toBe("free");
      }),
    );
  });

  it("are one again when the other has begun to leave, whichever it is", () => {
    const old = [server("a", { players: 5 }), server("b", { players: 3 })];
    const next = [server("c", { players: 4, generation: 2 }), server("d", { players: 6, generation: 2 })];
    const leave = (one: ServerRecord) => ({ ...one, state: "draining" as const });
    expect(next.map(({ id }) => kindOf([...old.map(leave), ...next], id))).toEqual(["free", "kept"]);
    expect(old.map(({ id }) => kindOf([...old, ...next.map(leave)], id))).toEqual(["kept", "free"]);
  });

  it("hold nobody when they are one generation in two revisions: then only settings have changed", () => {
    const fleet = [1, 1, 2].map((revision, index) => server(`s${index}`, { revision, players: 5 }));
    expect(fleet.map(({ id }) => kindOf(fleet, id))).toEqual(["free", "free", "free"]);
  });
});

it("of a server that the registry does not know nothing is said", () => {
  expect(protectionOf([], "a" as ServerId)).toBeUndefined();
  expect(protectionOf([server("b", { players: 1 })], "a" as ServerId)).toBeUndefined();
});
