// What the cluster reports, as Prometheus counters: relay traffic, heartbeats, checkpoints, changes of owner.

import { Counter, Histogram, type Registry } from "prom-client";
import type { ClusterMetrics } from "./cluster/telemetry.ts";

const BEAT_BUCKETS_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1];

export function clusterMetrics(registry: Registry): ClusterMetrics {
  const registers = [registry];
  const messages = new Counter({
    name: "tidegate_relay_messages_total",
    help: "Messages about rooms that went to or came from other servers.",
    labelNames: ["direction", "kind"],
    registers,
  });
  const bytes = new Counter({
    name: "tidegate_relay_bytes_total",
    help: "Bytes of those messages.",
    labelNames: ["direction", "kind"],
    registers,
  });
  const beats = new Histogram({
    name: "tidegate_heartbeat_seconds",
    help: "Time until Redis answered a heartbeat, or the wait for it was given up.",
    labelNames: ["outcome"],
    buckets: BEAT_BUCKETS_SECONDS,
    registers,
  });
  const checkpoints = new Counter({
    name: "tidegate_checkpoints_total",
    help: "Checkpoints of rooms by outcome.",
    labelNames: ["outcome"],
    registers,
  });
  const checkpointBytes = new Counter({
    name: "tidegate_checkpoint_bytes_total",
    help: "Bytes of checkpoints by outcome.",
    labelNames: ["outcome"],
    registers,
  });
  const ownership = new Counter({
    name: "tidegate_room_ownership_total",
    help: "Rooms made, taken over, yielded to a higher epoch, closed for a code that another had.",
    labelNames: ["change"],
    registers,
  });
  return {
    relayed(direction, kind, size) {
      messages.inc({ direction, kind });
      bytes.inc({ direction, kind }, size);
    },
    beat: (outcome, durationMs) => beats.observe({ outcome }, durationMs / 1000),
    checkpoint(outcome, size) {
      checkpoints.inc({ outcome });
      checkpointBytes.inc({ outcome }, size);
    },
    ownership: (change) => ownership.inc({ change }),
  };
}
