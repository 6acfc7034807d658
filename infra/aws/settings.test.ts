import { expect, test } from "vitest";
import { imageTag, names, readSettings, type SettingsInput } from "./settings.ts";

const DOMAIN = { domain: "play.example.org", hostedZoneId: "Z0123456789ABCDEFGHIJ" };

test("nothing said is one region without a domain, three servers in two zones, no NAT", () => {
  expect(readSettings({})).toMatchObject({
    ...{ account: undefined, domain: undefined, version: "v1", generation: 1, servers: 3, zones: 2, nat: false },
    ...{ architecture: "arm64", alarmMail: undefined, budgetUsd: 200, minServers: 3, isSizeSaid: false },
  });
  expect(readSettings({}).regions.map(({ aws }) => aws)).toEqual(["eu-west-1"]);
});

test("text will do for numbers, and several regions have the domain in front", () => {
  const settings = readSettings({ ...DOMAIN, regions: "us,eu", servers: "5", budget: "90", version: "v2" });
  expect(settings).toMatchObject({ servers: 5, minServers: 3, isSizeSaid: true, budgetUsd: 90 });
  const hosts = settings.regions.map((region) => names.regionHost(settings.domain!, region));
  expect(hosts).toEqual(["us.play.example.org", "eu.play.example.org"]);
  expect(names.liveHost(settings.domain!)).toBe("live.play.example.org");
  expect(imageTag({ ...settings, generation: 7 })).toBe("v2-g7");
});

test("whoever wants fewer servers than the autoscaling's least has it go as low", () => {
  expect(readSettings({ servers: "1" })).toMatchObject({ servers: 1, minServers: 1 });
});

test("who is to hear of alarms and costs is told so as an address", () => {
  expect(readSettings({ mail: "ops@example.org" }).alarmMail).toBe("ops@example.org");
});

test.each<[input: SettingsInput, sentence: string]>([
  [{ regions: "eu,us" }, "several regions need --domain and --hosted-zone-id: one name has to lead to the nearest."],
  [{ domain: "play.example.org" }, "--domain play.example.org needs --hosted-zone-id, the zone that holds it."],
  [{ hostedZoneId: "Z1" }, "--hosted-zone-id says nothing without --domain."],
  [{ ...DOMAIN, domain: "https://play.example.org" }, "--domain must be a name such as play.example.org."],
  [{ ...DOMAIN, hostedZoneId: "play" }, "--hosted-zone-id must be the id of a hosted zone"],
  [{ servers: 99 }, "--servers must be a whole number from 1 to 32."],
  [{ servers: "" }, "--servers must be a whole number from 1 to 32."],
  [{ zones: 4 }, "--zones must be a whole number from 2 to 3."],
  [{ version: "a b" }, "--version must be 1 to 64 letters"],
  [{ mail: "me" }, "--mail must be an address, such as ops@example.org."],
  [{ mail: "" }, "--mail must be an address, such as ops@example.org."],
  [{ mail: "ops@example.org, dev@example.org" }, "--mail must be an address, such as ops@example.org."],
  [{ budget: "0" }, "--budget must be a whole number from 1 to 1000000."],
  [{ account: "12" }, "--account must be the twelve digits of an account."],
  [{ alarmMail: 3 } as SettingsInput, "there is no --alarm-mail."],
])("%j is refused: %s", (input, sentence) => {
  expect(() => readSettings(input)).toThrow(`Cannot use these settings: ${sentence}`);
});

test("a region that nobody knows is refused", () => {
  expect(() => readSettings({ regions: "mars" })).toThrow('Cannot use these regions: "mars"');
});
