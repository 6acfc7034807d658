// Where AWS does not say what an ALB does, and observers disagree: one switch each, with the value that we think likely.
// The same names and values serve `--switch name=value` and the config file.

import { z } from "zod";

const yesNo = z.union([z.boolean(), z.stringbool({ truthy: ["yes", "true"], falsy: ["no", "false"] })], {
  error: "it must be yes or no",
});

/** AWS was seen to take up to 19 s; a longer lag would outlive most deregistration delays. */
const MAX_LAG_SECONDS = 120;
const lagError = `it must be a number of seconds or two, "min,max", from 0 to ${MAX_LAG_SECONDS}`;
const seconds = z.number().min(0).max(MAX_LAG_SECONDS);
const secondsRange = z
  .union(
    [
      seconds.transform((both) => [both, both] as const),
      z.tuple([seconds, seconds]).readonly(),
      z
        .string()
        .regex(/^\d{1,3}(\.\d{1,3})?(,\d{1,3}(\.\d{1,3})?)?$/)
        .transform((text) => text.split(",").map(Number))
        .pipe(z.array(seconds))
        .transform(([min = 0, max = min]) => [min, max] as const),
    ],
    { error: lagError },
  )
  .refine(([min, max]) => min <= max, { error: "its minimum must not exceed its maximum" });

/** Reads a record of switches as the config file holds it; what is left out gets its default. */
export const switchesSchema = z.strictObject({
  /**
   * Seconds, least and most, that pass until a registered or deregistered target is known to the nodes; drawn anew each
   * time. A draining target may get new requests for that long. Default 0,0; AWS was seen to take 2 to 19 s.
   */
  propagationLagSeconds: secondsRange.default([0, 0]),
  /** An open WebSocket counts as an outstanding request of its target. Default yes. */
  webSocketsOutstanding: yesNo.default(true),
  /** Stickiness cookies are set on the 101 of a WebSocket as on every other response. Default yes. */
  cookiesOn101: yesNo.default(true),
  /** A group in which no target has been checked yet routes to them all the same; else 503. Default no. */
  routeToInitial: yesNo.default(false),
  /** How WebSockets that are left at the deregistration deadline are closed. Default FIN. */
  drainDeadlineClose: z.enum(["FIN", "RST"], { error: "it must be FIN or RST" }).default("FIN"),
});

export type Switches = Readonly<z.output<typeof switchesSchema>>;

export const switchNames = Object.keys(switchesSchema.shape) as readonly (keyof Switches)[];

export const defaultSwitches: Switches = switchesSchema.parse({});

/** One `name=value` of the command line; a string is the sentence that refuses it. */
export function readSwitch(text: string): Partial<Switches> | string {
  const cut = text.indexOf("=");
  const name = cut < 0 ? text : text.slice(0, cut);
  if (!Object.hasOwn(switchesSchema.shape, name)) {
    return `'${name}' is not a switch; there are ${switchNames.join(", ")}.`;
  }
  if (cut < 0) return `the switch '${name}' needs a value: ${name}=VALUE.`;
  const value = text.slice(cut + 1);
  const known = name as keyof Switches;
  const read = switchesSchema.shape[known].safeParse(value);
  return read.success
    ? { [known]: read.data }
    : `the switch '${name}' cannot be '${value}': ${read.error.issues[0]?.message}.`;
}
