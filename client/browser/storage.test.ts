import { describe, expect, it } from "vitest";
import { type KeyValueStore, PageMemory, storeOrNothing } from "./storage.ts";

function mapStore(): KeyValueStore {
  const map = new Map<string, string>();
  return {
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
  };
}

const refusing: KeyValueStore = {
  getItem: () => {
    throw new Error("SecurityError");
  },
  setItem: () => {
    throw new Error("QuotaExceededError");
  },
  removeItem: () => {
    throw new Error("SecurityError");
  },
};

describe("what the page remembers", () => {
  it("is the name and the sound for every tab, the seat for this one", () => {
    const lasting = mapStore();
    const first = new PageMemory(lasting, mapStore());
    first.name = "Ada";
    first.muted = true;
    first.seat = { token: "t.o.k", room: "KQXR", waters: "basin" };
    const second = new PageMemory(lasting, mapStore());
    expect(second.name).toBe("Ada");
    expect(second.muted).toBe(true);
    expect(second.seat).toBeUndefined();
    expect(first.seat).toEqual({ token: "t.o.k", room: "KQXR", waters: "basin" });
  });

  it("is the region of the seat as well, and the region that was chosen, for every tab", () => {
    const lasting = mapStore();
    const memory = new PageMemory(lasting, mapStore());
    const region = { id: "us", name: "North America", url: "https://us.example" };
    memory.seat = { token: "t", room: "KQXR", waters: "arena", region };
    memory.region = "us";
    expect(memory.seat).toEqual({ token: "t", room: "KQXR", waters: "arena", region });
    const second = new PageMemory(lasting, mapStore());
    expect(second.region).toBe("us");
    second.region = undefined;
    expect(memory.region).toBeUndefined();
  });

  it("forgets the seat when the player leaves", () => {
    const memory = new PageMemory(mapStore(), mapStore());
    memory.seat = { token: "t", room: "KQXR", waters: "basin" };
    memory.seat = undefined;
    expect(memory.seat).toBeUndefined();
  });

  it("is nothing, without an error, where storage is refused", () => {
    const memory = new PageMemory(refusing, refusing);
    memory.name = "Ada";
    memory.seat = { token: "t", room: "KQXR", waters: "basin" };
    memory.seat = undefined;
    expect(memory.name).toBe("");
    expect(memory.seat).toBeUndefined();
    expect(storeOrNothing(() => refusing.getItem("x") as never)).toBeUndefined();
  });

  it("does not read back what is too long to be its own", () => {
    const store = mapStore();
    store.setItem("tidegate.name", "x".repeat(5000));
    expect(new PageMemory(store, undefined).name).toBe("");
  });
});
