// What `npm run bots` can be told.

import { Command, InvalidArgumentError, Option } from "commander";
import { parseRoomCode } from "../../game/protocol/index.ts";
import { readFlags } from "./flags.ts";

/** Players of one process; more would measure the process, not the game. */
export const BOTS_MAX = 500;
const SECONDS_MAX = 86_400;
/** Largest round trip and jitter that can be added to the network, milliseconds. */
const CONDITION_MAX_MS = 2_000;

export interface BotsOptions {
  count: number;
  seconds: number;
  room?: string;
  /** Quick play leads to a big arena. */
  arena: boolean;
  spread: boolean;
  /** Play on servers of this version only. */
  version?: string;
  /** Seconds between two reports while they play; without it there is the last one only. */
  reportEvery?: number;
  /** Added to the network by each player, milliseconds: there and back, and unevenly to each way. */
  rtt: number;
  jitter: number;
  json: boolean;
  /** What runs the stack. */
  platform: "process" | "compose";
  url?: string;
  ca?: string;
}

/** Throws WrongUsage; `undefined` when the help was shown. `write` takes the help's text. */
export function parseOptions(args: readonly string[], write: (text: string) => void): BotsOptions | undefined {
  const command = new Command("bots")
    .description("Headless players that speak the real protocol through the load balancer and report what they felt.")
    .option("--count <players>", `players, up to ${BOTS_MAX}`, wholeNumber(BOTS_MAX), 10)
    .option("--seconds <seconds>", "time to play once all are seated", wholeNumber(SECONDS_MAX), 30)
    .option("--room <code>", "play in this room instead of quick play", roomCode)
    .option("--arena", "quick play in the big arena instead of basins", false)
    .option("--spread", "half of the players sit on another server than their room", false)
    .option("--version <name>", "every player sits on a server of this version, in a room of it", versionName)
    .option(
      "--report-every <seconds>",
      "with --json: a line like the last one every so often, with the gaps of the last minute",
      wholeNumber(SECONDS_MAX),
    )
    .option("--rtt <ms>", "round trip added to the network", milliseconds(CONDITION_MAX_MS), 0)
    .option("--jitter <ms>", "each message is late by up to so much more", milliseconds(CONDITION_MAX_MS), 0)
    .option("--json", "one JSON object as the last line of standard output", false)
    .addOption(
      new Option("--platform <name>", "what runs the stack: `npm start`, or `docker compose up`")
        .choices(["process", "compose"])
        .default("process"),
    )
    .option("--url <url>", "play here instead of on the running stack", httpUrl)
    .option("--ca <file>", "certificate authority to trust with --url, PEM");
  return readFlags<BotsOptions>(command, args, write);
}

function wholeNumber(max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= 1 && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${max}.`);
  };
}

function milliseconds(max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number of milliseconds, up to ${max}.`);
  };
}

function versionName(text: string): string {
  if (/^[A-Za-z0-9._-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError("It must be up to 64 letters, digits, dots, dashes or underscores.");
}

function roomCode(text: string): string {
  const code = parseRoomCode(text);
  if (code === undefined) throw new InvalidArgumentError("A room code is four letters.");
  return code;
}

function httpUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "https:" || url?.protocol === "http:") return url.origin;
  throw new InvalidArgumentError("It must begin with https:// or http://.");
}
