// Every bound of the cluster's queues, buffers and messages in one place.

import { ARENA_CHECKPOINT_MAX_BYTES } from "../room/checkpoint.ts";

/** Players in the hall of fame. */
export const HALL_OF_FAME_MAX = 100;
/** Scores that wait for Redis to come back; beyond it the lowest is dropped. */
export const PENDING_SCORES_MAX = 500;
/** Rooms with free seats that one server lists in the registry. */
export const OPEN_ROOMS_MAX = 64;
/** From this many people on a room is not offered to lone visitors of other servers any more. */
export const CROWDED_FROM_PLAYERS = 4;
/** Closed rooms whose directory entry still has to be removed. */
export const PENDING_DROPS_MAX = 256;
/** Attempts to find a room code that nobody has. */
export const CODE_ATTEMPTS_MAX = 8;
/** Players whose last room is remembered in this process, for when Redis is away. */
export const LAST_ROOMS_MAX = 10_000;

/** Inputs kept for each remote player, to be sent again to a new owner: more than four seconds at 30 a second. */
export const INPUT_RING_MAX = 128;
/** How much older than the newest frame an input may be and still be sent again, ticks: what a checkpoint may lack. */
export const REPLAY_TICKS = 45;
/** Largest message on a room's channels, bytes: a gateway's presence with PRESENCE_PLAYERS_MAX of the longest names. */
export const RELAY_MESSAGE_MAX_BYTES = 256 * 1024;
/** Largest message to a server's inbox, bytes: a checkpoint and what is said of it. */
export const INBOX_MESSAGE_MAX_BYTES = ARENA_CHECKPOINT_MAX_BYTES + 1024;
/** Rooms that one server is prepared to inherit at a time; further ones are refused. */
export const PREPARED_ROOMS_MAX = 32;
/**
 * What is kept for a room from other servers while it is between two owners; inputs beyond it are sent again by their gateways. An arena
 * hears up to fifteen thousand inputs a second, and stands still for tens of milliseconds.
 */
export const SEALED_MESSAGES_MAX = 2048;
/** The same for players here: their leaving and losing of sockets. */
export const SEALED_GOODBYES_MAX = 512;
/** Players in one gateway's presence list. */
export const PRESENCE_PLAYERS_MAX = 512;
/** Joins that wait for an answer in one remote room: all that an arena has seats for. */
export const PENDING_JOINS_MAX = 512;
/**
 * Published messages that Redis has not taken yet; beyond it messages are dropped and counted. After a takeover a gateway sends again, at once,
 * up to REPLAY_TICKS inputs for each of its players in an arena.
 */
export const PENDING_PUBLISHES_MAX = 25_000;
