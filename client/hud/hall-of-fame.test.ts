import { describe, expect, it } from "vitest";
import { fetchEntries, readEntries } from "./hall-of-fame.ts";

const entry = { name: "<b>Ada</b>", score: 40, at: "2026-01-01T00:00:00Z" };

describe("the hall of fame", () => {
  it("reads a list, bare or wrapped", () => {
    expect(readEntries([entry])).toEqual([entry]);
    expect(readEntries({ entries: [entry] })).toEqual([entry]);
  });

  it("leaves out what is not an entry", () => {
    expect(
      readEntries([entry, null, 3, { name: "x" }, { name: 4, score: 1 }, { name: "y", score: Number.NaN }]),
    ).toEqual([entry]);
    expect(readEntries("nonsense")).toEqual([]);
    expect(readEntries(null)).toEqual([]);
  });

  it("is empty when the server does not answer, or answers with something else", async () => {
    expect(await fetchEntries(() => Promise.reject(new Error("offline")))).toEqual([]);
    expect(await fetchEntries(async () => new Response("no", { status: 503 }))).toEqual([]);
    expect(await fetchEntries(async () => new Response("<html>"))).toEqual([]);
  });
});
