// How a seat's inputs arrive, as bits: number, applied - number, marginTicks.

import { clamp } from "../sim/integer-maths.ts";
import type { BitReader } from "./bit-reader.ts";
import type { BitWriter } from "./bit-writer.ts";
import { COUNTER_MAX, REPORT_MARGIN_MAX_TICKS } from "./limits.ts";
import type { SeatReport } from "./messages.ts";
import { ProtocolError } from "./protocol-error.ts";

const NUMBER_ORDER = 10;
const APPLIED_ORDER = 0;
const MARGIN_ORDER = 2;

export function writeReport(writer: BitWriter, report: SeatReport): void {
  writer.golomb(report.number, NUMBER_ORDER);
  writer.signed(report.applied - report.number, APPLIED_ORDER);
  // Labels come from strangers: one that is hours late must not make a frame that nobody decodes.
  writer.signed(clamp(report.marginTicks, -REPORT_MARGIN_MAX_TICKS, REPORT_MARGIN_MAX_TICKS), MARGIN_ORDER);
}

export function readReport(reader: BitReader, seat: number): SeatReport {
  const number = reader.golomb(NUMBER_ORDER, COUNTER_MAX);
  const applied = number + reader.signed(APPLIED_ORDER, COUNTER_MAX);
  if (applied < 0) throw new ProtocolError("a report's count is negative");
  return { seat, number, applied, marginTicks: reader.signed(MARGIN_ORDER, REPORT_MARGIN_MAX_TICKS) };
}
