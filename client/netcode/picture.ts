// Puts together what is drawn in one frame. Objects are kept from frame to frame, one for each boat.

import type { Roster, RosterSeat, Sighting } from "../../game/protocol/index.ts";
import type { BoatState, View } from "../../game/sim/index.ts";
import { HULL_FULL, RELOAD_TICKS, TICK_RATE, UNITS_PER_PX } from "../../game/sim/index.ts";
import type { Pose } from "./pose.ts";
import type { RenderBoat, RenderSighting, RenderState } from "./render-state.ts";

export class Picture {
  readonly state = blankState(() => this.#sightings());
  readonly #boats: RenderBoat[] = [];
  #sighted: () => readonly Sighting[] = () => [];
  #seats: (RosterSeat | undefined)[] = [];

  name(roster: Roster): void {
    this.#seats = [];
    for (const seat of roster.seats) this.#seats[seat.seat] = seat;
  }

  /** Begins a frame: everything but boats, balls and events, from the newest view; `liveTick` is the tick it is on the server. */
  begin(view: View, ownSeat: number, liveTick: number): void {
    const { state } = this;
    state.seed = view.seed;
    state.waters = view.waters;
    state.ownSeat = ownSeat;
    state.phase = view.phase;
    state.round = view.round;
    state.phaseSecondsLeft = Math.max(0, view.phaseEndsAtTick - liveTick) / TICK_RATE;
    state.boats = [];
    state.balls = [];
    state.events = [];
    state.ghosts = [];
    state.pearls.length = view.pearls.length;
    for (const [at, pearl] of view.pearls.entries()) {
      const xPx = pearl.x / UNITS_PER_PX;
      const yPx = pearl.y / UNITS_PER_PX;
      const drawn = state.pearls[at];
      if (drawn) Object.assign(drawn, { id: pearl.id, xPx, yPx });
      else state.pearls[at] = { id: pearl.id, xPx, yPx };
    }
  }

  /** Says who knows where the boats of an arena have been sighted; none elsewhere. */
  sight(sightings: () => readonly Sighting[]): void {
    this.#sighted = sightings;
  }

  /** Adds a boat: `pose` is where it is drawn, `seen` how it looks, `counted` its points as far as known. */
  boat(seat: number, pose: Pose, seen: BoatState, counted: BoatState): RenderBoat {
    const boat = this.#boats[seat] ?? blankBoat(seat);
    this.#boats[seat] = boat;
    const named = this.#seats[seat];
    boat.name = named?.name ?? "";
    boat.own = seat === this.state.ownSeat;
    boat.bot = named?.bot ?? false;
    boat.away = named?.away ?? false;
    Object.assign(boat, pose);
    boat.hull = seen.hull / HULL_FULL;
    boat.loaded = 1 - seen.reload / RELOAD_TICKS;
    boat.afloat = seen.hull > 0;
    boat.respawnInSeconds = seen.respawnIn / TICK_RATE;
    boat.isProtected = seen.protectedFor > 0;
    boat.pearls = counted.pearls;
    boat.score = counted.score;
    boat.sinkings = counted.sinkings;
    boat.losses = counted.losses;
    this.state.boats.push(boat);
    return boat;
  }

  #sightings(): RenderSighting[] {
    return this.#sighted().map(({ seat, x, y, score, afloat }) => ({
      seat,
      name: this.#seats[seat]?.name ?? "",
      own: seat === this.state.ownSeat,
      xPx: x / UNITS_PER_PX,
      yPx: y / UNITS_PER_PX,
      score,
      afloat,
    }));
  }
}

/** `sightings` is asked only by those who look: a map does ten times a second, a bot never. */
function blankState(sightings: () => RenderSighting[]): RenderState {
  return {
    seed: 0,
    waters: "basin",
    ownSeat: 0,
    boats: [],
    get sightings() {
      return sightings();
    },
    balls: [],
    pearls: [],
    ghosts: [],
    phase: "playing",
    round: 0,
    phaseSecondsLeft: 0,
    events: [],
  };
}

function blankBoat(seat: number): RenderBoat {
  return {
    seat,
    name: "",
    own: false,
    bot: false,
    away: false,
    xPx: 0,
    yPx: 0,
    heading: 0,
    aim: 0,
    vxPxPerSecond: 0,
    vyPxPerSecond: 0,
    hull: 0,
    loaded: 0,
    pearls: 0,
    score: 0,
    sinkings: 0,
    losses: 0,
    afloat: false,
    respawnInSeconds: 0,
    isProtected: false,
  };
}
