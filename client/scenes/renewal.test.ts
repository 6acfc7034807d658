import { expect, test } from "vitest";
import { PageMemory } from "../browser/storage.ts";
import { Renewal } from "./renewal.ts";

function page(build: string, memory = new PageMemory(undefined, mapStore())) {
  const page = { reloads: 0, memory, renewal: undefined as unknown as Renewal };
  const reload = () => void page.reloads++;
  page.renewal = new Renewal({ build, protocol: 2, memory, reload });
  return page;
}

function mapStore() {
  const map = new Map<string, string>();
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  };
}

test("a page is out of date when the servers have come to another version, newer or, after a rollback, older", () => {
  const { renewal } = page("v2");
  expect(renewal.isDue).toBe(false);
  renewal.heard({ version: "v2", protocol: 2 });
  expect(renewal.isDue).toBe(false);
  renewal.heard({ version: "v3", protocol: 2 });
  expect(renewal.isDue).toBe(true);
  renewal.heard({ version: "v2", protocol: 2 });
  expect(renewal.isDue).toBe(false);
  renewal.heard({ version: "v1", protocol: 1 });
  expect(renewal.isDue).toBe(true);
});

test("a developer's page is never out of date", () => {
  const { renewal } = page("dev");
  renewal.heard({ version: "v3", protocol: 9 });
  expect(renewal.isDue).toBe(false);
});

test("a page of the servers' protocol is loaded anew only when its player asks for it", () => {
  const one = page("v2");
  one.renewal.heard({ version: "v3", protocol: 2 });
  one.renewal.idle();
  one.renewal.heard({ version: "v1", protocol: 1 });
  one.renewal.idle();
  expect(one.reloads).toBe(0);
});

test("a page of an older protocol is loaded anew by itself, once for each version, even if the same page comes back", () => {
  const one = page("v2");
  one.renewal.idle();
  expect(one.reloads).toBe(0);
  one.renewal.heard({ version: "v3", protocol: 3 });
  expect(one.reloads).toBe(0);
  one.renewal.idle();
  one.renewal.idle();
  expect(one.reloads).toBe(1);
  const again = page("v2", one.memory);
  again.renewal.heard({ version: "v3", protocol: 3 });
  again.renewal.idle();
  expect(again.reloads).toBe(0);
  expect(again.renewal.isDue).toBe(true);
  again.renewal.heard({ version: "v4", protocol: 3 });
  again.renewal.idle();
  expect(again.reloads).toBe(1);
});

test("a page that cannot remember does not load itself anew, or it might never stop", () => {
  const one = page("v2", new PageMemory(undefined, undefined));
  one.renewal.heard({ version: "v3", protocol: 3 });
  one.renewal.idle();
  expect(one.reloads).toBe(0);
});
