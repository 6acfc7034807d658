// What a happening looks like: a recipe of particles for each kind of event. Knows no rules and keeps no state of its own.

import type { RenderEvent } from "../netcode/render-state.ts";
import { GOLD } from "./palette.ts";
import type { Particles } from "./particles.ts";

export interface Effects {
  /** Drawn below the boats: foam, rings. */
  low: Particles;
  /** Drawn above the boats: smoke, sparks. */
  high: Particles;
  /** 0 … 1: how many of the decorative particles are wanted. */
  plenty: number;
  random: () => number;
}

export function playEffect(effects: Effects, event: RenderEvent, colour: number): void {
  switch (event.type) {
    case "shot":
      shot(effects, event.xPx, event.yPx, event.angle);
      break;
    case "splash":
      splash(effects, event.xPx, event.yPx, 1);
      break;
    case "hit":
      hit(effects, event.xPx, event.yPx);
      break;
    case "bounce":
      bounce(effects, event.xPx, event.yPx);
      break;
    case "sunk":
      sunk(effects, event.xPx, event.yPx, colour);
      break;
    case "respawn":
      respawn(effects, event.xPx, event.yPx);
      break;
    case "pearl-taken":
      pearlTaken(effects, event.xPx, event.yPx);
      break;
    case "round-start":
    case "round-end":
      break;
  }
}

function times(effects: Effects, count: number, make: (angle: number, random: () => number) => void): void {
  const wanted = Math.max(1, Math.round(count * effects.plenty));
  const turn = effects.random() * Math.PI * 2;
  for (let index = 0; index < wanted; index++) {
    make(turn + ((index + effects.random() * 0.8) / wanted) * Math.PI * 2, effects.random);
  }
}

function shot(effects: Effects, x: number, y: number, angle: number): void {
  const { high } = effects;
  const ahead = (distance: number) => ({ x: x + Math.cos(angle) * distance, y: y + Math.sin(angle) * distance });
  high.spawn({
    name: "glow",
    ...ahead(8),
    lifeSeconds: 0.16,
    sizeFrom: 1.5,
    sizeTo: 0.5,
    tint: 0xffa63d,
    alphaFrom: 0.9,
    additive: true,
  });
  high.spawn({ name: "flash", ...ahead(12), rotation: angle, lifeSeconds: 0.09, sizeFrom: 1, sizeTo: 1.25 });
  times(effects, 8, (_, random) => {
    const spread = angle + (random() - 0.5) * 0.9;
    const speed = 30 + random() * 120;
    high.spawn({
      name: "puff",
      ...ahead(6 + random() * 10),
      vx: Math.cos(spread) * speed,
      vy: Math.sin(spread) * speed,
      drag: 0.93,
      lifeSeconds: 0.6 + random() * 0.7,
      sizeFrom: 0.35,
      sizeTo: 1 + random() * 0.7,
      alphaFrom: 0.85,
      rotation: random() * 6,
      spin: random() - 0.5,
      tint: random() < 0.4 ? 0xd7dadb : 0xffffff,
    });
  });
}

function splash(effects: Effects, x: number, y: number, size: number): void {
  const { low, high } = effects;
  low.spawn({ name: "ring", x, y, lifeSeconds: 0.9, sizeFrom: 0.15 * size, sizeTo: 1.25 * size, alphaFrom: 0.95 });
  low.spawn({ name: "ring", x, y, lifeSeconds: 1.3, sizeFrom: 0.05, sizeTo: 1.9 * size, alphaFrom: 0.5 });
  low.spawn({
    name: "foam",
    x,
    y,
    lifeSeconds: 1.4,
    sizeFrom: 0.6 * size,
    sizeTo: 1.3 * size,
    rotation: effects.random() * 6,
  });
  high.spawn({ name: "puff", x, y, lifeSeconds: 0.4, sizeFrom: 0.4 * size, sizeTo: 1.15 * size, alphaFrom: 0.95 });
  times(effects, 9, (angle, random) => {
    const speed = (50 + random() * 90) * size;
    high.spawn({
      name: "drop",
      x,
      y,
      vx: Math.cos(angle) * speed,
      vy: Math.sin(angle) * speed - 16,
      drag: 0.9,
      lifeSeconds: 0.3 + random() * 0.3,
      sizeFrom: 0.9,
      sizeTo: 0.3,
      alphaTo: 0.3,
    });
  });
}

/** A ball that ends on land. */
export function dust(effects: Effects, x: number, y: number): void {
  times(effects, 7, (angle, random) => {
    effects.high.spawn({
      name: "puff",
      x,
      y,
      vx: Math.cos(angle) * 46,
      vy: Math.sin(angle) * 46 - 14,
      drag: 0.9,
      lifeSeconds: 0.5 + random() * 0.5,
      sizeFrom: 0.3,
      sizeTo: 0.9,
      alphaFrom: 0.8,
      tint: random() < 0.5 ? 0xcdb88c : 0x9a8f7c,
    });
  });
}

