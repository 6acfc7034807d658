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

interface Trail {
  /** Newest first: x, y, normal x, normal y, strength. */
  points: { x: number; y: number; nx: number; ny: number; strength: number }[];
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
  readonly #mesh: Phaser.GameObjects.Mesh2D;
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
    const mesh = scene.add.mesh2d(0, 0, KEY, this.#vertices, []);
    mesh.indices = quadIndices(boats);
    mesh.renderAsTriangles = true;
    this.#mesh = mesh.setDepth(depth);
  }

  get mesh(): Phaser.GameObjects.Mesh2D {
    return this.#mesh;
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
    let at = index * (POINTS + 1) * 8;
    const head = source ? sternOf(source) : undefined;
    const newest = trail.points[0];
    const part = clamp(trail.sinceSeconds / POINT_SECONDS, 0, 1);
    for (let place = 0; place <= POINTS; place++) {
      const point = trail.points[Math.max(0, place - 1)];
      const seen =
        newest && trail.used > 0 ? trail.points[Math.min(Math.max(place - 1, 0), trail.used - 1)] : undefined;
      const shown = seen ?? point;
      if (!shown || trail.used === 0) {
        this.#vertices.fill(0, at, at + 8);
        at += 8;
        continue;
      }
      const age = place === 0 ? 0 : Math.min(1, (place - 1 + part) / POINTS);
      const x = place === 0 && head ? head.x : shown.x;
      const y = place === 0 && head ? head.y : shown.y;
      const half = shown.strength <= 0 ? 0 : (HALF_WIDTH_PX + SPREAD_PX * age ** 0.8) * (0.35 + 0.65 * shown.strength);
      // A faint wake is a wake further along its fading.
      const u = clamp(Math.max(age, (1 - shown.strength) * 0.55), 0.01, 0.99);
      this.#vertices[at++] = x + shown.nx * half;
      this.#vertices[at++] = y + shown.ny * half;
      this.#vertices[at++] = u;
      this.#vertices[at++] = 0;
      this.#vertices[at++] = x - shown.nx * half;
      this.#vertices[at++] = y - shown.ny * half;
      this.#vertices[at++] = u;
      this.#vertices[at++] = 1;
    }
  }

  clear(): void {
    for (const trail of this.#trails) trail.used = 0;
    this.#vertices.fill(0);
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

/** Pairs of triangles p, q, r and q, r, s along each ribbon, as Mesh2D takes them. */
function quadIndices(boats: number): number[] {
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
      const churn = noise(x / 9, y / 7);
      const arms = smoothstep(0.5, 0.82, across) * smoothstep(1, 0.88, across) * (0.75 + 0.5 * churn);
      const middle = smoothstep(0.62, 0.1, across) * smoothstep(0.62, 0, age) * smoothstep(0.18, 0.62, churn) * 1.25;
      const fade = (1 - age) ** 1.5 * smoothstep(0, 0.03, age + 0.03);
      pixels.data[at] = 238;
      pixels.data[at + 1] = 252;
      pixels.data[at + 2] = 250;
      pixels.data[at + 3] = clamp((arms * 0.62 + middle) * fade, 0, 0.92) * 255;
    }
  }
  context.putImageData(pixels, 0, 0);
  texture.refresh();
}
