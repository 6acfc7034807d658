// The whole picture of the basin: takes a RenderState and puts every sprite where it belongs. Knows no session and no input.

import type Phaser from "phaser";
import type { RenderBoat, RenderEvent, RenderState } from "../netcode/render-state.ts";
import { type Atlas, createAtlas } from "./atlas.ts";
import { Balls } from "./ball.ts";
import { type Basin, basinOf, shoreDistancePx } from "./basin.ts";
import { BoatSprite } from "./boat.ts";
import { boatDrawings } from "./boat-art.ts";
import { ChaseCamera, type Viewport, zoomFor } from "./camera.ts";
import { effectDrawings } from "./effect-art.ts";
import { dust, type Effects, playEffect } from "./effects.ts";
import { floraDrawings } from "./flora-art.ts";
import { Islands } from "./island.ts";
import { Label } from "./label.ts";
import { liveryOf } from "./palette.ts";
import { Particles } from "./particles.ts";
import { Pearls } from "./pearl.ts";
import type { Quality } from "./quality.ts";
import { Quay } from "./quay.ts";
import { Wakes } from "./wake.ts";
import { Water, type WorldRect } from "./water.ts";

const DEPTH = {
  water: 0,
  island: 2,
  wake: 3,
  quay: 3.5,
  pearl: 4,
  low: 5,
  shadow: 6,
  boat: 10,
  ball: 14,
  canopy: 16,
  high: 20,
  label: 24,
};
const LOW_PARTICLES = 140;
const HIGH_PARTICLES = 260;
/** Happenings and names further outside the picture than this are not drawn. */
const UNSEEN_PX = 120;

/** A ball that ends this close to the quay or to a shore raises dust, not water. */
const QUAY_PX = 7;
const SHORE_PX = 5;

export interface Look {
  viewport: Viewport;
  /** Canvas pixels for one CSS pixel. */
  pixelRatio: number;
  quality: Quality;
  /** prefers-reduced-motion. */
  still: boolean;
  /** Names over boats: not behind the start screen. */
  labels: boolean;
}

export class Stage {
  readonly #scene: Phaser.Scene;
  readonly #atlas: Atlas;
  readonly #water: Water;
  readonly #quay: Quay;
  readonly #islands: Islands;
  readonly #wakes: Wakes;
  readonly #pearls: Pearls;
  readonly #balls: Balls;
  readonly #effects: Effects;
  readonly #boats = new Map<number, BoatSprite>();
  readonly #labels = new Map<number, Label>();
  readonly #camera = new ChaseCamera();
  #basin: Basin | undefined;

