// `npm run picture`: takes the pictures in docs/pictures from the running game, in a real browser, on a stack of its own.
// `npm run picture -- phone console` takes only those.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DeregisterTargetsCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { type Browser, chromium, devices } from "playwright/test";
import { distance } from "../client/bots/pilot.ts";
import type { RenderState } from "../client/netcode/render-state.ts";
import { provisionChromium } from "../infra/provision/chromium.ts";
import { startCommand } from "./fixtures/commands.ts";
import { watchMove } from "./fixtures/deploy-strip.ts";
import { takeLessons } from "./fixtures/lesson-scenes.ts";
import { Player } from "./fixtures/player.ts";
import { startStack } from "./fixtures/stack.ts";
import config from "./playwright.config.ts";

const PICTURES = join(import.meta.dirname, "..", "docs", "pictures");
const DESKTOP = { viewport: { width: 1280, height: 720 }, ignoreHTTPSErrors: true };
/** How long the photographer waits for a busy moment. */
const SCENE_LIMIT_MS = 90_000;
/** Until the company is seated and the hints are gone. */
const NET_GRAPH_MS = 20_000;
/** Level of the picture: sharp, though slow without a graphics card. */
const FINE = 1;
/** Ones that leave the processor to the game, the second one more of it: for pictures that are about time. */
const BRISK = 3;
const BRISKER = 4;

process.env.CHROMIUM_PATH ??= await provisionChromium((line) => console.error(line));
mkdirSync(PICTURES, { recursive: true });
const stack = await startStack("picture");
const browser = await chromium.launch({
  ...config.use?.launchOptions,
  executablePath: process.env.CHROMIUM_PATH,
});
try {
  const scenes = {
    game: fight,
    "net-graph": netGraph,
    arena: bigArena,
    phone,
    "start-screen": startScreen,
    regions,
    console: albConsole,
    deploy,
    "new-version": newVersion,
    lessons,
  };
  const wanted = process.argv.slice(2);
  for (const [name, scene] of Object.entries(scenes)) {
    if (wanted.length === 0 || wanted.includes(name)) await scene(browser);
  }
} finally {
  await browser.close();
  await stack.close();
}

/** Others for the picture: headless players, `where` as `npm run bots` is told. */
function company(count: number, ...where: string[]): ChildProcess {
  const bots = ["client/bots/main.ts", ...where, "--count", `${count}`, "--seconds", "120"];
  return spawn(process.execPath, ["infra/run.mjs", ...bots], {
    env: { ...process.env, TIDEGATE_HOME: stack.home },
    stdio: "ignore",
  });
}

async function fight(browser: Browser): Promise<void> {
  const player = new Player(await browser.newPage(DESKTOP), "Anna");
  await player.sail(stack.url, { name: "Anna", quality: FINE });
  const bots = company(22, "--room", (await player.welcome()).room);
  const ended = once(bots, "exit");
  for (const until = Date.now() + SCENE_LIMIT_MS; Date.now() < until; ) {
    await chaseTheNearest(player);
    if (!isBusy(await player.render())) continue;
    await take(player.page, "game");
    if (isBusy(await player.render())) break; // a picture takes its time; it was still busy when it was done
  }
  await player.page.close();
  bots.kill("SIGINT");
  await ended;
}

/** What the connection feels like, while somebody sails among others. */
async function netGraph(browser: Browser): Promise<void> {
  const player = new Player(await browser.newPage(DESKTOP), "Anna");
  await player.sail(stack.url, { name: "Anna", quality: BRISKER });
  const bots = company(22, "--room", (await player.welcome()).room);
  const ended = once(bots, "exit");
  await player.page.keyboard.press("KeyN");
  const isAfloat = async () => (await player.render()).boats.some((boat) => boat.own && boat.afloat);
  for (const until = Date.now() + NET_GRAPH_MS; Date.now() < until || !(await isAfloat()); ) {
    await chaseTheNearest(player);
  }
  await take(player.page, "net-graph");
  await player.page.close();
  bots.kill("SIGINT");
  await ended;
}

/** Hundreds on one water: the map full of them, some of them near. Offline: it is the same game, and this machine has none but itself. */
async function bigArena(browser: Browser): Promise<void> {
  const player = new Player(await browser.newPage(DESKTOP), "Anna");
  await player.page.goto(`${stack.url}/?offline&arena&name=Anna&quality=${FINE}`);
  await player.seated();
  for (const until = Date.now() + SCENE_LIMIT_MS; Date.now() < until; ) {
    await chaseTheNearest(player);
    if (!isBusy(await player.render())) continue;
    await take(player.page, "arena");
    if (isBusy(await player.render())) break; // as above
  }
  await player.page.close();
}

async function phone(browser: Browser): Promise<void> {
  const { defaultBrowserType: _, ...iPhone } = devices["iPhone 13"] ?? {};
  const context = await browser.newContext({ ...iPhone, deviceScaleFactor: 2, ignoreHTTPSErrors: true });
  const player = new Player(await context.newPage(), "Thumb");
  await player.sail(stack.url, { name: "Thumb", quality: FINE });
  await player.page.waitForTimeout(8000);
  await take(player.page, "phone");
  await context.close();
}

