// The page: makes the parts, wires them, and decides what comes first (a boat left by a reload, a room in the address, or
// the start screen).

import "./style/main.css";
import { PROTOCOL_VERSION } from "../game/protocol/index.ts";
import { ARENA, type WatersKind } from "../game/sim/index.ts";
import { copyText } from "./browser/clipboard.ts";
import { graphicsOf } from "./browser/graphics.ts";
import { onConnectHint } from "./browser/hints.ts";
import { watchReducedMotion } from "./browser/motion.ts";
import { PageMemory, type SeatMemory, storeOrNothing } from "./browser/storage.ts";
import { leadingTo, mayMean, readAddress, shareLink } from "./browser/url.ts";
import { ClosedNotice } from "./hud/closed-notice.ts";
import { Hud } from "./hud/hud.ts";
import { RegionOffer } from "./hud/region-offer.ts";
import { StartScreen, type StartWish } from "./hud/start-screen.ts";
import { Input } from "./input/input.ts";
import { systemClock } from "./net/clock.ts";
import { condition, PERFECT_NETWORK } from "./net/conditioner.ts";
import { socketIoDial } from "./net/connect.ts";
import type { GameSession } from "./netcode/game-session.ts";
import { type Lessons, NORMAL } from "./netcode/lessons.ts";
import { OfflineSession } from "./netcode/offline-session.ts";
import { Session } from "./netcode/session.ts";
import { destinationOf } from "./regions/destination.ts";
import { httpPing } from "./regions/ping.ts";
import { fetchRegions } from "./regions/region-list.ts";
import { Regions } from "./regions/regions.ts";
import { writeRoomAddress } from "./regions/room-address.ts";
import { BasinScene, createGame } from "./scenes/basin-scene.ts";
import { Director } from "./scenes/director.ts";
import { Renewal } from "./scenes/renewal.ts";
import { Sound } from "./sound/sound.ts";
import { FINEST_QUALITY, QualityController, SOFTWARE_QUALITY } from "./view/quality.ts";

declare const __BUILD__: string;

const ATTRACT_SEED = 7;
const PRACTICE_BOATS = 12;
const NAMELESS = "Sailor";

const picture = byId("picture");
const page = byId("hud");
const request = readAddress(location.href);
const memory = new PageMemory(
  storeOrNothing(() => localStorage),
  storeOrNothing(() => sessionStorage),
);
const ask = (url: string, options?: RequestInit) => fetch(url, options);
const regions = new Regions({
  load: (signal) => fetchRegions({ request: ask, clock: systemClock }, signal),
  ping: httpPing({ fetch: ask, performance, clock: systemClock }),
  clock: systemClock,
  memory,
});
const sound = new Sound(memory.muted);
const input = new Input(window, picture);
const lessons: Lessons = { ...NORMAL };
const network = condition(
  socketIoDial({ url: location.origin }),
  request.net ?? PERFECT_NETWORK,
  systemClock,
  Math.random,
);
const closedNotice = new ClosedNotice();
const startScreen = new StartScreen((wish) => director.play(wish), regions);
const regionOffer = new RegionOffer({ regions, clock: systemClock, go: (region) => director.playIn(region) });
const hud: Hud = new Hud(
  {
    toggleSound,
    toggleNetGraph: () => hud.netGraph.toggle(),
    toggleLessons: () => hud.lessons.toggle(),
    share: () => void share(),
    leave: () => director.leave(),
    renew: reloadInPlace,
  },
  () => scene.seen,
  { lessons, network },
);
const renewal = new Renewal({ build: __BUILD__, protocol: PROTOCOL_VERSION, memory, reload: reloadInPlace });
const director: Director = new Director({
  memory,
  sound,
  input,
  toWorld: (x, y) => scene.worldPoint(x, y),
  startScreen,
  closedNotice,
  hud,
  renewal,
  regionOffer,
  still: watchReducedMotion(window),
  attractSeed: ATTRACT_SEED,
  open: openSession,
  leadTo,
  reload: reloadInPlace,
});
const graphics = graphicsOf(document);
const firstQuality = graphics === "software" ? SOFTWARE_QUALITY : FINEST_QUALITY;
const scene = new BasinScene(
  director,
  new QualityController(request.quality ?? firstQuality, request.quality !== undefined),
);

page.append(hud.root, startScreen.root, closedNotice.root, regionOffer.root);
hud.toolbar.setMuted(memory.muted);
listen();
publish();
if (graphics !== "none") {
  begin();
  createGame(picture, scene);
} else {
  page.textContent = "Tidegate draws with WebGL, and this browser does not offer it.";
}

