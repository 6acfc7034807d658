// What requests to the CloudWatch API may hold, whichever protocol brought them. What is not named here is refused.

import { z } from "zod";
import { account } from "../../model/arns.ts";
import { type CloudWatchError, invalidValue, missing } from "./errors.ts";

const units = [
  ...["Seconds", "Microseconds", "Milliseconds", "Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes", "Bits"],
  ...["Kilobits", "Megabits", "Gigabits", "Terabits", "Percent", "Count", "Bytes/Second", "Kilobytes/Second"],
  ...["Megabytes/Second", "Gigabytes/Second", "Terabytes/Second", "Bits/Second", "Kilobits/Second", "Megabits/Second"],
  ...["Gigabits/Second", "Terabits/Second", "Count/Second", "None"],
] as const;

/** The Query protocol brings numbers and booleans as text. */
const fromText = (value: unknown) => (typeof value === "string" && /^[-+.\deE]+$/.test(value) ? Number(value) : value);
const number = z.preprocess(fromText, z.number());
const integer = z.preprocess(fromText, z.number().int());
const boolean = z.preprocess((value) => (value === "true" ? true : value === "false" ? false : value), z.boolean());
const text = (max: number) => z.string().min(1).max(max);

/** Seconds of the epoch (JSON), a date (CBOR) or ISO 8601 (Query). In milliseconds. */
const timestamp = z.preprocess((value) => {
  if (value instanceof Date) return value.getTime();
  if (typeof value === "number") return value * 1_000;
  return typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : value;
}, z.number().min(0).max(8.64e15));

/** The period of a metric's data points. */
const period = integer.refine(
  (seconds) => [1, 5, 10, 20, 30].includes(seconds) || (seconds > 0 && seconds % 60 === 0),
  "must be 1, 5, 10, 20, 30 or a multiple of 60",
);
const namespace = text(255).regex(/^[^:]/, "must not begin with a colon");
const dimension = z.strictObject({ Name: text(255), Value: text(1_024) });
const dimensions = z
  .array(dimension)
  .max(30)
  .refine((all) => new Set(all.map((each) => each.Name)).size === all.length, "must not name a dimension twice")
  .default([]);
const unit = z.enum(units).optional();
const ownAccount = z.literal(account).optional();

export const metricStatistics = z.strictObject({
  Namespace: namespace,
  MetricName: text(255),
  Dimensions: dimensions,
  StartTime: timestamp,
  EndTime: timestamp,
  Period: period,
  Statistics: z.array(z.string()).min(1).max(5).optional(),
  ExtendedStatistics: z.array(z.string()).min(1).max(10).optional(),
  Unit: unit,
});

export const metricData = z.strictObject({
  MetricDataQueries: z
    .array(
      z.strictObject({
        Id: text(255),
        MetricStat: z
          .strictObject({
            Metric: z.strictObject({ Namespace: namespace, MetricName: text(255), Dimensions: dimensions }),
            Period: period,
            Stat: z.string(),
            Unit: unit,
          })
          .optional(),
        Expression: z.string().optional(),
        Label: z.string().optional(),
        ReturnData: boolean.default(true),
        Period: period.optional(),
        AccountId: ownAccount,
      }),
    )
    .min(1)
    .max(500),
  StartTime: timestamp,
  EndTime: timestamp,
  NextToken: z.string().optional(),
  ScanBy: z.enum(["TimestampDescending", "TimestampAscending"]).default("TimestampDescending"),
  MaxDatapoints: integer.refine((most) => most >= 1 && most <= 100_800, "must be 1 to 100,800").default(100_800),
  LabelOptions: z
    .strictObject({
      Timezone: z
        .string()
        .regex(/^[+-]\d{4}$/)
        .optional(),
    })
    .optional(),
});

export const metricsToList = z.strictObject({
  Namespace: namespace.optional(),
  MetricName: text(255).optional(),
  Dimensions: z
    .array(z.strictObject({ Name: text(255), Value: text(1_024).optional() }))
    .max(10)
    .default([]),
  NextToken: z.string().optional(),
  RecentlyActive: z.literal("PT3H").optional(),
  IncludeLinkedAccounts: boolean.refine((linked) => !linked, "there are no linked accounts here").default(false),
  OwningAccount: ownAccount,
});

export const putMetrics = z.strictObject({
  Namespace: namespace,
  MetricData: z
    .array(
      z.strictObject({
        MetricName: text(255),
        Dimensions: dimensions,
        Timestamp: timestamp.optional(),
        Value: number.optional(),
        StatisticValues: z
          .strictObject({ SampleCount: number, Sum: number, Minimum: number, Maximum: number })
          .optional(),
        Values: z.array(number).min(1).max(150).optional(),
        Counts: z.array(number).min(1).max(150).optional(),
        Unit: z.enum(units).default("None"),
        StorageResolution: integer.refine((seconds) => seconds === 1 || seconds === 60, "must be 1 or 60").default(60),
      }),
    )
    .min(1)
    .max(1_000),
});

/** The input, or a refusal that names what is wrong by its path, such as `MetricData.member.1.Value`. */
export function readInput<S extends z.ZodType>(schema: S, raw: unknown): z.output<S> {
  const result = schema.safeParse(raw, { reportInput: true });
  if (result.success) return result.data;
  throw refusal(result.error.issues[0]!);
}

function refusal(issue: z.core.$ZodIssue): CloudWatchError {
  const at = pathOf(issue.path);
  if (issue.code === "unrecognized_keys") {
    return invalidValue(`The parameter ${pathOf([...issue.path, issue.keys[0]!])} is not known or not supported.`);
  }
  if (issue.input === undefined && issue.path.length > 0) return missing(at);
  if (issue.path.length === 0) return invalidValue("The request must be a structure.");
  return invalidValue(`The value for parameter ${at} is not valid: ${issue.message}.`);
}

const pathOf = (path: readonly PropertyKey[]) =>
  path.map((each) => (typeof each === "number" ? `member.${each + 1}` : String(each).slice(0, 255))).join(".");
