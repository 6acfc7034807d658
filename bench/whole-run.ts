// `npm run bench` without a name: every measurement in its short form, one after the other, and all targets in one table at the end.
// Each is a process of its own, so that it begins with a clean heap, can be ended when it takes too long, and takes no other with it.
import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { EXIT } from "../infra/stack/refusal.ts";
import { onEndingSignals } from "../infra/stack/signals.ts";
import { typescriptArguments } from "../infra/stack/typescript.ts";
import { benchHome, circumstances, jsonFileOf, say, writeJson } from "./common/notes.ts";
import { type Target, targetsSchema, targetTable } from "./common/targets.ts";

export interface ShortForm {
  /** What it is called by, as in `npm run bench -- NAME`. */
  readonly name: string;
  readonly flags: readonly string[];
  /** After that it is ended, seconds. */
  readonly limitSeconds: number;
}

/** Made for two cores and six minutes together. What they leave out stands in docs/benchmarks.md. */
const SHORT_FORMS: readonly ShortForm[] = [
  {
    name: "server",
    flags: ["--only", "tidegate,ws,colyseus,socket.io", "--rounds", "1", "--seconds", "5", "--warm-up", "4"],
    limitSeconds: 150,
  },
  {
    name: "arena",
    flags: ["--rounds", "1", "--seconds", "4", "--warm-up", "4", "--gather", "20"],
    limitSeconds: 100,
  },
  { name: "stack", flags: ["--rounds", "1", "--seconds", "4", "--latency-seconds", "8"], limitSeconds: 120 },
  {
    name: "proxy",
    flags: ["--parts", "messages", "--transports", "tls", "--rounds", "2"],
    limitSeconds: 120,
  },
  { name: "feel", flags: ["--seconds", "40", "--players", "6"], limitSeconds: 90 },
  { name: "slow-reader", flags: ["--readers", "tls", "--seconds", "15"], limitSeconds: 90 },
  { name: "alb-memory", flags: ["--sockets", "500"], limitSeconds: 60 },
];

export type Measured = { readonly targets: readonly Target[] } | { readonly failure: string };

/** Measures one after the other; one that fails is named, and the others go on. Code 1 when one has no figures. */
export async function runWhole(root: string): Promise<number> {
  const stop = new AbortController();
  onEndingSignals(
    () => stop.abort(),
    () => {}, // ending one measurement is bounded in time
  );
  const startedMs = performance.now();
  const measured = await measureAll(SHORT_FORMS, (form) => measure(root, form, stop.signal), stop.signal);
  const seconds = Math.round((performance.now() - startedMs) / 1_000);
  process.stdout.write(`\n${summary(measured, seconds)}\n`);
  const file = join(benchHome(root), "summary.json");
  writeJson(file, { ...circumstances(), seconds, ...measured });
  say(`The figures of each are in ${benchHome(root)}.`);
  return measured.failures.length === 0 ? EXIT.done : EXIT.notAchieved;
}

export interface WholeRun {
  readonly targets: readonly Target[];
  /** One sentence for each measurement without figures. */
  readonly failures: readonly string[];
}

export async function measureAll(
  forms: readonly ShortForm[],
  measureOne: (form: ShortForm) => Promise<Measured>,
  signal: AbortSignal,
): Promise<WholeRun> {
  const targets: Target[] = [];
  const failures: string[] = [];
  for (const form of forms) {
    const measured = signal.aborted ? { failure: "interrupted" } : await measureOne(form);
    if ("targets" in measured) targets.push(...measured.targets);
    else failures.push(`${form.name} is not measured: ${measured.failure}`);
  }
  return { targets, failures };
}

export function summary({ targets, failures }: WholeRun, seconds: number): string {
  const missed = targets.filter(({ met }) => !met).length;
  const count = `${targets.length} targets, ${missed} missed, in ${seconds} s.`;
  return [`== Targets\n${targetTable(targets)}`, ...failures, count].join("\n");
}

async function measure(root: string, form: ShortForm, signal: AbortSignal): Promise<Measured> {
  const file = jsonFileOf(root, form.name);
  rmSync(file, { force: true }); // what is read afterwards is of this run
  process.stdout.write(`\n== npm run bench -- ${[form.name, ...form.flags].join(" ")}\n`);
  const { code, lastWords } = await runToItsEnd(root, form, signal);
  if (code !== EXIT.done) return { failure: lastWords };
  try {
    return targetsSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    return { failure: `${file} does not say its targets (${(error as Error).message.split("\n")[0]}).` };
  }
}

/** Its output is ours. What it said last is its reason when it fails. */
function runToItsEnd(root: string, { name, flags, limitSeconds }: ShortForm, signal: AbortSignal) {
  return new Promise<{ code: number | null; lastWords: string }>((resolve) => {
    const args = [...typescriptArguments(root, "bench/main.ts"), name, ...flags];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "inherit", "pipe"] });
    let lastWords = "it said nothing.";
    child.stderr.on("data", (chunk: Buffer) => {
      process.stderr.write(chunk);
      lastWords = chunk.toString().trim().split("\n").at(-1) || lastWords;
    });
    const end = () => void child.kill("SIGTERM");
    const timer = setTimeout(() => {
      end();
      say(`${name} is ended: it took more than ${limitSeconds} s.`);
    }, limitSeconds * 1_000);
    signal.addEventListener("abort", end, { once: true });
    child.once("error", (error) => {
      lastWords = error.message;
    });
    child.once("close", (code) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve({ code, lastWords });
    });
  });
}
