import { describe, expect, it } from "vitest";
import { refusal } from "../../game/protocol/index.ts";
import type { SeatMemory } from "../browser/storage.ts";
import type { RenderState } from "../netcode/render-state.ts";
import { eu, us } from "../regions/testing/two-regions.ts";
import { type Director, EMPTY_MAX_MS } from "./director.ts";
import { picture, stage, wish } from "./testing/stage.ts";

describe("the director", () => {
  it("keeps the start screen over the demo until the game has a first frame", () => {
    const { director, shown, opened, input } = stage();
    director.menu(undefined);
    expect(director.frame(0)?.boats.length).toBeGreaterThan(0);
    director.play(wish);
    director.frame(16);
    expect(shown.start).toBeDefined();
    opened[0]?.session.seat("KQXR");
    expect(director.frame(32)).toBe(picture);
    expect(shown).toMatchObject({ start: undefined, hud: true });
    expect(input.enabled).toBe(true);
    expect(director.watched(picture)).toBe(picture.ownSeat);
  });

  it("remembers the seat, so that a reload finds it, and forgets it when the player leaves", () => {
    const { director, opened, memory, shown, led } = stage();
    director.play(wish);
    opened[0]?.session.seat("KQXR");
    director.frame(0);
    expect(memory.seat).toEqual({ token: "token-KQXR", room: "KQXR", waters: "basin" });
    expect(led).toEqual(["KQXR"]);
    director.leave();
    expect(memory.seat).toBeUndefined();
    expect(opened[0]?.session.ended).toContain("left");
    expect(shown.start?.room).toBe("KQXR");
    expect(shown.hud).toBe(false);
  });

  it("does nothing on a move but to remember the token: nothing is entered again or covered", () => {
    const { director, opened, memory, shown, input } = stage();
    director.play(wish);
    opened[0]?.session.seat("KQXR");
    director.frame(0);
    shown.hud = false;
    input.enabled = false;
    opened[0]?.session.move("token-2");
    expect(director.frame(16)).toBe(picture);
    // `start` of the HUD and enabling the input belong to entering a game.
    expect(shown).toEqual({
      ...{ start: undefined, isBusy: true, hud: false },
      ...{ renewalDue: false, closed: "", waitsFor: "" },
    });
    expect(input.enabled).toBe(false);
    expect(opened).toHaveLength(1);
    expect(opened[0]?.session.ended).toEqual([]);
    expect(memory.seat).toEqual({ token: "token-2", room: "KQXR", waters: "basin" });
  });

  it("comes back to a seat without showing the start screen", () => {
    const { director, opened, shown } = stage();
    const seat: SeatMemory = { token: "t", room: "KQXR", waters: "basin" };
    director.play(wish, seat);
    expect(director.frame(0)).toBeUndefined();
    expect(opened[0]?.seat).toEqual(seat);
    expect(shown.start).toBeUndefined();
  });

  it("remembers that the seat is in an arena, and offers the arena first to who has left it", () => {
    const { director, opened, memory, shown } = stage();
    director.play({ ...wish, waters: "arena" });
    opened[0]?.session.seat("KQXR", "arena");
    director.frame(0);
    expect(memory.seat).toEqual({ token: "token-KQXR", room: "KQXR", waters: "arena" });
    director.leave();
    expect(shown.start?.favourite).toBe("arena");
  });

  it("offers the arena first as well to who came into one by a code, which does not say so", () => {
    const { director, opened, shown } = stage();
    director.play({ ...wish, room: "KQXR" });
    opened[0]?.session.seat("KQXR", "arena");
    director.frame(0);
    director.leave();
    expect(shown.start?.favourite).toBe("arena");
  });

  it("shows the start screen after a reload that finds no server, and the game as soon as there is one", () => {
    const { director, opened, shown } = stage();
    director.play(wish, { token: "t", room: "KQXR", waters: "basin" });
    opened[0]?.session.attempt(1);
    expect(shown.start).toBeUndefined();
    opened[0]?.session.attempt(2);
    expect(shown).toMatchObject({ start: { room: undefined }, isBusy: false });
    expect(opened[0]?.session.ended).toEqual([]);
    opened[0]?.session.seat("KQXR");
    expect(director.frame(0)).toBe(picture);
    expect(shown).toMatchObject({ start: undefined, hud: true });
  });

  it("is not empty for long, even while a single attempt goes on and on", () => {
    const { director, opened, shown } = stage();
    director.play(wish, { token: "t", room: "KQXR", waters: "basin" });
    director.frame(1_000);
    director.frame(999 + EMPTY_MAX_MS);
    expect(shown.start).toBeUndefined();
    director.frame(1_000 + EMPTY_MAX_MS);
    expect(shown).toMatchObject({ start: { room: undefined }, isBusy: false });
    opened[0]?.session.seat("KQXR");
    expect(director.frame(2_000 + EMPTY_MAX_MS)).toBe(picture);
    expect(shown).toMatchObject({ start: undefined, hud: true });
  });

  it("lets somebody who looks for a game in vain choose another one on the start screen, and goes on looking", () => {
    const { director, opened, shown } = stage();
    director.menu(undefined);
    director.play({ ...wish, room: "KQXR" });
    expect(shown.isBusy).toBe(true);
    opened[0]?.session.attempt(1);
    expect(shown.isBusy).toBe(true);
    opened[0]?.session.attempt(2);
    expect(shown).toMatchObject({ start: { room: undefined }, isBusy: false });
    expect(opened[0]?.session.ended).toEqual([]);
    director.play(wish);
    expect(opened[0]?.session.ended).toEqual(["closed"]);
    expect(shown.isBusy).toBe(true);
  });

  it("keeps the region with the seat, and writes it before the room's code", () => {
    const { director, opened, memory, shown } = stage();
    director.play({ ...wish, region: us });
    opened[0]?.session.seat("KQXR");
    director.frame(0);
    expect(memory.seat).toEqual({ token: "token-KQXR", room: "KQXR", waters: "basin", region: us });
    expect(director.region).toBe(us);
    director.leave();
    expect(shown.start?.room).toBe("us-KQXR");
    director.play({ ...wish, room: "ABCD", region: us });
    opened[1]?.session.refuse("unknown-room");
    expect(shown.start?.room).toBe("us-ABCD");
  });

  it("has the wait for a region watched until it is there, and plays anew in another one when asked to", () => {
    const { director, opened, shown } = stage();
    director.play({ ...wish, room: "KQXR", region: us });
    expect(shown.waitsFor).toBe("us");
    opened[0]?.session.seat("KQXR");
    expect(shown.waitsFor).toBe("");
    opened[0]?.session.lose();
    expect(shown.waitsFor).toBe("us");
    director.playIn(eu);
    expect(shown.waitsFor).toBe("eu");
    expect(opened[0]?.session.ended).toEqual(["closed"]);
    expect(opened[1]).toMatchObject({ wish: { name: "Ada", room: undefined, region: eu }, seat: undefined });
  });

  it("says on the start screen why a room could not be joined", () => {
    const { director, opened, shown } = stage();
    director.play({ ...wish, room: "KQXR" });
    opened[0]?.session.refuse("unknown-room");
    expect(shown.start).toMatchObject({ room: "KQXR", message: refusal("unknown-room").message });
  });

  it("covers the page when the game ends for good, and offers the seat again to a tab that was superseded", () => {
    const { director, opened, shown, input, actions } = stage();
    director.play(wish);
    opened[0]?.session.seat("KQXR");
    director.frame(0);
    opened[0]?.session.refuse("superseded");
    expect(shown.closed).toBe("superseded");
    expect(input.enabled).toBe(false);
    actions.again?.();
    expect(opened[1]?.seat).toEqual({ token: "token-KQXR", room: "KQXR", waters: "basin" });
    expect(shown.closed).toBe("");
  });

  it("asks for a reload when the page is too old, even before it was seated, and keeps the seat for it", () => {
    const { director, opened, shown, memory } = stage();
    const seat: SeatMemory = { token: "t", room: "KQXR", waters: "basin" };
    memory.seat = seat;
    director.play(wish, seat);
    opened[0]?.session.refuse("protocol-version");
    expect(shown.closed).toBe("protocol-version");
    expect(memory.seat).toEqual(seat);
    director.frame(0);
    director.frame(2 * EMPTY_MAX_MS);
    expect(shown).toMatchObject({ start: undefined, closed: "protocol-version" });
  });

  it("does not listen to a session that was replaced", () => {
    const { director, opened, shown } = stage();
    director.play(wish);
    director.play(wish);
    opened[0]?.session.refuse("room-full");
    expect(shown.start).toBeUndefined();
    expect(opened[0]?.session.ended).toEqual(["closed"]);
  });

  describe("with a page that is older than its servers", () => {
    const sailing = { ...picture, phase: "playing", boats: [{ own: true, afloat: true }] } as unknown as RenderState;
    const sunk = { ...sailing, boats: [{ own: true, afloat: false }] } as unknown as RenderState;
    const podium = { ...sailing, phase: "podium" } as unknown as RenderState;

    function playing() {
      const test = stage();
      test.director.play(wish);
      const { session } = test.opened[0]!;
      session.seat("ABCD");
      test.director.frame(0);
      return { ...test, session };
    }

    it("offers a new one, and leaves the game alone", () => {
      const { director, session, shown, reloads, memory } = playing();
      session.release("v2", 1);
      expect(shown.renewalDue).toBe(true);
      for (const state of [sailing, sunk, podium]) director.drawn(state, 0);
      director.hidden(true);
      expect(reloads).toEqual([]);
      expect(memory.seat).toEqual({ token: "token-ABCD", room: "ABCD", waters: "basin" });
      session.release("v1", 1);
      expect(shown.renewalDue).toBe(false);
    });

    it("loads the new one at once if nobody looks when it hears of it", () => {
      const { director, session, reloads } = playing();
      director.hidden(true);
      session.release("v2", 2);
      expect(reloads.length).toBe(1);
    });

    it.each([
      ["when the boat is lost", (director: Director) => director.drawn(sunk, 0)],
      ["on the podium", (director: Director) => director.drawn(podium, 0)],
      ["in a hidden tab", (director: Director) => director.hidden(true)],
    ])("loads the new one by itself, if it will soon not be understood, %s and never before", (_when, rest) => {
      const { director, session, shown, reloads, memory } = playing();
      session.release("v2", 2);
      director.drawn(sailing, 0);
      director.hidden(false);
      expect([shown.renewalDue, reloads.length]).toEqual([true, 0]);
      rest(director);
      rest(director);
      expect(reloads.length).toBe(1);
      expect(memory.seat).toEqual({ token: "token-ABCD", room: "ABCD", waters: "basin" });
      expect(session.ended).toEqual([]);
    });

    it.each([
      [
        "is over here, since another tab has the seat",
        ({ session }: ReturnType<typeof playing>) => session.refuse("superseded"),
      ],
      ["waits for its servers to come back", ({ session }: ReturnType<typeof playing>) => session.lose()],
      [
        "is an offline one, which no reload would bring back",
        ({ director, opened }: ReturnType<typeof playing>) => {
          director.leave();
          director.play({ ...wish, offline: true });
          opened[1]!.session.state = { name: "playing" };
          opened[1]!.session.drawing = picture;
          director.frame(16);
        },
      ],
    ])("loads nothing by itself while the game %s", (_why, change) => {
      const test = playing();
      test.session.release("v2", 2);
      change(test);
      test.director.drawn(sunk, 0);
      test.director.hidden(true);
      expect(test.reloads).toEqual([]);
    });
  });
});
