// Open WebSockets: how many each target has, and how many bytes they carry. Tunnels only count their bytes; here the
// counters are read once a second, so that a forwarded message costs nothing.

import type { Tunnel } from "../proxy/tunnel.ts";
import { activeWebSockets, ownNamespace } from "./metric-definitions.ts";
import type { MetricHistory, Series } from "./metric-history.ts";

/** Whose tunnel it is. */
export interface TunnelPlace {
  readonly loadBalancer: string;
  readonly targetGroup: string;
  /** `address:port`. */
  readonly target: string;
}

interface Watched {
  readonly counts: readonly Count[];
  readonly carried: (bytes: number) => void;
  counted: number;
}

/** How many are open with the same dimensions. */
interface Count {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly series: Series;
  open: number;
}

export class TunnelWatch {
  readonly #history: MetricHistory;
  readonly #tunnels = new Map<Tunnel, Watched>();
  readonly #counts = new Map<string, Count>();

  constructor(history: MetricHistory) {
    this.#history = history;
  }

  /** `carried` is told, at sampling and at the end, what was carried since the last time. */
  opened(tunnel: Tunnel, place: TunnelPlace, carried: (bytes: number) => void): void {
    const { loadBalancer: LoadBalancer, targetGroup: TargetGroup, target: Target } = place;
    const counts = [{ LoadBalancer }, { LoadBalancer, TargetGroup }, { LoadBalancer, TargetGroup, Target }].map(
      (each) => this.#count(each),
    );
    for (const count of counts) count.open++;
    this.#tunnels.set(tunnel, { counts, carried, counted: 0 });
  }

  closed(tunnel: Tunnel): void {
    const watched = this.#tunnels.get(tunnel);
    if (!watched) return;
    read(tunnel, watched);
    this.#tunnels.delete(tunnel);
    for (const count of watched.counts) count.open--;
  }

  sample(): void {
    for (const [tunnel, watched] of this.#tunnels) read(tunnel, watched);
    for (const [key, { series, open }] of this.#counts) {
      series.add(open);
      // The zero has been told once, that is enough.
      if (open === 0) this.#counts.delete(key);
    }
  }

  /** Open WebSockets by load balancer, by group and by target. */
  open(): readonly { readonly dimensions: Readonly<Record<string, string>>; readonly open: number }[] {
    return [...this.#counts.values()];
  }

  #count(dimensions: Record<string, string>): Count {
    const key = Object.values(dimensions).join(" ");
    const known = this.#counts.get(key);
    if (known) return known;
    const metric = { namespace: ownNamespace, name: activeWebSockets.name, dimensions };
    const count = { dimensions, series: this.#history.series(metric, { unit: "Count", kind: "level" }), open: 0 };
    this.#counts.set(key, count);
    return count;
  }
}

function read(tunnel: Tunnel, watched: Watched): void {
  const total = tunnel.bytes.fromClient + tunnel.bytes.fromTarget;
  if (total > watched.counted) watched.carried(total - watched.counted);
  watched.counted = total;
}
