// A worse network than the one there is, made on this side of a wire: delay, jitter, and losses as TCP shows them, which is a stall of
// everything behind. The order is kept and nothing is dropped. For the game's own panel, for bots, and for tests on any clock.

import type { Clock } from "./clock.ts";
import type { Dial, Wire, WireEvents } from "./wire.ts";

export interface NetConditions {
  /** Added there and back, half of it each way. */
  rttMs: number;
  /** Added to each way, anew for each message: 0 … jitterMs. */
  jitterMs: number;
  /** The same mean, but now and then a multiple of it (up to TAIL_MAX times), as over radio. Default: no. */
  heavyTail?: boolean;
  /** Share of the messages (0 … 1) that are lost once: they, and all behind them, wait until they are sent again. Default: none. */
  lossShare?: number;
}

export interface Conditioner {
  /** Opens wires through the conditions; they take part in later changes. */
  readonly dial: Dial;
  /** The same conditions before another dial. */
  through(dial: Dial): Dial;
  readonly conditions: Readonly<NetConditions>;
  /** From now on; what is on its way keeps its time. */
  setConditions(conditions: NetConditions): void;
  /** The wires that are open now go dead without a word, as when a laptop changes its network. Later ones are not concerned. */
  goSilent(): void;
}

export const PERFECT_NETWORK: NetConditions = { rttMs: 0, jitterMs: 0 };
/** Largest jitter with `heavyTail`, in multiples of `jitterMs`. */
export const TAIL_MAX = 8;
/** A lost segment is sent again this long, and a round trip, after it was due: the lower bound that Linux has for it. */
export const RESEND_MS = 200;
/** A conditioned handshake takes so many round trips: TCP, TLS, and the upgrade together with Socket.IO's own. */
export const HANDSHAKE_ROUND_TRIPS = 3;
/** Messages on their way in one direction; a wire that holds more is cut, since TCP would not drop one either. */
export const UNDER_WAY_MAX = 8_192;

/** Puts `conditions` before `dial`. `random` gives 0 … 1. With PERFECT_NETWORK messages pass at once, in the caller's own turn. */
export function condition(dial: Dial, conditions: NetConditions, clock: Clock, random: () => number): Conditioner {
  let current = conditions;
  let generation = 0;
  const delayMs = () => wayMs(current, random);
  const through =
    (inner: Dial): Dial =>
    (hello, events, traffic) => {
      const born = generation;
      const isSilent = () => born !== generation;
      // The last half of it is the way of what tells it.
      const handshakeMs = () => current.rttMs * (HANDSHAKE_ROUND_TRIPS - 0.5);
      return conditionedWire((heard) => inner(hello, heard, traffic), events, {
        clock,
        delayMs,
        handshakeMs,
        isSilent,
      });
    };
  return {
    dial: through(dial),
    through,
    get conditions() {
      return current;
    },
    setConditions: (next) => {
      current = next;
    },
    goSilent: () => {
      generation += 1;
    },
  };
}

/** How long one message takes for one way. */
function wayMs({ rttMs, jitterMs, heavyTail, lossShare = 0 }: NetConditions, random: () => number): number {
  const late = jitterMs === 0 ? 0 : heavyTail ? heavyTailed(random()) : random();
  const isLost = lossShare > 0 && random() < lossShare;
  return rttMs / 2 + jitterMs * late + (isLost ? RESEND_MS + rttMs : 0);
}

/** Mean about a half, as an even distribution has it, but one in a hundred is above 4. */
function heavyTailed(share: number): number {
  return Math.min(TAIL_MAX, 0.5 * (1 / Math.sqrt(1 - Math.min(share, 0.999_999)) - 1));
}

interface Way {
  clock: Clock;
  delayMs: () => number;
  handshakeMs: () => number;
  isSilent: () => boolean;
}

function conditionedWire(open: (events: WireEvents) => Wire, events: WireEvents, way: Way): Wire {
  let isOver = false;
  const cut = (reason: string) => {
    if (isOver) return;
    isOver = true;
    inner.close();
    events.closed(reason);
  };
  const overflow = () => cut("too much under way");
  const up = new Lane(way, overflow);
  const down = new Lane(way, overflow);
  /** What comes from the server, unless this side has hung up. */
  const hear = (action: () => void, extraMs = 0) => down.send(() => isOver || action(), extraMs);

  const inner = open({
    open: () => hear(() => events.open(), way.handshakeMs()),
    frame: (bytes) => hear(() => events.frame(bytes)),
    roster: (roster) => hear(() => events.roster(roster)),
    rosterChange: (change) => hear(() => events.rosterChange(change)),
    path: (path) => hear(() => events.path(path)),
    move: (move) => hear(() => events.move(move)),
    release: (release) => hear(() => events.release(release)),
    refused: (refusal) => hear(() => events.refused(refusal)),
    closed: (reason) => hear(() => cut(reason)),
  });
  return {
    join: (request, answered) => up.send(() => inner.join(request, (answer) => hear(() => answered(answer)))),
    input: (frame) => up.send(() => inner.input(frame)),
    askKeyframe: () => up.send(() => inner.askKeyframe()),
    ping: (answered) => up.send(() => inner.ping(() => hear(answered))),
    leave: () => up.send(() => inner.leave()),
    close() {
      isOver = true;
      // A goodbye that was said before is on its way still.
      up.send(() => inner.close());
    },
  };
}

/** One direction: messages leave it in the order in which they came in. */
class Lane {
  #waiting: { atMs: number; action: () => void }[] = [];
  #lastAtMs = Number.NEGATIVE_INFINITY;
  #isLeaving = false;
  #isArmed = false;
  readonly #way: Way;
  readonly #overflow: () => void;

  constructor(way: Way, overflow: () => void) {
    this.#way = way;
    this.#overflow = overflow;
  }

  send(action: () => void, extraMs = 0): void {
    if (this.#way.isSilent()) return;
    const { clock, delayMs } = this.#way;
    this.#lastAtMs = Math.max(this.#lastAtMs, clock.now() + delayMs() + extraMs);
    this.#waiting.push({ atMs: this.#lastAtMs, action });
    if (this.#waiting.length > UNDER_WAY_MAX) {
      this.#waiting = [];
      this.#overflow();
      return;
    }
    // A hidden page's timers are held up, what it hears is not: each message looks which others are due.
    this.#leave();
  }

  #leave(): void {
    // Who is called may send: that message has its turn in the loop that runs.
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    const { clock, isSilent } = this.#way;
    try {
      for (let next = this.#waiting[0]; next && next.atMs <= clock.now(); next = this.#waiting[0]) {
        this.#waiting.shift();
        if (!isSilent()) next.action();
      }
    } finally {
      // A fault of who is called is not the network's: what is behind comes all the same.
      this.#isLeaving = false;
      this.#arm();
    }
  }

  #arm(): void {
    const next = this.#waiting[0];
    if (next === undefined || this.#isArmed) return;
    this.#isArmed = true;
    // One timer for the first in line; a timer that is a little early is set again.
    this.#way.clock.after(next.atMs - this.#way.clock.now(), () => {
      this.#isArmed = false;
      this.#leave();
    });
  }
}