function hit(effects: Effects, x: number, y: number): void {
  const { high } = effects;
  high.spawn({ name: "glow", x, y, lifeSeconds: 0.24, sizeFrom: 1.7, sizeTo: 0.5, tint: 0xffb04a, additive: true });
  high.spawn({ name: "ring", x, y, lifeSeconds: 0.3, sizeFrom: 0.2, sizeTo: 1.3, tint: 0xffe2a8 });
  times(effects, 9, (angle, random) => {
    const speed = 90 + random() * 170;
    high.spawn({
      name: "ember",
      x,
      y,
      vx: Math.cos(angle) * speed,
      vy: Math.sin(angle) * speed,
      drag: 0.94,
      rotation: angle,
      lifeSeconds: 0.28 + random() * 0.3,
      sizeFrom: 1.1,
      sizeTo: 0.3,
      additive: true,
    });
  });
  times(effects, 8, (angle, random) => {
    const speed = 40 + random() * 110;
    high.spawn({
      name: "chip",
      x,
      y,
      vx: Math.cos(angle) * speed,
      vy: Math.sin(angle) * speed,
      drag: 0.9,
      rotation: random() * 6,
      spin: (random() - 0.5) * 20,
      lifeSeconds: 0.5 + random() * 0.7,
      sizeFrom: 0.7 + random() * 0.5,
      sizeTo: 0.6,
      alphaFrom: 1.3,
    });
  });
  times(effects, 4, (_, random) => {
    high.spawn({
      name: "puff",
      x: x + (random() - 0.5) * 14,
      y: y + (random() - 0.5) * 14,
      vy: -14,
      lifeSeconds: 0.7 + random() * 0.4,
      sizeFrom: 0.4,
      sizeTo: 1.2,
      alphaFrom: 0.55,
      tint: 0x4a4d50,
    });
  });
}

function bounce(effects: Effects, x: number, y: number): void {
  effects.low.spawn({
    name: "foam",
    x,
    y,
    lifeSeconds: 0.8,
    sizeFrom: 0.5,
    sizeTo: 1.3,
    rotation: effects.random() * 6,
  });
  times(effects, 4, (angle, random) => {
    effects.high.spawn({
      name: "chip",
      x,
      y,
      vx: Math.cos(angle) * 60,
      vy: Math.sin(angle) * 60,
      drag: 0.9,
      spin: 9,
      lifeSeconds: 0.4 + random() * 0.3,
      sizeFrom: 0.6,
      sizeTo: 0.5,
    });
  });
}

function sunk(effects: Effects, x: number, y: number, colour: number): void {
  const { low, high } = effects;
  splash(effects, x, y, 1.7);
  high.spawn({ name: "glow", x, y, lifeSeconds: 0.5, sizeFrom: 3.2, sizeTo: 1.2, tint: 0xff9a3c, additive: true });
  times(effects, 14, (angle, random) => {
    const speed = 40 + random() * 150;
    high.spawn({
      name: "chip",
      x,
      y,
      vx: Math.cos(angle) * speed,
      vy: Math.sin(angle) * speed,
      drag: 0.88,
      rotation: random() * 6,
      spin: (random() - 0.5) * 16,
      lifeSeconds: 1 + random() * 1.3,
      sizeFrom: 1 + random() * 0.7,
      sizeTo: 0.8,
      alphaFrom: 1.6,
      tint: random() < 0.45 ? colour : 0xffffff,
    });
  });
  times(effects, 10, (angle, random) => {
    high.spawn({
      name: "puff",
      x,
      y,
      vx: Math.cos(angle) * 42,
      vy: Math.sin(angle) * 42 - 12,
      drag: 0.7,
      lifeSeconds: 1 + random() * 0.9,
      sizeFrom: 0.6,
      sizeTo: 2 + random(),
      alphaFrom: 0.8,
      tint: random() < 0.5 ? 0x3b3f43 : 0x82888c,
      spin: random() - 0.5,
    });
  });
  times(effects, 10, (angle, random) => {
    const reach = random() * 18;
    low.spawn({
      name: "foam",
      x: x + Math.cos(angle) * reach,
      y: y + Math.sin(angle) * reach,
      lifeSeconds: 1.6 + random() * 1.6,
      sizeFrom: 0.3,
      sizeTo: 1.1,
      alphaFrom: 0.9,
      rotation: random() * 6,
    });
  });
}

function respawn(effects: Effects, x: number, y: number): void {
  for (const [lifeSeconds, sizeTo] of [
    [0.7, 1.8],
    [1.1, 2.6],
  ] as const) {
    effects.low.spawn({ name: "ring", x, y, lifeSeconds, sizeFrom: 0.3, sizeTo, tint: 0xcdfaff });
  }
  times(effects, 10, (angle, random) => {
    effects.high.spawn({
      name: "star",
      x: x + Math.cos(angle) * 26,
      y: y + Math.sin(angle) * 26,
      vx: Math.cos(angle) * 26,
      vy: Math.sin(angle) * 26 - 18,
      lifeSeconds: 0.6 + random() * 0.6,
      sizeFrom: 0.9,
      sizeTo: 0.1,
      spin: 3,
      tint: 0xe9fdff,
      additive: true,
    });
  });
}

function pearlTaken(effects: Effects, x: number, y: number): void {
  effects.low.spawn({ name: "ring", x, y, lifeSeconds: 0.4, sizeFrom: 0.2, sizeTo: 0.8, tint: 0xfff0d0 });
  times(effects, 5, (angle, random) => {
    effects.high.spawn({
      name: "star",
      x,
      y,
      vx: Math.cos(angle) * 60,
      vy: Math.sin(angle) * 60 - 20,
      drag: 0.8,
      lifeSeconds: 0.35 + random() * 0.3,
      sizeFrom: 0.75,
      sizeTo: 0.1,
      spin: 5,
      tint: random() < 0.5 ? GOLD : 0xffffff,
      additive: true,
    });
  });
}
