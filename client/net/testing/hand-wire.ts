// A wire that a test moves by hand: what the client asked for is noted, what the server says is called.

import type { JoinAnswer, JoinRequest, Welcome } from "../../../game/protocol/index.ts";
import type { Dial, Wire, WireEvents } from "../wire.ts";

export interface HandWire {
  token: string | undefined;
  protocol: number;
  events: WireEvents;
  joins: JoinRequest[];
  answerJoin: (answer: JoinAnswer) => void;
  inputs: number;
  keyframesAsked: number;
  pings: (() => void)[];
  left: boolean;
  closed: boolean;
}

/** A dial whose wires wait in `wires`. */
export function handDial(): { dial: Dial; wires: HandWire[] } {
  const wires: HandWire[] = [];
  const dial: Dial = (hello, events) => {
    const hand: HandWire = {
      token: hello.token,
      protocol: hello.protocol,
      events,
      joins: [],
      answerJoin: () => {},
      inputs: 0,
      keyframesAsked: 0,
      pings: [],
      left: false,
      closed: false,
    };
    wires.push(hand);
    return wireOf(hand);
  };
  return { dial, wires };
}

function wireOf(hand: HandWire): Wire {
  return {
    join(request, answered) {
      hand.joins.push(request);
      hand.answerJoin = answered;
    },
    input: () => {
      hand.inputs += 1;
    },
    askKeyframe: () => {
      hand.keyframesAsked += 1;
    },
    ping: (answered) => hand.pings.push(answered),
    leave: () => {
      hand.left = true;
    },
    close: () => {
      hand.closed = true;
    },
  };
}

export function welcomeTo(room: string, token = "token-1"): { ok: true } & Welcome {
  const label = { id: "s1", version: "v1" };
  return {
    ok: true,
    room,
    seat: 0,
    player: "p1",
    token,
    tickRate: 30,
    resumed: false,
    inputsReceived: 0,
    roster: { version: 1, seats: [] },
    path: { gateway: label, owner: label, epoch: 1 },
  };
}
