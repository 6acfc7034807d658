// A director among parts that only note what they are told, with sessions that a test moves by hand.

import { type RefusalCode, refusal, type Welcome } from "../../../game/protocol/index.ts";
import { PageMemory, type SeatMemory } from "../../browser/storage.ts";
import type { StartWish } from "../../hud/start-screen.ts";
import type { GameSession, SessionListener, SessionState } from "../../netcode/game-session.ts";
import type { RenderState } from "../../netcode/render-state.ts";
import { Director, type DirectorParts } from "../director.ts";
import { Renewal } from "../renewal.ts";

/** What a session draws. */
export const picture = { seed: 1, ownSeat: 3, boats: [], balls: [], pearls: [], events: [] } as unknown as RenderState;

export class FakeSession {
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

export function stage(instead: Partial<DirectorParts> = {}) {
  const shown = {
    start: undefined as { room: string | undefined; message: string; favourite: string } | undefined,
    isBusy: false,
    hud: false,
    renewalDue: false,
    closed: "",
    waitsFor: "",
  };
  const opened: { session: FakeSession; wish: StartWish; seat: SeatMemory | undefined }[] = [];
  const actions: { again?: () => void } = {};
  const reloads: unknown[] = [];
  /** Rooms that the page's address was made to lead to. */
  const led: string[] = [];
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
        shown.isBusy = false;
      },
      hide: () => {
        shown.start = undefined;
      },
      busy: (busy: boolean) => {
        shown.isBusy = busy;
      },
      stillLooking: () => {
        shown.isBusy = false;
      },
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
    leadTo: (seat: SeatMemory) => led.push(seat.room),
    reload: () => {},
    ...instead,
  } as unknown as DirectorParts;
  const director = new Director(parts);
  return { director, reloads, led, shown, opened, memory, input, actions };
}

export const wish: StartWish = { name: "Ada", room: undefined, offline: false, waters: "basin", region: undefined };
