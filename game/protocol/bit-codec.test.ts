import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BitReader } from "./bit-reader.ts";
import { BitWriter, GOLOMB_MAX } from "./bit-writer.ts";
import { ProtocolError } from "./protocol-error.ts";

const LARGEST_SIGNED = 2 ** 30 - 1;

describe("bits", () => {
  it("come back in the order and with the widths in which they were written", () => {
    const field = fc
      .integer({ min: 0, max: 32 })
      .chain((count) => fc.record({ count: fc.constant(count), value: fc.integer({ min: 0, max: 2 ** count - 1 }) }));
    const property = fc.property(fc.array(field, { maxLength: 600 }), (fields) => {
      const writer = new BitWriter();
      for (const { value, count } of fields) writer.bits(value, count);
      const reader = new BitReader(writer.finish());
      expect(fields.map(({ count }) => reader.bits(count))).toEqual(fields.map(({ value }) => value));
      reader.finish();
    });
    fc.assert(property);
  });

  it("hold Golomb codes of any order and varints", () => {
    const order = fc.integer({ min: 0, max: 12 });
    const property = fc.property(
      order,
      fc.integer({ min: 0, max: GOLOMB_MAX }),
      fc.integer({ min: -LARGEST_SIGNED, max: LARGEST_SIGNED }),
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      (k, count, signed, varint) => {
        const writer = new BitWriter();
        writer.varint(varint);
        writer.golomb(count, k);
        writer.signed(signed, k);
        const reader = new BitReader(writer.finish());
        expect(reader.varint(2 ** 32 - 1)).toBe(varint);
        expect(reader.golomb(k, GOLOMB_MAX)).toBe(count);
        expect(reader.signed(k, LARGEST_SIGNED)).toBe(signed);
      },
    );
    fc.assert(property, { numRuns: 1000 });
  });

  it("spend one bit on a zero of order 0, and order + 1 bits in general", () => {
    for (const order of [0, 3, 8]) {
      const writer = new BitWriter();
      for (let count = 0; count < 8; count++) writer.golomb(0, order);
      expect(writer.finish().length).toBe(order + 1);
    }
  });

  it("refuse to hold a fraction, a negative count or one that is too large", () => {
    const writer = new BitWriter();
    for (const value of [0.5, -1, GOLOMB_MAX + 1, Number.NaN])
      expect(() => writer.golomb(value, 0)).toThrow(RangeError);
    for (const value of [0.5, -1, 2 ** 32]) expect(() => writer.varint(value)).toThrow(RangeError);
  });

  it("end where the bytes end", () => {
    expect(() => new BitReader(new Uint8Array(2)).bits(17)).toThrow(ProtocolError);
    expect(() => new BitReader(new Uint8Array(100)).golomb(0, 5)).toThrow("too long");
    expect(() => new BitReader(Uint8Array.of(0x05)).golomb(0, 5)).toThrow("too short");
    expect(() => new BitReader(Uint8Array.of(0x10)).golomb(1, 3)).toThrow("out of range");
    expect(() => new BitReader(Uint8Array.of(0)).finish()).toThrow("the frame is too long");
  });
});
