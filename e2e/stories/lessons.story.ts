import type { RenderBoat, RenderState } from "../../client/netcode/render-state.ts";
import type { Player } from "../fixtures/player.ts";
import { expect, test } from "../fixtures/test.ts";

/** Coarse: what counts here is when a frame shows something, not how fine it is. */
const QUALITY = 5;
const RTT_MS = 150;
/** A change of speed that waves do not make, px a second. */
const ANSWER_PX_PER_SECOND = 4;
/** The frame after the key, and two more for a page that is short of processor. */
const AT_ONCE_FRAMES = 3;

test("over 150 ms the boat answers at once; without prediction a round trip later; switching back heals", async ({
  sail,
}) => {
  const player = await sail({ name: "Anna", net: `${RTT_MS},20`, quality: QUALITY });
  // A second person, at anchor, in the place of the bot that would shoot.
  await sail({ name: "Still", room: (await player.welcome()).room, quality: QUALITY });
  const { page } = player;
  await page.bringToFront();
  await expect.poll(async () => (await player.stats()).rttMs).toBeGreaterThanOrEqual(RTT_MS);

  expect((await answer(player)).frames).toBeLessThanOrEqual(AT_ONCE_FRAMES);

  await page.keyboard.press("KeyL");
  await page.keyboard.press("Digit1");
  await expect(
    page.getByLabel("Lessons", { exact: true }).getByRole("button", { name: "Prediction off" }),
  ).toBeVisible();
  expect((await answer(player)).ms).toBeGreaterThan(RTT_MS);

  await test.step("while the panel is closed, a chip says what is not normal", async () => {
    await page.keyboard.press("KeyL");
    await expect(page.getByText("Prediction off · Round trip +150 ms · Jitter +20 ms")).toBeVisible();
  });

  await page.keyboard.press("KeyL");
  await page.keyboard.press("Digit1");
  expect((await answer(player)).frames).toBeLessThanOrEqual(AT_ONCE_FRAMES);

  await page.keyboard.press("KeyR");
  await page.keyboard.press("KeyL");
  await expect(page.getByText("Round trip +150 ms")).toBeHidden();
});

test("the ghost is where the boat was before what the server has not heard of; without prediction it is ahead", async ({
  sail,
}) => {
  const player = await sail({ name: "Anna", net: `${RTT_MS},20`, quality: QUALITY });
  await player.page.keyboard.press("KeyG");
  await player.hold("KeyW", "KeyD");
  await expect.poll(async () => (await ghostOf(player))?.apartPx ?? 0).toBeGreaterThan(12);
  // On a bow that is sailed at speed, the way there is what was sailed since.
  await expect
    .poll(async () => {
      const ghost = await ghostOf(player);
      return ghost && ghost.aheadMs > RTT_MS / 2 && Math.abs(ghost.sailedPx - ghost.apartPx) < 10 + ghost.apartPx / 3;
    })
    .toBe(true);

  await player.page.keyboard.press("KeyL");
  await player.page.keyboard.press("Digit1");
  await expect.poll(async () => (await ghostOf(player))?.aheadMs ?? 0).toBeLessThan(0);
  await player.page.keyboard.press("Digit1");
  await expect.poll(async () => (await ghostOf(player))?.aheadMs ?? 0).toBeGreaterThan(RTT_MS / 2);
});

test("in practice there is no network to feel, and the panel says so", async ({ page, stack }) => {
  await page.goto(`${stack.url}/?offline=1&quality=${QUALITY}`);
  await page.getByRole("button", { name: "Turn parts of the netcode off (L)" }).click();
  await expect(page.getByText("You play without a server")).toBeVisible();
  await expect(page.getByRole("button", { name: "Prediction on" })).toBeDisabled();
});

/** How far the ghost is from the boat, and how far the boat sails in the time between the two. */
async function ghostOf(player: Player): Promise<{ aheadMs: number; apartPx: number; sailedPx: number } | undefined> {
  const { boats, ghosts } = await player.render();
  const boat = boats.find(({ own }) => own);
  const ghost = ghosts.find(({ own }) => own);
  if (!boat?.afloat || !ghost) return undefined;
  const apartPx = Math.hypot(boat.xPx - ghost.xPx, boat.yPx - ghost.yPx);
  const speedPxPerSecond = Math.hypot(boat.vxPxPerSecond, boat.vyPxPerSecond);
  return { aheadMs: ghost.aheadMs, apartPx, sailedPx: (speedPxPerSecond * ghost.aheadMs) / 1000 };
}

/** From a key on a boat that lies still to the first frame that shows it: counted in the page, without the way of a test's commands. */
async function answer(player: Player): Promise<{ frames: number; ms: number }> {
  await player.hold();
  await expect.poll(() => speedChange(player), { intervals: [500] }).toBeLessThan(ANSWER_PX_PER_SECOND / 4);
  return player.page.evaluate((threshold) => {
    const { tidegate } = window as unknown as { tidegate: { render(): RenderState | undefined } };
    const speed = () => {
      const boat = tidegate.render()?.boats.find(({ own }: RenderBoat) => own);
      return boat ? Math.hypot(boat.vxPxPerSecond, boat.vyPxPerSecond) : 0;
    };
    const key = (type: string) => window.dispatchEvent(new KeyboardEvent(type, { code: "KeyW", cancelable: true }));
    return new Promise<{ frames: number; ms: number }>((resolve) => {
      const before = speed();
      const pressedAtMs = performance.now();
      let frames = 0;
      key("keydown");
      const look = () => {
        frames += 1;
        if (Math.abs(speed() - before) < threshold) {
          requestAnimationFrame(look);
          return;
        }
        key("keyup");
        resolve({ frames, ms: performance.now() - pressedAtMs });
      };
      requestAnimationFrame(look);
    });
  }, ANSWER_PX_PER_SECOND);
}

/** How much the speed of the own boat changes in half a second, px a second. */
async function speedChange(player: Player): Promise<number> {
  const speed = async () => {
    const boat = (await player.render()).boats.find(({ own }) => own);
    return boat ? Math.hypot(boat.vxPxPerSecond, boat.vyPxPerSecond) : 0;
  };
  const before = await speed();
  await player.page.waitForTimeout(500);
  return Math.abs((await speed()) - before);
}
