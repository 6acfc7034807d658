// Every duration of a departure in one place, because they only make sense together, and the check that they fit:
//
//   deregistered        noticed       settled     rooms gone      last first offer      everybody gone    the load balancer cuts
//        |<- sense lag ->|<- settle ->|<- rooms ->|<- offers, paced ->|<- LAST_OFFER ->|<- CLOSE ->|   (or SIGKILL)
//                        |<------------------------------ window ------------------------------->|
//
// With SIGTERM the window is what the stop timeout leaves; nothing has to be noticed then.

/** Others that are retired in the same breath become visible in the registry: longer than a heartbeat takes to be written and read. */
export const SETTLE_MS = 600;
/** … and learn of it themselves: a poll, and this for its answer. */
const ANSWER_MS = 500;
/** That there is no heir is believed when it is still so after this: longer than a heartbeat, so an emptied registry is full again. */
export const NO_HEIR_CONFIRM_MS = 350;
/** Rooms have this part of the window, and no more than ROOMS_MAX_MS, before players are moved; who is left over is tried again beside it. */
const ROOMS_SHARE = 0.3;
const ROOMS_MAX_MS = 5_000;
/** Their players are left alone for so long, if that time is not up: a handshake in the moment of a hand-over makes its gap longer. */
export const AFTER_ROOMS_MS = 500;
/** A room that no heir took is tried again this often. */
export const ROOM_RETRY_MS = 500;
/** Who was offered a move and is still there is offered another one after this. */
export const REOFFER_MS = 4_000;
/** The last player to be offered a move has this long for it: another offer fits in if the window is long. */
const LAST_OFFER_MS = REOFFER_MS + 1_000;
const LAST_OFFER_SHARE = 0.4;
/** Sockets have this long to take their last message. */
export const FLUSH_MS = 200;
/** The end takes no longer: last messages, what is written to Redis, the port. */
export const CLOSE_MS = 2_000;
/** Less than this for rooms and players is no departure. */
const WORK_MIN_MS = 2_000;
/** Between the end of a departure and the moment when it would be cut off. */
const MARGIN_MS = 400;

/** A question to the ELBv2 API may take this long. */
export const TARGET_REQUEST_TIMEOUT_MS = 2_000;
/** Polls of many servers do not fall together: each interval is this much longer or shorter. */
export const POLL_JITTER = 0.1;

/** After a failure the next question waits twice as long, up to this: the API's limits are those of a whole account … */
const BACK_OFF_MAX_MS = 10_000;
/** … and up to this part of what the deregistration delay can spare. */
const BACK_OFF_SHARE = 0.25;

export interface DrainTimes {
  /** From deregistration until the load balancer cuts what is still open. */
  deregistrationDelayMs: number;
  /** From SIGTERM to SIGKILL. */
  stopTimeoutMs: number;
  pollMs: number;
  /** New connections still reach a target for so long after its deregistration: the server stays to turn them away politely. */
  propagationLagMs: number;
}

/** Moments of a departure, milliseconds since its beginning. */
export interface Plan {
  settledMs: number;
  roomsUntilMs: number;
  offersUntilMs: number;
  playersUntilMs: number;
}

/** How long after a deregistration a server may notice it: one poll just missed, one that was not answered, one more. */
export function senseLagMs(pollMs: number): number {
  return 2 * pollMs * (1 + POLL_JITTER) + TARGET_REQUEST_TIMEOUT_MS;
}

/** How long a departure waits for others that were deregistered in the same breath. */
export function settleMs(pollMs: number): number {
  return Math.max(SETTLE_MS, pollMs * (1 + POLL_JITTER) + ANSWER_MS);
}

/** What is left for a departure that begins because the target is draining, `unnoticedMs` after that began. */
export function drainWindowMs({ deregistrationDelayMs }: DrainTimes, unnoticedMs: number): number {
  return Math.max(0, deregistrationDelayMs - unnoticedMs - MARGIN_MS);
}

/** How rarely a server may ask that gets no answer: what it loses by that, the deregistration delay must be able to spare. */
export function backOffMaxMs(times: DrainTimes): number {
  const spareMs = drainWindowMs(times, senseLagMs(times.pollMs)) - drainNeedMs(times);
  return Math.max(times.pollMs, Math.min(BACK_OFF_MAX_MS, spareMs * BACK_OFF_SHARE));
}

export function stopWindowMs({ stopTimeoutMs }: DrainTimes): number {
  return stopTimeoutMs - MARGIN_MS;
}

/** How a window is divided; a longer one gives more time to everything but the ends. */
export function planDeparture(windowMs: number, longestSettleMs: number): Plan {
  const playersUntilMs = Math.max(0, windowMs - CLOSE_MS);
  const settledMs = Math.min(longestSettleMs, playersUntilMs);
  const workMs = playersUntilMs - settledMs;
  const roomsUntilMs = settledMs + Math.min(ROOMS_MAX_MS, workMs * ROOMS_SHARE);
  const offersUntilMs = playersUntilMs - Math.min(LAST_OFFER_MS, (playersUntilMs - roomsUntilMs) * LAST_OFFER_SHARE);
  return { settledMs, roomsUntilMs, offersUntilMs, playersUntilMs };
}

/** Why these times cannot work, as one sentence that names the variables; `undefined` if they can. */
export function whyTooShort(times: DrainTimes, watchesTarget: boolean): string | undefined {
  const needMs = SETTLE_MS + WORK_MIN_MS + CLOSE_MS;
  if (stopWindowMs(times) < needMs) {
    const [least, is] = [seconds(needMs + MARGIN_MS), seconds(times.stopTimeoutMs)];
    return `STOP_TIMEOUT_SECONDS must be at least ${least} (${partsOf(SETTLE_MS)}), and it is ${is}`;
  }
  const lagMs = senseLagMs(times.pollMs);
  if (!watchesTarget || drainWindowMs(times, lagMs) >= drainNeedMs(times)) return undefined;
  const lag = `${seconds(lagMs)} to notice it with a TARGET_POLL_MS of ${times.pollMs}`;
  const stays = times.propagationLagMs + CLOSE_MS >= drainNeedMs(times);
  const why = stays ? `a PROPAGATION_LAG_SECONDS of ${times.propagationLagMs / 1000}` : partsOf(settleMs(times.pollMs));
  const [least, is] = [seconds(drainNeedMs(times) + MARGIN_MS + lagMs), seconds(times.deregistrationDelayMs)];
  return `DEREGISTRATION_DELAY_SECONDS must be at least ${least} (${lag}, ${why}), and it is ${is}`;
}

function drainNeedMs({ pollMs, propagationLagMs }: DrainTimes): number {
  return Math.max(settleMs(pollMs) + WORK_MIN_MS, propagationLagMs) + CLOSE_MS;
}

function partsOf(settle: number): string {
  return `${seconds(settle)} to see who else leaves, ${seconds(WORK_MIN_MS)} for rooms and players, ${seconds(CLOSE_MS)} to close`;
}

function seconds(durationMs: number): string {
  return `${Math.ceil(durationMs / 100) / 10} s`;
}
