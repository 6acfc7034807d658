// `docker compose up --build` and what one does with it, while two people and thirty bots play on it.

import { writeFile } from "node:fs/promises";
import { expect, test } from "playwright/test";
import type { BotsReport } from "../../client/bots/report.ts";
import { readEnvironment } from "../../infra/stack/environment.ts";
import { wayToStack } from "../../infra/stack/open-stack.ts";
import { loadsByAgent } from "../../infra/stack/statusz.ts";
import { type RunningCommand, startCommand } from "../fixtures/commands.ts";
import { Player } from "../fixtures/player.ts";
import { seesMoving } from "../fixtures/sees-moving.ts";
import { ComposeProject, docker } from "./project.ts";

const STORY_LIMIT_MS = 600_000;
const CHANGE_LIMIT_MS = 90_000;
const BOTS = 30;
const SERVERS = 3;
/** Level of the picture: pages are drawn without a graphics card here, and the containers want the processor as well. */
const PLAINEST = 5;

test("containers are played on, deployed to, scaled, stopped and killed, and leave nothing behind", async ({
  browser,
}, testInfo) => {
  test.setTimeout(STORY_LIMIT_MS);
  const ending = new AbortController();
  const project = await test.step("docker compose up --build", () => ComposeProject.up());
  const { agent } = wayToStack("compose", readEnvironment(project.environment));
  try {
    await test.step("the agent has made targets of the servers", () => servers(SERVERS, "v1"));
    const anna = await sail("Anna");
    const ben = await sail("Ben", (await anna.welcome()).room);

    await test.step("two people play in one room", async () => {
      await seesMoving(anna, ben);
      await seesMoving(ben, anna);
      await ben.page.context().close();
    });

    const bots = command("bots", "--count", `${BOTS}`, "--seconds", "3600");
    await test.step("bots come", () => expect.poll(players, { timeout: CHANGE_LIMIT_MS }).toBe(BOTS + 1));

    // Before the deploy: whoever has just been moved is left alone for a minute, and evening out would wait for that.
    await test.step("one server more, and one less", async () => {
      expect(await run("scale", `${SERVERS + 1}`)).toMatchObject({ servers: SERVERS + 1, stopped: [] });
      await servers(SERVERS + 1, "v1");
      expect(await run("scale", `${SERVERS}`)).toMatchObject({ servers: SERVERS, started: [] });
      await servers(SERVERS, "v1");
    });

    await test.step("a new version takes over, and nobody who plays notices", async () => {
      const { moves } = await anna.stats();
      expect(await run("deploy", "--version", "v2", "--canary", "0")).toMatchObject({ verdict: "unnoticed" });
      await servers(SERVERS, "v2");
      expect(await anna.stats()).toMatchObject({ moves: moves + 1, disconnects: 0, inputs: { lost: 0, doubled: 0 } });
      expect(await anna.path()).toMatchObject({ gateway: { version: "v2" }, owner: { version: "v2" } });
    });

    await test.step("npm run status says the same as the agent, the load balancer and the servers", async () => {
      const server = { version: "v2", task: "RUNNING", target: "healthy", status: { state: "ready" } };
      expect(await run("status")).toMatchObject({ alb: { https: project.url }, servers: [server, server, server] });
    });

    await test.step("docker stop: the server hands over and ends in order, and has a successor", async () => {
      const id = await fullest();
      const container = await project.container(id);
      const exitCode = docker("wait", container);
      await docker("stop", container);
      expect((await exitCode).trim()).toBe("0");
      expect(await servers(SERVERS, "v2")).not.toContain(id);
    });

    await test.step("none of that has cost anybody a connection or an input", async () => {
      bots.interrupt();
      const { json, said } = await bots.ended;
      expect(json, said).toMatchObject({ players: BOTS, disconnects: 0, inputs: { lost: 0, doubled: 0 } });
      expect((json as BotsReport).versions).toEqual({ v2: BOTS });
      const { disconnects, inputs } = await anna.stats();
      expect({ disconnects, ...inputs }).toMatchObject({ disconnects: 0, lost: 0, doubled: 0 });
    });

    await test.step("kill -9: Anna comes back to her boat elsewhere, and the server has a successor", async () => {
      const { room, seat, player } = await anna.welcome();
      const { id } = (await anna.path()).gateway;
      await run("kill", id);
      await expect.poll(async () => (await anna.path()).gateway.id, { timeout: CHANGE_LIMIT_MS }).not.toBe(id);
      await anna.seated();
      expect(await anna.welcome()).toMatchObject({ room, seat, player, resumed: true });
      expect(await servers(SERVERS, "v2")).not.toContain(id);
    });

    await test.step("docker compose down leaves nothing", async () => {
      for (const context of browser.contexts()) await context.close();
      await project.down();
      expect(await project.left()).toEqual({ containers: [], networks: [], volumes: [] });
    });
  } catch (error) {
    const path = testInfo.outputPath("containers.log");
    await writeFile(path, await project.logs());
    await testInfo.attach("logs of the containers", { path, contentType: "text/plain" });
    throw error;
  } finally {
    ending.abort();
    await project.down();
  }

  async function sail(name: string, room?: string): Promise<Player> {
    const context = await browser.newContext();
    const player = new Player(await context.newPage(), name);
    const options = { name, quality: PLAINEST, ...(room !== undefined && { room }) };
    // Chromium drops what it is loading when the machine gets another network interface, and each container brings one.
    await expect(() => player.sail(project.url, options)).toPass({ timeout: CHANGE_LIMIT_MS });
    return player;
  }

  function command(script: string, ...args: string[]): RunningCommand {
    const all = [...args, "--platform", "compose"];
    return startCommand(project.home, script, all, ending.signal, project.environment);
  }

  /** What it answers with `--json`; a command that does not achieve what it is for ends the story. */
  async function run(script: string, ...args: string[]): Promise<unknown> {
    const { code, json, said } = await command(script, ...args).ended;
    expect(code, `${script}: ${said}`).toBe(0);
    return json;
  }

  /** Waits until so many servers of this version run and nothing else does; resolves to their ids. */
  async function servers(count: number, version: string): Promise<string[]> {
    const alive = async () => (await agent.tasks()).filter((task) => task.status !== "STOPPED");
    const seen = async () => (await alive()).map((task) => `${task.version} ${task.status}`);
    const wanted = Array.from({ length: count }, () => `${version} RUNNING`);
    await expect.poll(seen, { timeout: CHANGE_LIMIT_MS }).toEqual(wanted);
    return (await alive()).map(({ id }) => id);
  }

  /** How many players' sockets each server has. */
  async function loads() {
    return loadsByAgent(agent)(await agent.tasks());
  }

  async function players(): Promise<number> {
    return [...(await loads()).values()].reduce((sum, load) => sum + load.players, 0);
  }

  async function fullest(): Promise<string> {
    return [...(await loads())].sort(([, one], [, other]) => other.players - one.players)[0]![0];
  }
});
