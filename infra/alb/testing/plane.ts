// A data plane on loopback with a virtual clock and a routing table that tests write by hand.

import { makeAuthority, makeLeaf, type Pem } from "../certificates/authority.ts";
import { readCertificate } from "../certificates/certificate.ts";
import { certificateArn } from "../model/arns.ts";
import type { State } from "../model/store.ts";
import type { Action, Certificate, Target, TargetKey } from "../model/types.ts";
import { DataPlane } from "../proxy/data-plane.ts";
import type { ExchangeRecord } from "../proxy/record.ts";
import { buildTable } from "../routing/table.ts";
import type { ObservedHealth } from "../routing/usable-targets.ts";
import { defaultSwitches, type Switches } from "../switches.ts";
import { forwardTo, group, type Setting, stateOf } from "./fixtures.ts";
import { freePort } from "./free-port.ts";
import { VirtualClock } from "./virtual-clock.ts";

const localArn = certificateArn("localhost");
const otherArn = certificateArn("other");

let made: Promise<{ ca: Pem; certificates: ReadonlyMap<string, Certificate> }> | undefined;

/** Certificates of `localhost` and `other.test`, made once for each test file. */
export function testCertificates() {
  made ??= (async () => {
    const ca = await makeAuthority(Date.now());
    const leaf = async (arn: string, ...names: string[]) => {
      const pem = await makeLeaf(ca, names, Date.now());
      return [arn, readCertificate({ arn, origin: "issued", ...pem }, Date.now())] as const;
    };
    const certificates = new Map([await leaf(localArn, "localhost", "127.0.0.1"), await leaf(otherArn, "other.test")]);
    return { ca, certificates };
  })();
  return made;
}

export interface Plane {
  readonly port: number;
  readonly clock: VirtualClock;
  readonly dataPlane: DataPlane;
  /** Exchanges that are over. */
  readonly records: ExchangeRecord[];
  /** Resolves once that many exchanges are over. */
  finished(count: number): Promise<readonly ExchangeRecord[]>;
  readonly connections: { client: number; target: number };
  readonly badRequests: number[];
  /** Publishes another table. */
  change(setting: Partial<Setting>, health?: ObservedHealth): void;
  close(): Promise<void>;
}

export const localTarget = (port: number, more: Partial<Target> = {}): Target => ({
  ...{ id: "127.0.0.1", port, availabilityZone: "us-east-1a" },
  ...more,
});

/** Forwards to group `g`, whose targets are on the given ports. */
export const forwardingTo = (...ports: number[]): { groups: Setting["groups"]; defaultAction: Action } => ({
  groups: [
    group(
      "g",
      ports.map((port) => localTarget(port)),
    ),
  ],
  defaultAction: forwardTo(["g", 1]),
});

export async function startPlane(
  setting: Setting,
  options: {
    protocol?: "HTTP" | "HTTPS";
    health?: ObservedHealth;
    maxClientConnections?: number;
    maxTargetConnections?: number;
    switches?: Partial<Switches>;
  } = {},
): Promise<Plane> {
  const { certificates } = await testCertificates();
  const clock = new VirtualClock(Date.now());
  const records: ExchangeRecord[] = [];
  const connections = { client: 0, target: 0 };
  const badRequests: number[] = [];
  const waiting = new Set<() => void>();
  const dataPlane = new DataPlane({
    ...{ clock, bind: ["127.0.0.1"] },
    ...(options.maxClientConnections && { maxClientConnections: options.maxClientConnections }),
    ...(options.maxTargetConnections && { maxTargetConnections: options.maxTargetConnections }),
    switches: { ...defaultSwitches, ...options.switches },
    events: {
      clientConnection: (_loadBalancer, event) => {
        connections.client += event === "open" ? 1 : -1;
      },
      targetConnection: (_groupArn, event) => {
        connections.target += event === "open" ? 1 : -1;
      },
      rejected: () => {},
      accepted: () => {},
      handshakeFailed: () => {},
      targetHandshakeFailed: () => {},
      badRequest: (_client, status) => badRequests.push(status),
      refused: () => {},
      routed: () => {},
      tunnelOpened: () => {},
      failed: (error) => {
        throw error;
      },
      done: (record) => {
        records.push(record);
        for (const each of [...waiting]) each();
      },
    },
  });
  const port = await freePort();
  await dataPlane.ports.open(port);
  const tls = options.protocol === "HTTPS" ? { protocol: "HTTPS" as const, certificateArns: [localArn, otherArn] } : {};
  let current: Setting = setting;
  const publish = (health: ObservedHealth) => {
    const state: State = { ...stateOf({ ...current, listener: { port, ...tls, ...current.listener } }), certificates };
    dataPlane.publish(buildTable(state, health));
  };
  publish(options.health ?? allHealthy);
  return {
    ...{ port, clock, dataPlane, records, connections, badRequests },
    finished: (count) =>
      new Promise((resolve) => {
        const look = () => {
          if (records.length < count) return;
          waiting.delete(look);
          resolve(records);
        };
        waiting.add(look);
        look();
      }),
    change(next, health = allHealthy) {
      current = { ...current, ...next };
      publish(health);
    },
    close: () => dataPlane.close(0),
  };
}

const allHealthy = (_key: TargetKey) => "healthy" as const;
