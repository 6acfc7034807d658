// Wakes: a ribbon behind each boat that widens and fades, all of them in one mesh. The texture runs along the wake's age,
// so a vertex needs no colour of its own.

import type Phaser from "phaser";
import { clamp, gradientNoise, layered, smoothstep } from "./noise.ts";

const KEY = "wake";
const POINTS = 22;
/** A point is laid down this often, and the whole wake lasts POINTS times as long. */
const POINT_SECONDS = 0.085;
const HALF_WIDTH_PX = 5;
const SPREAD_PX = 26;
/** Below this speed a boat leaves no wake. */
const QUIET_PX_PER_SECOND = 14;
const FULL_PX_PER_SECOND = 190;
/** A jump further than this (respawn, a correction) starts a new wake. */
const JUMP_PX = 90;

interface TrailPoint {
  x: number;
  y: number;
  /** Across the wake, length 1. */
  nx: number;
  ny: number;
  /** 0 … 1, from the speed. */
  strength: number;
}

interface Trail {
  /** Newest first. */
  points: TrailPoint[];
  used: number;
  sinceSeconds: number;
}

export interface WakeSource {
  xPx: number;
  yPx: number;
  heading: number;
  vxPxPerSecond: number;
  vyPxPerSecond: number;
}

export class Wakes {
  readonly #trails: Trail[];
  readonly #vertices: number[];

  constructor(scene: Phaser.Scene, boats: number, depth: number) {
    paintWake(scene);
    this.#trails = Array.from({ length: boats }, () => ({
      points: Array.from({ length: POINTS }, () => ({ x: 0, y: 0, nx: 0, ny: 0, strength: 0 })),
      used: 0,
      sinceSeconds: 0,
    }));
    this.#vertices = new Array<number>(boats * (POINTS + 1) * 2 * 4).fill(0);
    const mesh = scene.add.mesh2d(0, 0, KEY, this.#vertices, ribbonIndices(boats));
    mesh.setRenderAsTriangles(true);
    mesh.setDepth(depth);
  }

  /** `source` is absent when the boat is: the wake it left fades. */
  update(index: number, source: WakeSource | undefined, seconds: number): void {
    const trail = this.#trails[index];
    if (!trail) return;
    trail.sinceSeconds += seconds;
    if (source) this.#follow(trail, source);
    else if (trail.sinceSeconds >= POINT_SECONDS) retire(trail);
    this.#write(index, trail, source);
  }

  #follow(trail: Trail, source: WakeSource): void {
    const stern = sternOf(source);
    const newest = trail.points[0];
    if (trail.used > 0 && newest && Math.hypot(stern.x - newest.x, stern.y - newest.y) > JUMP_PX) trail.used = 0;
    if (trail.sinceSeconds < POINT_SECONDS && trail.used > 0) return;
    trail.sinceSeconds = Math.min(trail.sinceSeconds - POINT_SECONDS, POINT_SECONDS);
    const speed = Math.hypot(source.vxPxPerSecond, source.vyPxPerSecond);
    const point = trail.points.pop();
    if (!point) return;
    point.x = stern.x;
    point.y = stern.y;
    const safe = Math.max(speed, 1);
    point.nx = speed > 1 ? -source.vyPxPerSecond / safe : -Math.sin(source.heading);
    point.ny = speed > 1 ? source.vxPxPerSecond / safe : Math.cos(source.heading);
    point.strength = clamp((speed - QUIET_PX_PER_SECOND) / FULL_PX_PER_SECOND, 0, 1);
    trail.points.unshift(point);
    trail.used = Math.min(trail.used + 1, POINTS);
  }

  #write(index: number, trail: Trail, source: WakeSource | undefined): void {
    const start = index * (POINTS + 1) * 8;
    const newest = trail.points[0];
    if (!newest || trail.used === 0) {
      this.#vertices.fill(0, start, start + (POINTS + 1) * 8);
      return;
    }
    const part = clamp(trail.sinceSeconds / POINT_SECONDS, 0, 1);
    const head = source ? sternOf(source) : newest;
    this.#rib(start, head.x, head.y, newest, 0);
    for (let place = 1; place <= POINTS; place++) {
      const point = trail.points[Math.min(place, trail.used) - 1] ?? newest;
      this.#rib(start + place * 8, point.x, point.y, point, Math.min(1, (place - 1 + part) / POINTS));
    }
  }

  /** Two vertices, to the left and to the right of the wake's line. */
  #rib(at: number, x: number, y: number, { nx, ny, strength }: TrailPoint, age: number): void {
    const half = strength <= 0 ? 0 : (HALF_WIDTH_PX + SPREAD_PX * age ** 0.8) * (0.35 + 0.65 * strength);
    // A faint wake is a wake further along its fading.
    const u = clamp(Math.max(age, (1 - strength) * 0.55), 0.01, 0.99);
    const vertices = this.#vertices;
    vertices[at] = x + nx * half;
    vertices[at + 1] = y + ny * half;
    vertices[at + 2] = u;
    vertices[at + 3] = 0;
    vertices[at + 4] = x - nx * half;
    vertices[at + 5] = y - ny * half;
    vertices[at + 6] = u;
    vertices[at + 7] = 1;
  }

  clear(): void {
    for (const index of this.#trails.keys()) this.forget(index);
  }

  /** The wake is gone at once: its place is another boat's. */
  forget(index: number): void {
    const trail = this.#trails[index];
    if (!trail) return;
    trail.used = 0;
    this.#write(index, trail, undefined);
  }
}

