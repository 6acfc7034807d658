// Scores that outlive rooms: a few players earn some and go, and whatever breaks later must not cost them.

import type { HallOfFameEntry } from "../../game/protocol/index.ts";
import type { Crowd } from "./crowd.ts";
import { atMost, type Finding } from "./findings.ts";
import { until, wait } from "./patience.ts";
import type { Stage } from "./stage.ts";

const EARNERS = 4;
const EARN_MS = 12_000;
const WRITTEN_LIMIT_MS = 15_000;
/** A hall that was emptied with Redis is put back within this, as each server looks at it every five seconds. */
const RESTORED_LIMIT_MS = 15_000;

/** Resolves with what the hall of fame holds once players who have gone are in it. */
export async function earnScores(stage: Stage, crowd: Crowd): Promise<readonly HallOfFameEntry[]> {
  const earners = await crowd.seat(Array.from({ length: EARNERS }, () => ({})));
  await wait(EARN_MS, stage.signal);
  for (const earner of earners) earner.leave();
  crowd.forget(earners);
  let hall: HallOfFameEntry[] = [];
  await until("the hall of fame has scores", WRITTEN_LIMIT_MS, stage.signal, async () => {
    hall = await read(stage);
    return hall.length > 0;
  });
  return hall;
}

/** How many of those scores are gone, or have become less. */
export async function judgeHall(stage: Stage, before: readonly HallOfFameEntry[]): Promise<Finding> {
  let lost = before.length;
  const isRestored = async () => {
    const now = await read(stage);
    lost = before.filter((old) => !now.some((one) => one.name === old.name && one.score >= old.score)).length;
    return lost === 0;
  };
  await until("the hall of fame is whole", RESTORED_LIMIT_MS, stage.signal, isRestored).catch((error: unknown) => {
    if (stage.signal.aborted) throw error; // else the finding says how many
  });
  return atMost("scores lost from the hall of fame", lost, 0);
}

async function read(stage: Stage): Promise<HallOfFameEntry[]> {
  const [server] = stage.stack.state().servers;
  const answer = await fetch(`http://127.0.0.1:${server?.port}/api/hall-of-fame`).catch(() => undefined);
  return answer?.ok ? ((await answer.json()) as HallOfFameEntry[]) : []; // it was just killed: asked again
}
