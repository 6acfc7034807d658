import { describe, expect, it } from "vitest";
import { readRoomAddress, writeRoomAddress } from "./room-address.ts";

describe("a room's code", () => {
  it("is four letters, with the region before them or without", () => {
    expect(readRoomAddress("KQXR")).toEqual({ region: undefined, room: "KQXR" });
    expect(readRoomAddress("eu-KQXR")).toEqual({ region: "eu", room: "KQXR" });
  });

  it.each(["US-KQXR", " us-kqxr ", "us kqxr", "Us - Kqxr"])("may be typed as people do: %j", (text) => {
    expect(readRoomAddress(text)).toEqual({ region: "us", room: "KQXR" });
  });

  it.each([
    "",
    "eu-",
    "-KQXR",
    "eu-KQX",
    "eu-KQXRS",
    "e-KQXR",
    "usa-KQXR",
    "eu-K1XR",
    "eu-us-KQXR",
    "euKQXR",
    "kq xr",
    "ſu-KQXR",
  ])("is none of this: %j", (text) => {
    expect(readRoomAddress(text)).toBeUndefined();
  });

  it("is written so that it can be read", () => {
    expect(writeRoomAddress("eu", "KQXR")).toBe("eu-KQXR");
    expect(writeRoomAddress(undefined, "KQXR")).toBe("KQXR");
  });
});
