import { devices } from "playwright/test";
import { Player } from "../fixtures/player.ts";
import { expect, test } from "../fixtures/test.ts";

test("on a phone, thumbs steer and fire", async ({ browser, stack }) => {
  const { defaultBrowserType: _, ...phone } = devices["iPhone 13"] ?? {};
  const context = await browser.newContext({ ...phone, ignoreHTTPSErrors: true });
  const player = new Player(await context.newPage(), "Thumb");
  const { page } = player;
  await page.goto(stack.url);
  await page.getByLabel("Your name").fill("Thumb");
  await page.getByRole("button", { name: /quick play/i }).tap();
  await player.seated();

  const { width, height } = page.viewportSize() ?? { width: 390, height: 664 };
  const touch = await context.newCDPSession(page);
  const stick = { x: width * 0.22, y: height * 0.78 };
  const aim = { x: width * 0.75, y: height * 0.6 };

  const from = await player.boat("Thumb");
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ ...stick, id: 1 }] });
  await touch.send("Input.dispatchTouchEvent", {
    type: "touchMove",
    touchPoints: [{ ...stick, y: stick.y - 60, id: 1 }],
  });
  await expect
    .poll(async () => {
      const now = await player.boat("Thumb");
      return now && from ? Math.hypot(now.xPx - from.xPx, now.yPx - from.yPx) : 0;
    })
    .toBeGreaterThan(40);

  await touch.send("Input.dispatchTouchEvent", {
    type: "touchStart",
    touchPoints: [
      { ...stick, y: stick.y - 60, id: 1 },
      { ...aim, id: 2 },
    ],
  });
  await touch.send("Input.dispatchTouchEvent", {
    type: "touchMove",
    touchPoints: [
      { ...stick, y: stick.y - 60, id: 1 },
      { x: aim.x + 40, y: aim.y - 40, id: 2 },
    ],
  });
  await page.waitForFunction(() => {
    type Rendered = { boats: { own: boolean; loaded: number }[] };
    const { tidegate } = window as unknown as { tidegate: { render(): Rendered | undefined } };
    return tidegate.render()?.boats.some((boat) => boat.own && boat.loaded < 1);
  });
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });

  await test.step("nothing reaches beyond the screen", async () => {
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
  await context.close();
});
