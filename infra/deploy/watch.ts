// Looks at the whole fleet again and again while a deploy goes on: tasks, targets, and what each server says of itself.
// It changes nothing.
import type { Clock } from "../stack/clock.ts";
import type { Balancer } from "./balancer.ts";
import type { Fleet, FleetTask } from "./fleet.ts";
import type { ServerWords } from "./server-words.ts";
import { type TargetStates, type TargetStory, tellOn } from "./target-story.ts";

export interface Sight {
  readonly tasks: readonly FleetTask[];
  readonly targets: TargetStates;
  /** By task id; absent for a server that does not answer. */
  readonly words: ReadonlyMap<string, ServerWords>;
}

export interface WatchOptions {
  readonly fleet: Fleet;
  readonly balancer: Balancer;
  readonly clock: Clock;
  readonly watchMs: number;
  readonly date: () => Date;
  readonly onSight: (sight: Sight) => void;
}

export class Watch {
  readonly #options: WatchOptions;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  /** Servers that had stopped before we began to look are no part of the picture. */
  #bygone: ReadonlySet<string> | undefined;
  /** Players whom each server has seen coming by a move: before, and by the last look. */
  readonly #arrivals = new Map<string, { readonly before: number; readonly now: number }>();
  #stories: TargetStory[] = [];

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  get stories(): readonly TargetStory[] {
    return this.#stories;
  }

  /** Players who came to some server by a move since we began to look, as the servers count them; undefined when none told. */
  get moved(): number | undefined {
    const counts = [...this.#arrivals.values()].map(({ before, now }) => now - before);
    return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
  }

  /** Ends with a last look. */
  close(): Promise<void> {
    this.#closing.abort();
    return this.#running;
  }

  async #run(): Promise<void> {
    const { clock, watchMs } = this.#options;
    while (!this.#closing.signal.aborted) {
      await this.#look();
      await clock.sleep(watchMs, this.#closing.signal);
    }
    await this.#look();
  }

  async #look(): Promise<void> {
    const { balancer, date, fleet, onSight } = this.#options;
    try {
      const all = await fleet.list();
      this.#bygone ??= new Set(all.filter((task) => task.status === "STOPPED").map((task) => task.id));
      const tasks = all.filter((task) => !this.#bygone?.has(task.id));
      const targets = await balancer.targetStates([...new Set(tasks.map((task) => task.targetGroupArn))]);
      this.#stories = tellOn(this.#stories, tasks, targets, date().toISOString());
      const words = await fleet.words(tasks);
      this.#count(words);
      onSight({ tasks, targets, words });
    } catch {
      // The rollout meets the same fault and tells it; this is only the picture.
    }
  }

  #count(words: ReadonlyMap<string, ServerWords>): void {
    for (const [id, { arrived }] of words) {
      this.#arrivals.set(id, { before: this.#arrivals.get(id)?.before ?? arrived, now: arrived });
    }
  }
}
