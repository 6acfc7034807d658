import { Player } from "../fixtures/player.ts";
import { type RunningStack, startStack } from "../fixtures/stack.ts";
import { expect, test } from "../fixtures/test.ts";

/** Two load balancers, two Redis, and a distance that no busy machine makes up for. */
const SHAPE = { servers: 1, regions: "eu=0,us=150" };

const region = (page: Player["page"]) => page.evaluate(() => (window as unknown as RegionWindow).tidegate.region);

interface RegionWindow {
  tidegate: { region: string | undefined };
}

/** Two pictures at once: small ones leave the processor to the game. */
const WINDOW = { viewport: { width: 640, height: 480 } };

let stack: RunningStack | undefined;

test.beforeAll(async () => {
  stack = await startStack("e2e-regions", { BOTS_FILL_TO: "2" }, undefined, SHAPE);
});

test.afterAll(async () => {
  await stack?.close(); // there is none if it could not be started
});

test("the nearest region is chosen, and a friend's code leads to another one", async ({ browser }) => {
  const context = await browser.newContext({ ...WINDOW, permissions: ["clipboard-read", "clipboard-write"] });
  const anna = new Player(await context.newPage(), "Anna");
  await anna.page.goto(`${stack?.url}/?quality=5`);
  const [eu, us] = [
    anna.page.getByRole("radio", { name: "Europe" }),
    anna.page.getByRole("radio", { name: "America" }),
  ];
  await expect(anna.page.getByText(/^\d+ ms · nearest$/)).toBeVisible();
  await expect(anna.page.locator(".region", { has: us })).toContainText(/\d{3,} ms/);
  await expect(eu).toBeChecked();

  // By keys alone: Tab leads from the name to the regions, an arrow to the next one, Enter plays.
  await anna.page.getByLabel("Your name").fill("Anna");
  await anna.page.keyboard.press("Tab");
  await anna.page.keyboard.press("ArrowRight");
  await expect(us).toBeChecked();
  await anna.page.keyboard.press("Enter");
  await anna.seated();
  const code = `us-${(await anna.welcome()).room}`;
  await expect(anna.page.getByLabel("Connection", { exact: true })).toHaveText(
    new RegExp(`^North America · s1 · v1 · room ${code} · `),
  );
  await anna.page.getByRole("button", { name: "Copy a link to this room" }).click();
  await expect(anna.page.getByText("Link copied")).toBeVisible();
  const link = await anna.page.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(`${stack?.url}/?room=${code}`);

  const bo = new Player(await (await browser.newContext(WINDOW)).newPage(), "Bo");
  await bo.page.goto(`${stack?.url}/?quality=5`);
  await bo.page.getByLabel("Room code").fill(code.toUpperCase());
  await bo.page.getByLabel("Your name").fill("Bo");
  await bo.page.getByRole("button", { name: /join/i }).click();
  await bo.seated();
  expect((await bo.welcome()).room).toBe((await anna.welcome()).room);
  await expect.poll(() => bo.boat("Anna")).toBeDefined();
  await expect.poll(() => anna.boat("Bo")).toBeDefined();
  await bo.page.context().close();

  // A reload finds the seat where it is, and the player's choice is kept for the next visit.
  await anna.page.reload();
  await anna.seated();
  expect(await region(anna.page)).toBe("us");
  await anna.page.getByRole("button", { name: "Leave the game" }).click();
  await expect(us).toBeChecked();
  await expect(anna.page.getByLabel("Room code")).toHaveValue(code);
  for (const each of browser.contexts()) await each.close();
});

test("a region that cannot be reached is greyed with the reason, and a code of it leads to a game in the other one", async ({
  browser,
}) => {
  const context = await browser.newContext(WINDOW);
  const page = await context.newPage();
  const us = stack?.state().region?.all.find(({ id }) => id === "us");
  await page.route(`${us?.url}/api/ping**`, (route) => route.abort());
  await page.routeWebSocket(`${us?.url.replace("https", "wss")}/**`, (socket) => socket.close());
  await page.goto(`${stack?.url}/?quality=5&room=ZZZZ`);
  const choice = page.locator(".region", { hasText: "North America" });
  await expect(choice).toContainText("not reachable");
  await expect(choice.getByRole("radio")).toBeDisabled();
  await page.getByLabel("Your name").fill("Lost");
  await page.getByRole("button", { name: /join/i }).click();
  await expect(page.getByText("There is no room with that code.")).toBeVisible();
  await expect(page.getByLabel("Room code")).toHaveValue("eu-ZZZZ");
  await page.getByLabel("Room code").fill("mx-ABCD");
  await page.getByRole("button", { name: /join/i }).click();
  await expect(page.getByText("There is no region “mx”. There are eu (Europe), us (North America).")).toBeVisible();

  await page.getByLabel("Room code").fill("us-ABCD");
  await page.getByRole("button", { name: /join/i }).click();
  await expect(page.getByText("North America does not answer.")).toBeVisible();
  await page.getByRole("button", { name: "Keep waiting" }).click();
  await expect(page.getByText(/still looking/)).toBeVisible();
  await page.getByRole("button", { name: /join/i }).click();
  await page.getByRole("button", { name: /^Play in Europe \(\d+ ms\)$/ }).click();
  const lost = new Player(page, "Lost");
  await lost.seated();
  expect(await region(page)).toBe("eu");

  // The link that brought the page here named another room.
  const { room } = await lost.welcome();
  await page.reload();
  await lost.seated();
  expect((await lost.welcome()).room).toBe(room);
  await context.close();
});
