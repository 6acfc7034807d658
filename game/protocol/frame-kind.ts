// The first byte of a hot frame: what it is (high four bits) and in which codec version (low four bits).

export const CODEC_VERSION = 1;
export const INPUT_KIND = 0x10 | CODEC_VERSION;
export const DELTA_KIND = 0x20 | CODEC_VERSION;
export const KEYFRAME_KIND = 0x30 | CODEC_VERSION;
/** Part of an arena, for one of its players. */
export const AREA_KIND = 0x40 | CODEC_VERSION;
/** A whole arena, as servers tell it to each other. */
export const ARENA_DELTA_KIND = 0x50 | CODEC_VERSION;
export const ARENA_KEYFRAME_KIND = 0x60 | CODEC_VERSION;

export type FrameKind = "input" | "delta" | "keyframe" | "area" | "arena-delta" | "arena-keyframe";

/** The kind of a hot frame; `undefined` for anything else, another codec version included. */
export function frameKindOf(bytes: Uint8Array): FrameKind | undefined {
  switch (bytes[0]) {
    case INPUT_KIND:
      return "input";
    case DELTA_KIND:
      return "delta";
    case KEYFRAME_KIND:
      return "keyframe";
    case AREA_KIND:
      return "area";
    case ARENA_DELTA_KIND:
      return "arena-delta";
    case ARENA_KEYFRAME_KIND:
      return "arena-keyframe";
    default:
      return undefined;
  }
}
