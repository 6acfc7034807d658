import type { BotsReport } from "../../client/bots/report.ts";
import type { Player } from "../fixtures/player.ts";
import { expect, test } from "../fixtures/test.ts";

const BOTS = 40;
/** From one corner to the other, with islands on the way. */
const VOYAGE_LIMIT_MS = 200_000;
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

  await test.step("they sail to each other by the map, until each sees the other's boat", async () => {
    const deadline = Date.now() + VOYAGE_LIMIT_MS;
    while (!((await anna.boat("Ben")) && (await ben.boat("Anna")))) {
      expect(Date.now(), "Anna and Ben have not met in time").toBeLessThan(deadline);
      await Promise.all([anna.approach("Ben"), ben.approach("Anna")]);
    }
    await Promise.all([anna.hold(), ben.hold()]);
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

async function isSighted(player: Player, name: string): Promise<boolean> {
  return (await player.render()).sightings.some((sighting) => sighting.name === name);
}
