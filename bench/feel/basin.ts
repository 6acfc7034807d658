// The real room on virtual time, full of boats that fight, and a way in for clients without sockets: what a client says reaches the room in
// the same moment. Distance is the conditioner's affair.

import { sharedDecode } from "../../client/bots/shared-decode.ts";
import type { Dial, Wire, WireEvents } from "../../client/net/wire.ts";
import type { VirtualTime } from "../../client/netcode/testing/virtual-time.ts";
import { decodeInput, type JoinAnswer } from "../../game/protocol/index.ts";
import { type GameEvent, TICK_RATE, type View } from "../../game/sim/index.ts";
import type { Room } from "../../server/room/room.ts";
import { RoomLoop } from "../../server/room/room-host.ts";
import type { PlayerId, RoomCode, RoomFrame, ServerId } from "../../server/room/room-port.ts";

const CODE = "FEEL" as RoomCode;
const OWNER = { id: "bench" as ServerId, version: "bench" };
const EPOCH = 1;

/** What the room knows before its players do. */
export interface BasinWatch {
  ticked(view: View, events: readonly GameEvent[]): void;
  /** An input came so many ticks before the one that it was for was made; below 0 it was late. */
  input(seat: number, marginTicks: number): void;
}

export class Basin {
  /** For all who play here: they hear the same frames. */
  readonly decode = sharedDecode();
  readonly #room: Room;
  readonly #rooms: RoomLoop;
  readonly #time: VirtualTime;
  readonly #watch: BasinWatch;
  #players = 0;

  /** Bots join until there are `boats`. */
  constructor(time: VirtualTime, seed: number, boats: number, watch: BasinWatch) {
    this.#time = time;
    this.#watch = watch;
    this.#rooms = new RoomLoop({
      clock: { now: () => time.now(), wallNow: () => time.now(), after: (delayMs, act) => time.after(delayMs, act) },
      owner: OWNER,
      randomSeed: () => seed,
      botsFillTo: boats,
      observe: { tick() {}, droppedSteps() {}, arrival() {}, error: rethrow },
    });
    this.#rooms.create(CODE, EPOCH);
    this.#room = this.#rooms.get(CODE)!;
    this.#listen();
  }

  readonly dial: Dial = (_hello, events) => {
    this.#time.after(0, () => events.open());
    return this.#wire(`player-${++this.#players}` as PlayerId, events);
  };

  close(): void {
    this.#rooms.close();
  }

  #listen(): void {
    let view: View | undefined;
    this.#room.listen({
      frame: ({ delta, keyframe }) => {
        const snapshot = delta ? this.decode(delta, view) : this.decode(keyframe!(), undefined);
        view = snapshot.view;
        this.#watch.ticked(view, snapshot.events);
      },
      path() {},
      closed: rethrow,
    });
  }

  #wire(player: PlayerId, events: WireEvents): Wire {
    let seat = -1;
    let needsKeyframe = true;
    let stopListening = () => {};
    const listener = {
      frame: ({ delta, keyframe }: RoomFrame) => {
        events.frame((needsKeyframe ? undefined : delta) ?? keyframe!());
        needsKeyframe = false;
      },
      path() {},
      closed: rethrow,
    };
    return {
      join: async ({ name }, answered) => {
        const answer = await this.#join(player, name);
        if (answer.ok) {
          seat = answer.seat;
          stopListening = this.#room.listen(listener);
        }
        answered(answer);
      },
      input: (bytes) => {
        this.#watch.input(seat, decodeInput(bytes)!.tick - (this.#room.tick + 1));
        this.#room.input(player, bytes);
      },
      askKeyframe: () => {
        needsKeyframe = true;
      },
      ping: (answered) => void this.#time.after(0, answered),
      leave: () => this.#room.leave(player),
      close: () => stopListening(),
    };
  }

  async #join(player: PlayerId, name: string): Promise<JoinAnswer> {
    const answer = await this.#room.join({ player, name, gateway: OWNER.id, connection: `${player}-1` });
    if (!answer.ok) throw new Error(`no seat in a room of the bench: ${answer.code}`);
    const { seat, resumed, inputsReceived, roster } = answer;
    const welcome = { room: CODE, seat, player, token: player, tickRate: TICK_RATE, resumed, inputsReceived, roster };
    return { ok: true, ...welcome, path: { gateway: OWNER, owner: OWNER, epoch: EPOCH } };
  }
}

function rethrow(error: unknown): never {
  throw error;
}
