// The first byte of a hot frame: what it is (high four bits) and in which codec version (low four bits).

export const CODEC_VERSION = 1;
export const INPUT_KIND = 0x10 | CODEC_VERSION;
export const DELTA_KIND = 0x20 | CODEC_VERSION;
export const KEYFRAME_KIND = 0x30 | CODEC_VERSION;

export type FrameKind = "input" | "delta" | "keyframe";

/** The kind of a hot frame; `undefined` for anything else, another codec version included. */
export function frameKindOf(bytes: Uint8Array): FrameKind | undefined {
  switch (bytes[0]) {
    case INPUT_KIND:
      return "input";
    case DELTA_KIND:
      return "delta";
    case KEYFRAME_KIND:
      return "keyframe";
    default:
      return undefined;
  }
}
