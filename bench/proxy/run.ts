// One run: everybody starts, every heat is measured, everybody ends, whatever happens in between.
import { EXIT } from "../../infra/stack/refusal.ts";
import { TLS_CIPHER, TLS_CURVE, TLS_VERSION } from "../common/dial.ts";
import { runMeasurement } from "../common/measurement.ts";
import { circumstances as runCircumstances, say, writeJson } from "../common/notes.ts";
import { untilAborted } from "../common/until-aborted.ts";
import { type LineUp, lineUp } from "./line-up.ts";
import { measure, type Outcome } from "./measure.ts";
import { type ContestantName, type Heat, heatsOf, type Plan } from "./plan.ts";
import { describe, targetsOf } from "./report.ts";
import { summarise } from "./summary.ts";

export async function runPlan(root: string, plan: Plan): Promise<number> {
  return runMeasurement(async ({ signal, onStart }) => {
    const field = await untilAborted(lineUp(root, plan, onStart, signal), signal);
    for (const sentence of field.missing) say(sentence);
    if (plan.parts.includes("messages")) await warmUp(plan, field, signal);
    const { outcomes, failures } = await measureAll(plan, field, signal);
    const lines = summarise(outcomes);
    const versions = Object.fromEntries(field.contestants.map(({ name, version }) => [name, version]));
    writeJson(plan.jsonFile, {
      ...circumstances(plan),
      versions,
      missing: field.missing,
      failures,
      targets: targetsOf(lines),
      lines,
      outcomes,
    });
    const who = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
    process.stdout.write(`${who.join(", ")}\n\n${describe(lines, plan)}\n${failures.join("\n")}\n`);
    say(`Everything is in ${plan.jsonFile}.`);
    return failures.length === 0 ? EXIT.done : EXIT.notAchieved;
  });
}

/** A proxy runs for days, and one in JavaScript is compiled as it goes: its first seconds are not measured. */
const WARM_UP_SECONDS = 12;
const COMPILED_AS_THEY_GO: readonly ContestantName[] = ["ours", "http-proxy-3"];

async function warmUp(plan: Plan, field: LineUp, signal: AbortSignal): Promise<void> {
  const patient = { ...plan, seconds: WARM_UP_SECONDS };
  for (const transport of plan.transports) {
    for (const { name } of field.contestants.filter(({ name }) => COMPILED_AS_THEY_GO.includes(name))) {
      say(`warming up  messages, ${transport}, ${name}`);
      const heat: Heat = { round: 0, part: "messages", transport, lane: name };
      await untilAborted(measure(heat, patient, field, signal), signal);
    }
  }
}

async function measureAll(plan: Plan, field: LineUp, signal: AbortSignal) {
  const heats = heatsOf(
    plan,
    field.contestants.map(({ name }) => name),
  );
  const outcomes: Outcome[] = [];
  const failures: string[] = [];
  for (const [index, heat] of heats.entries()) {
    say(`${index + 1}/${heats.length}  ${nameOf(heat)}`);
    try {
      outcomes.push(await untilAborted(measure(heat, plan, field, signal), signal));
    } catch (error) {
      if (signal.aborted) throw error;
      failures.push(`${nameOf(heat)} failed: ${(error as Error).message.trim()}.`);
      say(failures.at(-1)!);
      await field.generator.ask("close", undefined, 10_000);
    }
  }
  return { outcomes, failures };
}

const nameOf = ({ round, part, transport, lane }: Heat): string => `round ${round}: ${part}, ${transport}, ${lane}`;

const circumstances = (plan: Plan) => ({
  ...runCircumstances(),
  tls: { version: TLS_VERSION, cipher: TLS_CIPHER, curve: TLS_CURVE, certificate: "ECDSA P-256" },
  plan,
});
