import { describe, expect, it } from "vitest";
import { leadingTo, mayMean, readAddress, shareLink } from "./url.ts";

describe("the address", () => {
  it("may name a room in the query or behind the hash", () => {
    expect(readAddress("https://localhost:8443/?room=kqxr").room).toBe("KQXR");
    expect(readAddress("https://localhost:8443/#KQXR").room).toBe("KQXR");
  });

  it("ignores what cannot be a room code", () => {
    for (const room of ["", "KQX", "KQXRS", "K1XR", "KIXR", "<b>x"]) {
      expect(readAddress(`https://localhost/?room=${encodeURIComponent(room)}`).room).toBeUndefined();
    }
  });

  it("carries switches for scripts", () => {
    const request = readAddress("https://localhost/?play=1&name=Ada%20L&quality=2&offline=1");
    expect(request).toEqual({ room: undefined, play: true, name: "Ada L", offline: true, arena: false, quality: 2 });
    expect(readAddress("https://localhost/?quality=best").quality).toBeUndefined();
  });

  it("turns a switch on by naming it", () => {
    expect(readAddress("https://localhost/?offline&arena")).toMatchObject({ offline: true, arena: true, play: false });
    expect(readAddress("https://localhost/?arena=0&play=yes")).toMatchObject({ arena: false, play: false });
  });

  it("may ask for a worse network", () => {
    expect(readAddress("https://localhost/?net=150,20").net).toEqual({ rttMs: 150, jitterMs: 20 });
    expect(readAddress("https://localhost/?net=80").net).toEqual({ rttMs: 80, jitterMs: 0 });
    for (const net of ["", "fast", "-1", "80,", "80,x", "1,2,3", "99999"]) {
      expect(readAddress(`https://localhost/?net=${net}`).net).toBeUndefined();
    }
  });

  it("may say in which region the room is", () => {
    expect(readAddress("https://localhost:8443/?room=us-kqxr")).toMatchObject({ room: "KQXR", region: "us" });
    expect(readAddress("https://localhost:8443/#EU-KQXR")).toMatchObject({ room: "KQXR", region: "eu" });
  });

  it("that names a region means no seat in another one", () => {
    const seat = {
      room: "KQXR",
      waters: "basin",
      region: { id: "us", name: "US", url: "https://us.example" },
    } as const;
    const means = (query: string) => mayMean(readAddress(`https://localhost/${query}`), seat);
    expect([means("?room=us-KQXR"), means("?room=eu-KQXR"), means("?room=KQXR"), means("")]).toEqual([
      ...[true, false, true, true],
    ]);
    expect(leadingTo(seat, "https://localhost/?room=eu-KQXR")).toBe("https://localhost/");
  });

  it("means the seat of the tab unless it names another room or other waters", () => {
    const basin = { room: "KQXR", waters: "basin" } as const;
    const arena = { room: "ABCD", waters: "arena" } as const;
    const means = (query: string, seat: typeof basin | typeof arena) =>
      mayMean(readAddress(`https://localhost/${query}`), seat);
    expect([means("", basin), means("", arena)]).toEqual([true, true]);
    expect([means("?arena", basin), means("?arena", arena)]).toEqual([false, true]);
    expect([means("?room=KQXR", basin), means("?room=KQXR", arena)]).toEqual([true, false]);
    expect(means("?arena&room=KQXR", basin)).toBe(true);
  });

  it("loses what leads elsewhere than to a seat, and nothing else", () => {
    const seat = { room: "KQXR", waters: "basin" } as const;
    const address = "https://localhost:8443/?play=1&room=KQXR&name=Ada";
    expect(leadingTo(seat, address)).toBe(address);
    expect(leadingTo({ ...seat, room: "ABCD" }, address)).toBe("https://localhost:8443/?play=1&name=Ada");
    expect(leadingTo(seat, "https://localhost:8443/?arena&play=1#ABCD")).toBe("https://localhost:8443/?play=1");
  });

  it("makes a link that leads back to the room and to nothing else", () => {
    const link = shareLink("https://play.example:8443/?play=1&name=Ada#x", "KQXR");
    expect(link).toBe("https://play.example:8443/?room=KQXR");
    expect(readAddress(link).room).toBe("KQXR");
  });
});
