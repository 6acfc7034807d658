// Drawings of what stands on islands: palms, bushes, boulders. For the atlas.

import type { Drawing } from "./atlas.ts";
import { paintRandom } from "./noise.ts";

export const PALM_KINDS = 3;
export const BUSH_KINDS = 3;
export const BOULDER_KINDS = 3;

export function floraDrawings(): Drawing[] {
  return [
    ...Array.from({ length: PALM_KINDS }, (_, kind) => palm(kind)),
    ...Array.from({ length: BUSH_KINDS }, (_, kind) => bush(kind)),
    ...Array.from({ length: BOULDER_KINDS }, (_, kind) => boulder(kind)),
    { name: "bollard", width: 14, height: 14, draw: bollard },
    { name: "lighthouse", width: 96, height: 96, draw: lighthouse },
    { name: "land-shadow", width: 56, height: 56, draw: softShadow },
  ];
}

function palm(kind: number): Drawing {
  const random = paintRandom(400 + kind);
  return {
    name: `palm-${kind}`,
    width: 62,
    height: 62,
    draw: (context) => {
      const fronds = 8 + kind;
      for (const layer of [0, 1]) {
        for (let index = 0; index < fronds; index++) {
          const angle = ((index + layer * 0.5) / fronds) * Math.PI * 2 + random() * 0.35;
          const length = (layer === 0 ? 27 : 20) * (0.86 + random() * 0.2);
          const light = Math.cos(angle + Math.PI * 0.75) * 0.5 + 0.5;
          frond(context, angle, length, layer === 0 ? 24 + light * 9 : 30 + light * 13);
        }
      }
      context.fillStyle = "#6d4a2a";
      for (let nut = 0; nut < 3; nut++) {
        context.beginPath();
        context.arc(Math.cos(nut * 2.1) * 2.6, Math.sin(nut * 2.1) * 2.6, 2, 0, Math.PI * 2);
        context.fill();
      }
    },
  };
}

function frond(context: CanvasRenderingContext2D, angle: number, length: number, lightness: number): void {
  context.save();
  context.rotate(angle);
  context.fillStyle = `hsl(112 46% ${lightness}%)`;
  context.beginPath();
  context.moveTo(0, -1);
  context.quadraticCurveTo(length * 0.45, -7.5, length, 1);
  context.quadraticCurveTo(length * 0.45, 6.5, 0, 1);
  context.fill();
  context.strokeStyle = `hsl(96 44% ${lightness + 13}%)`;
  context.lineWidth = 0.9;
  context.beginPath();
  context.moveTo(0, 0);
  context.quadraticCurveTo(length * 0.5, -2, length * 0.94, 0.6);
  context.stroke();
  context.restore();
}

function bush(kind: number): Drawing {
  const random = paintRandom(500 + kind);
  return {
    name: `bush-${kind}`,
    width: 40,
    height: 40,
    draw: (context) => {
      for (let layer = 0; layer < 3; layer++) {
        const count = 9 - layer * 2;
        for (let index = 0; index < count; index++) {
          const angle = random() * Math.PI * 2;
          const reach = (11 - layer * 4) * Math.sqrt(random());
          context.fillStyle = `hsl(${104 + random() * 24} ${36 + layer * 5}% ${23 + layer * 7 + random() * 4}%)`;
          context.beginPath();
          const x = Math.cos(angle) * reach - layer;
          const y = Math.sin(angle) * reach - layer;
          context.arc(x, y, 7 - layer * 1.5, 0, Math.PI * 2);
          context.fill();
        }
      }
    },
  };
}

function boulder(kind: number): Drawing {
  const random = paintRandom(600 + kind);
  return {
    name: `boulder-${kind}`,
    width: 30,
    height: 30,
    draw: (context) => {
      const corners = Array.from({ length: 8 }, (_, index) => {
        const angle = (index / 8) * Math.PI * 2;
        const reach = 9 + random() * 4;
        return [Math.cos(angle) * reach, Math.sin(angle) * reach * 0.85] as const;
      });
      const trace = (scale: number, dx: number, dy: number) => {
        context.beginPath();
        for (const [x, y] of corners) context.lineTo(x * scale + dx, y * scale + dy);
        context.closePath();
        context.fill();
      };
      context.fillStyle = "#596064";
      trace(1, 0, 0);
      context.fillStyle = "#838a8b";
      trace(0.84, -1, -1.2);
      context.fillStyle = "#a9afac";
      trace(0.5, -2.4, -3);
    },
  };
}

function bollard(context: CanvasRenderingContext2D): void {
  for (const [radius, style] of [
    [5.4, "#2a2f33"],
    [4, "#4a5359"],
    [2, "#7d888e"],
  ] as const) {
    context.fillStyle = style;
    context.beginPath();
    context.arc(0, 0, radius, 0, Math.PI * 2);
    context.fill();
  }
}

/** From above: a round base, red and white rings, the lantern. */
function lighthouse(context: CanvasRenderingContext2D): void {
  const rings = [
    [42, "#8d867a"],
    [39, "#b9b2a4"],
    [30, "#c8483c"],
    [25, "#f3ece0"],
    [20, "#c8483c"],
    [15, "#f3ece0"],
    [11, "#39444b"],
    [8, "#ffe9a6"],
    [4, "#ffffff"],
  ] as const;
  context.shadowColor = "rgba(4,20,26,0.5)";
  context.shadowBlur = 12;
  context.shadowOffsetX = 9;
  context.shadowOffsetY = 9;
  for (const [radius, style] of rings) {
    context.fillStyle = style;
    context.beginPath();
    context.arc(0, 0, radius, 0, Math.PI * 2);
    context.fill();
    context.shadowColor = "transparent";
  }
}

function softShadow(context: CanvasRenderingContext2D): void {
  const gradient = context.createRadialGradient(0, 0, 4, 0, 0, 27);
  gradient.addColorStop(0, "rgba(8,28,30,0.5)");
  gradient.addColorStop(0.6, "rgba(8,28,30,0.28)");
  gradient.addColorStop(1, "rgba(8,28,30,0)");
  context.fillStyle = gradient;
  context.fillRect(-28, -28, 56, 56);
}
