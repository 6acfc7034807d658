import { afterEach, beforeEach, expect, it } from "vitest";
import { PROTOCOL_VERSION, type Release } from "../../game/protocol/index.ts";
import { VirtualClock } from "../clock.ts";
import { ClusterUnavailable, type ServerRecord, type ServerState } from "../cluster/cluster.ts";
import { server as someServer } from "../drain/records-for-tests.ts";
import { makePlayers } from "./players-for-tests.ts";
import { commonVersion, RELEASE_POLL_MS, RELEASE_SETTLE_MS, ReleaseWatch } from "./release-watch.ts";

function server(version: string, state: ServerState = "ready"): ServerRecord {
  return someServer(`s-${version}-${state}`, { version, state });
}

let clock: VirtualClock;
let servers: ServerRecord[] | "away";
let told: (Release | undefined)[];
let watch: ReleaseWatch;

beforeEach(() => {
  clock = new VirtualClock();
  servers = [server("v1")];
  told = [];
  watch = new ReleaseWatch({
    clock,
    version: "v1",
    tell: (release) => told.push(release),
    cluster: {
      servers: async () => {
        if (servers === "away") throw new ClusterUnavailable("away");
        return servers;
      },
    },
  });
});
afterEach(() => watch.close());

const v1 = { version: "v1", protocol: PROTOCOL_VERSION };
const LONG_MS = RELEASE_SETTLE_MS + 2 * RELEASE_POLL_MS;

it("says the version once, when all servers have been of it for a while", async () => {
  await clock.advance(RELEASE_SETTLE_MS - 1);
  expect(told).toEqual([]);
  await clock.advance(2 * RELEASE_POLL_MS);
  expect(told).toEqual([v1]);
  await clock.advance(10 * LONG_MS);
  expect(told).toEqual([v1]);
});

it("takes it back while another version comes up, and says the same again when that one has gone", async () => {
  await clock.advance(LONG_MS);
  servers = [server("v1"), server("v2", "starting")];
  await clock.advance(LONG_MS);
  expect(told).toEqual([v1, undefined]);
  servers = [server("v1"), server("v2", "draining")];
  await clock.advance(RELEASE_POLL_MS);
  expect(told).toEqual([v1, undefined]);
  await clock.advance(LONG_MS);
  expect(told).toEqual([v1, undefined, v1]);
});

it("leaves it to the others to name a version that is not its own", async () => {
  servers = [server("v1", "draining"), server("v2")];
  await clock.advance(LONG_MS);
  expect(told).toEqual([]);
});

it("knows nothing while the registry cannot be read, or is empty", async () => {
  await clock.advance(LONG_MS);
  servers = "away";
  await clock.advance(RELEASE_POLL_MS);
  expect(told).toEqual([v1, undefined]);
  servers = [];
  await clock.advance(LONG_MS);
  expect(told).toEqual([v1, undefined]);
});

it("says nothing after its end", async () => {
  await clock.advance(RELEASE_SETTLE_MS);
  watch.close();
  await clock.advance(LONG_MS);
  expect(told).toEqual([]);
});

it("takes the servers that stay as those that count", () => {
  expect(commonVersion([server("v1"), server("v1", "starting"), server("v0", "draining")])).toBe("v1");
  expect(commonVersion([server("v1"), server("v2", "starting")])).toBeUndefined();
  expect(commonVersion([server("v1", "draining")])).toBeUndefined();
});

it("reaches the pages of those who play, and of those who come while it holds", async () => {
  const test = makePlayers();
  const ann = await test.connect();
  await ann.join();
  const lobby = await test.connect();
  test.players.setRelease(v1);
  const ben = await test.connect();
  await ben.join();
  test.players.setRelease(undefined);
  const cid = await test.connect();
  await cid.join();
  const heard = [ann, lobby, ben, cid].map(({ said }) => said.filter(([name]) => name === "release"));
  expect(heard).toEqual([[["release", v1]], [], [["release", v1]], []]);
  test.close();
});
