import { expect, test } from "vitest";
import { imageTag, names, readSettings, type SettingsInput } from "./settings.ts";

const DOMAIN = { domain: "play.example.org", hostedZoneId: "Z0123456789ABCDEFGHIJ" };

test("nothing said is one region without a domain, three servers in two zones, no NAT", () => {
  expect(readSettings({})).toMatchObject({
    ...{ account: undefined, domain: undefined, version: "v1", generation: 1, servers: 3, zones: 2, nat: false },
    ...{ architecture: "arm64", alarmMail: undefined },
  });
  expect(readSettings({}).regions.map(({ aws }) => aws)).toEqual(["eu-west-1"]);
});

test("text will do for numbers, and several regions have the domain in front", () => {
  const settings = readSettings({ ...DOMAIN, regions: "us,eu", servers: "5", generation: "7", version: "v2" });
  expect(settings).toMatchObject({ servers: 5, generation: 7 });
  const hosts = settings.regions.map((region) => names.regionHost(settings.domain!, region));
  expect(hosts).toEqual(["us.play.example.org", "eu.play.example.org"]);
  expect(names.liveHost(settings.domain!)).toBe("live.play.example.org");
  expect(imageTag(settings)).toBe("v2-g7");
});

test.each<[input: SettingsInput, sentence: string]>([
  [{ regions: "eu,us" }, "several regions need domain and hostedZoneId: one name has to lead to the nearest."],
  [{ domain: "play.example.org" }, "play.example.org needs hostedZoneId, its hosted zone."],
  [{ hostedZoneId: "Z1" }, "hostedZoneId is nothing without domain."],
  [{ ...DOMAIN, domain: "https://play.example.org" }, "domain: must be a name such as play.example.org."],
  [{ ...DOMAIN, hostedZoneId: "play" }, "hostedZoneId: must be the id of a hosted zone"],
  [{ servers: 99 }, "servers: must be a whole number from 1 to 32."],
  [{ servers: "" }, "servers: must be a whole number from 1 to 32."],
  [{ zones: 4 }, "zones: must be a whole number from 2 to 3."],
  [{ version: "a b" }, "version: must be 1 to 64 letters"],
  [{ alarmMail: "me" }, "alarmMail: must be an address of mail."],
  [{ account: "12" }, "account: must be the twelve digits of an account."],
  [{ budget: 3 } as SettingsInput, 'budget: Unrecognized key: "budget".'],
])("%j is refused: %s", (input, sentence) => {
  expect(() => readSettings(input)).toThrow(`Cannot use these settings: ${sentence}`);
});

test("a region that nobody knows is refused", () => {
  expect(() => readSettings({ regions: "mars" })).toThrow('Cannot use these regions: "mars"');
});
