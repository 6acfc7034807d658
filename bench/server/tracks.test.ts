import { expect, test } from "vitest";
import { AIM_STEPS } from "../../game/sim/index.ts";
import { playBack, recordTracks } from "./tracks.ts";

const tracks = recordTracks();

test("every input of a player differs from the one before", () => {
  for (let count = 1; count < 200; count++)
    expect(playBack(tracks, 5, count)).not.toEqual(playBack(tracks, 5, count - 1));
});

test("controls stay within their ranges, and players shoot", () => {
  const all = Array.from({ length: 900 }, (_, count) => playBack(tracks, 3, count));
  expect(all.every(({ aim }) => aim >= 0 && aim < AIM_STEPS)).toBe(true);
  expect(all.some(({ fire }) => fire)).toBe(true);
});

test("a recorded fight is the same each time", () => {
  expect(recordTracks()).toEqual(tracks);
});
