import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findTarget, NoTarget } from "./target.ts";

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "bots-"));
});

afterEach(() => rmSync(home, { recursive: true }));

const find = () => findTarget({}, { TIDEGATE_HOME: home });

function write(stack: unknown): void {
  writeFileSync(join(home, "stack.json"), typeof stack === "string" ? stack : JSON.stringify(stack));
}

test("the running stack is found with its certificate authority", () => {
  writeFileSync(join(home, "ca.pem"), "PEM");
  write({ alb: { https: "https://localhost:9443", ca: join(home, "ca.pem") } });
  expect(find()).toEqual({ url: "https://localhost:9443", ca: "PEM" });
});

test("an address that was given needs no stack", () => {
  expect(findTarget({ url: "https://game.example" }, { TIDEGATE_HOME: home })).toEqual({ url: "https://game.example" });
  writeFileSync(join(home, "other.pem"), "OTHER");
  const ca = join(home, "other.pem");
  expect(findTarget({ url: "https://game.example", ca }, {})).toEqual({ url: "https://game.example", ca: "OTHER" });
});

test("without a stack there is one sentence that says what to do", () => {
  expect(find).toThrow(new NoTarget(`No stack runs in ${home}: start one with \`npm start\`.`));
});

test.each(["", "{", "[]", "null", { alb: {} }, { alb: { https: 5, ca: 6 } }])(
  "a state file of %j is refused",
  (stack) => {
    write(stack);
    expect(find).toThrow(NoTarget);
  },
);

test("a certificate authority that is gone is named", () => {
  write({ alb: { https: "https://localhost:9443", ca: join(home, "gone.pem") } });
  expect(find).toThrow(/gone\.pem cannot be read/);
});