  constructor(scene: Phaser.Scene, boatsMax: number) {
    this.#scene = scene;
    this.#atlas = createAtlas(scene, [...boatDrawings(), ...effectDrawings(), ...floraDrawings()]);
    this.#water = new Water(scene, DEPTH.water);
    this.#quay = new Quay(scene, this.#atlas, DEPTH.quay);
    this.#islands = new Islands(scene, this.#atlas, DEPTH.island, DEPTH.canopy);
    this.#wakes = new Wakes(scene, boatsMax, DEPTH.wake);
    this.#pearls = new Pearls(scene, this.#atlas, DEPTH.pearl);
    this.#balls = new Balls(scene, this.#atlas, DEPTH.shadow, DEPTH.ball);
    this.#effects = {
      low: new Particles(scene, this.#atlas, LOW_PARTICLES, DEPTH.low),
      high: new Particles(scene, this.#atlas, HIGH_PARTICLES, DEPTH.high),
      plenty: 1,
      random: Math.random,
    };
  }

  /** `watched` is the seat that the camera follows. */
  draw(state: RenderState, watched: number, timeSeconds: number, seconds: number, look: Look): void {
    if (this.#basin?.seed !== state.seed) this.#enter(basinOf(state.seed));
    const basin = this.#basin as Basin;
    const target = state.boats.find((boat) => boat.seat === watched);
    if (target) this.#camera.follow(target, seconds);
    const view = this.#aim(basin, timeSeconds, look);
    this.#effects.plenty = look.still ? look.quality.plenty * 0.4 : look.quality.plenty;

    for (const event of state.events) this.#happen(event, state, view, watched, look);
    this.#drawBoats(state, view, timeSeconds, seconds, look);
    this.#pearls.update(state.pearls, timeSeconds, look.still);
    this.#balls.update(state.balls);
    this.#effects.low.update(seconds);
    this.#effects.high.update(seconds);
    this.#islands.update(timeSeconds, this.#camera, look.still);
  }

  /** Where a point of the window lies in the world. */
  worldPoint(xCss: number, yCss: number, viewport: Viewport): { xPx: number; yPx: number } {
    const zoom = zoomFor(viewport);
    const camera = this.#scene.cameras.main;
    return {
      xPx: camera.midPoint.x + (xCss - viewport.width / 2) / zoom,
      yPx: camera.midPoint.y + (yCss - viewport.height / 2) / zoom,
    };
  }

  #enter(basin: Basin): void {
    this.#basin = basin;
    this.#water.setBasin(basin);
    this.#quay.setBasin(basin);
    this.#islands.setBasin(basin);
    this.#wakes.clear();
    this.#effects.low.clear();
    this.#effects.high.clear();
  }

  #aim(basin: Basin, timeSeconds: number, look: Look): WorldRect {
    const zoom = zoomFor(look.viewport);
    const centre = this.#camera.centre(basin, look.viewport, zoom, timeSeconds);
    const camera = this.#scene.cameras.main;
    camera.setZoom(zoom * look.pixelRatio);
    camera.centerOn(centre.xPx, centre.yPx);
    const widthPx = look.viewport.width / zoom;
    const heightPx = look.viewport.height / zoom;
    const view = { xPx: centre.xPx - widthPx / 2, yPx: centre.yPx - heightPx / 2, widthPx, heightPx };
    const { width, height } = this.#scene.scale;
    this.#water.update(
      look.still ? timeSeconds * 0.4 : timeSeconds,
      view,
      width,
      height,
      look.quality.water,
      look.quality.fine,
    );
    return view;
  }

  #happen(event: RenderEvent, state: RenderState, view: WorldRect, watched: number, look: Look): void {
    if (!("xPx" in event) || !isSeen(event.xPx, event.yPx, view)) return;
    if (event.type === "splash" && this.#isLand(event.xPx, event.yPx)) {
      dust(this.#effects, event.xPx, event.yPx);
      return;
    }
    playEffect(this.#effects, event, "seat" in event ? liveryOf(event.seat).colour : 0xffffff);
    if (event.type === "shot") this.#boats.get(event.seat)?.fired();
    if (event.type === "hit") this.#boats.get(event.seat)?.struck();
    if (look.still || state.ownSeat !== watched) return;
    if (event.type === "hit" && event.seat === watched) this.#camera.shake(0.7);
    if (event.type === "sunk" && event.seat === watched) this.#camera.shake(1);
    if (event.type === "shot" && event.own) this.#camera.shake(0.16);
  }

  #isLand(xPx: number, yPx: number): boolean {
    const basin = this.#basin;
    if (!basin) return false;
    const wallPx = Math.min(xPx, yPx, basin.widthPx - xPx, basin.heightPx - yPx);
    return wallPx < QUAY_PX || shoreDistancePx(basin.circles, xPx, yPx) < SHORE_PX;
  }

  #drawBoats(state: RenderState, view: WorldRect, timeSeconds: number, seconds: number, look: Look): void {
    const zoom = zoomFor(look.viewport) * look.pixelRatio;
    const present = new Set<number>();
    for (const boat of state.boats) {
      present.add(boat.seat);
      this.#spriteOf(boat).update(boat, timeSeconds, seconds, { still: look.still, marked: look.labels });
      this.#wakes.update(boat.seat, boat.afloat ? boat : undefined, seconds);
      const label = this.#labelOf(boat);
      if (look.labels && isSeen(boat.xPx, boat.yPx, view)) label.update(boat, zoom, look.pixelRatio);
      else label.hide();
    }
    for (const [seat, sprite] of this.#boats) {
      if (present.has(seat)) continue;
      sprite.hide();
      this.#labels.get(seat)?.hide();
      this.#wakes.update(seat, undefined, seconds);
    }
  }

  #spriteOf({ seat }: RenderBoat): BoatSprite {
    let sprite = this.#boats.get(seat);
    if (!sprite) {
      sprite = new BoatSprite(this.#scene, this.#atlas, seat, DEPTH.boat);
      this.#boats.set(seat, sprite);
    }
    return sprite;
  }

  #labelOf({ seat }: RenderBoat): Label {
    let label = this.#labels.get(seat);
    if (!label) {
      label = new Label(this.#scene, this.#atlas, DEPTH.label);
      this.#labels.set(seat, label);
    }
    return label;
  }
}

function isSeen(xPx: number, yPx: number, view: WorldRect): boolean {
  return (
    xPx > view.xPx - UNSEEN_PX &&
    yPx > view.yPx - UNSEEN_PX &&
    xPx < view.xPx + view.widthPx + UNSEEN_PX &&
    yPx < view.yPx + view.heightPx + UNSEEN_PX
  );
}
