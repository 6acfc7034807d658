import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../clock.ts";
import { emptyState } from "../model/store.ts";
import { closeAfterEach } from "../testing/cleanup.ts";
import type { ConfigFile } from "./config-file.ts";
import { Reloading } from "./reloading.ts";

const keep = closeAfterEach();
const good = (name: string) =>
  `LoadBalancers: [{ Name: ${name}, Listeners: [{ Port: 1, Protocol: HTTP, DefaultActions: [] }] }]`;

async function setUp() {
  const directory = await mkdtemp(join(tmpdir(), "alb-reload-"));
  keep({ close: () => rm(directory, { recursive: true, force: true }) });
  const path = join(directory, "alb.yaml");
  await writeFile(path, good("first"));
  const names: string[] = [];
  const said: string[] = [];
  const complaints: string[] = [];
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const each of waiting) each();
  };
  const reloading = keep(
    new Reloading({
      ...{ path, clock: systemClock },
      async declare(file: ConfigFile) {
        names.push(file.config.LoadBalancers[0]?.Name ?? "");
        return { before: emptyState, now: emptyState };
      },
      say: (text) => {
        said.push(text);
        wake();
      },
      complain: (text) => {
        complaints.push(text);
        wake();
      },
    }),
  );
  const until = (done: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => done() && resolve();
      waiting.add(look);
      look();
    });
  return { path, reloading, names, said, complaints, until };
}

test("ALB-112: asked several times at once, the file is read as it is then, and not once for each", async () => {
  const { path, reloading, names, said } = await setUp();
  const first = reloading.reload();
  await writeFile(path, good("second"));
  await Promise.all([first, reloading.reload(), reloading.reload()]);
  expect(names.at(-1)).toBe("second");
  expect(names.length).toBeLessThanOrEqual(2);
  expect(said.at(-1)).toBe(`${path} read again: nothing has changed.\n`);
});

test("ALB-113: a wrong file is told with its line and not declared, and the next good one is", async () => {
  const { path, reloading, names, complaints } = await setUp();
  await writeFile(path, "LoadBalancers:\n  - Nam: x\n");
  await reloading.reload();
  expect(names).toEqual([]);
  expect(complaints[0]).toContain(`${path}:2: LoadBalancers[0].Name: Expected string`);
  expect(complaints[0]).toContain("is not put in force; everything stays as it was.\n");
  await rm(path);
  await reloading.reload();
  expect(complaints[1]).toContain("cannot be read");
  await writeFile(path, good("mended"));
  await reloading.reload();
  expect(names).toEqual(["mended"]);
});

test("ALB-112: a watched file is read again when it is written, and when an editor puts another in its place", async () => {
  const { path, reloading, names, until } = await setUp();
  reloading.watch();
  await writeFile(path, good("written"));
  await until(() => names.includes("written"));
  await writeFile(`${path}.new`, good("replaced"));
  await rename(`${path}.new`, path);
  await until(() => names.includes("replaced"));
});
