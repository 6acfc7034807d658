import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BUILD_MAX_UNITS,
  CODE_ALPHABET,
  MOVE_DELAY_MAX_MS,
  makeRoomCode,
  PROTOCOL_VERSION,
  parseHello,
  parseJoinRequest,
  parseMove,
  parseRelease,
  parseRoomCode,
  REFUSALS,
  TICKET_MAX_UNITS,
} from "./index.ts";

describe("a hello", () => {
  it("is taken with and without a token, and loses what is unknown", () => {
    const hello = { protocol: PROTOCOL_VERSION, build: "abc" };
    expect(parseHello(hello)).toEqual(hello);
    expect(parseHello({ ...hello, token: "t", more: 1 })).toEqual({ ...hello, token: "t" });
  });

  it.each([
    ["bad-frame", undefined],
    ["bad-frame", null],
    ["bad-frame", "hello"],
    ["bad-frame", []],
    ["bad-frame", { build: "abc" }],
    ["bad-frame", { protocol: "1", build: "abc" }],
    ["bad-frame", { protocol: 1.5, build: "abc" }],
    ["bad-frame", { protocol: PROTOCOL_VERSION }],
    ["bad-frame", { protocol: PROTOCOL_VERSION, build: "b".repeat(65) }],
    ["protocol-version", { protocol: 0, build: "abc" }],
    ["protocol-version", { protocol: PROTOCOL_VERSION + 1, build: "abc" }],
    ["bad-token", { protocol: PROTOCOL_VERSION, build: "abc", token: 7 }],
    ["bad-token", { protocol: PROTOCOL_VERSION, build: "abc", token: "" }],
    ["bad-token", { protocol: PROTOCOL_VERSION, build: "abc", token: "t".repeat(1025) }],
  ])("is refused with %s: %j", (code, value) => {
    expect(parseHello(value)).toBe(code);
  });
});

describe("a join request", () => {
  it("comes back with a clean name and a code in capitals", () => {
    expect(parseJoinRequest({ name: " Ada ", room: "kqxr" })).toEqual({ name: "Ada", room: "KQXR" });
    expect(parseJoinRequest({ name: "Ada", prefer: "remote", more: 1 })).toEqual({ name: "Ada", prefer: "remote" });
    const ticket = "t".repeat(TICKET_MAX_UNITS);
    expect(parseJoinRequest({ name: "Ada", room: "KQXR", ticket })).toEqual({ name: "Ada", room: "KQXR", ticket });
  });

  it.each([
    ["bad-frame", undefined],
    ["bad-frame", ["Ada"]],
    ["bad-frame", { name: "Ada", prefer: "nearest" }],
    ["bad-name", {}],
    ["bad-name", { name: 7 }],
    ["bad-name", { name: "\u200b" }],
    ["bad-code", { name: "Ada", room: "KQX" }],
    ["bad-code", { name: "Ada", room: 1234 }],
    ["bad-code", { name: "Ada", room: null }],
    ["bad-ticket", { name: "Ada", ticket: "" }],
    ["bad-ticket", { name: "Ada", ticket: 7 }],
    ["bad-ticket", { name: "Ada", ticket: "t".repeat(TICKET_MAX_UNITS + 1) }],
  ])("is refused with %s: %j", (code, value) => {
    expect(parseJoinRequest(value)).toBe(code);
  });

  it("is a request or a known refusal, whatever comes", () => {
    const property = fc.property(fc.anything(), (value) => {
      for (const answer of [parseHello(value), parseJoinRequest(value)]) {
        if (typeof answer === "string") expect(REFUSALS).toHaveProperty(answer);
      }
    });
    fc.assert(property, { numRuns: 1000 });
  });
});

describe("a move", () => {
  const move = { ticket: "t", notBeforeMs: 250, deadlineMs: 8_000 };

  it("is taken, loses what is unknown, and its times are bounded", () => {
    expect(parseMove({ ...move, more: 1 })).toEqual(move);
    expect(parseMove({ ...move, notBeforeMs: 0, deadlineMs: 1e12 })).toEqual({
      ...move,
      notBeforeMs: 0,
      deadlineMs: MOVE_DELAY_MAX_MS,
    });
  });

  it.each([
    [undefined],
    ["move"],
    [{ ...move, ticket: undefined }],
    [{ ...move, ticket: "" }],
    [{ ...move, ticket: "t".repeat(TICKET_MAX_UNITS + 1) }],
    [{ ...move, notBeforeMs: -1 }],
    [{ ...move, notBeforeMs: "0" }],
    [{ ...move, deadlineMs: Number.NaN }],
    [{ ...move, deadlineMs: undefined }],
  ])("is not taken from %j", (value) => {
    expect(parseMove(value)).toBeUndefined();
  });
});

describe("a release", () => {
  it("is taken, and loses what is unknown", () => {
    expect(parseRelease({ version: "v2", protocol: 2, more: 1 })).toEqual({ version: "v2", protocol: 2 });
  });

  it.each([
    [undefined],
    ["v2"],
    [{ version: "v2" }],
    [{ version: "", protocol: 2 }],
    [{ version: "v".repeat(BUILD_MAX_UNITS + 1), protocol: 2 }],
    [{ version: 2, protocol: 2 }],
    [{ version: "v2", protocol: "2" }],
    [{ version: "v2", protocol: Number.NaN }],
  ])("is not taken from %j", (value) => {
    expect(parseRelease(value)).toBeUndefined();
  });
});

describe("a room code", () => {
  it("is four letters of the alphabet, in any case, with blanks around", () => {
    expect(parseRoomCode(" kqxr\n")).toBe("KQXR");
  });

  it.each(["", "KQX", "KQXRA", "KQ1R", "KOXR", "KIXR", "KQ R", "ſtst", "ıııı", " ".repeat(20), 4, null])(
    "is not %j",
    (text) => {
      expect(parseRoomCode(text)).toBeUndefined();
    },
  );

  it("is made of the letters that chance gives", () => {
    const chances = [0, CODE_ALPHABET.length - 1, 1, 2];
    expect(makeRoomCode(() => chances.shift()!)).toBe("AZBC");
    expect(parseRoomCode(makeRoomCode((limit) => limit - 1))).toBe("ZZZZ");
  });
});
