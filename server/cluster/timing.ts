// Every duration of the cluster in one place, because they only make sense together:
//
//   kill -9        last beat   SILENCE   lease and heartbeat run out     claimed, adopted
//      |<- <= 300 ->|             |         | <= 1200 after the last beat   | <= WATCH later
//
// so a room goes on at most about 1.4 s after its owner died.

/** A server says that it lives, and renews all its leases, this often. */
export const BEAT_INTERVAL_MS = 300;
/** A server that was not heard for this long counts as gone: four beats, so that one slow reply (500 ms) is not a death. */
export const HEARTBEAT_EXPIRY_MS = 1200;
/** A lease that was not renewed for this long may be claimed, if its owner's heartbeat has run out as well. */
export const LEASE_MS = 1200;
/** A room's last state is written this often: what a crash can cost, and it stays below one second with a slow write. */
export const CHECKPOINT_INTERVAL_MS = 750;
/** A room that nobody renews is forgotten after this: longer than a player may be away (AWAY_MS), so that returning players find it. */
export const ROOM_KEEP_MS = 30_000;
/** Which room a player was in is remembered for this long … */
export const LAST_ROOM_MS = 60_000;
/** … and written again this often while the player is there. */
export const LAST_ROOM_REFRESH_MS = 20_000;

/** No answer to a command for this long is a failure. Longer than a slow Redis (500 ms), shorter than anything waits for it. */
export const COMMAND_TIMEOUT_MS = 1000;
/** Longest wait before the next attempt to connect to Redis. */
export const RECONNECT_MAX_MS = 200;
/**
 * A claimant has been in touch with Redis without a break for at least this long: everybody else had the time to reconnect and to
 * renew, so a Redis outage alone moves no room.
 */
export const CLAIM_CONTACT_MS = RECONNECT_MAX_MS + BEAT_INTERVAL_MS + COMMAND_TIMEOUT_MS;
/** Redis counts as reachable while the last answer is younger than this. */
export const REACHABLE_MS = COMMAND_TIMEOUT_MS + BEAT_INTERVAL_MS;

/** A gateway with players in a remote room that hears no frame for this long asks whether the owner still lives. */
export const SILENCE_MS = 500;
/** How often it looks, and asks again. */
export const WATCH_INTERVAL_MS = 100;
/** A server that is leaving lets others claim first: they need as long to notice a room that was freed. */
export const DRAINING_CLAIM_DELAY_MS = SILENCE_MS + 2 * WATCH_INTERVAL_MS;
/** A room that the directory does not know (any more) is given up after this; its owner would have announced it again long before. */
export const LOST_ROOM_MS = 4000;

/** A gateway tells an owner which players it speaks for this often … */
export const PRESENCE_INTERVAL_MS = 1000;
/** … and a gateway that was not heard for this long is gone: its players become away. */
export const PRESENCE_EXPIRY_MS = 3000;
/** A seat that was taken less than this ago may be missing in a gateway's list, because the list crossed the answer. */
export const PRESENCE_CROSSING_MS = 2000;
/** A new owner catches up with what gateways tell it that their players have seen, for this long: they say so as soon as they hear of it. */
export const CATCH_UP_MS = 500;
/** A join at a remote room is answered within this or refused as unavailable: long enough to outlive a takeover. */
export const JOIN_TIMEOUT_MS = 2500;
/** A remote room without players and listeners is unsubscribed after this, and forgotten at the next look-up. */
export const ROUTE_LINGER_MS = 5000;
/** `close()` gives Redis this long. */
export const CLOSE_TIMEOUT_MS = 1500;
/** Every server looks at the hall of fame this often, and puts back what an emptied Redis has lost. */
export const HALL_REFRESH_MS = 5000;
/** Whoever asks for the hall of fame gets one that is at most this old. */
export const HALL_FRESH_MS = 1000;

/**
 * A hand-off asks the heir, and the directory, before it stops anything. An answer that takes longer than this is a refusal: where asking
 * is slow, handing over would be a gap.
 */
export const PREPARE_LIMIT_MS = 150;
/** A hand-over that Redis does not answer is asked for again this often … */
export const HAND_OVER_RETRY_MS = 200;
/**
 * … and for so long nobody can know whose the room is, and it stands still. Then it goes on where it was: well before its lease runs out,
 * so that an owner that is cut off from Redis alone gives nobody a reason to claim a room that is merely quiet.
 */
export const SEALED_MAX_MS = LEASE_MS / 2;
/** An heir whose room does not come looks this often whether the directory names it already … */
export const PREPARED_LOOK_MS = 200;
/** … and forgets the room after this: before a former owner that cannot know would go on with it. */
export const PREPARED_MS = SEALED_MAX_MS - PREPARED_LOOK_MS;
