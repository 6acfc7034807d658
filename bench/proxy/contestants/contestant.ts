// What all proxies have in common: a process with a plain and a TLS port, in front of the same target.

import type { Transport } from "../../common/dial.ts";
import type { Program } from "../../common/program.ts";
import type { ContestantName } from "../plan.ts";

export interface Contestant {
  readonly name: ContestantName;
  /** As it names itself. */
  readonly version: string;
  readonly pid: number;
  readonly ports: Readonly<Record<Transport, number>>;
}

/** What a contestant is given to stand in front of. */
export interface Setting {
  readonly root: string;
  /** Of this contestant alone, and empty. */
  readonly folder: string;
  readonly targetPort: number;
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Called as soon as there is a process, so that it can be ended whatever comes. */
  readonly onStart: (program: Program) => void;
}
