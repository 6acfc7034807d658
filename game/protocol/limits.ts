// Every bound on what may be said, in one place.

/** 2: servers move their players (`Move`, a ticket in the JoinRequest). */
export const PROTOCOL_VERSION = 2;
/** Versions of the other side that this side understands. */
export const PROTOCOL_OLDEST = 1;

/** A room code: this many letters of CODE_ALPHABET (nothing that is mistaken for something else). */
export const CODE_LENGTH = 4;
export const CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ";

/** Longest name, in user-perceived characters after cleaning. */
export const NAME_MAX_CHARACTERS = 16;
/** Longest name as received, UTF-16 units. */
export const NAME_MAX_UNITS = 64;

/** Largest message of any kind from a client, bytes; more closes the socket. */
export const CLIENT_MESSAGE_MAX_BYTES = 4096;
/** Largest input frame, bytes. */
export const INPUT_FRAME_MAX_BYTES = 24;
/** Largest snapshot or keyframe, bytes. */
export const SNAPSHOT_FRAME_MAX_BYTES = 16384;
/** The same of a whole arena, as servers tell it to each other, bytes. */
export const ARENA_FRAME_MAX_BYTES = 49_152;
/** Largest area frame: what one player of an arena is told, bytes. */
export const AREA_FRAME_MAX_BYTES = 32_768;
/** Bits in which anybody in an arena is told of boats in one tick; in a crowd the others wait for their turn … */
export const AREA_BOAT_BITS_PER_TICK_MAX = 580;
/** … and so many boats that anybody hears are no crowd, whatever they do. */
export const AREA_NO_CROWD_BOATS = 36;
/** Shots, hits and bumps of one tick that anybody in an arena is told of. */
export const AREA_EVENTS_PER_TICK_MAX = 3;
/** Seats of an arena that are sighted in one tick: each has its turn every 50 ticks. */
export const AREA_SIGHTINGS_PER_TICK = 10;
/** Largest number of an area encoder. */
export const AREA_STREAM_MAX = 16_383;

/** Messages a client may send in a second. Beyond it and the burst the socket is closed. */
export const MESSAGES_PER_SECOND_MAX = 60;
/** What may come at once: all that an honest client says during a stall of the network that its ping survives (8 s at 31 a second). */
export const MESSAGES_BURST_MAX = 300;

/** Inputs that wait for their tick in one seat; a further one pushes out the oldest. */
export const INPUT_QUEUE_MAX = 64;
/** An input labelled further ahead than this is refused. */
export const INPUT_AHEAD_MAX_TICKS = 60;
/** An input is sent at least this often, changed or not. */
export const INPUT_HEARTBEAT_TICKS = 6;

/** A keyframe goes out at least this often. */
export const KEYFRAME_INTERVAL_TICKS = 30;
/** Every seat hears how its inputs arrive this often (see SeatReport). */
export const REPORT_INTERVAL_TICKS = 15;

/** How long a seat is kept for a player whose socket is gone, milliseconds. */
export const AWAY_MS = 15_000;

/** Largest boat list in a snapshot; a boat's index is below it. */
export const SNAPSHOT_BOATS_MAX = 512;
export const SNAPSHOT_PEARLS_MAX = 1024;
/** A round of an arena begins with a spawn of each boat and each pearl. */
export const SNAPSHOT_EVENTS_MAX = 2048;
export const SNAPSHOT_REPORTS_MAX = 512;
/** A report's margin beyond this, to either side, is told as this. */
export const REPORT_MARGIN_MAX_TICKS = 1023;
/** Largest tick, id, score or count on the wire: more than a year of ticks. */
export const COUNTER_MAX = 2 ** 30 - 1;

/** Longest JSON packet, UTF-16 units, and its deepest nesting. (A client's messages are bounded by CLIENT_MESSAGE_MAX_BYTES before.) */
export const PACKET_TEXT_MAX_UNITS = 131_072;
export const PACKET_DEPTH_MAX = 8;
export const EVENT_NAME_MAX_UNITS = 32;
export const NAMESPACE_MAX_UNITS = 32;
/** Longest strings of a Hello, UTF-16 units. */
export const BUILD_MAX_UNITS = 64;
export const TOKEN_MAX_UNITS = 1024;
/** Longest ticket of a Move, UTF-16 units. */
export const TICKET_MAX_UNITS = 1024;
/** Times of a Move beyond this are told as this, milliseconds: the longest deregistration delay that there is. */
export const MOVE_DELAY_MAX_MS = 3_600_000;

/** A region's id is so many small letters, before the room's code: `eu-QKFR`. */
export const REGION_ID_LENGTH = 2;
/** Regions of one installation, and the longest name of one, UTF-16 units. */
export const REGIONS_MAX = 16;
export const REGION_NAME_MAX_UNITS = 40;
