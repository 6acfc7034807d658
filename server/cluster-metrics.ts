// What the cluster reports, as Prometheus counters: relay traffic, heartbeats, checkpoints, changes of owner.

import { Counter, Histogram, type Registry } from "prom-client";
import type { ClusterMetrics } from "./cluster/telemetry.ts";

const BEAT_BUCKETS_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1];
const HAND_OFF_BUCKETS_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1];

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
    help: "Rooms made, taken over, inherited, handed off, yielded to a higher epoch, closed for a code that another had.",
    labelNames: ["change"],
    registers,
  });
  const prepares = new Histogram({
    name: "tidegate_hand_off_prepare_seconds",
    help: "Time that the heir of a room and the directory took to answer.",
    labelNames: ["outcome"],
    buckets: HAND_OFF_BUCKETS_SECONDS,
    registers,
  });
  const seals = new Histogram({
    name: "tidegate_hand_off_sealed_seconds",
    help: "Time that a room stood still between its last tick here and the word that it has a new owner, or has none.",
    labelNames: ["outcome"],
    buckets: HAND_OFF_BUCKETS_SECONDS,
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
    handOff(outcome, prepareMs, sealedMs) {
      prepares.observe({ outcome }, prepareMs / 1000);
      if (sealedMs !== undefined) seals.observe({ outcome }, sealedMs / 1000);
    },
  };
}
