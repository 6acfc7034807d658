// The frame around every measurement with processes of its own: a signal that an interruption sets, and an end for all that was started.
import { platform } from "node:os";
import { EXIT, Refusal } from "../../infra/stack/refusal.ts";
import { onEndingSignals } from "../../infra/stack/signals.ts";
import { say } from "./notes.ts";

export interface Closable {
  close(): Promise<void>;
}

export interface Measurement {
  readonly signal: AbortSignal;
  /** Takes what is to be ended, whatever comes; the last one that started is ended first. */
  readonly onStart: (started: Closable) => void;
}

/** Resolves with an exit code. Linux only. */
export async function runMeasurement(measure: (measurement: Measurement) => Promise<number>): Promise<number> {
  if (platform() !== "linux")
    throw new Refusal("bench-platform", "This measurement reads /proc: it runs on Linux only.");
  const stop = new AbortController();
  onEndingSignals(
    () => stop.abort(),
    () => {}, // ending everybody is bounded in time
  );
  const { signal } = stop;
  const started: Closable[] = [];
  try {
    return await measure({ signal, onStart: (one) => void started.push(one) });
  } catch (error) {
    if (!signal.aborted) throw error;
    say("Interrupted: no figures.");
    return EXIT.notAchieved;
  } finally {
    for (const one of started.reverse()) await one.close();
  }
}
