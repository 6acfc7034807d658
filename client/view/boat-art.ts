// Drawings of a boat's parts, bow to the right (+x): hull by colour, sail by colour and pattern, gun. For the atlas.

import type { Drawing } from "./atlas.ts";
import { paintRandom } from "./noise.ts";
import { BOAT_COLOURS, css, GOLD, INK_DARK, mix, SAIL_PATTERNS, type SailPattern, sailInk } from "./palette.ts";

const HULL_LENGTH = 48;
const HULL_BEAM = 22;

export function boatDrawings(): Drawing[] {
  const hulls = BOAT_COLOURS.map((colour) => hull(colour));
  const sails = BOAT_COLOURS.flatMap((colour) => SAIL_PATTERNS.map((pattern) => sail(colour, pattern)));
  return [
    ...hulls,
    ...sails,
    { name: "gun", width: 34, height: 16, draw: drawGun },
    { name: "boat-shadow", width: 66, height: 40, draw: drawShadow },
    { name: "own-ring", width: 92, height: 92, draw: drawOwnRing },
    { name: "shield", width: 84, height: 84, draw: drawShield },
    { name: "ghost-own", width: 62, height: 38, draw: (context) => drawGhost(context, css(GOLD), 0.3, 2.4) },
    { name: "ghost", width: 62, height: 38, draw: (context) => drawGhost(context, "#ffffff", 0.14, 1.5) },
    { name: "ghost-dot", width: 12, height: 12, draw: drawGhostDot },
  ];
}

export function hullName(colour: number): string {
  return `hull-${colour}`;
}

export function sailName(colour: number, pattern: SailPattern): string {
  return `sail-${colour}-${pattern}`;
}

type Context = CanvasRenderingContext2D;

function traceHull(context: Context, scale = 1): void {
  const bow = (HULL_LENGTH / 2) * scale;
  const beam = (HULL_BEAM / 2) * scale;
  context.beginPath();
  context.moveTo(bow, 0);
  context.bezierCurveTo(bow * 0.72, -beam * 0.95, bow * 0.1, -beam * 1.08, -bow * 0.55, -beam * 0.95);
  context.quadraticCurveTo(-bow * 0.93, -beam * 0.85, -bow * 0.95, -beam * 0.45);
  context.lineTo(-bow * 0.95, beam * 0.45);
  context.quadraticCurveTo(-bow * 0.93, beam * 0.85, -bow * 0.55, beam * 0.95);
  context.bezierCurveTo(bow * 0.1, beam * 1.08, bow * 0.72, beam * 0.95, bow, 0);
  context.closePath();
}

function hull(colour: number): Drawing {
  return {
    name: hullName(colour),
    width: 54,
    height: 30,
    draw: (context) => {
      traceHull(context);
      context.fillStyle = css(mix(colour, 0x1a1410, 0.62));
      context.fill();
      traceHull(context, 0.94);
      context.fillStyle = css(mix(colour, 0x2a1c10, 0.12));
      context.fill();
      traceHull(context, 0.78);
      context.fillStyle = "#5d4126";
      context.fill();
      drawDeck(context);
      context.strokeStyle = "rgba(255,255,255,0.28)";
      context.lineWidth = 0.9;
      context.beginPath();
      context.moveTo(21, -1.4);
      context.bezierCurveTo(15, -9.2, 2, -10.6, -14, -9.3);
      context.stroke();
    },
  };
}

function drawDeck(context: Context): void {
  const random = paintRandom(3);
  context.save();
  traceHull(context, 0.74);
  context.clip();
  for (let y = -9; y < 9; y += 2.2) {
    context.fillStyle = `hsl(31 44% ${52 + random() * 9}%)`;
    context.fillRect(-20, y, 42, 1.9);
  }
  context.fillStyle = "rgba(60,36,16,0.35)";
  for (const [x, y] of [
    [-12, -7.9],
    [-2, -5.7],
    [7, -3.5],
    [-7, 0.9],
    [4, 3.1],
    [-14, 5.3],
  ] as const) {
    context.fillRect(x, y, 0.6, 2);
  }
  // Stern cabin with its lit edge.
  context.fillStyle = "#7a5430";
  context.fillRect(-19, -5.5, 7, 11);
  context.fillStyle = "#a67848";
  context.fillRect(-18.2, -4.7, 5.4, 9.4);
  const shade = context.createLinearGradient(0, -9, 0, 9);
  shade.addColorStop(0, "rgba(255,240,200,0.20)");
  shade.addColorStop(1, "rgba(20,10,0,0.26)");
  context.fillStyle = shade;
  context.fillRect(-24, -11, 48, 22);
  context.restore();
}

/** A square sail from above: a yard across the boat, the cloth bellied forward. */
function sail(colour: number, pattern: SailPattern): Drawing {
  return {
    name: sailName(colour, pattern),
    width: 24,
    height: 42,
    draw: (context) => {
      context.save();
      context.shadowColor = "rgba(6,20,28,0.5)";
      context.shadowBlur = 5;
      context.shadowOffsetX = 4;
      context.shadowOffsetY = 4;
      traceSail(context);
      context.fillStyle = css(colour);
      context.fill();
      context.restore();
      context.save();
      traceSail(context);
      context.clip();
      drawPattern(context, pattern, sailInk(colour));
      const cloth = context.createLinearGradient(-6, 0, 10, 0);
      cloth.addColorStop(0, "rgba(20,20,40,0.34)");
      cloth.addColorStop(0.45, "rgba(255,255,255,0.05)");
      cloth.addColorStop(0.8, "rgba(255,255,255,0.34)");
      cloth.addColorStop(1, "rgba(255,255,255,0.05)");
      context.fillStyle = cloth;
      context.fillRect(-12, -21, 24, 42);
      context.restore();
      traceSail(context);
      context.strokeStyle = css(mix(colour, INK_DARK, 0.7));
      context.lineWidth = 1;
      context.stroke();
      context.fillStyle = "#4a3220";
      context.fillRect(-6.4, -18, 2.4, 36);
      context.beginPath();
      context.arc(-5, 0, 2.7, 0, Math.PI * 2);
      context.fill();
      context.fillStyle = "#c9a267";
      context.beginPath();
      context.arc(-5.5, -0.6, 1.3, 0, Math.PI * 2);
      context.fill();
    },
  };
}

