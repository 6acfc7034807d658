// A deploy as people see it while it runs: one table. Pure.
import { formatTable } from "../stack/table.ts";
import type { Felt } from "./felt.ts";
import type { FleetTask } from "./fleet.ts";
import type { Plan } from "./plan.ts";
import type { Stage } from "./rollout.ts";
import { addressText } from "./target-story.ts";
import type { Sight } from "./watch.ts";

export interface Picture {
  readonly plan: Plan;
  readonly stage: Stage;
  readonly seconds: number;
  readonly sight: Sight;
  readonly felt: Felt | undefined;
}

const STAGE_TEXT: Readonly<Record<Stage, string>> = {
  clearing: "what a killed deploy has left leaves",
  baseline: "canaries take their seats",
  starting: "new servers start",
  baking: "new servers bake",
  emptying: "old servers hand over and leave",
  "rolling-back": "rolling back: new servers hand over and leave",
  aftermath: "watching the end",
};

const HEADS = ["server", "version", "gen", "task", "target", "says", "players", "rooms"];

export function pictureText({ plan, stage, seconds, sight, felt }: Picture): string {
  const title = `${plan.strategy} deploy ${plan.from} -> ${plan.to}   ${STAGE_TEXT[stage]}   ${seconds.toFixed(0)} s`;
  const rows = [...sight.tasks].sort(byGeneration).map((task) => rowOf(task, sight));
  return [title, "", formatTable(HEADS, rows), "", `canaries  ${feltText(felt)}`].join("\n");
}

const byGeneration = (a: FleetTask, b: FleetTask): number => a.generation - b.generation;

function rowOf(task: FleetTask, { targets, words }: Sight): string[] {
  const said = words.get(task.id);
  const target = (task.address && targets.get(addressText(task.address))) ?? "-";
  return [
    ...[task.id, task.version, String(task.generation), task.status, target],
    ...[said?.state ?? "-", shown(said?.players), shown(said?.rooms)],
  ];
}

const shown = (value: number | undefined): string => (value === undefined ? "-" : String(value));

function feltText(felt: Felt | undefined): string {
  if (felt === undefined) return "-";
  const { gapMs, inputs } = felt;
  const gaps = `gap p50 ${ms(gapMs.p50)}, p99 ${ms(gapMs.p99)}, max ${ms(gapMs.max)}`;
  const rest = `${felt.disconnects} disconnects, ${inputs.lost} inputs lost, ${inputs.doubled} doubled`;
  return `${felt.players} playing, ${felt.moved} moved; ${gaps}; ${rest}`;
}

const ms = (value: number): string => `${Math.round(value)} ms`;

/** The same in one line, for logs: told when it differs from the line before. */
export function pictureLine({ plan, stage, sight }: Picture): string {
  const servers = [...sight.tasks].sort(byGeneration).map((task) => {
    const [id, version, , status, target, , players] = rowOf(task, sight);
    return `${id} (${version}) ${status === "RUNNING" ? target : status} ${players}`;
  });
  return `${plan.to}: ${STAGE_TEXT[stage]} | ${servers.join(", ")}`;
}
