import { describe, expect, it } from "vitest";
import { MAX_BOATS } from "../../game/sim/index.ts";
import { contrast, css, INK_DARK, INK_LIGHT, inkOver, liveryOf, mix } from "./palette.ts";

describe("the palette", () => {
  it("gives every seat a combination of colour and pattern of its own", () => {
    const seen = new Set(
      Array.from({ length: MAX_BOATS }, (_, seat) => `${liveryOf(seat).colour} ${liveryOf(seat).pattern}`),
    );
    expect(seen.size).toBe(MAX_BOATS);
  });

  it("never tells neighbouring seats apart by colour alone", () => {
    for (let seat = 0; seat + 1 < MAX_BOATS; seat++) {
      expect(liveryOf(seat).colour).not.toBe(liveryOf(seat + 1).colour);
      expect(liveryOf(seat).pattern).not.toBe(liveryOf(seat + 1).pattern);
    }
  });

  it("measures contrast as WCAG does", () => {
    expect(contrast(0x000000, 0xffffff)).toBeCloseTo(21, 5);
    expect(contrast(0x777777, 0xffffff)).toBeCloseTo(4.48, 2);
  });

  it("puts ink on every sail that can be seen", () => {
    for (let seat = 0; seat < MAX_BOATS; seat++) {
      const { colour, ink } = liveryOf(seat);
      // WCAG 1.4.11: graphics that carry meaning need 3 : 1.
      expect(contrast(colour, ink)).toBeGreaterThan(3);
    }
  });

  it("chooses dark ink on light colours and light ink on dark ones", () => {
    expect(inkOver(0xf0e442)).toBe(INK_DARK);
    expect(inkOver(0x1a2a4a)).toBe(INK_LIGHT);
  });

  it("writes and mixes colours channel by channel", () => {
    expect(css(0x00ff0a)).toBe("#00ff0a");
    expect(mix(0x000000, 0xff8040, 0.5)).toBe(0x804020);
  });
});
