// One player of the stack's measurement: sails about at random, and notes what happens when while it is recorded.
import { type JoinRequest, readSnapshotHeader } from "../../game/protocol/index.ts";
import { neutralControls } from "../../game/sim/index.ts";
import { BarePlayer } from "../common/bare-player.ts";
import type { Address } from "../common/dial.ts";
import { nowUs } from "../common/now.ts";
import type { Way } from "./players-protocol.ts";
import { aimOfInput, newPlayerRecord, type PlayerRecord } from "./room-record.ts";

const FULL_THROTTLE = 7;
const RUDDER_MAX = 7;
/** A player turns the wheel after so many inputs. */
const TURN_EVERY_INPUTS = 15;
const FIRE_SHARE = 0.3;

export class Sailor {
  readonly way: Way;
  readonly #random: () => number;
  #player: BarePlayer | undefined;
  #record: PlayerRecord | undefined;
  #frames: Buffer[] | undefined;
  #tick = 0;
  #rudder = 0;
  #isLost = false;
  snapshots = 0;
  bytesDown = 0;

  constructor(way: Way, random: () => number) {
    this.way = way;
    this.#random = random;
  }

  /** Rejects when there is no seat for it. */
  async join(address: Omit<Address, "path">, request: JoinRequest): Promise<void> {
    this.#player = await BarePlayer.join(address, request, {
      frame: (bytes) => this.#heard(bytes),
      closed: () => {
        this.#isLost = true;
      },
    });
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  get player(): BarePlayer {
    return this.#player!;
  }

  get inputs(): number {
    return this.player.inputs;
  }

  get record(): PlayerRecord | undefined {
    return this.#record;
  }

  /** The snapshots since the recording began, if they were wanted. */
  get frames(): readonly Buffer[] {
    return this.#frames ?? [];
  }

  startRecording(withFrames: boolean): void {
    this.#record = newPlayerRecord(this.player.welcome.seat);
    this.#frames = withFrames ? [] : undefined;
  }

  stopRecording(): void {
    this.#record = undefined;
    this.#frames = undefined;
  }

  /** For the tick after the newest that it knows: the server takes it in its very next one. */
  steer(fire: boolean): void {
    const number = this.inputs + 1;
    if (number % TURN_EVERY_INPUTS === 0) this.#rudder = Math.round((this.#random() * 2 - 1) * RUDDER_MAX);
    this.#record?.inputs.push({ number, us: nowUs() });
    this.player.input(this.#tick + 1, {
      ...neutralControls,
      throttle: FULL_THROTTLE,
      rudder: this.#rudder,
      aim: aimOfInput(number),
      fire: fire && this.#random() < FIRE_SHARE,
    });
  }

  ping(): void {
    const record = this.#record;
    const sentUs = nowUs();
    this.player.ping(() => record?.pings.push(nowUs() - sentUs));
  }

  close(): void {
    this.#player?.close();
  }

  #heard(bytes: Buffer): void {
    const us = nowUs();
    this.snapshots += 1;
    this.bytesDown += bytes.length;
    const header = readSnapshotHeader(bytes);
    if (!header) return;
    this.#tick = Math.max(this.#tick, header.tick);
    this.#record?.arrivals.set(header.tick, us);
    this.#frames?.push(Buffer.from(bytes));
  }
}
