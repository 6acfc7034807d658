import type { BotsReport } from "../../client/bots/report.ts";
import { AROUND_MS, watchMove } from "../fixtures/deploy-strip.ts";
import { hideTab, makeHideable } from "../fixtures/hidden-tab.ts";
import { Player } from "../fixtures/player.ts";
import { expect, test } from "../fixtures/test.ts";

const BOTS = 8;
const STORY_LIMIT_MS = 240_000;
const DRAINING_LIMIT_MS = 90_000;
/** What a page without a graphics card, on a machine that tests, may stand still; `npm run chaos` has the strict limit. */
const GAP_LIMIT_MS = 1_500;

test("people play on through a deploy: one holds two keys, one is in another tab, one comes in the midst", async ({
  sail,
  command,
  stack,
  browser,
}, testInfo) => {
  test.setTimeout(STORY_LIMIT_MS);
  const old = stack.state().servers.map(({ id }) => id);
  const bots = command("bots", "--count", `${BOTS}`, "--seconds", "600");
  const anna = await sail({ name: "Anna" });
  const before = await anna.welcome();
  const ben = await sailHideable("Ben");
  await hideTab(ben.page, true);
  await anna.page.keyboard.press("KeyN");
  const netGraph = anna.page.getByRole("region", { name: "Net graph" });
  await expect(netGraph).toContainText("v1");
  await anna.hold("KeyW", "KeyD");

  const strip = testInfo.outputPath("deploy.jpg");
  const watched = await watchMove(browser, anna, strip, async () => {
    const deploy = command("deploy", "--version", "v2", "--canary", "0");
    await expect.poll(() => states(old), { timeout: DRAINING_LIMIT_MS }).toContain("draining");
    const cleo = await sail({ name: "Cleo" });
    const { code, said } = await deploy.ended;
    expect(code, said).toBe(0);
    return cleo;
  });
  const { journal, movedMs, result: cleo } = watched;
  await testInfo.attach("deploy", { path: strip, contentType: "image/jpeg" });

  await test.step("Anna was moved once, to the new version, and saw nothing of it", async () => {
    const { moves, disconnects, inputs, maxGapMs } = await anna.stats();
    expect({ moves, disconnects, ...inputs }).toMatchObject({ moves: 1, disconnects: 0, lost: 0, doubled: 0 });
    expect(maxGapMs).toBeLessThan(GAP_LIMIT_MS);
    expect(await anna.welcome()).toMatchObject({ room: before.room, seat: before.seat, player: before.player });
    expect(await anna.path()).toMatchObject({ gateway: { version: "v2" }, owner: { version: "v2" } });
    await expect(netGraph).toContainText("v2");
    expect(journal.filter((entry) => entry.isReconnecting || !entry.isSameCanvas)).toEqual([]);
  });

  await test.step("her boat went on turning, as the keys said", () => {
    const around = journal.filter(({ atMs, afloat }) => afloat && Math.abs(atMs - movedMs) < AROUND_MS);
    const turns = new Set(around.map(({ heading }) => heading.toFixed(2)));
    expect(turns.size).toBeGreaterThan(around.length / 4);
  });

  await test.step("Ben, who did not look, was moved as well, and is still in his boat", async () => {
    await hideTab(ben.page, false);
    const { moves, disconnects } = await ben.stats();
    expect({ moves, disconnects }).toEqual({ moves: 1, disconnects: 0 });
    expect((await ben.path()).gateway.version).toBe("v2");
    expect(await ben.boat("Ben")).toMatchObject({ own: true, away: false });
  });

  await test.step("Cleo, who came in the midst, plays on the new version, moved once at most", async () => {
    const { moves, disconnects } = await cleo.stats();
    expect(moves).toBeLessThanOrEqual(1);
    expect(disconnects).toBe(0);
    expect((await cleo.path()).gateway.version).toBe("v2");
  });

  await test.step("nobody else lost anything", async () => {
    bots.interrupt();
    const report = (await bots.ended).json as BotsReport;
    expect(report).toMatchObject({ players: BOTS, disconnects: 0, inputs: { lost: 0, doubled: 0 } });
    expect(report).toMatchObject({ moved: BOTS, movedMoreThanOnce: 0 });
    expect(Object.keys(report.servers).filter((id) => old.includes(id))).toEqual([]);
  });

  await test.step("Anna's page, which is of the old version, still has its files, and comes back to her boat as the new one", async () => {
    const { page } = anna;
    const files = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    const assets = files.filter((name) => name.includes("/assets/"));
    expect(assets.length).toBeGreaterThan(1);
    for (const asset of assets) expect((await page.request.get(asset)).status(), asset).toBe(200);
    const tools = page.getByRole("navigation", { name: "Game" });
    await Promise.all([page.waitForEvent("load"), tools.getByRole("button", { name: "Reload the page" }).click()]);
    await anna.seated();
    const { room, seat, player } = before;
    expect(await anna.welcome()).toMatchObject({ room, seat, player, resumed: true });
    expect(await page.evaluate(() => (window as unknown as { tidegate: { version: string } }).tidegate.version)).toBe(
      "v2",
    );
  });

  async function sailHideable(name: string): Promise<Player> {
    const context = await browser.newContext();
    await makeHideable(context);
    const player = new Player(await context.newPage(), name);
    await player.sail(stack.url, { name });
    return player;
  }

  async function states(ids: readonly string[]): Promise<string[]> {
    const servers = stack.state().servers.filter(({ id }) => ids.includes(id));
    return Promise.all(
      servers.map(async ({ port }) => {
        const answer = await fetch(`http://127.0.0.1:${port}/statusz`).catch(() => undefined);
        return answer ? ((await answer.json()) as { state: string }).state : "gone";
      }),
    );
  }
});
