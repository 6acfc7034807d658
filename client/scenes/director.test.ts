import { describe, expect, it } from "vitest";
import { type RefusalCode, refusal, type Welcome } from "../../game/protocol/index.ts";
import { PageMemory, type SeatMemory } from "../browser/storage.ts";
import type { StartWish } from "../hud/start-screen.ts";
import type { GameSession, SessionListener, SessionState } from "../netcode/game-session.ts";
import type { RenderState } from "../netcode/render-state.ts";
import { Director, type DirectorParts } from "./director.ts";
import { Renewal } from "./renewal.ts";

const picture = { seed: 1, ownSeat: 3, boats: [], balls: [], pearls: [], events: [] } as unknown as RenderState;

class FakeSession {
  state: SessionState = { name: "connecting", attempt: 0 };
  welcome: Welcome | undefined;
  drawing: RenderState | undefined;
  ended: string[] = [];
  #listener: Partial<SessionListener> = {};

  subscribe(listener: Partial<SessionListener>) {
    this.#listener = listener;
    return () => {
      this.#listener = {};
    };
  }

  release(version: string, protocol: number) {
    this.#listener.release?.({ version, protocol });
  }

  seat(room: string, waters?: "arena") {
    this.welcome = { room, token: `token-${room}`, ...(waters && { waters }) } as Welcome;
    this.#change({ name: "playing" });
    this.#listener.welcome?.(this.welcome);
    this.drawing = picture;
  }

  move(token: string) {
    this.welcome = { ...this.welcome!, token };
    this.#listener.moved?.(this.welcome);
  }

  lose() {
    this.#change({ name: "reconnecting", attempt: 0 });
  }

  attempt(attempt: number) {
    this.#change({ name: "connecting", attempt });
  }

  refuse(code: RefusalCode) {
    this.#change({ name: "closed", refusal: refusal(code) });
  }

  frame = () => this.drawing;
  setControls = () => {};
  leave = () => this.ended.push("left");
  close = () => this.ended.push("closed");

  #change(state: SessionState) {
    this.state = state;
    this.#listener.state?.(state);
  }
}

function memoryStore() {
  const map = new Map<string, string>();
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  };
}

function stage() {
  const shown = {
    start: undefined as { room: string | undefined; message: string; favourite: string } | undefined,
    hud: false,
    renewalDue: false,
    closed: "",
    waitsFor: "",
  };
  const opened: { session: FakeSession; wish: StartWish; seat: SeatMemory | undefined }[] = [];
  const actions: { again?: () => void } = {};
  const reloads: unknown[] = [];
  const input = {
    enabled: false,
    touch: false,
    thumbs: { sail: undefined, gun: undefined },
    release: () => {},
    controls: () => ({}),
  };
  const memory = new PageMemory(memoryStore(), memoryStore());
  const parts = {
    memory,
    input,
    sound: { play: () => {}, setHidden: () => {} },
    toWorld: () => undefined,
    startScreen: {
      open: (_name: string, room: string | undefined, message: string, favourite: string) => {
        shown.start = { room, message, favourite };
      },
      hide: () => {
        shown.start = undefined;
      },
      busy: () => {},
    },
    closedNotice: {
      open: (why: { code: string }, act: { start: () => void }) => {
        shown.closed = why.code;
        actions.again = act.start;
      },
      hide: () => {
        shown.closed = "";
      },
    },
    hud: {
      start: () => {
        shown.hud = true;
      },
      hide: () => {
        shown.hud = false;
      },
      drawn: () => {},
      setRenewalDue: (due: boolean) => {
        shown.renewalDue = due;
      },
      toolbar: { setShareable: () => {} },
    },
    renewal: new Renewal({ build: "v1", protocol: 1, memory, reload: () => void reloads.push(director.session) }),
    regionOffer: {
      waits: (region: { id: string }) => {
        shown.waitsFor = region.id;
      },
      settled: () => {
        shown.waitsFor = "";
      },
    },
    still: () => false,
    attractSeed: 1,
    open: (wish: StartWish, seat: SeatMemory | undefined) => {
      const session = new FakeSession();
      opened.push({ session, wish, seat });
      return session as unknown as GameSession;
    },
    reload: () => {},
  } as unknown as DirectorParts;
  const director = new Director(parts);
  return { director, reloads, shown, opened, memory, input, actions };
}

const wish: StartWish = { name: "Ada", room: undefined, offline: false, waters: "basin", region: undefined };
const eu = { id: "eu", name: "Europe", url: "https://eu.example" };
const us = { id: "us", name: "North America", url: "https://us.example" };

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
    const { director, opened, memory, shown } = stage();
    director.play(wish);
    opened[0]?.session.seat("KQXR");
    director.frame(0);
    expect(memory.seat).toEqual({ token: "token-KQXR", room: "KQXR", waters: "basin" });
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
    expect(shown).toEqual({ start: undefined, hud: false, renewalDue: false, closed: "", waitsFor: "" });
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

  it("shows the start screen after a reload that finds no server, and the game as soon as there is one", () => {
    const { director, opened, shown } = stage();
    director.play(wish, { token: "t", room: "KQXR", waters: "basin" });
    opened[0]?.session.attempt(1);
    expect(shown.start).toBeUndefined();
    opened[0]?.session.attempt(2);
    expect(shown.start).toBeDefined();
    expect(opened[0]?.session.ended).toEqual([]);
    opened[0]?.session.seat("KQXR");
    expect(director.frame(0)).toBe(picture);
    expect(shown).toMatchObject({ start: undefined, hud: true });
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
    opened[0]?.session.attempt(0);
    expect(shown.waitsFor).toBe("us");
    opened[0]?.session.seat("KQXR");
    expect(shown.waitsFor).toBe("");
    opened[0]?.session.lose();
    expect(shown.waitsFor).toBe("us");
    director.playIn(eu);
    expect(shown.waitsFor).toBe("");
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