function traceSail(context: Context): void {
  context.beginPath();
  context.moveTo(-5, -17);
  context.quadraticCurveTo(14, -13, 10, 0);
  context.quadraticCurveTo(14, 13, -5, 17);
  context.quadraticCurveTo(-1, 0, -5, -17);
  context.closePath();
}

function drawPattern(context: Context, pattern: SailPattern, ink: number): void {
  context.fillStyle = css(ink);
  context.strokeStyle = css(ink);
  context.lineWidth = 3.4;
  if (pattern === "stripes") for (const y of [-13, -4.5, 4.5, 13]) context.fillRect(-8, y - 1.9, 22, 3.8);
  if (pattern === "disc") {
    context.beginPath();
    context.arc(4, 0, 5, 0, Math.PI * 2);
    context.fill();
  }
  if (pattern === "chevron") {
    for (const x of [-8, 0]) {
      context.beginPath();
      context.moveTo(x, -13);
      context.lineTo(x + 9, 0);
      context.lineTo(x, 13);
      context.stroke();
    }
  }
}

/** Its pivot is the middle of the drawing, the muzzle at +15. */
function drawGun(context: Context): void {
  context.fillStyle = "#20272c";
  context.beginPath();
  context.arc(0, 0, 5.6, 0, Math.PI * 2);
  context.fill();
  const metal = context.createLinearGradient(0, -3.4, 0, 3.4);
  metal.addColorStop(0, "#8a969d");
  metal.addColorStop(0.4, "#56626a");
  metal.addColorStop(1, "#262d32");
  context.fillStyle = metal;
  context.beginPath();
  context.moveTo(-4, -3.4);
  context.lineTo(13, -2.5);
  context.lineTo(13, 2.5);
  context.lineTo(-4, 3.4);
  context.closePath();
  context.fill();
  context.fillRect(12.4, -3.3, 3, 6.6);
  context.fillStyle = "#12171a";
  context.fillRect(14.6, -1.9, 1.2, 3.8);
  context.fillStyle = "#7b868c";
  context.beginPath();
  context.arc(-1, -1, 2, 0, Math.PI * 2);
  context.fill();
}

function drawShadow(context: Context): void {
  context.save();
  context.shadowColor = "rgba(3,24,40,0.55)";
  context.shadowBlur = 14;
  // Only the blurred shadow is wanted: the shape itself is drawn outside the frame.
  context.shadowOffsetX = 900;
  context.translate(-300, 0);
  traceHull(context, 0.98);
  context.fillStyle = "#000";
  context.fill();
  context.restore();
}

/** Four brackets: the boat that is yours, whatever its colour. */
function drawOwnRing(context: Context): void {
  for (const [width, style] of [
    [4.4, "rgba(8,34,50,0.55)"],
    [2.2, "rgba(255,255,255,0.95)"],
  ] as const) {
    context.strokeStyle = style;
    context.lineWidth = width;
    context.lineCap = "round";
    for (let quarter = 0; quarter < 4; quarter++) {
      const middle = (quarter / 4) * Math.PI * 2 + Math.PI / 4;
      context.beginPath();
      context.arc(0, 0, 40, middle - 0.3, middle + 0.3);
      context.stroke();
    }
  }
}

/** The outline of a hull: where the server has the boat. */
function drawGhost(context: Context, colour: string, fillAlpha: number, lineWidth: number): void {
  traceHull(context);
  context.globalAlpha = fillAlpha;
  context.fillStyle = colour;
  context.fill();
  context.globalAlpha = 0.55;
  context.strokeStyle = css(INK_DARK);
  context.lineWidth = lineWidth * 2;
  context.stroke();
  context.globalAlpha = 1;
  context.strokeStyle = colour;
  context.lineWidth = lineWidth;
  context.stroke();
}

function drawGhostDot(context: Context): void {
  context.fillStyle = "rgba(4,32,47,0.7)";
  context.beginPath();
  context.arc(0, 0, 4, 0, Math.PI * 2);
  context.fill();
  context.fillStyle = "#fff6d8";
  context.beginPath();
  context.arc(0, 0, 2.7, 0, Math.PI * 2);
  context.fill();
}

function drawShield(context: Context): void {
  const glow = context.createRadialGradient(0, 0, 24, 0, 0, 40);
  glow.addColorStop(0, "rgba(255,255,255,0)");
  glow.addColorStop(0.75, "rgba(200,245,255,0.35)");
  glow.addColorStop(0.92, "rgba(255,255,255,0.85)");
  glow.addColorStop(1, "rgba(255,255,255,0)");
  context.fillStyle = glow;
  context.beginPath();
  context.arc(0, 0, 40, 0, Math.PI * 2);
  context.fill();
}
