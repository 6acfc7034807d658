// Drawings of what flies, floats and fades: balls, pearls, smoke, foam, sparks, splinters. For the atlas.

import type { Drawing } from "./atlas.ts";
import { paintRandom } from "./noise.ts";

export function effectDrawings(): Drawing[] {
  return [
    { name: "white", width: 4, height: 4, draw: (context) => fill(context, "#fff", 4, 4) },
    { name: "puff", width: 32, height: 32, draw: (context) => puff(context) },
    { name: "foam", width: 32, height: 32, draw: (context) => foam(context) },
    { name: "ring", width: 48, height: 48, draw: (context) => ring(context) },
    { name: "glow", width: 48, height: 48, draw: (context) => glow(context) },
    { name: "flash", width: 40, height: 28, draw: (context) => flash(context) },
    { name: "drop", width: 10, height: 10, draw: (context) => disc(context, "rgba(235,255,255,0.95)", 3.4) },
    { name: "ember", width: 14, height: 6, draw: (context) => ember(context) },
    { name: "chip", width: 12, height: 6, draw: (context) => chip(context) },
    { name: "star", width: 20, height: 20, draw: (context) => star(context) },
    { name: "ball", width: 16, height: 16, draw: (context) => ball(context) },
    { name: "ball-shadow", width: 20, height: 20, draw: (context) => ballShadow(context) },
    { name: "pearl", width: 22, height: 22, draw: (context) => pearl(context) },
    { name: "pearl-ripple", width: 40, height: 40, draw: (context) => ripple(context) },
  ];
}

type Context = CanvasRenderingContext2D;

function fill(context: Context, style: string, width: number, height: number): void {
  context.fillStyle = style;
  context.fillRect(-width / 2, -height / 2, width, height);
}

function disc(context: Context, style: string | CanvasGradient, radius: number): void {
  context.fillStyle = style;
  context.beginPath();
  context.arc(0, 0, radius, 0, Math.PI * 2);
  context.fill();
}

function radial(context: Context, radius: number, ...stops: [number, string][]): CanvasGradient {
  const gradient = context.createRadialGradient(0, 0, 0, 0, 0, radius);
  for (const [at, style] of stops) gradient.addColorStop(at, style);
  return gradient;
}

function puff(context: Context): void {
  const random = paintRandom(21);
  for (let lump = 0; lump < 9; lump++) {
    context.save();
    context.translate((random() - 0.5) * 12, (random() - 0.5) * 12);
    disc(
      context,
      radial(context, 9, [0, "rgba(255,255,255,0.34)"], [0.6, "rgba(255,255,255,0.2)"], [1, "rgba(255,255,255,0)"]),
      9,
    );
    context.restore();
  }
}

function foam(context: Context): void {
  const random = paintRandom(22);
  for (let bubble = 0; bubble < 46; bubble++) {
    const angle = random() * Math.PI * 2;
    const reach = Math.sqrt(random()) * 13;
    const fade = 1 - reach / 15;
    context.fillStyle = `rgba(255,255,255,${0.16 + 0.4 * fade * random()})`;
    context.beginPath();
    context.arc(Math.cos(angle) * reach, Math.sin(angle) * reach, 0.7 + random() * 2.2, 0, Math.PI * 2);
    context.fill();
  }
}

function ring(context: Context): void {
  const stops: [number, string][] = [
    [0, "rgba(255,255,255,0)"],
    [0.72, "rgba(255,255,255,0)"],
    [0.86, "rgba(255,255,255,0.9)"],
    [1, "rgba(255,255,255,0)"],
  ];
  disc(context, radial(context, 23, ...stops), 23);
}

function glow(context: Context): void {
  disc(
    context,
    radial(context, 24, [0, "rgba(255,255,255,1)"], [0.3, "rgba(255,255,255,0.5)"], [1, "rgba(255,255,255,0)"]),
    24,
  );
}

function flash(context: Context): void {
  context.fillStyle = "#ffb53d";
  spikes(context, 1);
  context.fillStyle = "#fff3c4";
  spikes(context, 0.62);
}

function spikes(context: Context, scale: number): void {
  context.beginPath();
  for (const [x, y] of [
    [-16, 0],
    [-6, -5],
    [2, -12],
    [4, -4],
    [18, 0],
    [4, 4],
    [2, 12],
    [-6, 5],
  ] as const) {
    context.lineTo(x * scale - (1 - scale) * 8, y * scale);
  }
  context.closePath();
  context.fill();
}

function ember(context: Context): void {
  const gradient = context.createLinearGradient(-7, 0, 7, 0);
  gradient.addColorStop(0, "rgba(255,160,40,0)");
  gradient.addColorStop(0.7, "#ffc24a");
  gradient.addColorStop(1, "#fff6d8");
  context.fillStyle = gradient;
  context.beginPath();
  context.ellipse(0, 0, 6.5, 1.7, 0, 0, Math.PI * 2);
  context.fill();
}

function chip(context: Context): void {
  fill(context, "#5a3c20", 10, 3.4);
  context.fillStyle = "#c2935a";
  context.fillRect(-5, -1.7, 10, 1.7);
}

function star(context: Context): void {
  context.fillStyle = "#fff";
  context.beginPath();
  for (let corner = 0; corner < 8; corner++) {
    const reach = corner % 2 === 0 ? 9.5 : 1.7;
    context.lineTo(Math.cos((corner * Math.PI) / 4) * reach, Math.sin((corner * Math.PI) / 4) * reach);
  }
  context.closePath();
  context.fill();
}

function ball(context: Context): void {
  disc(context, "#11161a", 6.4);
  context.translate(-1.6, -2);
  disc(context, radial(context, 5, [0, "#c7d2d8"], [0.5, "#59656d"], [1, "rgba(30,37,42,0)"]), 4.4);
}

function ballShadow(context: Context): void {
  disc(context, radial(context, 9, [0, "rgba(2,18,30,0.6)"], [0.55, "rgba(2,18,30,0.4)"], [1, "rgba(2,18,30,0)"]), 9);
}

function pearl(context: Context): void {
  const light = context.createRadialGradient(-3, -3.4, 0.5, 0, 0, 8.4);
  for (const [at, style] of [
    [0, "#ffffff"],
    [0.35, "#fff2f4"],
    [0.7, "#f0cfe0"],
    [0.92, "#b996c4"],
    [1, "#8d78ad"],
  ] as const) {
    light.addColorStop(at, style);
  }
  disc(context, "rgba(20,40,70,0.35)", 9.2);
  disc(context, light, 8.2);
  context.translate(-2.9, -3.3);
  disc(context, "#fff", 1.9);
}

function ripple(context: Context): void {
  context.strokeStyle = "rgba(235,255,255,0.38)";
  context.lineWidth = 1.1;
  for (const radius of [12, 16.5]) {
    context.beginPath();
    context.arc(0, 0, radius, radius, radius + 4.6);
    context.stroke();
  }
}