async function startScreen(browser: Browser): Promise<void> {
  const page = await browser.newPage(DESKTOP);
  await page.goto(`${stack.url}/?quality=${FINE}`);
  await page.getByLabel("Your name").fill("Anna");
  await page.waitForTimeout(8000);
  await take(page, "start-screen");
  await page.close();
}

/** The start screen of one of two regions, when both are measured. */
async function regions(browser: Browser): Promise<void> {
  const far = await startStack("picture-regions", {}, undefined, { servers: 1, regions: "eu,us" });
  const page = await browser.newPage(DESKTOP);
  await page.goto(`${far.url}/?quality=${FINE}`);
  await page.getByLabel("Your name").fill("Anna");
  await page.waitForTimeout(15_000);
  await take(page, "regions");
  await page.close();
  await far.close();
}

/** The load balancer's console while one server has just left and another one drains, by day and by night. */
async function albConsole(browser: Browser): Promise<void> {
  const elbv2 = new ElasticLoadBalancingV2Client({
    endpoint: stack.control,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const bots = company(36);
  const ended = once(bots, "exit");
  const pages = await Promise.all(
    (["light", "dark"] as const).map(async (colorScheme) => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme });
      await page.goto(stack.control);
      return { page, name: `console-${colorScheme}` };
    }),
  );
  const { page } = pages[0]!;
  const row = (port: number) => page.locator(".targets tr", { hasText: `:${port}` });
  const [first, second] = stack.state().servers;
  await page.locator(".targets tbody td:last-child", { hasText: /[1-9]/ }).nth(2).waitFor();
  await page.waitForTimeout(15_000);
  for (const server of [first!, second!]) {
    const Targets = [{ Id: "127.0.0.1", Port: server.port }];
    await elbv2.send(new DeregisterTargetsCommand({ TargetGroupArn: stack.targetGroupArn, Targets }));
    if (server === first) {
      await row(server.port).waitFor({ state: "detached" });
      await page.waitForTimeout(6_000);
    }
  }
  await page.waitForTimeout(6_000);
  for (const each of pages) {
    await take(each.page, each.name, 70);
    await each.page.close();
  }
  elbv2.destroy();
  bots.kill("SIGINT");
  await ended;
}

async function deployNext(): Promise<void> {
  const generation = Math.max(...stack.state().servers.map((server) => server.generation));
  const args = ["--version", `v${generation + 1}`, "--canary", "0"];
  const { code, said } = await startCommand(stack.home, "deploy", args, new AbortController().signal).ended;
  if (code !== 0) throw new Error(`npm run deploy ended with ${code}: ${said}`);
}

/** Four moments of a page whose servers are replaced under it. */
async function deploy(browser: Browser): Promise<void> {
  const player = new Player(await browser.newPage({ ...DESKTOP, viewport: { width: 960, height: 600 } }), "Anna");
  await player.sail(stack.url, { name: "Anna" });
  const bots = company(8, "--room", (await player.welcome()).room);
  const ended = once(bots, "exit");
  await player.page.keyboard.press("KeyN");
  await player.hold("KeyW", "KeyD");
  const path = join(PICTURES, "deploy.jpg");
  await watchMove(browser, player, path, deployNext);
  console.error(`took ${path}`);
  await player.page.close();
  bots.kill("SIGINT");
  await ended;
}

/** Something to look at: others near, and iron in the air. */
function isBusy({ boats, balls, phase }: RenderState): boolean {
  const own = boats.find((boat) => boat.own);
  if (!own?.afloat || phase !== "playing") return false;
  const near = boats.filter((boat) => !boat.own && boat.afloat && distance(own, boat) < 330);
  return near.length >= 2 && balls.filter((ball) => distance(own, ball) < 400).length >= 1;
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

/** The netcode over a long way, and without some of its parts: a small window, so that the page keeps time. */
async function lessons(browser: Browser): Promise<void> {
  const page = await browser.newPage({ ...DESKTOP, viewport: { width: 1120, height: 630 } });
  await takeLessons({
    page,
    url: stack.url,
    quality: BRISK,
    take: async (name, of) => {
      if (of === "page") return take(page, name);
      const path = join(PICTURES, `${name}.jpg`);
      await page.getByLabel("Net graph", { exact: true }).screenshot({ path, type: "jpeg", quality: 86 });
      console.error(`took ${path}`);
    },
  });
  await page.close();
}

async function take(page: Player["page"], name: string, quality = 86): Promise<void> {
  const path = join(PICTURES, `${name}.jpg`);
  await page.screenshot({ path, type: "jpeg", quality });
  console.error(`took ${path}`);
}

/** A page that has outlived its servers, at the moment when its boat is sunk. */
async function newVersion(browser: Browser): Promise<void> {
  const player = new Player(await browser.newPage(DESKTOP), "Anna");
  await player.sail(stack.url, { name: "Anna" });
  const bots = company(22, "--room", (await player.welcome()).room);
  const ended = once(bots, "exit");
  await deployNext();
  const offer = player.page.locator(".respawn").getByText("A new version is here.");
  for (const until = Date.now() + SCENE_LIMIT_MS; Date.now() < until; ) {
    await chaseTheNearest(player);
    if (!(await offer.isVisible())) continue;
    await take(player.page, "new-version");
    if (await offer.isVisible()) break; // as above
  }
  await player.page.close();
  bots.kill("SIGINT");
  await ended;
}
