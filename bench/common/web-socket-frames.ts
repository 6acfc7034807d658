// WebSocket frames of a client that spends as little as it can: it masks with zeros (a mask as good as any to a server) and reads
// what a server sends unmasked and in one piece.

export const OPCODES = { text: 1, binary: 2, close: 8 } as const;

const FINAL = 0x80;
const MASKED = 0x80;
const OPCODE = 0x0f;
const LENGTH = 0x7f;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_64_BITS = 127;
const LENGTH_IN_16_BITS_MAX = 0xffff;
const MASK_BYTES = 4;

/** One frame from a client. */
export function clientFrame(opcode: number, payload: Uint8Array): Buffer {
  const { length } = payload;
  if (length > LENGTH_IN_16_BITS_MAX) throw new RangeError(`a client has no messages of ${length} bytes`);
  const lengthBytes = length < LENGTH_IN_16_BITS ? 0 : 2;
  const frame = Buffer.alloc(2 + lengthBytes + MASK_BYTES + length);
  frame[0] = FINAL | opcode;
  frame[1] = MASKED | (lengthBytes === 0 ? length : LENGTH_IN_16_BITS);
  if (lengthBytes > 0) frame.writeUInt16BE(length, 2);
  frame.set(payload, 2 + lengthBytes + MASK_BYTES);
  return frame;
}

export const clientText = (text: string): Buffer => clientFrame(OPCODES.text, Buffer.from(text));

/** Cuts a server's stream into messages, whatever the chunks. Throws on a message that comes in several frames. */
export class MessageReader {
  #rest: Buffer = Buffer.alloc(0);

  /** The payload shares the chunk's memory. */
  read(chunk: Buffer, onMessage: (opcode: number, payload: Buffer) => void): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (;;) {
      const head = headAt(bytes, at);
      if (!head || bytes.length < head.payloadAt + head.length) break;
      at = head.payloadAt + head.length;
      onMessage(head.opcode, bytes.subarray(head.payloadAt, at));
    }
    this.#rest = bytes.subarray(at);
  }
}

function headAt(bytes: Buffer, at: number): { opcode: number; payloadAt: number; length: number } | undefined {
  if (bytes.length < at + 2) return undefined;
  const [first, second] = [bytes[at]!, bytes[at + 1]!];
  if ((first & FINAL) === 0) throw new Error("a message in several frames");
  const opcode = first & OPCODE;
  const short = second & LENGTH;
  if (short < LENGTH_IN_16_BITS) return { opcode, payloadAt: at + 2, length: short };
  const lengthBytes = short === LENGTH_IN_64_BITS ? 8 : 2;
  const payloadAt = at + 2 + lengthBytes;
  if (bytes.length < payloadAt) return undefined;
  const length = lengthBytes === 2 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
  return { opcode, payloadAt, length };
}
