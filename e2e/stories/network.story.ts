import { setTimeout as sleep } from "node:timers/promises";
import type { TestInfo } from "playwright/test";
import { browserProcesses, comebackMs, keepDiary, pageNow, wokeAt } from "../fixtures/comeback.ts";
import { hideTab, makeHideable } from "../fixtures/hidden-tab.ts";
import { Player } from "../fixtures/player.ts";
import { SilentProxy } from "../fixtures/silent-proxy.ts";
import { expect, test } from "../fixtures/test.ts";

/** What a page without a graphics card may take on a machine that tests; docs/netcode.md has what was measured. */
const BACK_LIMIT_MS = 3_000;
const WATCHED_MS = 5_000;
const SILENCE_MS = 2_000;
/** Longer than a server waits for a page that says nothing (18 s). */
const SUSPENDED_MS = Number(process.env.SUSPENDED_MS ?? 20_000);
/** After so long the server has noticed, and has kept the seat for as long as it does. */
const SEAT_GONE_MS = 33_000;
const HIDDEN_MS = 10_000;

for (const isHinted of [true, false]) {
  const what = isHinted ? "another network" : "another network, unnoticed by the browser";
  test(`${what}: one plays on at once, in the same boat`, async ({ browser, stack }, testInfo) => {
    const proxy = await SilentProxy.open();
    const context = await browser.newContext({ proxy: { server: proxy.server } });
    const anna = new Player(await context.newPage(), "Anna");
    await anna.sail(stack.url, { name: "Anna" });
    const before = await anna.welcome();
    await keepDiary(anna.page);
    const sinceMs = await pageNow(anna.page);
    proxy.changeNetwork();
    if (isHinted) await anna.page.evaluate(() => window.dispatchEvent(new Event("online")));
    await told(testInfo, what, await comebackMs(anna.page, sinceMs, WATCHED_MS));
    expect(await anna.welcome()).toMatchObject({ room: before.room, seat: before.seat, resumed: true });
    await context.close();
    await proxy.close();
  });
}

test("whoever was offline plays on at once, in the same boat", async ({ sail }, testInfo) => {
  const anna = await sail({ name: "Anna" });
  const before = await anna.welcome();
  await keepDiary(anna.page);
  await anna.page.context().setOffline(true);
  await sleep(SILENCE_MS);
  const sinceMs = await pageNow(anna.page);
  await anna.page.context().setOffline(false);
  await told(testInfo, "offline", await comebackMs(anna.page, sinceMs, WATCHED_MS));
  // It did hear nothing: for longer than silence is taken for a stall.
  expect((await anna.stats()).maxGapMs).toBeGreaterThan(SILENCE_MS / 2);
  expect(await anna.welcome()).toMatchObject({ room: before.room, seat: before.seat });
});

test("whoever looks at a hidden tab again sees the game as it is", async ({ browser, stack }, testInfo) => {
  const context = await browser.newContext();
  await makeHideable(context);
  const anna = new Player(await context.newPage(), "Anna");
  await anna.sail(stack.url, { name: "Anna" });
  await hideTab(anna.page, true);
  await sleep(HIDDEN_MS);
  await hideTab(anna.page, false);
  const sinceMs = await pageNow(anna.page);
  await keepDiary(anna.page);
  await told(testInfo, "a hidden tab", await comebackMs(anna.page, sinceMs, WATCHED_MS));
  expect(await anna.stats()).toMatchObject({ disconnects: 0 });
  await context.close();
});

test("whoever opens a laptop again plays on at once, in the same boat if it was not long", async ({
  sail,
}, testInfo) => {
  const anna = await sail({ name: "Anna" });
  const before = await anna.welcome();
  await keepDiary(anna.page);
  const processes = browserProcesses();
  expect(processes.length).toBeGreaterThan(1);
  for (const pid of processes) process.kill(pid, "SIGSTOP");
  await sleep(SUSPENDED_MS);
  for (const pid of processes) process.kill(pid, "SIGCONT");
  await told(testInfo, "a suspended laptop", await comebackMs(anna.page, await wokeAt(anna.page), WATCHED_MS));
  const isKept = SUSPENDED_MS < SEAT_GONE_MS;
  const same = { room: before.room, seat: before.seat, resumed: true };
  expect(await anna.welcome()).toMatchObject(isKept ? same : { resumed: false });
});

async function told(testInfo: TestInfo, what: string, ms: number): Promise<void> {
  const body = `${what}: back in play after ${Math.round(ms)} ms`;
  await testInfo.attach("comeback", { body });
  process.stdout.write(`${body}\n`);
  expect(ms, body).toBeLessThan(BACK_LIMIT_MS);
}
