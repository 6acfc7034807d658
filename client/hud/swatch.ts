// A boat's sail as a small badge: colour and pattern, the same as on the water.

import { css, liveryOf } from "../view/palette.ts";
import { element } from "./element.ts";

export function swatch(seat: number): HTMLElement {
  const badge = element("span", { className: "swatch", attributes: { "aria-hidden": "true" } });
  paintSwatch(badge, seat);
  return badge;
}

export function paintSwatch(badge: HTMLElement, seat: number): void {
  if (badge.dataset.seat === String(seat)) return;
  badge.dataset.seat = String(seat);
  const { colour, ink, pattern } = liveryOf(seat);
  badge.className = `swatch swatch-${pattern}`;
  badge.style.setProperty("--colour", css(colour));
  badge.style.setProperty("--ink", css(ink));
}
