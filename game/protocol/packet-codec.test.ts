import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  COUNTER_MAX,
  decodePacket,
  encodeInput,
  encodePacket,
  PACKET_TEXT_MAX_UNITS,
  type Packet,
  ProtocolError,
} from "./index.ts";

const input = encodeInput({
  number: 1,
  tick: 1,
  controls: { throttle: 0, rudder: 0, aim: 0, fire: false, lagTicks: 0 },
});

describe("a packet", () => {
  it("is the bare bytes of one frame when it is an input or a snapshot", () => {
    const keyframe = Uint8Array.of(0x31, 1, 2, 3);
    const delta = Uint8Array.of(0x21, 1, 2, 3);
    expect(encodePacket({ type: 2, nsp: "/", data: ["input", input] })).toBe(input);
    expect(encodePacket({ type: 2, nsp: "/", data: ["snapshot", delta] })).toBe(delta);
    expect(decodePacket(input)).toEqual({ type: 2, nsp: "/", data: ["input", input] });
    expect(decodePacket(delta)).toEqual({ type: 2, nsp: "/", data: ["snapshot", delta] });
    expect(decodePacket(keyframe.buffer)).toEqual({ type: 2, nsp: "/", data: ["snapshot", keyframe] });
  });

  it.each<[Packet, string]>([
    [{ type: 0, nsp: "/" }, "0"],
    [{ type: 0, nsp: "/", data: { protocol: 1, build: "dev" } }, '0{"protocol":1,"build":"dev"}'],
    [{ type: 1, nsp: "/" }, "1"],
    [{ type: 2, nsp: "/", data: ["ping", 7], id: 0 }, '20["ping",7]'],
    [{ type: 2, nsp: "/", data: ["keyframe"] }, '2["keyframe"]'],
    [{ type: 3, nsp: "/", data: [{ ok: true }], id: 12 }, '312[{"ok":true}]'],
    [{ type: 4, nsp: "/", data: { message: "no" } }, '4{"message":"no"}'],
    [{ type: 2, nsp: "/admin", data: ["hello", 1], id: 5 }, '2/admin,5["hello",1]'],
  ])("%j is the text %s, as Socket.IO has it", (packet, text) => {
    expect(encodePacket(packet)).toBe(text);
    expect(decodePacket(text)).toEqual(packet);
  });

  it("comes back from its text whatever JSON it carries", () => {
    const property = fc.property(
      fc.array(fc.jsonValue({ maxDepth: 4 })),
      fc.option(fc.nat({ max: COUNTER_MAX }), { nil: undefined }),
      (values, id) => {
        const packet = { type: 2, nsp: "/", data: ["roster", ...values], ...(id === undefined ? {} : { id }) };
        const sameInJson = JSON.parse(JSON.stringify(packet));
        expect(decodePacket(encodePacket(packet))).toEqual(sameInJson);
      },
    );
    fc.assert(property);
  });

  it("cannot be made with bytes inside of text", () => {
    expect(() => encodePacket({ type: 2, nsp: "/", data: ["roster", { x: new Uint8Array(3) }] })).toThrow(TypeError);
    expect(() => encodePacket({ type: 2, nsp: "/", data: ["snapshot", input], id: 3 })).toThrow(TypeError);
  });

  it.each([
    ["nothing", ""],
    ["an unknown type", '7["x"]'],
    ["a binary event", '51-["snapshot",{"_placeholder":true,"num":0}]'],
    ["a binary placeholder", '2["roster",{"a":{"_placeholder":true,"num":0}}]'],
    ["an event without a list", '2{"a":1}'],
    ["an event without data", "2"],
    ["an event whose name is a number", "2[1]"],
    ["an empty name", '2[""]'],
    ["a name without end", `2["${"x".repeat(40)}"]`],
    ["a reserved name", '2["disconnect"]'],
    ["a hot message as text", '2["input",[1,2,3]]'],
    ["a connect with a list", "0[]"],
    ["a connect with an id", "01{}"],
    ["a disconnect with data", "1{}"],
    ["an answer without id", '3["x"]'],
    ["an answer without list", "31{}"],
    ["a connect error as text", '4"no"'],
    ["an id beyond its range", '29999999999["ping"]'],
    ["an id with a leading zero", '201["ping"]'],
    ["broken JSON", '2["ping",'],
    ["a namespace that is too long", `2/${"n".repeat(40)},["x"]`],
    ["a namespace that does not end", '2/n["x"]'],
    ["deep nesting", `2["x",${"[".repeat(20)}${"]".repeat(20)}]`],
    ["very deep nesting", `2["x",${"[".repeat(50_000)}${"]".repeat(50_000)}]`],
    ["too much text", `2["x","${"y".repeat(PACKET_TEXT_MAX_UNITS)}"]`],
  ])("is refused: %s", (_what, text) => {
    expect(() => decodePacket(text)).toThrow(ProtocolError);
  });

  it.each([
    ["no bytes", []],
    ["an unknown kind", [0x71, 1]],
    ["a whole arena", [0x61, 1]],
    ["another codec version", [0x12, 1, 1, 0x77, 0, 0]],
    ["an input that is too large", new Array(25).fill(0x11)],
    ["a snapshot that is too large", new Array(16_385).fill(0x21)],
  ])("is refused as a binary frame: %s", (_what, bytes) => {
    expect(() => decodePacket(Uint8Array.from(bytes))).toThrow(ProtocolError);
  });

  it("is a packet or a ProtocolError, whatever text or bytes come", () => {
    const texts = fc.oneof(
      fc.string(),
      fc.tuple(fc.constantFrom("0", "1", "2", "3", "4", "2/a,", "21"), fc.json()).map(([head, json]) => head + json),
    );
    const property = fc.property(fc.oneof(texts, fc.uint8Array()), (data) => {
      try {
        expect(decodePacket(data).nsp).toMatch(/^\//);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
      }
    });
    fc.assert(property, { numRuns: 3000 });
  });
});
