// Many witnesses in this process: seats them a few at a time, and adds up what they felt.

import { sharedDecode } from "../../client/bots/shared-decode.ts";
import { findTarget } from "../../client/bots/target.ts";
import { socketIoDial } from "../../client/net/connect.ts";
import type { JoinRequest } from "../../game/protocol/index.ts";
import { until, wait } from "./patience.ts";
import type { Timeline } from "./timeline.ts";
import { Witness } from "./witness.ts";

/** Between two handshakes. */
const STAGGER_MS = 40;
const SEATED_LIMIT_MS = 30_000;

export class Crowd {
  witnesses: readonly Witness[] = [];
  #named = 0;
  readonly #home: string;
  readonly #signal: AbortSignal;
  readonly #decode = sharedDecode();

  /** `home` is the TIDEGATE_HOME of the stack to play on. */
  constructor(home: string, signal: AbortSignal) {
    this.#home = home;
    this.#signal = signal;
  }

  /** Resolves when they all play. */
  async seat(requests: readonly Omit<JoinRequest, "name">[]): Promise<readonly Witness[]> {
    const dial = socketIoDial(await findTarget({ platform: "process" }, { TIDEGATE_HOME: this.#home }));
    const seated: Witness[] = [];
    for (const request of requests) {
      this.#named += 1;
      const name = `Player ${this.#named}`;
      const witness = new Witness({ dial, decode: this.#decode, request: { name, ...request } });
      this.witnesses = [...this.witnesses, witness];
      seated.push(witness);
      witness.open();
      await wait(STAGGER_MS, this.#signal);
    }
    await until("the players have seats", SEATED_LIMIT_MS, this.#signal, () => seated.every((one) => one.isSeated));
    return seated;
  }

  /** Half of them as quick play has it, then half on other servers than their rooms. */
  async seatHalves(count: number): Promise<void> {
    await this.seat(Array.from({ length: Math.ceil(count / 2) }, () => ({})));
    await this.seat(Array.from({ length: Math.floor(count / 2) }, () => ({ prefer: "remote" as const })));
  }

  /** They have left, and are asked about no more. */
  forget(gone: readonly Witness[]): void {
    this.witnesses = this.witnesses.filter((witness) => !gone.includes(witness));
  }

  get timelines(): Timeline[] {
    return this.witnesses.map((witness) => witness.timeline);
  }

  get disconnects(): number {
    return this.witnesses.reduce((sum, { stats }) => sum + stats.disconnects, 0);
  }

  /** How many do not play at this moment. */
  get notPlaying(): number {
    return this.witnesses.filter((witness) => !witness.isSeated).length;
  }

  close(): void {
    for (const witness of this.witnesses) witness.leave();
  }
}
