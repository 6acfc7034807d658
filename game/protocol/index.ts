// What may be said on the wire: messages, limits, versions, refusals, and the codecs. Everything from outside is checked here.

export { HEARD_AROUND_PX } from "./area-cells.ts";
export type { Cell, Sighted } from "./area-codec.ts";
export {
  type AreaBase,
  type AreaHeader,
  type AreaSnapshot,
  CELL_READER,
  type CellReader,
  decodeArea,
  isBaseOf,
  readAreaHeader,
} from "./area-decoder.ts";
export { AreaEncoder, type AreaFrame, type AreaProgress } from "./area-encoder.ts";
export * from "./errors.ts";
export { CODEC_VERSION, type FrameKind, frameKindOf } from "./frame-kind.ts";
export { decodeInput, encodeInput } from "./input-codec.ts";
export * from "./limits.ts";
export type * from "./messages.ts";
export { cleanName } from "./names.ts";
export { decodePacket, encodePacket, PACKET_TYPES, type Packet } from "./packet-codec.ts";
export { ProtocolError } from "./protocol-error.ts";
export { parseHello, parseJoinRequest, parseMove, parseRelease } from "./requests.ts";
export { makeRoomCode, parseRoomCode } from "./room-codes.ts";
export { changedRoster, rosterChange } from "./roster-change.ts";
export {
  decodeSnapshot,
  encodeSnapshot,
  readSnapshotHeader,
  type SnapshotContent,
  type SnapshotHeader,
  type SnapshotToEncode,
} from "./snapshot-codec.ts";
