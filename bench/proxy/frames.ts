// The WebSocket frames of the game's size, framed once and stamped with the time they leave at. The mask is zero, which
// is a mask as good as any to a proxy and leaves the stamp readable.

const UP_PAYLOAD_BYTES = 80;
const DOWN_PAYLOAD_BYTES = 200;

const FIN_BINARY = 0x82;
const MASKED = 0x80;
const LENGTH_IN_16_BITS = 126;

interface Shape {
  readonly frameBytes: number;
  /** Where the stamp is. */
  readonly stampAt: number;
}

export const UP: Shape = { frameBytes: 6 + UP_PAYLOAD_BYTES, stampAt: 6 };
export const DOWN: Shape = { frameBytes: 4 + DOWN_PAYLOAD_BYTES, stampAt: 4 };

export function upFrame(): Buffer {
  const frame = Buffer.alloc(UP.frameBytes, 0x55);
  frame.set([FIN_BINARY, MASKED | UP_PAYLOAD_BYTES, 0, 0, 0, 0]);
  return frame;
}

export function downFrame(): Buffer {
  const frame = Buffer.alloc(DOWN.frameBytes, 0xaa);
  frame.set([FIN_BINARY, LENGTH_IN_16_BITS, DOWN_PAYLOAD_BYTES >> 8, DOWN_PAYLOAD_BYTES & 0xff]);
  return frame;
}

export function stamp(frame: Buffer, shape: Shape, us: number): Buffer {
  frame.writeDoubleLE(us, shape.stampAt);
  return frame;
}

/** Cuts a stream of frames of one size into frames, whatever the chunks, and hands on the stamp of each. */
export class FrameReader {
  readonly #shape: Shape;
  readonly #rest: Buffer;
  #restBytes = 0;

  constructor(shape: Shape) {
    this.#shape = shape;
    this.#rest = Buffer.alloc(shape.frameBytes);
  }

  read(chunk: Buffer, onFrame: (stampUs: number) => void): void {
    const { frameBytes, stampAt } = this.#shape;
    let at = 0;
    if (this.#restBytes > 0) {
      at = chunk.copy(this.#rest, this.#restBytes, 0, frameBytes - this.#restBytes);
      this.#restBytes += at;
      if (this.#restBytes < frameBytes) return;
      this.#restBytes = 0;
      onFrame(this.#rest.readDoubleLE(stampAt));
    }
    for (; at + frameBytes <= chunk.length; at += frameBytes) onFrame(chunk.readDoubleLE(at + stampAt));
    this.#restBytes = chunk.copy(this.#rest, 0, at);
  }
}
