import { expect, test, vi } from "vitest";
import { type AwsActions, awsCommand } from "./options.ts";

/** What a command line comes to: the action and what it is told, or the sentence that it is refused by. */
async function said(line: string): Promise<unknown[] | string> {
  const done: unknown[] = [];
  const action = (name: string) =>
    vi.fn(async (...told: unknown[]) => {
      done.push(name, ...told);
      return 0;
    });
  const names = ["synth", "diff", "deploy", "destroy", "policy", "rehearse"];
  const actions = Object.fromEntries(names.map((name) => [name, action(name)])) as unknown as AwsActions;
  let run: (() => Promise<number>) | undefined;
  try {
    awsCommand(actions, (chosen) => {
      run = chosen;
    }).parse(line.split(" "), { from: "user" });
  } catch (error) {
    return (error as Error).message;
  }
  await run?.();
  return done;
}

test.each(["synth", "diff", "deploy"])("%s is told the whole deployment", async (command) => {
  const flags =
    "--regions us,eu --domain play.example.org --hosted-zone-id Z0123456789 --servers 5 --mail ops@example.org";
  const [name, settings] = await said(`${command} ${flags} --budget 90 --nat --zones 3 --architecture x86_64`);
  expect(name).toBe(command);
  expect(settings).toMatchObject({
    ...{ domain: { name: "play.example.org", hostedZoneId: "Z0123456789" }, servers: 5, isSizeSaid: true },
    ...{ alarmMail: "ops@example.org", budgetUsd: 90, nat: true, zones: 3, architecture: "x86_64" },
  });
  expect(settings).toHaveProperty("regions.0.id", "us");
});

test("consent is said with the command, and is no part of the deployment", async () => {
  const [, settings, consent] = await said("deploy --yes --json");
  expect(consent).toMatchObject({ yes: true, json: true });
  expect(settings).not.toHaveProperty("yes");
});

test("a destruction is of everything, or of the regions that are named", async () => {
  expect(await said("destroy")).toEqual(["destroy", undefined, {}]);
  expect(await said("destroy --regions us --yes")).toMatchObject(["destroy", [{ id: "us" }], { yes: true }]);
});

test.each([
  ["deploy --mail nobody", "Cannot use these settings: --mail must be an address, such as ops@example.org."],
  ["synth --servers many", "Cannot use these settings: --servers must be a whole number from 1 to 32."],
  ["diff --regions eu,us", "Cannot use these settings: several regions need --domain and --hosted-zone-id"],
  ["destroy --regions mars", 'Cannot use these regions: "mars" is none of eu'],
  ["deploy --mial ops@example.org", "unknown option '--mial'"],
  ["destory", "unknown command 'destory'"],
])("%s is refused before anything is chosen: %s", async (line, sentence) => {
  expect(await said(line)).toContain(sentence);
});
