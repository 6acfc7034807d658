import type { Player } from "../fixtures/player.ts";
import { seesMoving } from "../fixtures/sees-moving.ts";
import { expect, test } from "../fixtures/test.ts";

const CHASE_LIMIT_MS = 120_000;

test("two people on different gateways meet in one room, one sinks the other, and a reload finds the same boat", async ({
  sail,
  sailElsewhere,
}) => {
  const anna = await sail({ name: "Anna" });
  const { room, path } = await anna.welcome();
  const ben = await sailElsewhere({ name: "Ben", room }, path.gateway.id);

  await test.step("they are in one room, on one owner, through two gateways", async () => {
    expect((await ben.welcome()).room).toBe(room);
    const [annaPath, benPath] = [await anna.path(), await ben.path()];
    expect(benPath.owner.id).toBe(annaPath.owner.id);
    expect(benPath.gateway.id).not.toBe(annaPath.gateway.id);
  });

  await test.step("each sees the other move", async () => {
    await seesMoving(anna, ben);
    await seesMoving(ben, anna);
  });

  await test.step("Anna sinks Ben", async () => {
    const lossesBefore = (await ben.boat("Ben"))?.losses ?? 0;
    await Promise.all([anna.chase("Ben"), ben.approach("Anna")]);
    const sinkings = anna.page.getByRole("list", { name: "Sinkings" }).getByRole("listitem");
    await expect(sinkings.filter({ hasText: /^Anna sank\s+Ben$/ })).not.toHaveCount(0, { timeout: CHASE_LIMIT_MS });
    await Promise.all([anna.hold(), ben.hold()]);
    await expect.poll(async () => (await ben.boat("Ben"))?.losses ?? 0).toBeGreaterThan(lossesBefore);
    expect((await anna.boat("Anna"))?.sinkings).toBeGreaterThan(0);
  });

  await test.step("the leaderboard says the same to both", async () => {
    await expect
      .poll(async () => {
        const [annas, bens] = await Promise.all([leaderboard(anna), leaderboard(ben)]);
        return annas.includes("Anna") && annas === bens;
      })
      .toBe(true);
  });

  await test.step("Ben reloads and has his boat back", async () => {
    const before = await ben.welcome();
    const losses = (await ben.boat("Ben"))?.losses;
    await ben.page.reload();
    await ben.seated();
    const after = await ben.welcome();
    expect(after).toMatchObject({ room, seat: before.seat, player: before.player, resumed: true });
    expect((await ben.boat("Ben"))?.losses).toBe(losses);
  });

  await test.step("nobody's connection was lost and no input went astray", async () => {
    const { disconnects, inputs } = await anna.stats();
    expect(disconnects).toBe(0);
    expect(inputs).toMatchObject({ lost: 0, doubled: 0 });
  });
});

/** What the player reads there: rows that are hidden keep the text of a boat that has left. */
async function leaderboard(player: Player): Promise<string> {
  return (await player.page.getByLabel("Leaderboard").innerText()).replace(/\s+/g, " ").trim();
}
