// `npm run picture`: takes the pictures in docs/pictures from the running game, in a real browser, on a stack of its own.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, devices } from "playwright/test";
import { distance } from "../client/bots/pilot.ts";
import { provisionChromium } from "../infra/provision/chromium.ts";
import { Player } from "./fixtures/player.ts";
import { startStack } from "./fixtures/stack.ts";
import config from "./playwright.config.ts";

const PICTURES = join(import.meta.dirname, "..", "docs", "pictures");
const DESKTOP = { viewport: { width: 1280, height: 720 }, ignoreHTTPSErrors: true };
/** How long the photographer's boat takes part before the picture. */
const SCENE_MS = 20_000;

process.env.CHROMIUM_PATH ??= await provisionChromium((line) => console.error(line));
mkdirSync(PICTURES, { recursive: true });
const stack = await startStack("picture");
const browser = await chromium.launch({
  ...config.use?.launchOptions,
  executablePath: process.env.CHROMIUM_PATH,
});
try {
  await startScreen(browser);
  await fight(browser);
  await phone(browser);
} finally {
  await browser.close();
  await stack.close();
}

async function startScreen(browser: Browser): Promise<void> {
  const page = await browser.newPage(DESKTOP);
  await page.goto(stack.url);
  await page.getByLabel("Your name").fill("Anna");
  await page.waitForTimeout(3000);
  await take(page, "start-screen");
  await page.close();
}

async function fight(browser: Browser): Promise<void> {
  const player = new Player(await browser.newPage(DESKTOP), "Anna");
  await player.sail(stack.url, { name: "Anna" });
  for (const until = Date.now() + SCENE_MS; Date.now() < until; ) await chaseTheNearest(player);
  await take(player.page, "game");
  await player.page.keyboard.press("KeyN");
  await player.page.waitForTimeout(1500);
  await take(player.page, "net-graph");
  await player.page.close();
}

async function phone(browser: Browser): Promise<void> {
  const { defaultBrowserType: _, ...iPhone } = devices["iPhone 13"] ?? {};
  const context = await browser.newContext({ ...iPhone, ignoreHTTPSErrors: true });
  const player = new Player(await context.newPage(), "Thumb");
  await player.sail(stack.url, { name: "Thumb" });
  await player.page.waitForTimeout(5000);
  await take(player.page, "phone");
  await context.close();
}

async function chaseTheNearest(player: Player): Promise<void> {
  const { boats } = await player.render();
  const own = boats.find((boat) => boat.own);
  if (!own) return;
  const nearest = boats
    .filter((boat) => !boat.own && boat.afloat)
    .sort((a, b) => distance(a, own) - distance(b, own))
    .at(0);
  if (nearest) await player.chase(nearest.name);
}

async function take(page: Player["page"], name: string): Promise<void> {
  const path = join(PICTURES, `${name}.png`);
  await page.screenshot({ path });
  console.error(`took ${path}`);
}
