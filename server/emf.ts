// What CloudWatch is to know of this server, as lines of CloudWatch's embedded metric format on stdout: on AWS the log driver
// hands them to CloudWatch Logs, which makes metrics of them without being asked to; on a laptop the supervisor does. Nothing is sent
// from here, so no permission is needed. Names and meanings: `serverMetrics` in infra/stack/topology.ts.

import type { Clock } from "./clock.ts";
import type { PeriodFigures } from "./period-figures.ts";

const NAMESPACE = "Tidegate";
const SERVICE = "tidegate";
/** A period below a minute is kept by the second. */
const MINUTE_SECONDS = 60;

export interface ServerLoad {
  /** Players whose socket is on this server. */
  readonly players: number;
  /** Rooms that run here. */
  readonly rooms: number;
}

export interface Measured {
  /** Undefined while the server takes nobody in: its load then says nothing about how many servers are needed. */
  readonly load: ServerLoad | undefined;
  /** Of the period that is over. */
  readonly figures: PeriodFigures;
}

export interface MetricLinesOptions {
  readonly clock: Clock;
  readonly periodSeconds: number;
  /** Told beside the metrics, so that a log can be searched by it; no dimension, since each would be another metric. */
  readonly self: Readonly<Record<string, string | number>>;
  readonly read: () => Measured;
  readonly write: (line: string) => void;
}

/**
 * One line for each whole period of the wall clock, with that moment as its time: so every server has exactly one sample
 * in every period, and the average of the samples is the average of the servers.
 */
export class MetricLines {
  readonly #options: MetricLinesOptions;
  #lastPeriod: number;
  #cancel: () => void = () => {};

  constructor(options: MetricLinesOptions) {
    this.#options = options;
    this.#lastPeriod = this.#period();
    this.#next();
  }

  /** Tells what the period that has begun brought so far. */
  close(): void {
    this.#cancel();
    const { clock, read } = this.#options;
    this.#write(clock.wallNow(), { ...read(), load: undefined });
  }

  /** How many whole periods have gone by since 1970. */
  #period(): number {
    const { clock, periodSeconds } = this.#options;
    return Math.floor(clock.wallNow() / (periodSeconds * 1_000));
  }

  #next(): void {
    const { clock, periodSeconds } = this.#options;
    const dueMs = (this.#lastPeriod + 1) * periodSeconds * 1_000;
    this.#cancel = clock.after(Math.max(0, dueMs - clock.wallNow()), () => {
      const period = this.#period();
      // A timer may be early by a fraction: then it is set again. After a long pause the periods that were missed stay empty.
      if (period !== this.#lastPeriod) this.#write(period * periodSeconds * 1_000, this.#options.read());
      this.#lastPeriod = period;
      this.#next();
    });
  }

  #write(atMs: number, measured: Measured): void {
    const { periodSeconds, self, write } = this.#options;
    write(emfLine({ atMs, periodSeconds, self, ...measured }));
  }
}

export function emfLine(
  line: Measured & {
    readonly atMs: number;
    readonly periodSeconds: number;
    readonly self: Readonly<Record<string, string | number>>;
  },
): string {
  const { atMs, periodSeconds, self, load, figures } = line;
  const StorageResolution = periodSeconds < MINUTE_SECONDS ? 1 : MINUTE_SECONDS;
  const metrics = {
    ...(load && { PlayersPerServer: load.players, RoomsPerServer: load.rooms }),
    TickGapMaxMs: Math.round(figures.tickGapMaxMs),
    RefusedConnections: figures.refused,
    LostConnections: figures.lost,
  };
  const directive = {
    Namespace: NAMESPACE,
    Dimensions: [["Service"]],
    Metrics: Object.keys(metrics).map((Name) => ({
      Name,
      Unit: Name.endsWith("Ms") ? "Milliseconds" : "Count",
      StorageResolution,
    })),
  };
  return `${JSON.stringify({
    _aws: { Timestamp: atMs, CloudWatchMetrics: [directive] },
    Service: SERVICE,
    ...self,
    ...metrics,
  })}\n`;
}
