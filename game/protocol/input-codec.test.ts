import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeInput, encodeInput, INPUT_FRAME_MAX_BYTES } from "./index.ts";
import { inputFrames } from "./test-arbitraries.ts";

const frame = {
  number: 300,
  tick: 70_000,
  controls: { throttle: 7, rudder: -3, aim: 200, fire: true, lagTicks: 4 },
};

describe("an input frame", () => {
  it("decodes to what was encoded, within its size limit", () => {
    const property = fc.property(inputFrames, (input) => {
      const bytes = encodeInput(input);
      expect(bytes.length).toBeLessThanOrEqual(INPUT_FRAME_MAX_BYTES);
      expect(decodeInput(bytes)).toStrictEqual(input);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it("has the bytes that docs/protocol.md draws", () => {
    expect([...encodeInput(frame)]).toEqual([0x11, 0xac, 0x02, 0xf0, 0xa2, 0x04, 0xe4, 0xc8, 0xc0]);
  });

  it.each([
    ["another kind", [0x31, 1, 1, 0x77, 0, 0]],
    ["another codec version", [0x12, 1, 1, 0x77, 0, 0]],
    ["no bytes", []],
    ["a missing byte", [0x11, 1, 1, 0x77, 0]],
    ["a byte too many", [0x11, 1, 1, 0x77, 0, 0, 0]],
    ["number 0", [0x11, 0, 1, 0x77, 0, 0]],
    ["a throttle beyond full", [0x11, 1, 1, 0xf7, 0, 0]],
    ["a rudder beyond full", [0x11, 1, 1, 0x7f, 0, 0]],
    ["filling bits that are set", [0x11, 1, 1, 0x77, 0, 1]],
    ["a number in more bytes than needed", [0x11, 0x81, 0x00, 1, 0x77, 0, 0]],
    ["a number beyond 32 bits", [0x11, 0xff, 0xff, 0xff, 0xff, 0x7f, 1, 0x77, 0, 0]],
    ["a number that never ends", [0x11, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80]],
    ["more bytes than the limit", new Array(INPUT_FRAME_MAX_BYTES + 1).fill(0x11)],
  ])("is refused with %s", (_what, bytes) => {
    expect(decodeInput(Uint8Array.from(bytes))).toBeUndefined();
  });

  it("is undefined or a frame that encodes to the same bytes, whatever bytes come", () => {
    const property = fc.property(fc.uint8Array({ maxLength: 30 }), (tail) => {
      const bytes = Uint8Array.of(0x11, ...tail);
      const decoded = decodeInput(bytes);
      if (decoded) expect(encodeInput(decoded)).toEqual(bytes);
    });
    fc.assert(property, { numRuns: 3000 });
  });
});
