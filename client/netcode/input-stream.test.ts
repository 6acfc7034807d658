import { expect, test } from "vitest";
import { decodeInput, INPUT_HEARTBEAT_TICKS } from "../../game/protocol/index.ts";
import { InputStream, UNREPORTED_MAX } from "./input-stream.ts";

const still = { throttle: 0, rudder: 0, aim: 0, fire: false, lagTicks: 0 };

/** Sends one changed input for each of `count` ticks; returns the numbers. */
function send(stream: InputStream, count: number, fromTick = 1): number[] {
  return Array.from({ length: count }, (_, at) => {
    const bytes = stream.next(fromTick + at, { ...still, aim: at % 256 });
    return decodeInput(bytes!)!.number;
  });
}

const report = (number: number, applied = number) => ({ seat: 0, number, applied, marginTicks: 1 });

test("a change is sent at once, the same again only as a heartbeat", () => {
  const stream = new InputStream();
  stream.seated(0, false);
  const sentAt: number[] = [];
  for (let tick = 1; tick <= 40; tick++)
    if (stream.next(tick, { ...still, throttle: tick > 20 ? 7 : 0 })) sentAt.push(tick);
  expect(sentAt).toEqual([1, 7, 13, 19, 21, 27, 33, 39]);
  expect(INPUT_HEARTBEAT_TICKS).toBe(6);
});

test("what is held is said again when the ticks go back", () => {
  const stream = new InputStream();
  stream.seated(0, false);
  stream.next(100, still);
  expect(stream.next(97, still)).toBeDefined();
  expect(stream.next(98, still)).toBeUndefined();
});

test("numbers go on from what the seat has had", () => {
  const stream = new InputStream();
  stream.seated(41, true);
  expect(send(stream, 3)).toEqual([42, 43, 44]);
});

test("what the owner took is acknowledged; a difference between taken and applied is a loss or a double", () => {
  const stream = new InputStream();
  stream.seated(0, false);
  send(stream, 10);
  stream.report(report(8));
  expect(stream.counts()).toEqual({ sent: 10, acked: 8, lost: 0, doubled: 0 });
  stream.report(report(10, 9));
  expect(stream.counts()).toEqual({ sent: 10, acked: 10, lost: 1, doubled: 0 });
  stream.report(report(10, 12));
  expect(stream.counts()).toEqual({ sent: 10, acked: 10, lost: 0, doubled: 2 });
});

test("after a resumed seat, what never arrived is lost and everything else goes on", () => {
  const stream = new InputStream();
  stream.seated(0, false);
  send(stream, 10);
  stream.report(report(6));
  stream.seated(8, true);
  expect(stream.counts()).toEqual({ sent: 10, acked: 8, lost: 2, doubled: 0 });
  expect(send(stream, 2, 50)).toEqual([9, 10]);
  stream.report(report(10));
  expect(stream.counts()).toEqual({ sent: 12, acked: 10, lost: 2, doubled: 0 });
});

test("a loss that was counted once is not counted again after the next seat", () => {
  const stream = new InputStream();
  stream.seated(0, false);
  send(stream, 10);
  stream.report(report(10, 9));
  stream.seated(10, true);
  stream.report(report(10, 9));
  expect(stream.counts()).toEqual({ sent: 10, acked: 10, lost: 1, doubled: 0 });
});

test("losses of an earlier life of the page are not this one's", () => {
  const stream = new InputStream();
  stream.seated(100, true);
  send(stream, 5);
  stream.report(report(103, 99));
  stream.report(report(105, 101));
  expect(stream.counts()).toEqual({ sent: 5, acked: 5, lost: 0, doubled: 0 });
});

test("a new seat begins at one, and what the old one had not taken is lost", () => {
  const stream = new InputStream();
  stream.seated(0, false);
  send(stream, 10);
  stream.report(report(7));
  stream.seated(0, false);
  expect(send(stream, 2, 80)).toEqual([1, 2]);
  stream.report(report(2));
  expect(stream.counts()).toEqual({ sent: 12, acked: 9, lost: 3, doubled: 0 });
});

const numbers = (messages: Uint8Array[]) => messages.map((bytes) => decodeInput(bytes)!.number);

test("what was not reported as taken can be said again, up to a limit", () => {
  const stream = new InputStream();
  stream.seated(0, false);
  send(stream, 10);
  stream.report(report(6));
  expect(numbers(stream.unreported())).toEqual([7, 8, 9, 10]);
  send(stream, UNREPORTED_MAX, 20);
  expect(numbers(stream.unreported())).toEqual(Array.from({ length: UNREPORTED_MAX }, (_, at) => 11 + at));
});

test("after a resumed seat that comes soon, what never arrived is said again under its number and is not lost", () => {
  const stream = new InputStream();
  stream.seated(0, false);
  send(stream, 10);
  stream.report(report(6));
  expect(numbers(stream.seated(8, true, true))).toEqual([9, 10]);
  expect(send(stream, 2, 50)).toEqual([11, 12]);
  stream.report(report(12));
  expect(stream.counts()).toEqual({ sent: 12, acked: 12, lost: 0, doubled: 0 });
});

test("what the seat says that it never had, but reported before, cannot be said again and is lost", () => {
  const stream = new InputStream();
  stream.seated(0, false);
  send(stream, 10);
  stream.report(report(6));
  expect(stream.seated(4, true, true)).toEqual([]);
  expect(stream.counts()).toEqual({ sent: 10, acked: 6, lost: 4, doubled: 0 });
  expect(send(stream, 1, 50)).toEqual([5]);
});

test("nothing is said again to another seat", () => {
  const stream = new InputStream();
  stream.seated(0, false);
  send(stream, 3);
  expect(stream.seated(0, false, true)).toEqual([]);
  expect(stream.unreported()).toEqual([]);
  expect(stream.counts()).toMatchObject({ sent: 3, acked: 0, lost: 3 });
});
