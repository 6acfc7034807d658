// One operation of the API: its name, the table of its parameters, and what it does. It works on the store and on ports
// of its own (listening, certificates, health), never on a socket.

import type { CertificateStore } from "../certificates/store.ts";
import type { Clock } from "../clock.ts";
import type { HealthDescription } from "../health/description.ts";
import type { Store } from "../model/store.ts";
import type { Target, TargetGroup, TargetKey } from "../model/types.ts";
import type { InputOf, Members } from "./shape.ts";

export interface ListenerPorts {
  /** Listens on the port, or throws an ElbError that says why not. */
  open(port: number): Promise<void>;
  /** Gives up an opened port for which no listener was stored. */
  release(port: number): void;
}

export interface ControlContext {
  readonly store: Store;
  readonly clock: Clock;
  /** 16 hexadecimal digits, never the same twice. */
  readonly newId: () => string;
  readonly ports: ListenerPorts;
  readonly certificates: CertificateStore;
  readonly describeHealth: (group: TargetGroup, target: Target) => HealthDescription;
  /** What anomaly detection has found out about a target. */
  readonly anomaly: (groupArn: string, key: TargetKey) => { readonly anomalous: boolean; readonly mitigated: boolean };
  /** Health checks may run every second: not as on AWS. */
  readonly fastHealthChecks: boolean;
}

export interface Operation {
  readonly name: string;
  readonly members: Members;
  readonly run: (input: never, context: ControlContext) => object | Promise<object>;
}

export const operation = <M extends Members>(
  name: string,
  members: M,
  run: (input: InputOf<M>, context: ControlContext) => object | Promise<object>,
): Operation => ({ name, members, run });
