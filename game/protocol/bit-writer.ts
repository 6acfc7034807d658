// Writes bits, most significant first, into a buffer that grows and is used again.
//
// golomb(value, order) is the exponential Golomb code: small numbers are short, any number is possible.
//   order 0: 0 "1", 1 "010", 2 "011", 3 "00100" …; a higher order spends `order` more bits and pays off later.

/** Largest number that the Golomb codes carry: the zigzag of a difference of two counters. */
export const GOLOMB_MAX = 2 ** 31 - 1;

export class BitWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;
  #pending = 0;
  #pendingBits = 0;

  /** Bits that were written since the last reset. */
  get length(): number {
    return this.#length * 8 + this.#pendingBits;
  }

  reset(): void {
    this.#length = 0;
    this.#pending = 0;
    this.#pendingBits = 0;
  }

  /** `count` low bits of a whole number, 0 … 32 bits. */
  bits(value: number, count: number): void {
    if (count > 16) {
      this.bits(value >>> 16, count - 16);
      this.bits(value & 0xffff, 16);
      return;
    }
    this.#pending = (this.#pending << count) | (value & ((1 << count) - 1));
    this.#pendingBits += count;
    while (this.#pendingBits >= 8) {
      this.#pendingBits -= 8;
      this.#push((this.#pending >>> this.#pendingBits) & 0xff);
    }
    this.#pending &= 0xff;
  }

  bit(value: boolean): void {
    this.bits(value ? 1 : 0, 1);
  }

  golomb(value: number, order: number): void {
    if (!Number.isInteger(value) || value < 0 || value > GOLOMB_MAX)
      throw new RangeError(`cannot encode ${value} as a count`);
    const shifted = value + (1 << order);
    const length = 32 - Math.clz32(shifted);
    this.bits(0, length - 1 - order);
    this.bits(shifted, length);
  }

  /** A number of either sign, near 0 mostly. */
  signed(value: number, order: number): void {
    this.golomb(value < 0 ? -2 * value - 1 : 2 * value, order);
  }

  /** A byte-aligned number, seven bits a byte, low ones first. Only before any bits. */
  varint(value: number): void {
    if (!Number.isInteger(value) || value < 0 || value > 0xffffffff)
      throw new RangeError(`cannot encode ${value} as a varint`);
    let rest = value;
    while (rest >= 0x80) {
      this.#push((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.#push(rest);
  }

  byte(value: number): void {
    this.#push(value);
  }

  /** A copy of what was written, filled up with zero bits to a whole byte. */
  finish(): Uint8Array {
    if (this.#pendingBits > 0) this.bits(0, 8 - this.#pendingBits);
    return this.#bytes.slice(0, this.#length);
  }

  #push(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }
}
