import { expect, test } from "vitest";
import type { FinishedCheck } from "../health/monitor.ts";
import { group, target } from "../testing/fixtures.ts";
import { createHealthNews } from "./health-news.ts";

test("a target is told when it is checked first and when the outcome changes, with what is wrong", () => {
  const said: string[] = [];
  const news = createHealthNews((text) => said.push(text));
  const [one, two] = [target(3000), { ...target(3001), id: "::1" }];
  const check = (of: typeof one, result: FinishedCheck["result"], port = of.port) =>
    news({ group: group("app", []), target: of, port, endedAtMs: 0, tookMs: 0, result });
  check(one, { kind: "failed", reset: true });
  check(one, { kind: "failed", reset: true });
  check(one, { kind: "wrong-code", code: 404 });
  check(two, { kind: "timeout" }, 9000);
  check(one, { kind: "wrong-code", code: 500 });
  check(one, { kind: "pass", code: 200 });
  check(one, { kind: "pass", code: 200 });
  expect(said).toEqual([
    "app: 10.0.0.1:3000 takes no connection, or breaks it, on GET /; is asked again every 30 s\n",
    "app: 10.0.0.1:3000 answers GET / with 404, where Matcher wants 200; is asked again every 30 s\n",
    "app: [::1]:3001 does not answer GET / on port 9000 within 5 s; is asked again every 30 s\n",
    "app: 10.0.0.1:3000 answers GET / with 500, where Matcher wants 200; is asked again every 30 s\n",
    "app: 10.0.0.1:3000 passes health checks (GET /)\n",
  ]);
});
