// Canary processes, with a small script in the place of the players' program.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../stack/clock.ts";
import { repositoryRoot } from "../stack/environment.ts";
import { describeHome, type Home } from "../stack/home.ts";
import { Canaries, readReport } from "./canaries.ts";

const report = (disconnects: number) => ({
  players: 2,
  gapMs: { p50: 33, p99: 40, max: 60 },
  inputs: { sent: 10, acked: 10, lost: 0, doubled: 0 },
  ...{ disconnects, moves: 0, movesPerPlayerMax: 0, moved: 0, movedMoreThanOnce: 0 },
});

/** Reports its arguments' number as disconnects, and one more at its end. */
const SCRIPT = `
  console.log(\`plays at \${process.argv.slice(2, 6).join(" ")}\`);
  const say = (disconnects) => console.log(JSON.stringify({ ...${JSON.stringify(report(0))}, disconnects }));
  console.log("2 players go to the game");
  say(process.argv.length);
  process.on("SIGTERM", () => { say(100); process.exit(0); });
  setInterval(() => {}, 1_000);
`;

let home: Home;
let canaries: Canaries;
beforeEach(() => {
  home = describeHome(mkdtempSync(join(tmpdir(), "tg-")));
  canaries = new Canaries({
    root: repositoryRoot,
    home,
    clock: systemClock,
    url: "https://game",
    caCertificate: "PEM",
  });
});
afterEach(() => {
  canaries.close();
  rmSync(home.path, { recursive: true, force: true });
});

test("a group tells its last report while it plays, and one more when it is asked to finish", async () => {
  writeFileSync(join(home.path, "canaries.mjs"), SCRIPT);
  const veterans = canaries.send({ name: "veterans", count: 2 });
  const newcomers = canaries.send({ name: "newcomers", count: 2, version: "v2" });
  await vi.waitFor(() => expect(newcomers.felt).toBeDefined(), { timeout: 10_000 });
  await vi.waitFor(() => expect(veterans.felt).toBeDefined(), { timeout: 10_000 });
  expect(newcomers.felt!.disconnects - veterans.felt!.disconnects).toBe(2); // --version v2
  expect(veterans.ended).toBeUndefined();
  const authority = join(home.path, "canaries-ca.pem");
  expect(readFileSync(home.log("canaries-veterans"), "utf8")).toContain(
    `plays at --url https://game --ca ${authority}\n`,
  );
  expect(readFileSync(authority, "utf8")).toBe("PEM");
  expect(await veterans.finish()).toMatchObject({ players: 2, disconnects: 100 });
  expect(veterans.ended).toContain("exit code 0");
});

test("a group that ends by itself says how, and where its log is", async () => {
  writeFileSync(join(home.path, "canaries.mjs"), "process.exit(3);");
  const group = canaries.send({ name: "veterans", count: 2 });
  await vi.waitFor(() => expect(group.ended).toBe(`exit code 3, their log is ${home.log("canaries-veterans")}`), {
    timeout: 10_000,
  });
  expect(await group.finish()).toBeUndefined();
});

test.each([
  ["a line for people", "6 players are seated"],
  ["half a report", '{"players":6,"gapMs":'],
  ["something else in JSON", '{"event":"listening","port":1}'],
])("%s is no report", (_, line) => {
  expect(readReport(line)).toBeUndefined();
});
