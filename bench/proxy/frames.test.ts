import { expect, test } from "vitest";
import { nowUs } from "../common/now.ts";
import { DOWN, downFrame, FrameReader, stamp, UP, upFrame } from "./frames.ts";

test("the client's frame is masked and carries 80 bytes, the server's is not and carries 200", () => {
  expect([...upFrame().subarray(0, 6)]).toEqual([0x82, 0x80 | 80, 0, 0, 0, 0]);
  expect(upFrame()).toHaveLength(86);
  expect([...downFrame().subarray(0, 4)]).toEqual([0x82, 126, 0, 200]);
  expect(downFrame()).toHaveLength(204);
});

test.each([1, 5, 86, 90, 172, 1_000])("frames are found again when they come in chunks of %i bytes", (size) => {
  const stream = Buffer.concat([1, 2, 3, 4, 5].map((us) => Buffer.from(stamp(upFrame(), UP, us))));
  const reader = new FrameReader(UP);
  const stamps: number[] = [];
  for (let at = 0; at < stream.length; at += size) reader.read(stream.subarray(at, at + size), (us) => stamps.push(us));
  expect(stamps).toEqual([1, 2, 3, 4, 5]);
});

test("a stamp of now is read to the microsecond", () => {
  const before = nowUs();
  const stamps: number[] = [];
  new FrameReader(DOWN).read(stamp(downFrame(), DOWN, before), (us) => stamps.push(us));
  expect(stamps).toEqual([before]);
});
