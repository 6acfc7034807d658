// As much of MessagePack as inputs need: maps, lists, strings, booleans and small whole numbers.

type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

const FIX_MAP = 0x80;
const FIX_LIST = 0x90;
const FIX_STRING = 0xa0;
const FALSE = 0xc2;
const TRUE = 0xc3;
const INT_32 = 0xd2;
const SHORT_MAX = 15;
const SHORT_STRING_MAX = 31;
const POSITIVE_MAX = 127;
const NEGATIVE_MIN = -32;

export function msgpack(value: Value): number[] {
  const bytes: number[] = [];
  write(bytes, value);
  return bytes;
}

function write(bytes: number[], value: Value): void {
  if (typeof value === "boolean") bytes.push(value ? TRUE : FALSE);
  else if (typeof value === "number") writeNumber(bytes, value);
  else if (typeof value === "string") {
    bytes.push(FIX_STRING | within(value.length, SHORT_STRING_MAX), ...Buffer.from(value, "latin1"));
  } else if (isList(value)) {
    bytes.push(FIX_LIST | within(value.length, SHORT_MAX));
    for (const one of value) write(bytes, one);
  } else {
    const entries = Object.entries(value);
    bytes.push(FIX_MAP | within(entries.length, SHORT_MAX));
    for (const [key, one] of entries) {
      write(bytes, key);
      write(bytes, one);
    }
  }
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

function writeNumber(bytes: number[], value: number): void {
  if (value >= NEGATIVE_MIN && value <= POSITIVE_MAX) bytes.push(value & 0xff);
  else bytes.push(INT_32, (value >> 24) & 0xff, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff);
}

function within(length: number, max: number): number {
  if (length > max) throw new RangeError(`nothing here is longer than ${max}`);
  return length;
}
