// The numbers of the game. Everything in the simulation is an integer, so that every engine computes the same world.
// Client and server compute with the same ones: changing them is a change of CODEC_VERSION (game/protocol/frame-kind.ts).

/** Simulation steps in a second. */
export const TICK_RATE = 30;
/** Length of one step, milliseconds. */
export const TICK_MS = 1000 / TICK_RATE;

/** Sub-pixel steps of a position; a position is a whole number of these. */
export const UNITS_PER_PX = 64;
/** Directions in a full turn; 0 points right (+x), growing clockwise on the screen (+y is down). */
export const TURN = 4096;

/** Boats that an ordinary room can hold, people and bots together (waters.ts for others). A boat's index is its seat's index. */
export const MAX_BOATS = 32;

/** Fastest a boat can be, units a tick (8 px a tick = 240 px a second); velocities fit a signed 10-bit number. */
export const MAX_SPEED_UNITS_PER_TICK = 511;
/** Fastest a boat can turn, directions a tick; turn rates fit a signed 8-bit number. */
export const MAX_TURN_RATE_PER_TICK = 48;

/** Steps of throttle and rudder to either side of 0 (analog on touch, full steps from keys). */
export const CONTROL_STEPS = 7;
/** Aim directions in a full turn, as sent by a client (coarser than TURN). */
export const AIM_STEPS = 256;

export const HULL_FULL = 100;
export const BOAT_RADIUS_PX = 18;
/** Time between two shots of one boat, ticks. */
export const RELOAD_TICKS = 20;
/** Time under water after a sinking, ticks. */
export const RESPAWN_TICKS = 3 * TICK_RATE;
/** Time after a respawn in which nothing hurts, ticks. */
export const PROTECTED_TICKS = 2 * TICK_RATE;

/** Flight of a cannon ball, ticks; its speed is the muzzle's plus the boat's. */
export const BALL_FLIGHT_TICKS = 36;
/** Speed that the gun gives to a ball, units a tick (about 515 px a second). */
export const MUZZLE_SPEED_UNITS_PER_TICK = 1100;
export const BALL_DAMAGE = 25;
export const BALL_RADIUS_PX = 6;
export const MAX_BALLS = 256;

export const PEARLS_AFLOAT = 40;
export const MAX_PEARLS = 120;
export const PEARL_RADIUS_PX = 10;
/** Points for one pearl and for one sinking. */
export const SCORE_PEARL = 1;
export const SCORE_SINKING = 5;

/** Length of a round and of the podium after it, ticks. */
export const ROUND_TICKS = 180 * TICK_RATE;
export const PODIUM_TICKS = 12 * TICK_RATE;

/** Oldest view that a shot is checked against, ticks (design 3.1: 250 ms). */
export const MAX_REWIND_TICKS = 7;
