// What a tick of a room brings, as its listeners ask for it: whole, as a difference, or as it is. Each form is made when first asked for, then
// kept: a room whose players are all here and hear of their neighbourhoods only is never encoded whole.

import { encodeSnapshot, KEYFRAME_INTERVAL_TICKS, type SnapshotContent, type View } from "../../game/protocol/index.ts";
import type { RoomFrame } from "./room-port.ts";

/** `base` is the view of the frame before; without it there is no difference. */
export function frameOf(content: SnapshotContent, base: View | undefined): RoomFrame {
  const { epoch, view } = content;
  let keyframe: Uint8Array | undefined;
  const keyframeNow = () => {
    keyframe ??= encodeSnapshot(content);
    return keyframe;
  };
  const frame: RoomFrame = { epoch, tick: view.tick, keyframe: keyframeNow };
  if (view.waters === "arena") {
    frame.content = () => content;
    return base ? withLazyDelta(frame, () => encodeSnapshot({ ...content, base })) : frame;
  }
  if (base && view.tick % KEYFRAME_INTERVAL_TICKS !== 0) frame.delta = encodeSnapshot({ ...content, base });
  return frame;
}

function withLazyDelta(frame: RoomFrame, encode: () => Uint8Array): RoomFrame {
  let delta: Uint8Array | undefined;
  return {
    ...frame,
    get delta() {
      delta ??= encode();
      return delta;
    },
  };
}
