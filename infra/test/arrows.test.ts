import { expect, test } from "vitest";
import { repositoryRoot } from "../stack/environment.ts";
import { judgeFile } from "./arrows.ts";
import { judgeTree } from "./arrows-of-tree.ts";

test("the repository breaks no arrow", () => {
  const { complaints, files } = judgeTree(repositoryRoot);
  expect(complaints).toEqual([]);
  expect(files).toBeGreaterThan(50);
});

const broken: readonly [file: string, text: string, complaint: string][] = [
  ["game/sim/a.ts", 'import { x } from "../../server/a.ts";', "imports server/a.ts, and game may not know it"],
  ["game/sim/a.ts", 'import type { X } from "../../client/a.ts";', "imports client/a.ts"],
  ["game/sim/a.ts", 'import { z } from "zod";', "imports zod, and game uses no packages"],
  ["game/sim/a.ts", 'import fs from "node:fs";', "imports node:fs, and game does not know Node"],
  ["game/sim/a.ts", "export const now = () => Date.now();", "uses Date"],
  ["game/sim/a.ts", "const { now } = Date;", "uses Date"],
  ["game/sim/a.ts", "export const x = Math.random();", "uses Math.random"],
  ["game/sim/a.ts", 'export const x = Math["sin"](1);', "uses Math.sin"],
  ["game/sim/a.ts", "setTimeout(() => {}, 1);", "uses setTimeout"],
  ["game/protocol/a.ts", "document.title = 'x';", "uses document"],
  ["server/room/a.ts", 'import { Redis } from "ioredis";', "imports ioredis, and server/room uses no packages"],
  ["server/room/a.ts", 'import { x } from "../cluster/a.ts";', "imports server/cluster/a.ts"],
  ["server/room/a.ts", 'import { createServer } from "node:net";', "imports node:net"],
  ["server/gateway/a.ts", 'import { Redis } from "ioredis";', "imports ioredis, which only server/cluster may know"],
  [
    "server/cluster/a.ts",
    'import { Server } from "socket.io";',
    "imports socket.io, which only server/gateway may know",
  ],
  ["server/a.ts", 'import { x } from "../client/net/a.ts";', "imports client/net/a.ts, and server may not know it"],
  ["server/a.ts", 'export * from "../infra/alb/index.ts";', "imports infra/alb/index.ts"],
  ["server/a.ts", 'export { x } from "../infra/alb/index.ts";', "imports infra/alb/index.ts"],
  ["client/hud/a.ts", 'const x = await import("../../server/a.ts");', "imports server/a.ts"],
  ["client/hud/a.ts", "const x = await import(`../../server/a.ts`);", "imports server/a.ts"],
  ["client/hud/a.ts", "const x = await import(name);", "imports something computed"],
  ["client/hud/a.ts", 'let x: import("../../server/a.ts").X;', "imports server/a.ts"],
  ["client/hud/a.ts", 'new Worker(new URL("../../server/a.ts", import.meta.url));', "imports server/a.ts"],
  ["client/hud/a.ts", 'import.meta.glob("../../server/*.ts");', "imports server/*.ts"],
  [
    "client/hud/a.ts",
    'import { io } from "socket.io-client";',
    "imports socket.io-client, which only client/net may know",
  ],
  ["client/netcode/a.ts", 'import Phaser from "phaser";', "imports phaser, and client/netcode uses no packages"],
  ["client/net/a.ts", 'import fs from "node:fs";', "imports node:fs, and client does not know Node"],
  ["infra/alb/a.ts", 'import { x } from "../stack/topology.ts";', "imports infra/stack/topology.ts"],
  ["infra/alb/a.ts", 'import { x } from "../../game/sim/index.ts";', "imports game/sim/index.ts"],
  ["infra/stack/a.ts", 'import { x } from "../alb/model/store.ts";', "imports infra/alb/model/store.ts"],
  ["infra/stack/a.ts", 'import { x } from "../../game/protocol/index.ts";', "imports game/protocol/index.ts"],
  ["infra/stack/a.ts", 'import x = require("../../server/a.ts");', "imports server/a.ts"],
  ["infra/stack/a.ts", 'const x = require("../../server/a.ts");', "imports server/a.ts"],
  ["infra/stack/a.ts", 'import { x } from "../../../elsewhere/a.ts";', "which is outside the repository"],
  ["infra/stack/a.ts", 'import { x } from "/etc/a.ts";', "by an absolute path"],
  ["tools/a.ts", "export {};", "no rule says what this folder may import"],
  ["game/sim/a.ts", "const = 1;", "cannot be parsed"],
];

test.each(broken)("in %s, %s is refused", (file, text, complaint) => {
  const complaints = judgeFile(file, text);
  expect(complaints).toHaveLength(1);
  expect(complaints[0]).toContain(complaint);
});

const fine: readonly [file: string, text: string][] = [
  ["game/sim/a.ts", 'import { x } from "../protocol/index.ts"; export const y = Math.sqrt(x) + Math.imul(2, 3);'],
  ["game/sim/a.ts", "export interface A { process: number; window: string } export const f = (a: A) => a.window;"],
  ["game/sim/a.ts", "export const f = (process: number) => { const window = process + 1; return window; };"],
  ["game/sim/a.test.ts", 'import fc from "fast-check"; import { test } from "vitest"; Math.hypot(1, 2);'],
  ["game/protocol/test-arbitraries.ts", 'import fc from "fast-check";'],
  ["server/gateway/server-for-tests.ts", 'import { io } from "socket.io-client";'],
  ["server/room/a.ts", 'import { step } from "../../game/sim/index.ts"; import type { Clock } from "../clock.ts";'],
  ["server/gateway/a.ts", 'import { Server } from "socket.io"; import { x } from "../room/a.ts";'],
  ["server/gateway/a.test.ts", 'import { io } from "socket.io-client";'],
  ["server/main.ts", 'import { x } from "./cluster/a.ts";'],
  ["client/scenes/a.ts", 'import Phaser from "phaser"; import { x } from "../netcode/a.ts";'],
  ["client/view/a.ts", 'export const picture = new URL("./boat.svg", import.meta.url);'],
  ["infra/deploy/a.ts", 'import { x } from "../stack/topology.ts";'],
];

test.each(fine)("in %s, %s is fine", (file, text) => {
  expect(judgeFile(file, text)).toEqual([]);
});
