// Colyseus as its documentation has it: a room with a schema of the same fields, patches at the rate of its steps, inputs as messages,
// its default transport (ws). A shot comes as a ball that is added to the state, as it left the gun; other events are not told.
// node colyseus.mjs GAME_FILE
import { Room, Server } from "@colyseus/core";
import { schema, t } from "@colyseus/schema";
import { WebSocketTransport } from "@colyseus/ws-transport";

const { announce, GameRoom, MAX_BOATS, TICK_RATE } = await import(process.argv[2]);

const BOAT = {
  ...{ x: t.uint32(), y: t.uint32(), vx: t.int16(), vy: t.int16(), heading: t.uint16(), turnRate: t.int8() },
  ...{ aim: t.uint8(), hull: t.uint8(), reload: t.uint8(), pearls: t.uint16(), score: t.uint16() },
  ...{ sinkings: t.uint16(), losses: t.uint16(), respawnIn: t.uint8(), protectedFor: t.uint8() },
};
const BOAT_FIELDS = Object.keys(BOAT);
const Boat = schema(BOAT);
const Pearl = schema({ x: t.uint32(), y: t.uint32() });
const Ball = schema({ boat: t.uint8(), x: t.uint32(), y: t.uint32(), vx: t.int16(), vy: t.int16() });
const State = schema({
  ...{ tick: t.uint32(), seed: t.uint32(), phase: t.string(), phaseEndsAtTick: t.uint32(), round: t.uint16() },
  ...{ boats: t.map(Boat), pearls: t.map(Pearl), balls: t.map(Ball) },
});

let rooms = 0;

class Basin extends Room {
  maxClients = MAX_BOATS;
  patchRate = 1_000 / TICK_RATE;
  state = new State();

  onCreate() {
    rooms += 1;
    this.game = new GameRoom(rooms);
    this.seats = new Map();
    this.onMessage("input", (client, { throttle, rudder, aim, fire, lagTicks }) => {
      this.game.steer(this.seats.get(client.sessionId), { throttle, rudder, aim, fire, lagTicks });
    });
    this.setFixedTimestep(() => this.show(this.game.step()), TICK_RATE);
  }

  onJoin(client) {
    this.seats.set(client.sessionId, this.game.enter());
  }

  onLeave(client) {
    this.game.leave(this.seats.get(client.sessionId));
    this.seats.delete(client.sessionId);
  }

  /** What has changed is assigned; the schema finds out which values are new. */
  show(events) {
    const { world } = this.game;
    const { state } = this;
    Object.assign(state, {
      ...{ tick: world.tick, seed: world.seed, phase: world.phase },
      ...{ phaseEndsAtTick: world.phaseEndsAtTick, round: world.round },
    });
    for (let index = 0; index < world.boats.length; index++) this.showBoat(String(index), world.boats[index]);
    showAll(state.pearls, world.pearls, ({ x, y }) => new Pearl().assign({ x, y }));
    const shots = new Map(events.filter(({ type }) => type === "shot").map((shot) => [shot.ball, shot]));
    showAll(state.balls, world.balls, ({ id, boat }) => {
      const { x, y, vx, vy } = shots.get(id);
      return new Ball().assign({ boat, x, y, vx, vy });
    });
  }

  showBoat(key, boat) {
    const { boats } = this.state;
    if (!boat) {
      boats.delete(key);
      return;
    }
    let shown = boats.get(key);
    if (!shown) {
      shown = new Boat();
      boats.set(key, shown);
    }
    for (const field of BOAT_FIELDS) shown[field] = boat[field];
  }
}

/** Things with ids that never change: those that are new are added, those that are gone are taken away. */
function showAll(map, things, make) {
  const ids = new Set();
  for (const thing of things) {
    const key = String(thing.id);
    ids.add(key);
    if (!map.has(key)) map.set(key, make(thing));
  }
  for (const key of [...map.keys()]) if (!ids.has(key)) map.delete(key);
}

const transport = new WebSocketTransport();
const server = new Server({ transport, greet: false });
server.define("basin", Basin);
await server.listen(0, "127.0.0.1");
announce(transport.server.address().port);
