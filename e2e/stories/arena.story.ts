import { distance } from "../../client/bots/pilot.ts";
import type { BotsReport } from "../../client/bots/report.ts";
import type { Player } from "../fixtures/player.ts";
import { expect, test } from "../fixtures/test.ts";

const BOTS = 40;
/** Far more than the way to the next boat takes. */
const VOYAGE_LIMIT_MS = 120_000;
/** The budget of every player, 6 KB/s (design 4). */
const BUDGET_BYTES_PER_SECOND = 6 * 1024;

test("two people and forty bots in one big arena: everybody is on the map, who is near is on the screen, nobody hears too much", async ({
  sail,
  command,
}) => {
  const anna = await sail({ name: "Anna", arena: true });
  const { room, waters } = await anna.welcome();
  expect(waters).toBe("arena");
  const bots = command("bots", "--arena", "--count", `${BOTS}`, "--seconds", "600");

  await test.step("the map fills with them, far more than are near", async () => {
    await expect.poll(async () => (await bothOf(anna)).sighted, { timeout: 90_000 }).toBeGreaterThan(BOTS);
    const { sighted, near } = await bothOf(anna);
    expect(near).toBeLessThan(sighted / 2);
    await expect(anna.page.getByRole("img", { name: "Map of the arena" })).toBeVisible();
    await expect(anna.page.getByLabel("Leaderboard")).toContainText(new RegExp(`You: \\d+(st|nd|rd|th) of ${sighted}`));
  });

  const ben = await test.step("Ben follows Anna's link into the same water", async () => {
    const player = await sail({ name: "Ben", room });
    expect(await player.welcome()).toMatchObject({ room, waters: "arena" });
    await expect.poll(() => isSighted(anna, "Ben")).toBe(true);
    await expect.poll(() => isSighted(player, "Anna")).toBe(true);
    return player;
  });

  await test.step("each sails by the map to whoever is nearest, and then has that boat on the screen", async () => {
    for (const player of [anna, ben]) {
      const deadline = Date.now() + VOYAGE_LIMIT_MS;
      while ((await bothOf(player)).near < 2) {
        expect(Date.now(), `${player.name} has met nobody in time`).toBeLessThan(deadline);
        const nearest = await nearestOf(player);
        if (nearest !== undefined) await player.approach(nearest);
      }
      await player.hold();
    }
  });

  await test.step("Ben reloads and has his boat back, in the arena", async () => {
    const before = await ben.welcome();
    await ben.page.reload();
    await ben.seated();
    expect(await ben.welcome()).toMatchObject({ room, waters: "arena", seat: before.seat, resumed: true });
  });

  await test.step("nobody heard more than the budget, and nothing was lost", async () => {
    for (const player of [anna, ben]) {
      const { bytesPerSecondDown, disconnects, inputs } = await player.stats();
      expect(bytesPerSecondDown, player.name).toBeLessThan(BUDGET_BYTES_PER_SECOND);
      expect(disconnects).toBe(0);
      expect(inputs).toMatchObject({ lost: 0, doubled: 0 });
    }
    bots.interrupt();
    const report = (await bots.ended).json as BotsReport;
    expect(report).toMatchObject({ players: BOTS, disconnects: 0, inputs: { lost: 0, doubled: 0 } });
    expect(report.bytesPerSecond.down).toBeLessThan(BUDGET_BYTES_PER_SECOND);
  });
});

async function bothOf(player: Player): Promise<{ sighted: number; near: number }> {
  const { boats, sightings } = await player.render();
  return { sighted: sightings.length, near: boats.length };
}

/** The name of the boat that is nearest on the map. */
async function nearestOf(player: Player): Promise<string | undefined> {
  const { sightings } = await player.render();
  const own = sightings.find((sighting) => sighting.own);
  if (!own) return undefined;
  const others = sightings.filter((sighting) => !sighting.own && sighting.afloat);
  return others.sort((a, b) => distance(a, own) - distance(b, own)).at(0)?.name;
}

async function isSighted(player: Player, name: string): Promise<boolean> {
  return (await player.render()).sightings.some((sighting) => sighting.name === name);
}
