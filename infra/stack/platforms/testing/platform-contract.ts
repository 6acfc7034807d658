// For tests: what every platform does with a task, whatever a task is there. Tasks are small Node scripts.
import { expect, test } from "vitest";
import type { Platform } from "../platform.ts";

export interface ContractSetting {
  readonly platform: Platform;
  /** How many tasks have been started so far, and how many of them are still there. */
  readonly counts: () => { readonly started: number; readonly alive: number };
}

export const spec = { id: "s1", version: "v1", generation: 1, targetGroupArn: "arn:tg", environment: { MOOD: "calm" } };
export const never = new AbortController().signal;

export const LISTENS = `
  console.log("hello");
  console.log(JSON.stringify({ event: "listening", port: 4321 }));
  setInterval(() => {}, 1000);
`;
const TELLS = `console.error([process.env.SERVER_ID, process.env.MOOD].join(" is ")); process.exitCode = 1;`;
const STUBBORN = `process.on("SIGTERM", () => console.log("no")); ${LISTENS}`;
const ORDERLY = `process.on("SIGTERM", () => process.exit(0)); ${LISTENS}`;
const SILENT = "setInterval(() => {}, 1000)";

export function platformContract(name: string, settingOf: (script: string) => ContractSetting): void {
  test(`${name}: a task ends when it is asked to`, async () => {
    const { platform, counts } = settingOf(ORDERLY);
    const task = await platform.startTask(spec, never);
    expect(task).toMatchObject({ spec, address: { host: "127.0.0.1" } });
    expect(counts()).toEqual({ started: 1, alive: 1 });
    platform.stopTask(task);
    expect(await task.exited).toEqual({ code: 0, signal: null });
    expect(counts().alive).toBe(0);
  });

  test(`${name}: a task that knows nothing of SIGTERM dies of it`, async () => {
    const { platform } = settingOf(LISTENS);
    const task = await platform.startTask(spec, never);
    platform.stopTask(task);
    expect(await task.exited).toEqual({ code: null, signal: "SIGTERM" });
  });

  test(`${name}: a task that does not want to end can be killed`, async () => {
    const { platform } = settingOf(STUBBORN);
    const task = await platform.startTask(spec, never);
    platform.stopTask(task);
    platform.kill(task);
    expect(await task.exited).toEqual({ code: null, signal: "SIGKILL" });
    platform.kill(task); // it has ended: nothing happens
  });

  test(`${name}: a task has its id and its variables, and what it said is told when it ends before it listens`, async () => {
    const { platform, counts } = settingOf(TELLS);
    await expect(platform.startTask(spec, never)).rejects.toThrow(
      /^s1 ended before it listened \(exit code 1\); the end of [^\n]*:\ns1 is calm$/,
    );
    expect(counts().alive).toBe(0);
  });

  test(`${name}: a start that is no longer wanted leaves nothing behind`, async () => {
    const { platform, counts } = settingOf(SILENT);
    const wanted = new AbortController();
    const starting = platform.startTask(spec, wanted.signal);
    starting.catch(() => {}); // looked at below
    await expect.poll(() => counts().started).toBe(1);
    wanted.abort();
    await expect(starting).rejects.toThrow("s1 is no longer wanted");
    await expect.poll(() => counts().alive).toBe(0);
  });
}
