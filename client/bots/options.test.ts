import { expect, test } from "vitest";
import { WrongUsage } from "./flags.ts";
import { BOTS_MAX, parseOptions } from "./options.ts";

const parse = (line: string) => parseOptions(line.split(" ").filter(Boolean), () => {});

test("everything can be said, and has a default", () => {
  expect(parse("")).toEqual({
    ...{ count: 10, seconds: 30, arena: false, spread: false, rtt: 0, jitter: 0, json: false, platform: "process" },
  });
  expect(
    parse(
      "--count 60 --seconds 5 --room abcd --arena --spread --version v2 --report-every 1 --rtt 150 --jitter 20 --json --platform compose --url https://localhost:8443/x --ca ca.pem",
    ),
  ).toEqual({
    count: 60,
    seconds: 5,
    room: "ABCD",
    arena: true,
    spread: true,
    version: "v2",
    reportEvery: 1,
    rtt: 150,
    jitter: 20,
    json: true,
    platform: "compose",
    url: "https://localhost:8443",
    ca: "ca.pem",
  });
});

test.each([
  "--count 0",
  `--count ${BOTS_MAX + 1}`,
  "--count 1e2",
  "--count -5",
  "--seconds soon",
  "--seconds",
  "--room ABC",
  "--room AB1D",
  "--version v/2",
  "--report-every 0",
  "--rtt 2001",
  "--jitter -1",
  "--url localhost:8443",
  "--url ftp://localhost",
  "--unknown",
  "twenty",
])("%s is refused with one sentence", (line) => {
  expect(() => parse(line)).toThrow(WrongUsage);
  expect(() => parse(line)).toThrow(/^bots: [^\n]+$/);
});

test("help is written, and nothing else is done", () => {
  let written = "";
  const options = parseOptions(["--help"], (text) => {
    written += text;
  });
  expect(options).toBeUndefined();
  expect(written).toContain("--spread");
});