function begin(): void {
  const name = request.name ?? memory.name;
  const left = memory.seat;
  const waters = request.arena ? "arena" : "basin";
  startScreen.hide();
  if (request.offline) director.play({ name, room: undefined, offline: true, waters, region: undefined });
  // A reload keeps the boat: token and room are in this tab's memory, so the game goes on without the start screen.
  else if (left && mayMean(request, left))
    director.play({ name, room: request.room, offline: false, waters: left.waters, region: left.region }, left);
  else if (request.play) void playAtOnce(name, waters);
  else director.menu(request.room && writeRoomAddress(request.region, request.room), "", waters);
}

async function playAtOnce(name: string, waters: WatersKind): Promise<void> {
  await regions.loaded;
  const { room, region } = request;
  const destination = destinationOf(room === undefined ? undefined : { room, region }, regions);
  if ("refusal" in destination) director.menu(undefined, destination.refusal, waters);
  else director.play({ name, ...destination, offline: false, waters });
}

function openSession(wish: StartWish, seat: SeatMemory | undefined): GameSession {
  const name = wish.name || NAMELESS;
  if (wish.offline) {
    const seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 1;
    const boats = wish.waters === "arena" ? ARENA.seats : PRACTICE_BOATS;
    return new OfflineSession({ seed, waters: wish.waters, boats, pilot: "player", name });
  }
  const session = new Session({
    dial: network.through(socketIoDial({ url: wish.region?.url ?? location.origin })),
    lessons,
    clock: systemClock,
    random: Math.random,
    request: { name, ...(wish.room && { room: wish.room }), ...(wish.waters === "arena" && { waters: "arena" }) },
    build: __BUILD__,
    ...(seat ? { token: seat.token, room: seat.room } : {}),
    onHint: onConnectHint({ window, document, navigator }),
  });
  session.open();
  return session;
}

/** Comes back to the seat that this tab has, even if its address leads elsewhere. */
function reloadInPlace(): void {
  if (memory.seat) leadTo(memory.seat);
  location.reload();
}

/** Whoever came by a link and plays elsewhere by now has an address that still names the room of the link. */
function leadTo(seat: SeatMemory): void {
  const address = leadingTo(seat, location.href);
  if (address !== location.href) history.replaceState(null, "", address);
}

function listen(): void {
  window.addEventListener("resize", () => scene.fit());
  document.addEventListener("visibilitychange", () => director.hidden(document.hidden));
  for (const gesture of ["pointerdown", "keydown"]) window.addEventListener(gesture, () => sound.unlock());
  window.addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.target instanceof HTMLInputElement) return;
    if (event.code === "KeyM") toggleSound();
    if (event.code === "KeyN") hud.netGraph.toggle();
    if (event.code === "KeyG") hud.lessons.toggleGhosts();
    if (event.code === "KeyL") hud.lessons.toggle();
    hud.lessons.key(event.code);
  });
}

function toggleSound(): void {
  sound.setMuted(!sound.muted);
  memory.muted = sound.muted;
  hud.toolbar.setMuted(sound.muted);
}

async function share(): Promise<void> {
  const room = director.session?.welcome?.room;
  if (!room) return;
  const address = writeRoomAddress(director.region?.id, room);
  const copied = await copyText(navigator, shareLink(location.href, address));
  hud.toolbar.said(copied ? "Link copied" : `Room ${address}`);
}

/**
 * `window.tidegate`: what this page knows, to read only. For tests and for curious people at the console.
 * `render()` is the last frame that was drawn, `stats()` what the connection feels like (NetStats); both are undefined
 * while there is none. What a move must not be noticed by: `stats().maxGapMs`, `.moves`, `.disconnects`, and `reconnectsShown`.
 */
function publish(): void {
  const view = {
    version: __BUILD__,
    get state() {
      return director.session?.state.name ?? "menu";
    },
    get welcome() {
      return director.session?.welcome;
    },
    get path() {
      return director.session?.path;
    },
    get region() {
      return director.region?.id;
    },
    get quality() {
      return scene.quality;
    },
    get framesPerSecond() {
      return scene.framesPerSecond;
    },
    get reconnectsShown() {
      return hud.reconnectsShown;
    },
    stats: () => director.stats(),
    render: () => director.lastFrame,
  };
  Object.defineProperty(window, "tidegate", { value: Object.freeze(view) });
}

function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}`);
  return found;
}
