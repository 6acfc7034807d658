// A room that three servers share, on virtual time: it runs on `a` and has a player at each of them. What tests of hand-offs begin with.

import type { RoomCode, RoomPort } from "../room/room-port.ts";
import type { HandOff } from "./cluster.ts";
import { Tab, TestCluster, type TestServer } from "./cluster-for-tests.ts";

export interface SharedRoom {
  world: TestCluster;
  a: TestServer;
  b: TestServer;
  c: TestServer;
  /** At `a`, `b` and `c`. */
  ann: Tab;
  bob: Tab;
  cyd: Tab;
  code: RoomCode;
  /** From `a`, which has to run the room. */
  handOff(to: TestServer): Promise<HandOff>;
  /** Ids of the servers that run the room. */
  owners(): string[];
  /** As kill -9. */
  kill(server: TestServer): void;
}

export async function shareRoom(): Promise<SharedRoom> {
  const world = new TestCluster();
  const [a, b, c] = [await world.start("a"), await world.start("b"), await world.start("c")];
  await world.advance(2000);
  const ann = await enter(world, a, await a.cluster.quickPlay(), "ann");
  const { code } = ann.port;
  const bob = await enter(world, b, (await b.cluster.find(code))!, "bob");
  const cyd = await enter(world, c, (await c.cluster.find(code))!, "cyd");
  await world.advance(500);
  return {
    ...{ world, a, b, c, ann, bob, cyd, code },
    handOff: (to) => world.settle(a.cluster.handOff(code, to.id)),
    owners: () => world.servers.filter((server) => server.rooms.get(code)).map((server) => server.id),
    kill: (server) => {
      server.crash();
      world.servers.splice(world.servers.indexOf(server), 1);
    },
  };
}

/** A new tab of the player, seated; with `replaces` it takes the seat over from that one. */
export async function enter(
  world: TestCluster,
  server: TestServer,
  port: RoomPort,
  player: string,
  replaces?: Tab,
): Promise<Tab> {
  const tab = new Tab(server, port, player, replaces && `${player}-socket-2`, replaces?.connection);
  const answer = await world.settle(tab.join());
  if (!answer.ok) throw new Error(`${player} got no seat: ${answer.code}`);
  return tab;
}

/** The largest step between two frames of a tab, ticks; 1 when none is missing. */
export function largestStep(tab: Tab): number {
  return Math.max(...tab.frames.slice(1).map((frame, index) => frame.tick - tab.frames[index]!.tick));
}
