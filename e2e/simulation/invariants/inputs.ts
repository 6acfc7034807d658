// Inputs: none that was acknowledged is lost or applied twice. A crash may lose what came after the last checkpoint; a planned departure
// loses nothing.

import type { Invariant } from "./invariant.ts";

/** Every input counts once, and while nothing is wrong each one that is settled was applied. */
export const noInputIsAppliedTwice: Invariant = ({ simulation, weather, broken }) => {
  simulation.observer.onTick(({ room, server }) => {
    for (const [index, seat] of room.state.seats.entries()) {
      const boat = room.state.world.boats[index];
      if (!seat || !boat || boat.inputsApplied <= seat.inputs.settled) continue;
      broken(
        `${seat.player} has ${boat.inputsApplied} inputs applied on ${server}, and ${seat.inputs.settled} settled`,
      );
    }
  });
  return {
    atEnd() {
      if (!weather.wasAlwaysCalm) return;
      for (const player of simulation.players) {
        const { doubled } = player.session.stats().inputs;
        if (doubled > 0) broken(`${player.name} counts ${doubled} inputs as applied twice`);
      }
    },
  };
};

/** What the client has sent and what the boat was steered by are the same at the end of a run in which only departures were planned. */
export const plannedDeparturesLoseNoInput: Invariant = ({ simulation, weather, broken }) => ({
  atEnd() {
    if (!weather.wasAlwaysCalm) return;
    for (const player of simulation.players) {
      if (!player.isHere || weather.excusedUntilMs(player) > 0) continue;
      const { sent, acked, lost } = player.session.stats().inputs;
      if (lost > 0 || acked !== sent) broken(`${player.name} sent ${sent} inputs; ${acked} acknowledged, ${lost} lost`);
      const { welcome } = player.session;
      const room = simulation.living.map(({ rooms }) => rooms.get(welcome?.room as never)).find(Boolean);
      const seat = room?.state.seats[welcome!.seat];
      const applied = room?.state.world.boats[welcome!.seat]?.inputsApplied;
      if (seat?.inputs.received !== sent || applied !== sent) {
        broken(`${player.name} sent ${sent} inputs; the room received ${seat?.inputs.received} and applied ${applied}`);
      }
    }
  },
});
