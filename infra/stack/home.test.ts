import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { beginLogs, describeHome, makeHome, sessionSecret, writeAtomically } from "./home.ts";
import { readStackFile, removeStackFile, type StackState, writeStackFile } from "./stack-file.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tg-"));
  folders.push(folder);
  return folder;
}

const stack: StackState = {
  alb: {
    pid: 1,
    https: "https://localhost:8443",
    http: "http://localhost:8080",
    control: "http://127.0.0.1:8400",
    ca: "/ca.pem",
  },
  redis: { pid: null, url: "redis://127.0.0.1:1" },
  targetGroupArn: "arn:tg",
  listenerArn: "arn:l",
  servers: [{ id: "s1", pid: 2, port: 3, version: "v1", generation: 1 }],
};

test("a home and its secret are for their owner's eyes, and the secret stays the same", () => {
  const home = makeHome(join(makeFolder(), "home"));
  const secret = sessionSecret(home);
  expect(secret).toHaveLength(43);
  expect(sessionSecret(home)).toBe(secret);
  expect(statSync(join(home.path, "session-secret")).mode & 0o777).toBe(0o600);
  expect(statSync(home.path).mode & 0o777).toBe(0o700);
});

test("a home that cannot be made is refused with the variable's name, as wrong usage", () => {
  const file = join(makeFolder(), "file");
  writeFileSync(file, "");
  expect(() => makeHome(join(file, "home"))).toThrow(/^Cannot use .*\/file\/home as TIDEGATE_HOME: ENOTDIR/);
  expect(() => makeHome(`/tmp/${"x".repeat(100)}`)).toThrow("its path is too long for the socket in it, by 13 bytes");
});

test("a start begins with empty logs and keeps those of the one before", () => {
  const home = makeHome(join(makeFolder(), "home"));
  for (const text of ["first", "second", "third"]) {
    beginLogs(home);
    writeFileSync(home.log("alb"), text);
  }
  expect(readFileSync(home.log("alb"), "utf8")).toBe("third");
  expect(readFileSync(join(home.path, "logs.previous", "alb.log"), "utf8")).toBe("second");
});

test("a file is replaced whole", () => {
  const file = join(makeFolder(), "a");
  writeAtomically(file, "1");
  writeAtomically(file, "2");
  expect(readFileSync(file, "utf8")).toBe("2");
});

test("stack.json is written and read in the shape of the design", () => {
  const home = describeHome(makeFolder());
  writeStackFile(home, stack);
  expect(readStackFile(home)).toEqual(stack);
  removeStackFile(home);
  expect(() => readStackFile(home)).toThrow(`No stack runs in ${home.path}: start one with \`npm start\`.`);
});

test("a stack.json that is broken is refused", () => {
  const home = describeHome(makeFolder());
  for (const text of ["{", '{"alb": 1}']) {
    writeFileSync(home.stackFile, text);
    expect(() => readStackFile(home)).toThrow("is not the state of a stack");
  }
});
