import type { BotsReport } from "../../client/bots/report.ts";
import { expect, test } from "../fixtures/test.ts";

test("bots that are spread over gateways play without a loss", async ({ command }) => {
  const { json } = await command("bots", "--count", "12", "--seconds", "8", "--spread").ended;
  const report = json as BotsReport;
  expect(report).toMatchObject({ players: 12, disconnects: 0, moves: 0 });
  expect(report.inputs).toMatchObject({ lost: 0, doubled: 0, acked: report.inputs.sent });
  expect(report.inputs.sent).toBeGreaterThan(0);
  expect(Object.keys(report.servers).length).toBeGreaterThan(1);
  expect(report.remote, "players whose gateway is not their room's owner").toBeGreaterThan(0);
});
