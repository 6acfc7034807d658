import { afterEach, describe, expect, it, vi } from "vitest";
import { Session } from "../../server/gateway/session.ts";
import { RoomLoop } from "../../server/room/room-host.ts";
import { run } from "./run.ts";
import { type Scenario, scenarioOf } from "./scenario.ts";
import { Story } from "./trace.ts";

const TIMEOUT_MS = 120_000;

/** Two servers, three players, one deploy, calm weather. */
function deploy(): Scenario {
  const { settings } = scenarioOf(1);
  return { settings: { ...settings, servers: 2, redisDelayMs: 1 }, players: 3, steps: [{ atMs: 100, kind: "deploy" }] };
}

async function storyOf(scenario: Scenario): Promise<string[]> {
  const story = new Story();
  await run(scenario, story);
  return story.lines;
}

describe("the simulation", { timeout: TIMEOUT_MS }, () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("tells the same story for the same seed, and another one for another seed", async () => {
    const [first, again, other] = [
      await storyOf(scenarioOf(5)),
      await storyOf(scenarioOf(5)),
      await storyOf(scenarioOf(6)),
    ];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it("sees a deploy in which every player is moved once", async () => {
    expect(await run(deploy())).toMatchObject({ moves: 3 });
    expect((await run(deploy())).failure).toBeUndefined();
  });

  it("sees an arena move in a deploy like any other room", async () => {
    const scenario = deploy();
    const outcome = await run({ ...scenario, settings: { ...scenario.settings, waters: "arena" } });
    expect(outcome.failure).toBeUndefined();
    expect(outcome.moves).toBe(3);
  });

  it("notices an owner that goes on after it has handed a room over", async () => {
    vi.spyOn(RoomLoop.prototype, "yield").mockImplementation(function (this: RoomLoop, code) {
      this.unseal(code);
    });
    expect((await run(deploy())).failure).toBeDefined();
  });

  it("notices players that nobody moves", async () => {
    vi.spyOn(Session.prototype, "offerMove").mockImplementation(async () => {});
    expect((await run(deploy())).failure?.invariant).toMatch(/nobodyIsCutOff|nobodySeesADisconnect/);
  });

  it("notices inputs that a room never gets", async () => {
    const { input } = Session.prototype;
    let count = 0;
    vi.spyOn(Session.prototype, "input").mockImplementation(function (this: Session, frame) {
      if (++count % 50 !== 0) input.call(this, frame);
    });
    expect((await run(deploy())).failure?.invariant).toBe("plannedDeparturesLoseNoInput");
  });

  it("notices a promise that nobody waited for", async () => {
    vi.spyOn(Session.prototype, "ended").mockImplementation(() => {
      void Promise.reject(new Error("nobody waits"));
    });
    expect((await run(deploy())).failure).toMatchObject({ invariant: "nothingThrows" });
  });
});
