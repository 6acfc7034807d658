import { expect, test } from "vitest";
import { msgpack } from "./msgpack.ts";

test("an input is encoded as the specification has it", () => {
  expect(msgpack({ a: -7, b: true, c: 300 })).toEqual([
    ...[0x83, 0xa1, 0x61, 0xf9, 0xa1, 0x62, 0xc3, 0xa1, 0x63],
    ...[0xd2, 0, 0, 1, 44],
  ]);
  expect(msgpack(["input", 127, -33, false])).toEqual([
    ...[0x94, 0xa5, 0x69, 0x6e, 0x70, 0x75, 0x74, 0x7f],
    ...[0xd2, 0xff, 0xff, 0xff, 0xdf, 0xc2],
  ]);
});

test("what is too long for its short form is refused", () => {
  expect(() => msgpack("x".repeat(32))).toThrow("longer than 31");
});
