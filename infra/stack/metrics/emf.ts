// Reads lines of CloudWatch's embedded metric format, as the log agent of AWS does: which numbers of the line are
// metrics is told by the line itself. Whatever is not exactly that is no metric; a log may hold anything.
import { z } from "zod";

const LINE_MAX_CHARS = 16_384;
const DIRECTIVES_MAX = 10;
const METRICS_MAX = 100;
const VALUES_MAX = 100;
const DIMENSION_SETS_MAX = 10;
const DIMENSIONS_MAX = 30;
const NAME_MAX_CHARS = 255;

const name = z.string().min(1).max(NAME_MAX_CHARS);
const metadataSchema = z.object({
  Timestamp: z.int().positive(),
  CloudWatchMetrics: z
    .array(
      z.object({
        Namespace: name,
        Dimensions: z.array(z.array(name).max(DIMENSIONS_MAX)).min(1).max(DIMENSION_SETS_MAX),
        Metrics: z
          .array(
            z.object({
              Name: name,
              Unit: name.default("None"),
              StorageResolution: z.union([z.literal(1), z.literal(60)]).default(60),
            }),
          )
          .max(METRICS_MAX),
      }),
    )
    .max(DIRECTIVES_MAX),
});
const lineSchema = z.looseObject({ _aws: metadataSchema });
const valuesSchema = z.union([z.number().transform((value) => [value]), z.array(z.number()).min(1).max(VALUES_MAX)]);

/** One sample, or several of the same moment, as PutMetricData takes them. */
export interface Datum {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
  readonly storageResolution: 1 | 60;
  readonly dimensions: readonly { readonly name: string; readonly value: string }[];
  readonly at: Date;
  readonly values: readonly number[];
}

/** The metrics of a line; none when it is an ordinary line, or names a metric or dimension that it does not have. */
export function readEmf(line: string): Datum[] {
  if (line.length > LINE_MAX_CHARS || !line.startsWith("{") || !line.includes('"_aws"')) return [];
  const result = lineSchema.safeParse(parse(line));
  if (!result.success) return [];
  const { _aws: metadata, ...members } = result.data;
  const at = new Date(metadata.Timestamp);
  if (Number.isNaN(at.getTime())) return [];
  return metadata.CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => {
      const dimensions = readDimensions(names, members);
      if (dimensions === undefined) return [];
      return Metrics.flatMap(({ Name, Unit: unit, StorageResolution: storageResolution }) => {
        const values = valuesSchema.safeParse(own(members, Name));
        if (!values.success) return [];
        return [{ namespace, name: Name, unit, storageResolution, dimensions, at, values: values.data }];
      });
    }),
  );
}

function readDimensions(names: readonly string[], members: Record<string, unknown>): Datum["dimensions"] | undefined {
  const dimensions = names.flatMap((dimension) => {
    const value = own(members, dimension);
    return typeof value === "string" && value !== "" ? [{ name: dimension, value }] : [];
  });
  return dimensions.length === names.length ? dimensions : undefined;
}

const own = (members: Record<string, unknown>, key: string): unknown =>
  Object.hasOwn(members, key) ? members[key] : undefined;

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // a line of text that happens to hold the word
  }
}
