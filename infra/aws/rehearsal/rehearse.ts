// `npm run aws -- rehearse`: the commands as they are, each a process of its own, from nothing to a deployment and back, against moto instead of
// AWS. They cannot reach anything else. What moto cannot do is said at the end.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sayOnStderr } from "../../provision/progress.ts";
import { systemClock } from "../../stack/clock.ts";
import { readEnvironment } from "../../stack/environment.ts";
import { makeHome } from "../../stack/home.ts";
import { EXIT } from "../../stack/refusal.ts";
import { onEndingSignals } from "../../stack/signals.ts";
import type { Consent } from "../options.ts";
import { Commands } from "./commands.ts";
import { Gateway } from "./gateway.ts";
import { provisionMoto, startMoto } from "./moto.ts";
import { MOTO_VERSION } from "./moto-limits.ts";
import { standSideBySide } from "./side-by-side/scene.ts";
import { playStory, type Scene } from "./story.ts";
import { summaryText } from "./summary.ts";
import { surroundings } from "./surroundings.ts";

/** The whole of it takes two or three minutes on two cores that have other work as well. */
const REHEARSAL_TIMEOUT_MS = 600_000;

export async function rehearse(consent: Consent): Promise<number> {
  const home = makeHome(join(readEnvironment().home, "rehearsal"));
  const python = await provisionMoto(home.path, sayOnStderr);
  const moto = await startMoto(python, home.log("moto"), systemClock);
  const gateway = new Gateway(moto.url, "pages.rehearsal.invalid");
  const url = await gateway.listen();
  const commands = new Commands(surroundings(home.path, url), sayOnStderr);
  const close = async () => {
    commands.close();
    await gateway.close();
    await moto.close();
  };
  const overtime = setTimeout(() => commands.close(), REHEARSAL_TIMEOUT_MS);
  onEndingSignals(
    () => commands.close(),
    () => process.exit(EXIT.notAchieved),
  );
  try {
    const scenes = await playStory({ commands, gateway, motoUrl: moto.url, say: sayOnStderr });
    const { scene, compared } = await standSideBySide(moto.url, join(home.path, "load-balancer"));
    scenes.push(scene, passedOver(readFileSync(home.log("moto"), "utf8")));
    const report = { moto: MOTO_VERSION, scenes, calls: gateway.counts, leftOut: gateway.leftOut, compared };
    process.stdout.write(`${consent.json ? JSON.stringify(report) : summaryText(report)}\n`);
    return scenes.every(({ complaints }) => complaints.length === 0) ? EXIT.done : EXIT.notAchieved;
  } finally {
    clearTimeout(overtime);
    await close();
  }
}

/** moto warns of resources that it does not know, and goes on without them. */
function passedOver(log: string): Scene {
  const types = new Set(
    [...log.matchAll(/No Moto CloudFormation support for (\S+)|Tried to parse (\S+) but/g)].map(([, a, b]) => a ?? b),
  );
  return {
    title: "what moto passes over is known",
    complaints: [...types].map((type) => `moto passed over ${type}, which moto-limits.ts does not name`),
  };
}
