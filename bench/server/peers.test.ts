import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { neutralControls } from "../../game/sim/index.ts";
import { bundle } from "../../infra/stack/bundle.ts";
import { DIALECTS } from "./dialects/by-name.ts";
import { newRoomMates } from "./dialects/dialect.ts";
import type { ContestantName } from "./plan.ts";
import { startServer } from "./server-process.ts";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "tidegate-bench-"));
const game = join(folder, "same-game.mjs");
const toClose: (() => Promise<void>)[] = [];

beforeAll(() =>
  bundle({ root, script: "bench/server/same-game.ts", output: game, signal: AbortSignal.timeout(60_000) }),
);
afterAll(async () => {
  await Promise.all(toClose.map((close) => close()));
  rmSync(folder, { recursive: true });
});

const start = (name: ContestantName, script: string) =>
  startServer({
    ...{ name, version: "", env: process.env, folder, profiles: undefined },
    args: [join(root, "bench", "peers", script), game],
    onStart: ({ close }) => void toClose.push(close),
  });

// The other peers are installed by the first measurement only.
test.each([
  ["ws", "ws.mjs"],
  ["socket.io", "socket.io.mjs"],
] as const)(
  "a player of %s is sent the game, and its inputs are taken and counted",
  { timeout: 60_000 },
  async (name, script) => {
    const server = await start(name, script);
    let snapshots = 0;
    let heard = () => {};
    const seat = await DIALECTS[name](server.port, newRoomMates(), {
      snapshot: () => {
        snapshots += 1;
        heard();
      },
      closed: () => {},
    });
    await new Promise<void>((enough) => {
      heard = () => {
        seat.input(neutralControls);
        if (snapshots >= 10) enough();
      };
    });
    const inputs = () => server.probe.ask("tally", undefined, 10_000).then((tally) => tally.inputs!);
    await expect.poll(inputs, { timeout: 20_000 }).toBeGreaterThanOrEqual(5);
    const { usedBytes, residentBytes } = await server.probe.ask("memory", undefined, 10_000);
    expect(usedBytes).toBeGreaterThan(1_000_000);
    expect(residentBytes).toBeGreaterThan(usedBytes);
    seat.close();
  },
);
