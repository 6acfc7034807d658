// How a server goes, from the moment it learns that it must:
//
//   serving --> stepping-back --> rooms --> players --> closing --> gone
//                     |             |          |           ^
//                     +-- no heir --+----------+-----------+      e.g. the whole stack ends
//
// It takes as long as it needs and no longer than its window. What takes part in it is handed in, so that a simulation runs it as well.

import type { Clock } from "../clock.ts";
import { AFTER_ROOMS_MS, NO_HEIR_CONFIRM_MS, type Plan, planDeparture, ROOM_RETRY_MS } from "./deadlines.ts";
import type { Farewell } from "./farewell.ts";
import { type Ending, sayGoodbye } from "./goodbye.ts";
import type { Heritage } from "./heritage.ts";

export type Phase =
  /** Nothing has happened yet. */
  | "serving"
  /** Takes nobody in any more, and waits until others that leave at the same time can be told from those that stay. */
  | "stepping-back"
  /** Hands its rooms over. */
  | "rooms"
  /** Moves its players, and tries rooms again that nobody took. */
  | "players"
  /** Tells those who are left, gives up what is left. */
  | "closing"
  | "gone";

export interface DepartureDependencies {
  readonly clock: Clock;
  readonly log: { info(fields: object): void };
  readonly heritage: Heritage;
  readonly farewell: Farewell;
  /** Rooms that run here. */
  readonly rooms: () => readonly unknown[];
  /** Players with a seat whose connections are here. */
  readonly players: () => number;
  /** From now on the registry says "draining", and nobody is let in. */
  readonly stepBack: () => void;
  /** Asks for the state of the targets now; never rejects. */
  readonly refreshTargets: () => Promise<void>;
  readonly ending: Ending;
}

export interface LeaveTimes {
  /** Everything is over by then. */
  windowMs: number;
  /** How long others that leave at the same time may take to be known. */
  settleMs: number;
  /** An empty server stays for so long all the same, for those whom the load balancer still sends. */
  lingerMs: number;
}

/** Whether somebody is left who could take over is looked at this often. */
const HEIRS_CHECK_MS = 500;

export class Departure {
  readonly #deps: DepartureDependencies;
  readonly #sleepers = new Set<() => void>();
  #phase: Phase = "serving";
  #beganAtMs = 0;
  #endsAtMs = 0;
  #staysUntilMs = 0;
  #settleMs = 0;
  #leaving: Promise<string[]> | undefined;
  #heirless = false;
  #handingOff: Promise<boolean> | undefined;

