// What a seat is told about its inputs (SeatReport): how early they come and how many were applied. Decides when, not how it is sent.

import { REPORT_INTERVAL_TICKS, type SeatReport } from "../../game/protocol/index.ts";
import type { RoomState } from "./room-state.ts";

/** Margins beyond this say nothing more, ticks; a label may be any number that a stranger writes. */
const MARGIN_MAX_TICKS = 1000;

export interface ArrivalRecord {
  /** Smallest (label - next tick) at arrival since the last report; the last reported one while nothing arrives. */
  marginTicks: number;
  /** Something arrived since the last report. */
  fresh: boolean;
  /** An input came late: report with the next snapshot. */
  urgent: boolean;
  /** `number` of the last report. */
  reported: number;
}

export function createArrivalRecord(): ArrivalRecord {
  return { marginTicks: 0, fresh: false, urgent: false, reported: 0 };
}

export function noteArrival(record: ArrivalRecord, labelAheadTicks: number): void {
  const marginTicks = Math.max(-MARGIN_MAX_TICKS, Math.min(MARGIN_MAX_TICKS, labelAheadTicks));
  record.marginTicks = record.fresh ? Math.min(record.marginTicks, marginTicks) : marginTicks;
  record.fresh = true;
  if (marginTicks < 0) record.urgent = true;
}

/** The reports that go out with this tick. */
export function takeReports({ seats, world }: RoomState): SeatReport[] {
  const reports: SeatReport[] = [];
  for (let index = 0; index < seats.length; index++) {
    const seat = seats[index];
    const boat = world.boats[index];
    if (!seat || !boat) continue;
    const counts = { seat: index, number: seat.inputs.settled, applied: boat.inputsApplied };
    const report = takeReport(seat.arrival, world.tick, counts);
    if (report) reports.push(report);
  }
  return reports;
}

/** The report that goes out with `tick`, if one does: each seat in its turn, at once after a late input. */
function takeReport(
  record: ArrivalRecord,
  tick: number,
  counts: { seat: number; number: number; applied: number },
): SeatReport | undefined {
  const turn = (tick + counts.seat) % REPORT_INTERVAL_TICKS === 0;
  const news = record.fresh || counts.number !== record.reported;
  if (!(record.urgent || (turn && news))) return undefined;
  record.fresh = false;
  record.urgent = false;
  record.reported = counts.number;
  return { ...counts, marginTicks: record.marginTicks };
}
