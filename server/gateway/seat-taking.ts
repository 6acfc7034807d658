// How a session comes by a seat: in the room that a ticket names, or in one that is chosen; what the player's other connections hear of it.

import type { JoinRequest } from "../../game/protocol/index.ts";
import type { Clock } from "../clock.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { RoomPort, SeatAnswer, SeatGrant, SeatRequest, ServerId } from "../room/room-port.ts";
import type { MoveTickets } from "./move-ticket.ts";
import type { Delivery } from "./player-socket.ts";
import { Refused } from "./refused.ts";
import { chooseRoom } from "./room-choice.ts";

/** A chosen room may fill up before the seat is taken; then another one is chosen, this often. */
const JOIN_ATTEMPTS_MAX = 3;
/** After a move the connection that was replaced has this long to close; then it is closed, milliseconds. */
export const OVERLAP_MAX_MS = 5_000;

export interface SeatTakingContext {
  self: { id: ServerId };
  generation: number;
  cluster: Cluster;
  clock: Clock;
  delivery: Delivery;
  tickets: Pick<MoveTickets, "sign" | "verify">;
  isDraining(): boolean;
}

export interface SeatTaken {
  port: RoomPort;
  request: SeatRequest;
  grant: SeatGrant;
  /** The connection that a ticket named. */
  replaces: string | undefined;
}

/** Rejects with Refused, or with what the cluster rejects with. Nothing when the seat was no longer wanted. */
export async function takeSeat(
  context: SeatTakingContext,
  who: Pick<SeatRequest, "player" | "connection" | "areas">,
  join: JoinRequest,
  isWanted: () => boolean,
): Promise<SeatTaken | undefined> {
  const { cluster, isDraining, self } = context;
  const request: SeatRequest = { ...who, name: join.name, gateway: self.id };
  if (join.ticket !== undefined) return takeOver(context, request, { ...join, ticket: join.ticket }, isWanted);
  let answer: SeatAnswer | undefined;
  for (let attempt = 0; attempt < JOIN_ATTEMPTS_MAX; attempt++) {
    // The room of last time was full, or is gone: from now on any room will do.
    const port = attempt === 0 ? await chooseRoom(context, join, who.player) : await cluster.quickPlay(join.waters);
    if (!isWanted()) return undefined;
    if (isDraining()) throw new Refused("draining");
    answer = await port.join(request);
    if (answer.ok) return { port, request, grant: answer, replaces: undefined };
    if (join.room !== undefined) break;
  }
  throw new Refused(answer && !answer.ok ? answer.code : "unavailable");
}

async function takeOver(
  { cluster, generation, isDraining, tickets }: SeatTakingContext,
  request: SeatRequest,
  join: JoinRequest & { ticket: string },
  isWanted: () => boolean,
): Promise<SeatTaken | undefined> {
  const ticket = await tickets.verify(join.ticket);
  const isFor = ticket?.player === request.player && (join.room === undefined || join.room === ticket.room);
  if (!ticket || !isFor) throw new Refused("bad-ticket");
  // Of a generation that is about to go itself, perhaps without knowing it yet.
  if (ticket.generation !== undefined && ticket.generation !== generation) throw new Refused("draining");
  const port = await cluster.find(ticket.room);
  if (!port) throw new Refused("bad-ticket");
  if (!isWanted()) return undefined;
  if (isDraining()) throw new Refused("draining");
  const grant = await port.join({ ...request, replaces: ticket.connection });
  if (!grant.ok) throw new Refused(grant.code);
  return { port, request, grant, replaces: ticket.connection };
}

/** Ends the player's other connections, on every server; not yet the one that a ticket named. */
export function endOthers(delivery: Delivery, { port, request, grant, replaces }: SeatTaken): void {
  const { player, connection } = request;
  const keep = replaces === undefined ? [connection] : [connection, replaces];
  // An owner of an older version does not say whom it replaced.
  if (grant.replaced === undefined) delivery.endAll(player, keep, "superseded");
  else delivery.endElsewhere(player, port.code, keep, "superseded");
  // In the room only the one that was replaced goes: of two that join at the same instant, the room knows which was the later.
  if (grant.replaced && grant.replaced !== replaces) delivery.end(grant.replaced, "superseded");
}
