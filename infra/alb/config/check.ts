// Checks a config file without starting anything: no port is opened, no folder of the user is written to.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCertificateStore } from "../certificates/store.ts";
import type { Clock } from "../clock.ts";
import { notInUse } from "../health/description.ts";
import { type State, Store } from "../model/store.ts";
import { declaredCertificates } from "./certificates.ts";
import type { ConfigFile } from "./config-file.ts";
import { draftOf } from "./draft.ts";
import { ConfigError } from "./problem.ts";

export interface CheckDependencies {
  readonly clock: Clock;
  /** Refuses states that must never be stored. */
  readonly check: (next: State) => void;
  readonly fastHealthChecks: boolean;
}

/** Resolves with the state that the file declares; rejects with a ConfigError. */
export async function checkConfigFile(file: ConfigFile, deps: CheckDependencies): Promise<State> {
  const { clock, check, fastHealthChecks } = deps;
  // Certificates are made as they would be, and thrown away.
  const home = await mkdtemp(join(tmpdir(), "alb-check-"));
  try {
    const certificates = await openCertificateStore(home, clock.nowMs());
    const byName = await declaredCertificates(file.config, file.directory, certificates, clock.nowMs());
    const initial = { certificates: new Map([...byName.values()].map((each) => [each.arn, each])) };
    const store = new Store({ initial, check });
    const describeHealth = () => notInUse;
    const anomaly = () => ({ anomalous: false, mitigated: false });
    const context = { store, clock, certificates, describeHealth, anomaly, fastHealthChecks };
    return await draftOf(file.config, byName, context);
  } catch (error) {
    throw error instanceof ConfigError ? file.located(error) : error;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
