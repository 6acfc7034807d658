import { describe, expect, it } from "vitest";
import { AWAY_TICKS, CONNECTING_TICKS, nextSeatState, type SeatState } from "./seat-state.ts";

const seated: SeatState = { kind: "seated", connection: "new", gateway: "g" };
const away: SeatState = { kind: "away", untilTick: 100 };

describe("the life of a seat", () => {
  it("becomes away when its voice is lost, for AWAY_MS counted in ticks", () => {
    const state = nextSeatState(seated, { kind: "lost", connection: "new", tick: 10 });
    expect(state).toEqual({ kind: "away", untilTick: 10 + AWAY_TICKS });
  });

  it("does not care when an older connection ends", () => {
    expect(nextSeatState(seated, { kind: "lost", connection: "old", tick: 10 })).toBe(seated);
  });

  it("gives the voice to the newer connection", () => {
    const state = nextSeatState(seated, { kind: "voice", connection: "newest", gateway: "h" });
    expect(state).toEqual({ kind: "seated", connection: "newest", gateway: "h" });
  });

  it("does not go back to a connection that was replaced by a ticket, whatever is heard or confirmed", () => {
    let state = nextSeatState(seated, { kind: "voice", connection: "newest", gateway: "h", replaces: "new" });
    state = nextSeatState(state, { kind: "taken-over", tick: 50 });
    state = nextSeatState(state, { kind: "heard" });
    state = nextSeatState(state, { kind: "voice", connection: "newest", gateway: "h" });
    expect(nextSeatState(state, { kind: "voice", connection: "new", gateway: "g" })).toBe(state);
    expect(nextSeatState(state, { kind: "lost", connection: "new", tick: 60 })).toBe(state);
    const other = nextSeatState(state, { kind: "voice", connection: "a new tab", gateway: "g" });
    expect(other).toEqual({ kind: "seated", connection: "a new tab", gateway: "g" });
  });

  it("keeps a boat until the last tick of being away, and frees it then", () => {
    expect(nextSeatState(away, { kind: "tick", tick: 99 })).toBe(away);
    expect(nextSeatState(away, { kind: "tick", tick: 100 })).toEqual({ kind: "gone" });
  });

  it("comes back from being away", () => {
    expect(nextSeatState(away, { kind: "voice", connection: "c", gateway: "g" }).kind).toBe("seated");
  });

  it("waits for a sign of life after a takeover, then counts as away", () => {
    const waiting = nextSeatState(seated, { kind: "taken-over", tick: 50 });
    expect(waiting.kind).toBe("connecting");
    expect(nextSeatState(waiting, { kind: "heard" })).toEqual(seated);
    const late = nextSeatState(waiting, { kind: "tick", tick: 50 + CONNECTING_TICKS });
    expect(late).toEqual({ kind: "away", untilTick: 50 + CONNECTING_TICKS + AWAY_TICKS });
  });

  it("stays gone whatever happens", () => {
    const gone: SeatState = { kind: "gone" };
    expect(nextSeatState(gone, { kind: "voice", connection: "c", gateway: "g" })).toBe(gone);
    expect(nextSeatState(away, { kind: "left" })).toEqual(gone);
  });
});
