import { describe, expect, it } from "vitest";
import type { Welcome } from "../../game/protocol/index.ts";
import {
  formatClock,
  formatCount,
  formatMs,
  formatPlace,
  formatRate,
  formatRegionMs,
  formatStatus,
  reachGrade,
} from "./format.ts";

describe("the HUD's words", () => {
  it("count a clock down to zero and not below", () => {
    expect([125, 60, 59.2, 0.4, 0, -3].map(formatClock)).toEqual(["2:05", "1:00", "1:00", "0:01", "0:00", "0:00"]);
  });

  it("name places", () => {
    expect([1, 2, 3, 4, 11, 12, 13, 21, 32].map(formatPlace)).toEqual([
      "1st",
      "2nd",
      "3rd",
      "4th",
      "11th",
      "12th",
      "13th",
      "21st",
      "32nd",
    ]);
  });

  it("say which server, version, room and distance", () => {
    const path = { gateway: { id: "s2", version: "v1" }, owner: { id: "s1", version: "v1" }, epoch: 3 };
    expect(formatStatus(path, { room: "KQXR" } as Welcome, 22.6)).toBe("s2 · v1 · room KQXR · 23 ms");
    expect(formatStatus(undefined, undefined, 0)).toContain("offline");
    const eu = { id: "eu", name: "Europe", url: "https://eu.example" };
    const there = formatStatus(path, { room: "KQXR" } as Welcome, 22.6, eu);
    expect(there).toBe("Europe · s2 · v1 · room eu-KQXR · 23 ms");
  });

  it("say how far a region is, and how it will feel there", () => {
    expect([formatRegionMs(12.4), formatRegionMs(0.2)]).toEqual(["12 ms", "1 ms"]);
    const reaches = [undefined, { failed: "no answer" }, { rttMs: 80 }, { rttMs: 81 }, { rttMs: 161 }];
    expect(reaches.map(reachGrade)).toEqual(["unknown", "lost", "good", "fair", "far"]);
  });

  it("keep units next to numbers", () => {
    expect(formatMs(23.44)).toBe("23.4 ms");
    expect(formatMs(250.4)).toBe("250 ms");
    expect(formatRate(900)).toBe("900 B/s");
    expect(formatRate(5530)).toBe("5.4 KB/s");
  });

  it("count one differently from many", () => {
    expect(formatCount(1, "pearl")).toBe("1 pearl");
    expect(formatCount(0, "sinking")).toBe("0 sinkings");
  });
});
