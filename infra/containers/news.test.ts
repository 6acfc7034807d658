import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TaskView } from "../stack/task-entry.ts";
import { News } from "./news.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tg-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const task = (id: string, changes: Partial<TaskView> = {}): TaskView => ({
  ...{ id, version: "v2", generation: 3, targetGroupArn: "arn:tg", environment: {}, status: "RUNNING", pid: null },
  ...{ address: { host: "172.18.0.4", port: 8004 }, startedAt: null, stoppedReason: null, ...changes },
});

test("Prometheus reads where the servers are that run", () => {
  const news = new News(folder);
  news.trust("PEM");
  news.servers([task("s1"), task("s2", { address: null }), task("s3", { status: "STOPPED" })]);
  expect(JSON.parse(readFileSync(join(folder, "servers.json"), "utf8"))).toEqual([
    { targets: ["172.18.0.4:8004"], labels: { server: "s1", version: "v2", generation: "3" } },
  ]);
  expect(readdirSync(folder).sort()).toEqual(["ca.pem", "servers.json"]);
});

test("what has not changed is not written again", () => {
  const news = new News(folder);
  const inode = () => statSync(join(folder, "servers.json")).ino;
  news.servers([task("s1")]);
  const before = inode();
  news.servers([task("s1")]);
  expect(inode()).toBe(before);
  news.servers([task("s1", { status: "STOPPED" })]);
  expect(readFileSync(join(folder, "servers.json"), "utf8")).toBe("[]");
});
