// A process of WebSocket clients: each sends a message, waits for its echo, pauses, and sends the next.

import { WebSocket } from "ws";
import { answerCalls } from "./child-calls.ts";

const atOnce = 40;

interface Client {
  readonly socket: WebSocket;
  readonly number: number;
  sent: number;
  /** The echo that is still to come. */
  expected: string | undefined;
  timer: NodeJS.Timeout | undefined;
}

export interface Opening {
  readonly url: string;
  readonly count: number;
  readonly ca: string;
}

export interface Report {
  readonly open: number;
  readonly sent: number;
  readonly echoed: number;
  /** Echoes of something else than what was sent. */
  readonly wrong: number;
  /** Codes of sockets that have closed. */
  readonly closed: readonly number[];
}

const clients: Client[] = [];
const closed: number[] = [];
let echoed = 0;
let wrong = 0;
let pauseMs: number | undefined;
let onEcho: () => void = () => {};

function say(client: Client): void {
  client.expected = `${client.number}:${client.sent++}:${"x".repeat(100)}`;
  client.socket.send(client.expected);
}

function heard(client: Client, text: string): void {
  if (text === client.expected) echoed++;
  else wrong++;
  client.expected = undefined;
  if (pauseMs !== undefined) client.timer = setTimeout(() => say(client), pauseMs);
  onEcho();
}

function open({ url, ca }: Opening): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { ca, perMessageDeflate: false });
    const client: Client = { socket, number: clients.length, sent: 0, expected: undefined, timer: undefined };
    clients.push(client);
    socket.once("open", resolve);
    socket.on("error", reject);
    socket.on("message", (data) => heard(client, String(data)));
    socket.on("close", (code) => {
      clearTimeout(client.timer);
      closed.push(code);
      onEcho();
    });
  });
}

const isOpen = ({ socket }: Client) => socket.readyState === WebSocket.OPEN;

const echoesOf = ({ sent, expected }: Client) => sent - (expected === undefined ? 0 : 1);

answerCalls({
  /** Opens so many more sockets, some at a time. */
  async open(opening: Opening): Promise<void> {
    let left = opening.count;
    const one = async () => {
      while (left-- > 0) await open(opening);
    };
    await Promise.all(Array.from({ length: atOnce }, one));
  },
  /** Begins to talk on all sockets, not all at the same moment. */
  talk(everyMs: number): void {
    pauseMs = everyMs;
    for (const [i, client] of clients.entries()) {
      client.timer = setTimeout(() => say(client), (i / clients.length) * everyMs);
    }
  },
  /** How many echoes the socket has had that has had most. */
  echoes: () => Math.max(...clients.map(echoesOf)),
  /** Resolves when every socket that is open has had so many echoes. */
  async until(echoes: number): Promise<void> {
    const done = () => clients.every((each) => !isOpen(each) || echoesOf(each) >= echoes);
    await new Promise<void>((resolve) => {
      onEcho = () => done() && resolve();
      onEcho();
    });
  },
  /** Ends the talk, waits for the echoes that are still to come, and reports. */
  async rest(): Promise<Report> {
    pauseMs = undefined;
    for (const { timer } of clients) clearTimeout(timer);
    await new Promise<void>((resolve) => {
      onEcho = () => clients.every((each) => !isOpen(each) || each.expected === undefined) && resolve();
      onEcho();
    });
    const sent = clients.reduce((sum, each) => sum + each.sent, 0);
    return { open: clients.filter(isOpen).length, sent, echoed, wrong, closed };
  },
});