  constructor(deps: DepartureDependencies) {
    this.#deps = deps;
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Leaves; told again, within the shorter of the times. Resolves to what did not end in order, when the server is gone; never rejects. */
  leave(cause: string, { windowMs, settleMs, lingerMs }: LeaveTimes): Promise<string[]> {
    const nowMs = this.#deps.clock.now();
    const endsAtMs = nowMs + windowMs;
    if (!this.#leaving) {
      this.#beganAtMs = nowMs;
      this.#endsAtMs = endsAtMs;
      this.#staysUntilMs = nowMs + lingerMs;
      this.#settleMs = settleMs;
      this.#leaving = this.#leave(cause);
    } else if (endsAtMs < this.#endsAtMs && this.#phase !== "gone") {
      this.#endsAtMs = endsAtMs;
      this.#staysUntilMs = Math.min(this.#staysUntilMs, nowMs + lingerMs);
      this.#say("leaving-sooner", { cause, windowMs: Math.round(windowMs) });
      this.#wakeAll();
    }
    return this.#leaving;
  }

  /** Leaves without looking for heirs: everybody is told to come back, elsewhere if there is an elsewhere. */
  leaveAtOnce(cause: string): Promise<string[]> {
    this.#heirless = true;
    return this.leave(cause, { windowMs: 0, settleMs: 0, lingerMs: 0 });
  }

  /** For whoever watches. */
  status() {
    const { clock, farewell, heritage, players, rooms } = this.#deps;
    if (this.#phase === "serving") return { phase: this.#phase };
    return {
      phase: this.#phase,
      forMs: Math.round(clock.now() - this.#beganAtMs),
      leftMs: Math.max(0, Math.round(this.#endsAtMs - clock.now())),
      playersLeft: players(),
      roomsLeft: rooms().length,
      offered: farewell.offered,
      handedOff: heritage.handedOff,
      handOffs: heritage.latest,
    };
  }

  async #leave(cause: string): Promise<string[]> {
    const { clock, ending, farewell, players, rooms } = this.#deps;
    this.#phase = "stepping-back";
    this.#deps.stepBack();
    this.#say("stepping-back", { cause, windowMs: Math.round(this.#endsAtMs - this.#beganAtMs) });
    farewell.dismissLobby();
    if (await this.#waitForHeirs()) {
      void this.#watchHeirs();
      await this.#moveRooms();
      await this.#movePlayers();
    }
    await this.#handingOff;
    this.#phase = "closing";
    this.#wakeAll();
    const left = { playersLeft: players(), roomsLeft: rooms().length };
    const unfinished = await sayGoodbye(ending, clock);
    this.#phase = "gone";
    this.#deps.log.info({ event: "left", tookMs: Math.round(clock.now() - this.#beganAtMs), ...left, unfinished });
    return unfinished;
  }

  /** False when nobody could take over, for certain or until time is up. Who has nothing to leave needs no heirs. */
  async #waitForHeirs(): Promise<boolean> {
    const { farewell, rooms } = this.#deps;
    await this.#pause(this.#leftMs("settledMs"));
    await Promise.race([this.#deps.refreshTargets(), this.#pause(NO_HEIR_CONFIRM_MS)]);
    while (!this.#isOver("playersUntilMs")) {
      const heirs = await this.#countHeirs();
      if (heirs === 0) return false;
      if (heirs !== undefined || (farewell.isOver && rooms().length === 0)) return true;
      await this.#pause(ROOM_RETRY_MS);
    }
    return false;
  }

  /** None only if that is so twice: a registry that has just been emptied fills up with the next heartbeats. */
  async #countHeirs(): Promise<number | undefined> {
    const { heritage } = this.#deps;
    const first = (await heritage.heirs())?.length;
    if (first !== 0) return first;
    await this.#pause(NO_HEIR_CONFIRM_MS);
    return (await heritage.heirs())?.length;
  }

  async #watchHeirs(): Promise<void> {
    while (this.#phase !== "closing" && this.#phase !== "gone" && !this.#heirless) {
      this.#heirless = (await this.#countHeirs()) === 0;
      if (!this.#heirless) await this.#pause(HEIRS_CHECK_MS);
    }
    this.#wakeAll();
  }

  async #moveRooms(): Promise<void> {
    this.#phase = "rooms";
    while (!this.#isOver("roomsUntilMs") && !(await this.#handOffAll())) await this.#pause(ROOM_RETRY_MS);
    const { handedOff } = this.#deps.heritage;
    this.#say("rooms-moved", { handedOff });
    if (handedOff > 0) await this.#pause(Math.min(AFTER_ROOMS_MS, this.#leftMs("roomsUntilMs")));
  }

  async #movePlayers(): Promise<void> {
    const { clock, farewell, heritage, rooms } = this.#deps;
    this.#phase = "players";
    for (let retryAtMs = 0; !this.#isOver("playersUntilMs"); ) {
      farewell.dismissLobby();
      const hasRooms = rooms().length > 0;
      const nowMs = clock.now();
      if (farewell.isOver && !hasRooms && nowMs >= this.#staysUntilMs) break;
      if (hasRooms && nowMs >= retryAtMs) {
        retryAtMs = nowMs + ROOM_RETRY_MS;
        void this.#handOffAll();
      }
      const offer = { deadlineMs: this.#leftMs("playersUntilMs"), generation: heritage.generation };
      const intervalMs = farewell.next(offer, this.#leftMs("offersUntilMs"));
      await this.#pause(Math.min(intervalMs, this.#leftMs("playersUntilMs")));
    }
    this.#say("players-moved", { offered: farewell.offered });
  }

  /** One round at a time: a room that is on its way must not be offered to a second heir. */
  #handOffAll(): Promise<boolean> {
    this.#handingOff ??= this.#deps.heritage
      .handOffAll(() => !this.#isOver("playersUntilMs"))
      .finally(() => {
        this.#handingOff = undefined;
      });
    return this.#handingOff;
  }

  #isOver(moment: keyof Plan): boolean {
    return this.#heirless || this.#leftMs(moment) <= 0;
  }

  #leftMs(moment: keyof Plan): number {
    const plan = planDeparture(this.#endsAtMs - this.#beganAtMs, this.#settleMs);
    return Math.max(0, this.#beganAtMs + plan[moment] - this.#deps.clock.now());
  }

  /** Ends early when the departure has to hurry. */
  #pause(durationMs: number): Promise<void> {
    if (this.#heirless) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        cancel();
        this.#sleepers.delete(wake);
        resolve();
      };
      const cancel = this.#deps.clock.after(durationMs, wake);
      this.#sleepers.add(wake);
    });
  }

  #wakeAll(): void {
    for (const wake of [...this.#sleepers]) wake();
  }

  #say(event: string, fields: object): void {
    const { log, players, rooms } = this.#deps;
    log.info({ event, ...fields, players: players(), rooms: rooms().length });
  }
}
