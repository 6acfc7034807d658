import { afterEach, beforeEach, expect, test } from "vitest";
import { WINDOW_MAX_BYTES } from "./flow-window.ts";
import { makePlayers, type PlayersUnderTest, type TestSocket } from "./players-for-tests.ts";

const PLAY_MS = 20_000;
const PING_MS = 1_000;
const FRAME_MAX_BYTES = 1_000;

let players: PlayersUnderTest;
beforeEach(() => {
  players = makePlayers();
});
afterEach(() => players.close());

/** Plays for a while and says once a second what has come; how many frames came meanwhile. */
async function playOn(sockets: readonly TestSocket[]): Promise<number> {
  const before = sockets[0]!.frames;
  for (let ms = 0; ms < PLAY_MS; ms += PING_MS) {
    await players.advance(PING_MS);
    for (const socket of sockets) socket.session!.ping(socket.snapshotBytes, () => {});
  }
  return sockets[0]!.frames - before;
}

test("who confirms what has come gets every snapshot", async () => {
  const socket = await players.connect();
  await socket.join({ confirms: true });
  expect(await playOn([socket])).toBeGreaterThan((PLAY_MS / 1_000) * 29);
});

test("who stops confirming gets a window full and no more, while others get all; then the newest at once", async () => {
  const [slow, other] = [await players.connect(), await players.connect()];
  await slow.join({ confirms: true });
  await other.join({ confirms: true });
  await playOn([slow, other]);
  const before = slow.snapshotBytes;
  const otherFrames = await playOn([other]);
  expect(otherFrames).toBeGreaterThan((PLAY_MS / 1_000) * 29);
  expect(slow.snapshotBytes - before).toBeLessThan(WINDOW_MAX_BYTES + FRAME_MAX_BYTES);
  const frames = slow.frames;
  await players.advance(PING_MS);
  expect(slow.frames).toBe(frames);
  slow.session!.ping(slow.snapshotBytes, () => {});
  await players.advance(100);
  expect(slow.frames).toBeGreaterThan(frames);
});

test("a page that does not know how to confirm gets every snapshot as before", async () => {
  const socket = await players.connect();
  await socket.join();
  await players.advance(PLAY_MS);
  expect(socket.frames).toBeGreaterThan((PLAY_MS / 1_000) * 29);
});
