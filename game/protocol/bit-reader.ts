// Reads what BitWriter writes. Never past the end, never a number out of the stated range: a ProtocolError instead.

import { ProtocolError } from "./protocol-error.ts";

const VARINT_MAX_BYTES = 5;

export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #endBit: number;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#endBit = bytes.length * 8;
  }

  bits(count: number): number {
    if (this.#at + count > this.#endBit) throw new ProtocolError("the frame is too short");
    let value = 0;
    let left = count;
    while (left > 0) {
      const offset = this.#at & 7;
      const take = Math.min(left, 8 - offset);
      const byte = this.#bytes[this.#at >>> 3]!;
      value = value * (1 << take) + ((byte >>> (8 - offset - take)) & ((1 << take) - 1));
      this.#at += take;
      left -= take;
    }
    return value;
  }

  bit(): boolean {
    return this.bits(1) === 1;
  }

  /** 0 … max. */
  golomb(order: number, max: number): number {
    let zeros = 0;
    while (this.bits(1) === 0) {
      zeros += 1;
      if (zeros + order > 31) throw new ProtocolError("a number is too long");
    }
    const value = powerOfTwo(zeros + order) + this.bits(zeros + order) - powerOfTwo(order);
    if (value > max) throw new ProtocolError(`a number is out of range: ${value} > ${max}`);
    return value;
  }

  /** -max … max. */
  signed(order: number, max: number): number {
    const folded = this.golomb(order, 2 * max);
    return folded % 2 === 1 ? -(folded + 1) / 2 : folded / 2;
  }

  /** 0 … max, in its shortest form. Only before any bits. */
  varint(max: number): number {
    let value = 0;
    for (let index = 0; index < VARINT_MAX_BYTES; index++) {
      const byte = this.bits(8);
      value += (byte & 0x7f) * powerOfTwo(7 * index);
      if (byte >= 0x80) continue;
      if (byte === 0 && index > 0) throw new ProtocolError("a number is longer than needed");
      if (value > max) throw new ProtocolError(`a number is out of range: ${value} > ${max}`);
      return value;
    }
    throw new ProtocolError("a number is too long");
  }

  /** Whole bytes that are gone; only where a byte begins. */
  get atByte(): number {
    return this.#at / 8;
  }

  /** Goes on after the given bytes if they are those that come next; only where a byte begins. */
  skipIfNext(bytes: Uint8Array): boolean {
    const from = this.atByte;
    if (this.#at + bytes.length * 8 > this.#endBit) return false;
    for (let at = 0; at < bytes.length; at++) if (this.#bytes[from + at] !== bytes[at]) return false;
    this.#at += bytes.length * 8;
    return true;
  }

  byte(): number {
    return this.bits(8);
  }

  /** Goes on at the next whole byte; what fills this one must be zero. */
  align(): void {
    const left = (8 - (this.#at & 7)) & 7;
    if (this.bits(left) !== 0) throw new ProtocolError("the filling bits are not zero");
  }

  /** Refuses anything after the last bit but the zero bits that fill its byte. */
  finish(): void {
    const left = this.#endBit - this.#at;
    if (left >= 8) throw new ProtocolError("the frame is too long");
    if (left > 0 && this.bits(left) !== 0) throw new ProtocolError("the filling bits are not zero");
  }
}

/** 2 to the power of 0 … 31. */
function powerOfTwo(exponent: number): number {
  return (1 << exponent) >>> 0;
}
