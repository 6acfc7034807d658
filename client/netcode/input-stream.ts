// The own inputs as messages: numbered, sent when something changed and as a heartbeat, counted against what the owner reports, and kept
// until it does, so that they can be said again over another link.

import type { SeatReport } from "../../game/protocol/index.ts";
import { encodeInput, INPUT_HEARTBEAT_TICKS } from "../../game/protocol/index.ts";
import type { Controls } from "../../game/sim/index.ts";
import { isWorthSending } from "./controls.ts";

/** Inputs that are kept until they are reported as taken; more than the server would take out of order are no use (its missing numbers). */
export const UNREPORTED_MAX = 32;

export interface InputCounts {
  sent: number;
  /** Of those, how many the owner took. */
  acked: number;
  /** Of those, how many never got to the boat … */
  lost: number;
  /** … and how often one was applied again. */
  doubled: number;
}

export class InputStream {
  #nextNumber = 1;
  #unreported: { number: number; bytes: Uint8Array }[] = [];
  #last: { tick: number; controls: Controls } | undefined;
  /** Counted up to the current seat; what belongs to it is the difference to `#base`. */
  #past: InputCounts = { sent: 0, acked: 0, lost: 0, doubled: 0 };
  /** Number of the last input before this seat's first. */
  #base = 0;
  /** applied - number of this seat when it was taken over, from an earlier life of the page. */
  #baseDifference: number | undefined = 0;
  #report: SeatReport | undefined;

  /**
   * A seat was given after a link was lost: messages on the way to it are gone unless the seat says that it had them. Answers those that
   * may be said again (`mayRepeat`) under their own numbers; without that they count as lost.
   */
  seated(inputsReceived: number, isResumed: boolean, mayRepeat = false): Uint8Array[] {
    const missed = this.#unreported.filter((input) => input.number > inputsReceived);
    if (isResumed && mayRepeat && missed[0]?.number === inputsReceived + 1) {
      this.#last = undefined;
      return missed.map((input) => input.bytes);
    }
    this.#unreported = [];
    const hadSeat = this.#nextNumber > 1 || this.#past.sent > 0;
    this.#settle(isResumed ? inputsReceived : this.#ackedNumber());
    this.#nextNumber = inputsReceived + 1;
    this.#base = inputsReceived;
    if (!isResumed) this.#baseDifference = 0;
    else if (!hadSeat) this.#baseDifference = undefined;
    else if (this.#report) this.#baseDifference = this.#report.applied - this.#report.number;
    this.#report = undefined;
    this.#last = undefined;
    return [];
  }

  /** The message for this tick, if one is due. */
  next(tick: number, controls: Controls): Uint8Array | undefined {
    const last = this.#last;
    // Ticks go back with a room that goes on from a checkpoint: its owner may not know what was held since.
    const isDue =
      !last || tick < last.tick || tick - last.tick >= INPUT_HEARTBEAT_TICKS || isWorthSending(last.controls, controls);
    if (!isDue) return undefined;
    this.#last = { tick, controls };
    const number = this.#nextNumber++;
    const bytes = encodeInput({ number, tick, controls });
    if (this.#unreported.length >= UNREPORTED_MAX) this.#unreported.shift();
    this.#unreported.push({ number, bytes });
    return bytes;
  }

  /** What the owner has not reported as taken so far, oldest first: it may be said again, the seat drops what it had. */
  unreported(): Uint8Array[] {
    return this.#unreported.map((input) => input.bytes);
  }

  report(report: SeatReport): void {
    this.#baseDifference ??= report.applied - report.number;
    this.#report = report;
    this.#unreported = this.#unreported.filter((input) => input.number > report.number);
  }

  counts(): InputCounts {
    const difference = this.#difference();
    return {
      sent: this.#past.sent + this.#nextNumber - 1 - this.#base,
      acked: this.#past.acked + this.#ackedNumber() - this.#base,
      lost: this.#past.lost + Math.max(0, -difference),
      doubled: this.#past.doubled + Math.max(0, difference),
    };
  }

  #ackedNumber(): number {
    return Math.min(this.#nextNumber - 1, Math.max(this.#base, this.#report?.number ?? 0));
  }

  #difference(): number {
    if (!this.#report || this.#baseDifference === undefined) return 0;
    return this.#report.applied - this.#report.number - this.#baseDifference;
  }

  /** Closes the books of the current seat: what it had up to `receivedNumber` counts as taken, the rest as lost. */
  #settle(receivedNumber: number): void {
    const counts = this.counts();
    const lastNumber = this.#nextNumber - 1;
    const received = Math.min(lastNumber, Math.max(this.#ackedNumber(), receivedNumber));
    this.#past = {
      sent: counts.sent,
      acked: this.#past.acked + received - this.#base,
      lost: counts.lost + lastNumber - received,
      doubled: counts.doubled,
    };
  }
}
