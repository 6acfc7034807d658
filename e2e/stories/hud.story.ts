import type { Page } from "playwright/test";
import { expect, test } from "../fixtures/test.ts";

const WIDTHS_PX = Array.from({ length: 39 }, (_, at) => 400 + at * 40);
const HEIGHTS_PX = [390, 720];
/** The coarsest level of the picture with a canvas pixel for each of the window's. */
const SHARP = 2;

test("the tools lie on nothing else, however wide or low the window is", async ({ page, stack }) => {
  await page.goto(`${stack.url}/?offline&quality=5`);
  await expect(page.getByRole("button", { name: "Leave the game" })).toBeVisible();
  // As wide as they get: in a room that can be shared, with everything said in its longest words.
  await page.evaluate(() => {
    const [share, sound] = document.querySelectorAll<HTMLElement>(".tools .tool");
    share!.hidden = false;
    share!.textContent = "Link copied";
    sound!.textContent = "Sound off";
    document.querySelector<HTMLElement>(".tool.renew")!.hidden = false;
  });
  const overlaps: string[] = [];
  for (const height of HEIGHTS_PX) {
    for (const width of WIDTHS_PX) {
      await page.setViewportSize({ width, height });
      for (const what of await onTools(page)) overlaps.push(`${width}x${height}: ${what}`);
    }
  }
  expect(overlaps).toEqual([]);
});

test("the picture fills the window, whatever size that is given", async ({ page, stack }) => {
  await page.goto(`${stack.url}/?offline&quality=${SHARP}`);
  await expect(page.getByRole("button", { name: "Leave the game" })).toBeVisible();
  for (const window of [
    { width: 700, height: 400 },
    { width: 1000, height: 500 },
    { width: 800, height: 600 },
  ]) {
    await page.setViewportSize(window);
    await expect.poll(() => page.locator("#picture canvas").boundingBox()).toEqual({ x: 0, y: 0, ...window });
  }
});

test("on a narrow window the net graph leaves the button free that closes it", async ({ page, stack }) => {
  await page.setViewportSize({ width: 360, height: 700 });
  await page.goto(`${stack.url}/?offline&quality=5`);
  const button = page.getByRole("button", { name: "Net graph (N)" });
  await button.click();
  await expect(page.getByLabel("Net graph", { exact: true })).toBeVisible();
  await button.click();
  await expect(page.getByLabel("Net graph", { exact: true })).toBeHidden();
});

/** What shares a pixel with the tools or with the offer above them, or lies outside the window with them. */
function onTools(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const boxOf = (selector: string) => {
      const box = document.querySelector(selector)?.getBoundingClientRect();
      return box && box.width > 0 ? [{ selector, box }] : [];
    };
    const others = [".own-panel", ".hints", ".minimap", ".leaderboard", ".status-line", ".round-timer"].flatMap(boxOf);
    return [".tools", ".tool.renew"].flatMap(boxOf).flatMap(({ selector, box }) => {
      const outside = box.left < 0 || box.right > innerWidth || box.bottom > innerHeight ? [`${selector} outside`] : [];
      const met = others.filter(
        ({ box: other }) =>
          other.left < box.right && box.left < other.right && other.top < box.bottom && box.top < other.bottom,
      );
      return [...outside, ...met.map((other) => `${selector} and ${other.selector}`)];
    });
  });
}
