// A pool of small sprites that fly, grow and fade. Bounded: when all are in use, the oldest gives way.

import type Phaser from "phaser";
import { ART_SCALE, type Atlas } from "./atlas.ts";
import { lerp } from "./noise.ts";

export interface ParticleSpec {
  name: string;
  x: number;
  y: number;
  vx?: number;
  vy?: number;
  /** Share of the speed that is lost in a second, 0 … 1. */
  drag?: number;
  lifeSeconds: number;
  sizeFrom: number;
  sizeTo: number;
  alphaFrom?: number;
  alphaTo?: number;
  rotation?: number;
  /** Radians a second. */
  spin?: number;
  tint?: number;
  additive?: boolean;
}

interface Particle {
  image: Phaser.GameObjects.Image;
  alive: boolean;
  ageSeconds: number;
  vx: number;
  vy: number;
  keep: number;
  lifeSeconds: number;
  sizeFrom: number;
  sizeTo: number;
  alphaFrom: number;
  alphaTo: number;
  spin: number;
}

export class Particles {
  readonly #pool: Particle[];
  #next = 0;

  constructor(scene: Phaser.Scene, atlas: Atlas, capacity: number, depth: number) {
    this.#pool = Array.from({ length: capacity }, () => ({
      image: atlas.image(scene, "puff", depth).setVisible(false),
      alive: false,
      ageSeconds: 0,
      vx: 0,
      vy: 0,
      keep: 1,
      lifeSeconds: 1,
      sizeFrom: 1,
      sizeTo: 1,
      alphaFrom: 1,
      alphaTo: 0,
      spin: 0,
    }));
  }

  spawn(spec: ParticleSpec): void {
    const particle = this.#pool[this.#next] as Particle;
    this.#next = (this.#next + 1) % this.#pool.length;
    particle.alive = true;
    particle.ageSeconds = 0;
    particle.vx = spec.vx ?? 0;
    particle.vy = spec.vy ?? 0;
    particle.keep = 1 - (spec.drag ?? 0);
    particle.lifeSeconds = spec.lifeSeconds;
    particle.sizeFrom = spec.sizeFrom;
    particle.sizeTo = spec.sizeTo;
    particle.alphaFrom = spec.alphaFrom ?? 1;
    particle.alphaTo = spec.alphaTo ?? 0;
    particle.spin = spec.spin ?? 0;
    particle.image
      .setFrame(spec.name)
      .setPosition(spec.x, spec.y)
      .setRotation(spec.rotation ?? 0)
      .setScale(spec.sizeFrom / ART_SCALE)
      .setAlpha(particle.alphaFrom)
      .setTint(spec.tint ?? 0xffffff)
      .setBlendMode(spec.additive ? "ADD" : "NORMAL")
      .setVisible(true);
  }

  update(seconds: number): void {
    for (const particle of this.#pool) {
      if (!particle.alive) continue;
      particle.ageSeconds += seconds;
      const share = particle.ageSeconds / particle.lifeSeconds;
      if (share >= 1) {
        particle.alive = false;
        particle.image.setVisible(false);
        continue;
      }
      const kept = particle.keep ** seconds;
      particle.vx *= kept;
      particle.vy *= kept;
      const { image } = particle;
      image.x += particle.vx * seconds;
      image.y += particle.vy * seconds;
      image.rotation += particle.spin * seconds;
      // Growth is quick at first, like smoke and rings are.
      const eased = 1 - (1 - share) * (1 - share);
      image.setScale(lerp(particle.sizeFrom, particle.sizeTo, eased) / ART_SCALE);
      image.alpha = lerp(particle.alphaFrom, particle.alphaTo, share);
    }
  }

  clear(): void {
    for (const particle of this.#pool) {
      particle.alive = false;
      particle.image.setVisible(false);
    }
  }
}
