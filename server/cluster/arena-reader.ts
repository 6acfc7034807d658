// Reads the frames of an arena that runs on another server: each as a difference to the one before, or whole. What a gateway tells its players of
// an arena it has to know itself.

import { decodeSnapshot, ProtocolError, type SnapshotContent, type View } from "../../game/protocol/index.ts";

export class ArenaReader {
  #view: View | undefined;

  /** `undefined` if a whole frame has to come first; nothing is known then. */
  read(delta: Uint8Array | undefined, keyframe: Uint8Array | undefined): SnapshotContent | undefined {
    const base = this.#view;
    this.#view = undefined;
    const bytes = delta && base ? delta : keyframe;
    if (!bytes) return undefined;
    try {
      const content = decodeSnapshot(bytes, bytes === delta ? base : undefined);
      if (content.view.waters !== "arena") return undefined;
      this.#view = content.view;
      return content;
    } catch (error) {
      // Of a version that encodes otherwise, or nonsense: a whole frame is asked for, and nothing is told until one can be read.
      if (error instanceof ProtocolError) return undefined;
      throw error;
    }
  }
}
