// `npm run bench -- feel`: the grid of networks, then the same game with each part of the netcode turned off.

import type { Command } from "commander";
import type { NetConditions } from "../../client/net/conditioner.ts";
import type { Lessons } from "../../client/netcode/lessons.ts";
import { wholeNumber } from "../../infra/stack/command.ts";
import { EXIT } from "../../infra/stack/refusal.ts";
import { circumstances, jsonFileOf, say, writeJson } from "../common/notes.ts";
import { targetLine } from "../common/targets.ts";
import { answerFrames } from "./answer.ts";
import { causesOf, type Figures, figuresOf, nameOf, tableOf, targetsOf } from "./report.ts";
import { type Game, play } from "./run.ts";

const ROUND_TRIPS_MS = [0, 80, 150, 250];
const JITTERS_MS = [0, 20, 40];
const GRID: readonly NetConditions[] = [
  ...ROUND_TRIPS_MS.flatMap((rttMs) => JITTERS_MS.map((jitterMs) => ({ rttMs, jitterMs }))),
  { rttMs: 150, jitterMs: 20, heavyTail: true },
  { rttMs: 150, jitterMs: 20, lossShare: 0.005 },
];
/** Where parts are turned off. */
const USUAL: NetConditions = { rttMs: 150, jitterMs: 20 };
const PARTS_OFF: readonly [string, Partial<Lessons>][] = [
  ["prediction", { prediction: false }],
  ["reconciliation", { reconciliation: false }],
  ["smoothing", { smoothing: false }],
  ["interpolation", { interpolation: false }],
  ["adaptive delay", { delay: "fixed" }],
  ["rewind", { rewind: false }],
  ["pacing", { pacing: false }],
];

export function addFeelCommand(parent: Command, root: string, choose: (run: () => Promise<number>) => void): void {
  const command = parent
    .command("feel")
    .description("The client's netcode against the real room on virtual time: what a player sees over which network.")
    .option("--seconds <s>", "length of each game, of virtual time", wholeNumber(5, 3_600), 120)
    .option("--players <n>", "measured players among the 32 boats of a room", wholeNumber(1, 32), 8)
    .option("--seed <n>", "another basin, another fight", wholeNumber(1, 1_000_000), 5)
    .action(() => choose(() => measureFeel(root, command.opts<Game>())));
}

async function measureFeel(root: string, game: Game): Promise<number> {
  const grid: Figures[] = [];
  for (const network of GRID) grid.push(await measure(game, network, "", {}));
  const lessons: Figures[] = [];
  for (const [off, change] of PARTS_OFF) lessons.push(await measure(game, USUAL, off, change));
  const targets = targetsOf(grid);
  const usual = grid.find(({ network }) => nameOf(network) === nameOf(USUAL))!;
  const lines = [
    ...[`Of ${game.players} players in a room of 32 boats, ${game.seconds} s each:`, "", tableOf(grid), ""],
    ...[causesOf(grid), "", "With a part turned off:", "", tableOf([usual, ...lessons]), ""],
    ...targets.map(targetLine),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  const file = jsonFileOf(root, "feel");
  writeJson(file, { ...circumstances(), game, grid, lessons, targets });
  say(`The figures are in ${file}.`);
  return EXIT.done;
}

async function measure(game: Game, network: NetConditions, off: string, lessons: Partial<Lessons>): Promise<Figures> {
  say(`feel: ${nameOf(network)}${off === "" ? "" : `, without ${off}`}`);
  return figuresOf(network, off, await play(game, network, lessons), await answerFrames(network, lessons));
}
