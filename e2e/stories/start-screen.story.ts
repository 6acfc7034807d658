import { expect, test } from "../fixtures/test.ts";

test("a room code that nobody uses is answered with a sentence, and one can go on", async ({ page, stack }) => {
  await page.goto(`${stack.url}/?room=ZZZZ`);
  await page.getByLabel("Your name").fill("Lost");
  await page.getByRole("button", { name: /join/i }).click();
  await expect(page.getByText("There is no room with that code.")).toBeVisible();
  await expect(page.getByRole("button", { name: /quick play/i })).toBeEnabled();
});

test("a name with markup is shown as the text it is", async ({ sail }) => {
  const player = await sail({ name: "<b>Bold</b>" });
  await expect(player.page.getByLabel("Leaderboard")).toContainText("<b>Bold</b>");
});

test("a tab that comes back to a room that is gone plays on in another one", async ({ sail }) => {
  const player = await sail({ name: "Rip" });
  await player.page.evaluate(() => {
    const [token] = sessionStorage.getItem("tidegate.seat")!.split(" ");
    sessionStorage.setItem("tidegate.seat", `${token} ZZZZ`);
  });
  await player.page.reload();
  await player.seated();
  expect((await player.welcome()).room).not.toBe("ZZZZ");
});