function retire(trail: Trail): void {
  trail.sinceSeconds = 0;
  const oldest = trail.points[0];
  if (trail.used > 0 && oldest) trail.used -= 1;
}

function sternOf(source: WakeSource): { x: number; y: number } {
  return { x: source.xPx - Math.cos(source.heading) * 15, y: source.yPx - Math.sin(source.heading) * 15 };
}

/** Two triangles between each pair of ribs: three vertices and a texture page each, as Mesh2D takes them. */
function ribbonIndices(boats: number): number[] {
  const indices: number[] = [];
  for (let boat = 0; boat < boats; boat++) {
    const first = boat * (POINTS + 1) * 2;
    for (let place = 0; place < POINTS; place++) {
      const p = first + place * 2;
      indices.push(p, p + 1, p + 2, 0, p + 1, p + 2, p + 3, 0);
    }
  }
  return indices;
}

/** Along x: fresh to gone. Across y: two bright arms and a churned middle. */
function paintWake(scene: Phaser.Scene): void {
  if (scene.textures.exists(KEY)) return;
  const width = 256;
  const height = 64;
  const texture = scene.textures.createCanvas(KEY, width, height);
  if (!texture) throw new Error("The wake's texture could not be made");
  const context = texture.getContext();
  const pixels = context.createImageData(width, height);
  const noise = layered(gradientNoise(64), 4);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const age = x / width;
      const across = Math.abs((y + 0.5) / height - 0.5) * 2;
      // Streaks: the ribbon is far longer than it is wide, and foam is drawn out along it.
      const churn = noise(x / 7 + 3, y / 9) * 0.62 + noise(x / 3.7, y / 19 + 20) * 0.38;
      const lumps = noise(40.5 + x / 11, y / 15);
      const arms = smoothstep(0.42, 0.76, across) * smoothstep(1, 0.8, across) * smoothstep(0.2, 0.62, lumps);
      const middle =
        smoothstep(0.86, 0.2, across) * smoothstep(0.7, 0, age) * smoothstep(0.34, 0.7, churn + (0.3 - age) * 0.22);
      const fade = (1 - age) ** 1.3;
      pixels.data[at] = 238;
      pixels.data[at + 1] = 252;
      pixels.data[at + 2] = 250;
      pixels.data[at + 3] = clamp((arms * 0.5 + middle * 1.05) * fade, 0, 0.9) * 255;
    }
  }
  context.putImageData(pixels, 0, 0);
  texture.refresh();
}
