// How many frames after a key the own boat shows it: two games that are alike to the bit, one of them with the key.

import { condition, type NetConditions } from "../../client/net/conditioner.ts";
import { type Lessons, NORMAL } from "../../client/netcode/lessons.ts";
import type { RenderBoat } from "../../client/netcode/render-state.ts";
import { Session } from "../../client/netcode/session.ts";
import { seededRandom, VirtualTime } from "../../client/netcode/testing/virtual-time.ts";
import { Basin } from "./basin.ts";
import { FRAME_MS } from "./player.ts";

/** Frames before the key; each try has one more, so that keys come at all moments of a tick. */
const SETTLE_FRAMES = 180;
const TRIES = 8;
/** A second: whoever waits longer has turned too much off. */
const WAIT_FRAMES = 60;
const SEED = 3;

/** Frames between the first one after the key and the first one that differs: 0 is the same frame. The slowest of some tries. */
export async function answerFrames(network: NetConditions, lessons: Partial<Lessons> = {}): Promise<number> {
  const frames: number[] = [];
  for (let tried = 0; tried < TRIES; tried++) {
    const keyFrame = SETTLE_FRAMES + tried;
    const still = await film(network, lessons, Number.POSITIVE_INFINITY, keyFrame);
    const steered = await film(network, lessons, keyFrame, keyFrame);
    const first = still.findIndex((place, at) => place !== steered[at]);
    frames.push(first === -1 ? WAIT_FRAMES : first);
  }
  return Math.max(...frames);
}

/** Where the own boat is in each frame from `fromFrame` on. */
async function film(
  network: NetConditions,
  lessons: Partial<Lessons>,
  keyFrame: number,
  fromFrame: number,
): Promise<string[]> {
  const time = new VirtualTime();
  const basin = new Basin(time, SEED, 1, { ticked() {}, input() {} });
  const { dial } = condition(basin.dial, network, time, seededRandom(SEED));
  const session = new Session({
    ...{ dial, clock: time, random: seededRandom(SEED), request: { name: "Ada" }, build: "bench" },
    lessons: { ...NORMAL, ...lessons },
  });
  session.open();
  const places: string[] = [];
  for (let frame = 0; frame < fromFrame + WAIT_FRAMES; frame++) {
    time.advance(FRAME_MS);
    // A join is a promise.
    await Promise.resolve();
    if (frame === keyFrame) session.setControls({ throttle: 1, rudder: 1, aim: 0, fire: false });
    const own = session.frame(time.now())?.boats.find((boat) => boat.own);
    if (frame >= fromFrame) places.push(placeOf(own));
  }
  session.close();
  basin.close();
  return places;
}

const placeOf = (boat: RenderBoat | undefined): string => `${boat?.xPx} ${boat?.yPx} ${boat?.heading}`;
