// Plays the part that CloudWatch Logs plays on AWS: finds metrics in the lines that servers write, and puts them into
// CloudWatch. Metrics are for looking at: when they cannot be delivered they are dropped, and nothing waits for them.
import {
  type CloudWatchClient,
  type MetricDatum,
  PutMetricDataCommand,
  type StandardUnit,
} from "@aws-sdk/client-cloudwatch";
import type { Clock } from "../clock.ts";
import { type Datum, readEmf } from "./emf.ts";

/** Servers write at the same moment, so that what has gathered after this is from all of them. */
const GATHER_MS = 500;
/** What may wait, and what one call may hold. */
const WAITING_MAX = 1_000;

export interface MetricForwarderDependencies {
  readonly put: (namespace: string, data: readonly Datum[]) => Promise<void>;
  readonly clock: Clock;
  readonly say: (line: string) => void;
}

export class MetricForwarder {
  readonly #dependencies: MetricForwarderDependencies;
  readonly #closing = new AbortController();
  #waiting: Datum[] = [];
  #isSending = false;
  #lastTrouble = "";

  constructor(dependencies: MetricForwarderDependencies) {
    this.#dependencies = dependencies;
  }

  /** A line of a server's stdout, whatever it is. */
  line(text: string): void {
    if (this.#closing.signal.aborted) return;
    const data = readEmf(text);
    if (data.length === 0) return;
    this.#waiting = [...this.#waiting, ...data].slice(-WAITING_MAX);
    if (!this.#isSending) void this.#send();
  }

  /** What still waits is dropped. */
  close(): void {
    this.#closing.abort();
  }

  async #send(): Promise<void> {
    const { clock, put, say } = this.#dependencies;
    this.#isSending = true;
    while (this.#waiting.length > 0) {
      await clock.sleep(GATHER_MS, this.#closing.signal);
      if (this.#closing.signal.aborted) return;
      const data = this.#waiting;
      this.#waiting = [];
      try {
        for (const [namespace, ofIt] of byNamespace(data)) await put(namespace, ofIt);
        this.#lastTrouble = "";
      } catch (error) {
        const { message } = error as Error;
        if (message !== this.#lastTrouble && !this.#closing.signal.aborted) say(`Metrics are lost: ${message}.`);
        this.#lastTrouble = message;
      }
    }
    this.#isSending = false;
  }
}

function byNamespace(data: readonly Datum[]): ReadonlyMap<string, Datum[]> {
  const found = new Map<string, Datum[]>();
  for (const datum of data) found.set(datum.namespace, [...(found.get(datum.namespace) ?? []), datum]);
  return found;
}

export const putMetrics =
  (client: CloudWatchClient): MetricForwarderDependencies["put"] =>
  async (namespace, data) => {
    await client.send(new PutMetricDataCommand({ Namespace: namespace, MetricData: data.map(asMetricDatum) }));
  };

const asMetricDatum = (datum: Datum): MetricDatum => ({
  MetricName: datum.name,
  Dimensions: datum.dimensions.map(({ name, value }) => ({ Name: name, Value: value })),
  Timestamp: datum.at,
  Values: [...datum.values],
  Unit: datum.unit as StandardUnit, // whatever a line says: CloudWatch refuses units that it does not know
  StorageResolution: datum.storageResolution,
});
