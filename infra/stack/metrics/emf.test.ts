import fc from "fast-check";
import { expect, test } from "vitest";
import { readEmf } from "./emf.ts";

const metric = { Name: "PlayersPerServer", Unit: "Count", StorageResolution: 1 };
const directive = { Namespace: "Tidegate", Dimensions: [["Service"]], Metrics: [metric] };
const line = (changes: object = {}, metadata: object = {}) =>
  JSON.stringify({
    _aws: { Timestamp: 1_700_000_000_000, CloudWatchMetrics: [directive], ...metadata },
    ...{ Service: "tidegate", server: "s1", PlayersPerServer: 7, ...changes },
  });
const withDirective = (changes: object) => line({}, { CloudWatchMetrics: [{ ...directive, ...changes }] });

const datum = {
  ...{ namespace: "Tidegate", name: "PlayersPerServer", unit: "Count", storageResolution: 1 },
  ...{ dimensions: [{ name: "Service", value: "tidegate" }], at: new Date(1_700_000_000_000), values: [7] },
};

test("the numbers that a line calls metrics are found, and its other members are not", () => {
  expect(readEmf(line())).toEqual([datum]);
});

test("a metric may have several values, several sets of dimensions, or none at all", () => {
  expect(readEmf(line({ PlayersPerServer: [1, 2] }))).toEqual([{ ...datum, values: [1, 2] }]);
  const sets = readEmf(withDirective({ Dimensions: [[], ["Service", "server"]] }));
  expect(sets.map(({ dimensions }) => dimensions.map(({ name }) => name))).toEqual([[], ["Service", "server"]]);
});

test("unit and resolution have CloudWatch's defaults", () => {
  expect(readEmf(withDirective({ Metrics: [{ Name: "PlayersPerServer" }] }))).toMatchObject([
    { unit: "None", storageResolution: 60 },
  ]);
});

test.each([
  ["text", "players: 7"],
  ["an ordinary log line", '{"level":30,"msg":"someone called \\"_aws\\" joined"}'],
  ["half a line", line().slice(0, -1)],
  ["more than a line", `${line()} ${line()}`],
  ["metadata that is no object", '{"_aws":7}'],
  ["no time", line({}, { Timestamp: undefined })],
  ["a time that is none", line({}, { Timestamp: 1e300 })],
  ["a metric that is a text", line({ PlayersPerServer: "7" })],
  ["a metric that is not there", line({ PlayersPerServer: undefined })],
  ["a metric inherited by every object", withDirective({ Metrics: [{ Name: "toString" }] })],
  ["too many values", line({ PlayersPerServer: Array.from({ length: 101 }, () => 1) })],
  ["a dimension that is not there", withDirective({ Dimensions: [["Region"]] })],
  ["a dimension inherited by every object", withDirective({ Dimensions: [["__proto__"]] })],
  ["a dimension that is a number", line({ Service: 7 })],
  ["too many dimensions", withDirective({ Dimensions: [Array.from({ length: 31 }, (_, index) => `d${index}`)] })],
  ["a resolution that is none", withDirective({ Metrics: [{ ...metric, StorageResolution: 5 }] })],
  ["a namespace without a name", withDirective({ Namespace: "" })],
  ["a very long line", line({ padding: "x".repeat(20_000) })],
])("%s is no metric", (_what, text) => {
  expect(readEmf(text)).toEqual([]);
});

test("whatever a line holds, it is read or passed over, never thrown at", () => {
  const json = fc.json();
  const hostile = fc.record({
    _aws: fc.oneof(fc.jsonValue(), fc.record({ Timestamp: fc.double(), CloudWatchMetrics: fc.jsonValue() })),
    __proto__: fc.jsonValue(),
  });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        json,
        hostile.map((value) => JSON.stringify(value)),
      ),
      (text) => {
        for (const { values } of readEmf(text)) expect(values.every(Number.isFinite)).toBe(true);
      },
    ),
    { seed: 6 },
  );
});
