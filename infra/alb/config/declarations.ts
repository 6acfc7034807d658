// Puts config files in force: one after the other, each as a whole or not at all. Changes of the API wait meanwhile.

import type { ControlContext } from "../control/operation.ts";
import { ElbError } from "../model/errors.ts";
import { type State, Store, withoutEntries } from "../model/store.ts";
import type { Certificate } from "../model/types.ts";
import { groupUsage } from "../model/usage.ts";
import { groupArnOf, pathOfPort, pathOfTarget } from "./calls.ts";
import { declaredCertificates } from "./certificates.ts";
import type { ConfigFile } from "./config-file.ts";
import { draftOf } from "./draft.ts";
import { type Declared, mergeDeclared, stillDraining } from "./merge.ts";
import { ConfigError, refuse } from "./problem.ts";
import type { Config } from "./schema.ts";

export interface DeclarationDependencies {
  readonly context: ControlContext;
  /** Refuses states that must never be stored. */
  readonly check: (next: State) => void;
  /** Keeps the API's changes out while the task runs. */
  readonly inTurn: <T>(task: () => Promise<T>) => Promise<T>;
}

/** The states before a file came into force, and then. */
export interface Applied {
  readonly before: State;
  readonly now: State;
}

export class Declarations {
  readonly #deps: DeclarationDependencies;
  /** Groups that the file no longer names, for as long as they have targets. */
  readonly #leaving = new Set<string>();
  /** What the file in force has brought; of the rest of the certificates it knows nothing. */
  #certificateArns: ReadonlySet<string> = new Set();
  #startSettings: string | undefined;

  constructor(deps: DeclarationDependencies) {
    this.#deps = deps;
    deps.context.store.subscribe((state) => this.#forgetDrainedGroups(state));
  }

  /** Rejects with a ConfigError, and then nothing has changed. */
  apply(file: ConfigFile): Promise<Applied> {
    return this.#deps.inTurn(async () => {
      try {
        return await this.#apply(file);
      } catch (error) {
        throw error instanceof ConfigError ? file.located(error) : error;
      }
    });
  }

  async #apply({ config, directory }: ConfigFile): Promise<Applied> {
    const { context, check } = this.#deps;
    const { store, clock } = context;
    this.#checkStartSettings(config);
    const byName = await declaredCertificates(config, directory, context.certificates, clock.nowMs());
    const certificates = this.#certificatesWith([...byName.values()]);
    const draft = new Store({ initial: { certificates }, check });
    const declared: Declared = {
      state: await draftOf(config, byName, { ...context, store: draft }),
      managedGroupArns: new Set(config.TargetGroups.filter((each) => each.Targets).map(groupArnOf)),
    };
    const opened = await this.#openPorts(declared.state, config);
    try {
      const before = store.state;
      const [draining] = stillDraining(before, declared);
      if (draining) throw refuse(pathOfTarget(config, draining), stillDrains(draining.target, clock.nowMs()));
      try {
        store.replace(mergeDeclared(before, declared, clock.nowMs()));
      } catch (error) {
        // What drains counts towards the quotas as well.
        throw error instanceof ElbError ? refuse([], `${error.code}: ${error.message}`) : error;
      }
      this.#startSettings = startSettings(config);
      this.#certificateArns = new Set([...byName.values()].map(({ arn }) => arn));
      for (const arn of store.state.targetGroups.keys()) {
        if (declared.state.targetGroups.has(arn)) this.#leaving.delete(arn);
        else this.#leaving.add(arn);
      }
      return { before, now: store.state };
    } finally {
      for (const port of opened) context.ports.release(port);
    }
  }

  #checkStartSettings(config: Config): void {
    if (this.#startSettings === undefined || this.#startSettings === startSettings(config)) return;
    throw refuse([], "Logs, Switches and FastHealthChecks are read at the start only; start again to change them.");
  }

  /** Those that are not from a file stay, since a file says nothing about them; equal ones stay the same objects. */
  #certificatesWith(declared: readonly Certificate[]): ReadonlyMap<string, Certificate> {
    const running = this.#deps.context.store.state.certificates;
    const others = withoutEntries(running, (arn) => this.#certificateArns.has(arn));
    const known = (each: Certificate) => {
      const same = running.get(each.arn);
      return same?.certificate === each.certificate && same.key === each.key ? same : each;
    };
    return new Map([...others, ...declared.map((each) => [each.arn, known(each)] as const)]);
  }

  /** Those that nobody listens on yet; all of them or none. */
  async #openPorts({ listeners }: State, config: Config): Promise<readonly number[]> {
    const { store, ports } = this.#deps.context;
    const running = new Set([...store.state.listeners.values()].map(({ port }) => port));
    const opened: number[] = [];
    for (const { port } of listeners.values()) {
      if (running.has(port)) continue;
      try {
        await ports.open(port);
        opened.push(port);
      } catch (error) {
        for (const each of opened) ports.release(each);
        if (!(error instanceof ElbError)) throw error;
        const sentence = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`;
        throw new ConfigError([{ path: pathOfPort(config, port), sentence }], "port-unavailable");
      }
    }
    return opened;
  }

  /** A group that the file no longer names goes with its last target, unless the API has put it to use again. */
  #forgetDrainedGroups(state: State): void {
    const { store, clock } = this.#deps.context;
    const drained = [...this.#leaving].filter((arn) => !state.targetGroups.get(arn)?.targets.length);
    if (drained.length === 0) return;
    for (const arn of drained) this.#leaving.delete(arn);
    // Not within the change that is being told.
    clock.after(0, () => {
      const usage = groupUsage(store.state);
      const { targetGroups, tags } = store.state;
      const gone = new Set(drained.filter((arn) => targetGroups.get(arn)?.targets.length === 0 && !usage.has(arn)));
      if (gone.size === 0) return;
      store.replace({
        targetGroups: withoutEntries(targetGroups, (arn) => gone.has(arn)),
        tags: withoutEntries(tags, (arn) => gone.has(arn)),
      });
    });
  }
}

const startSettings = ({ Logs, Switches, FastHealthChecks }: Config) =>
  JSON.stringify([Logs, Switches, FastHealthChecks]);

const stillDrains = (
  { id, port, drainEndsAtMs = 0 }: { id: string; port: number; drainEndsAtMs?: number | undefined },
  nowMs: number,
) =>
  `The target '${id}:${port}' is draining, for another ${Math.ceil((drainEndsAtMs - nowMs) / 1000)} s; it can be registered again after that.`;
