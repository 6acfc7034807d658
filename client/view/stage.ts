// The whole picture of the basin: takes a RenderState and puts every sprite where it belongs. Knows no session and no input.

import type Phaser from "phaser";
import type { RenderBoat, RenderEvent, RenderState } from "../netcode/render-state.ts";
import { type Atlas, createAtlas } from "./atlas.ts";
import { Balls } from "./ball.ts";
import { type Basin, basinOf, shoreDistancePx } from "./basin.ts";
import { BERTHS, Berths } from "./berths.ts";
import { BoatSprite } from "./boat.ts";
import { boatDrawings } from "./boat-art.ts";
import { ChaseCamera, type Viewport, zoomFor } from "./camera.ts";
import { effectDrawings } from "./effect-art.ts";
import { dust, type Effects, playEffect } from "./effects.ts";
import { floraDrawings } from "./flora-art.ts";
import { Ghosts } from "./ghost.ts";
import { Islands } from "./island.ts";
import { Label } from "./label.ts";
import { liveryOf } from "./palette.ts";
import { Particles } from "./particles.ts";
import { Pearls } from "./pearl.ts";
import type { Quality } from "./quality.ts";
import { Quay } from "./quay.ts";
import { Wakes } from "./wake.ts";
import { Water } from "./water.ts";
import { outsidePx, type WorldRect } from "./world-rect.ts";

const DEPTH = {
  water: 0,
  island: 2,
  wake: 3,
  quay: 3.5,
  pearl: 4,
  low: 5,
  shadow: 6,
  ghost: 9,
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

/** What draws one boat, and after it another one. */
interface Berth {
  sprite: BoatSprite;
  label: Label;
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
  readonly #ghosts: Ghosts;
  readonly #effects: Effects;
  readonly #berths = new Berths();
  readonly #drawn: (Berth | undefined)[] = [];
  readonly #camera = new ChaseCamera();
  #basin: Basin | undefined;
  /** What the camera saw in the last frame. */
  seen: WorldRect | undefined;

  constructor(scene: Phaser.Scene) {
    this.#scene = scene;
    // Until there is a basin, what is in the scene has neither place nor size.
    scene.cameras.main.setVisible(false);
    this.#atlas = createAtlas(scene, [...boatDrawings(), ...effectDrawings(), ...floraDrawings()]);
    this.#water = new Water(scene, DEPTH.water);
    this.#quay = new Quay(scene, this.#atlas, DEPTH.quay);
    this.#islands = new Islands(scene, this.#atlas, DEPTH.island, DEPTH.canopy);
    this.#wakes = new Wakes(scene, BERTHS, DEPTH.wake);
    this.#pearls = new Pearls(scene, this.#atlas, DEPTH.pearl);
    this.#balls = new Balls(scene, this.#atlas, DEPTH.shadow, DEPTH.ball);
    this.#ghosts = new Ghosts(scene, this.#atlas, DEPTH.ghost, DEPTH.label);
    this.#effects = {
      low: new Particles(scene, this.#atlas, LOW_PARTICLES, DEPTH.low),
      high: new Particles(scene, this.#atlas, HIGH_PARTICLES, DEPTH.high),
      plenty: 1,
      random: Math.random,
    };
  }

  /** `watched` is the seat that the camera follows. */
  draw(state: RenderState, watched: number, timeSeconds: number, seconds: number, look: Look): void {
    const { seed, waters } = state;
    if (this.#basin?.seed !== seed || this.#basin.waters !== waters) this.#enter(basinOf(seed, waters));
    const basin = this.#basin as Basin;
    const target = state.boats.find((boat) => boat.seat === watched);
    if (target) this.#camera.follow(target, seconds);
    const view = this.#aim(basin, timeSeconds, look);
    this.seen = view;
    this.#effects.plenty = look.still ? look.quality.plenty * 0.4 : look.quality.plenty;

    for (const event of state.events) this.#happen(event, state, view, watched, look);
    this.#drawBoats(state, view, timeSeconds, seconds, look);
    const isNear = ({ xPx, yPx }: { xPx: number; yPx: number }) => isSeen(xPx, yPx, view);
    this.#pearls.update(state.pearls.filter(isNear), timeSeconds, look.still);
    this.#balls.update(state.balls.filter(isNear));
    this.#ghosts.update(state, zoomFor(look.viewport) * look.pixelRatio, look.pixelRatio);
    this.#effects.low.update(seconds);
    this.#effects.high.update(seconds);
    this.#islands.update(timeSeconds, view, look.still);
    this.#quay.update(view);
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
    this.#scene.cameras.main.setVisible(true);
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
    if (event.type === "shot") this.#spriteOf(event.seat)?.fired();
    if (event.type === "hit") this.#spriteOf(event.seat)?.struck();
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
    const { freed, taken } = this.#berths.assign(state.boats, view);
    for (const berth of freed) this.#hide(berth);
    for (const { berth, seat } of taken) {
      this.#berth(berth).sprite.dress(seat);
      this.#wakes.forget(berth);
    }
    const source = new Array<RenderBoat | undefined>(BERTHS);
    for (const boat of state.boats) {
      const berth = this.#berths.berthOf(boat.seat);
      if (berth === undefined) continue;
      source[berth] = boat.afloat ? boat : undefined;
      const { sprite, label } = this.#berth(berth);
      sprite.update(boat, timeSeconds, seconds, { still: look.still, marked: look.labels });
      if (look.labels && isSeen(boat.xPx, boat.yPx, view)) label.update(boat, zoom, look.pixelRatio);
      else label.hide();
    }
    // Also of berths that are free: the wake of a boat that has gone fades.
    for (let berth = 0; berth < this.#drawn.length; berth++) this.#wakes.update(berth, source[berth], seconds);
  }

  #spriteOf(seat: number): BoatSprite | undefined {
    const berth = this.#berths.berthOf(seat);
    return berth === undefined ? undefined : this.#drawn[berth]?.sprite;
  }

  /** The sprites of a berth, made when it is first needed. */
  #berth(berth: number): Berth {
    this.#drawn[berth] ??= {
      sprite: new BoatSprite(this.#scene, this.#atlas, DEPTH.boat + berth * 0.001),
      label: new Label(this.#scene, this.#atlas, DEPTH.label),
    };
    return this.#drawn[berth];
  }

  #hide(berth: number): void {
    this.#drawn[berth]?.sprite.hide();
    this.#drawn[berth]?.label.hide();
  }
}

function isSeen(xPx: number, yPx: number, view: WorldRect): boolean {
  return outsidePx(view, xPx, yPx) <= UNSEEN_PX;
}
