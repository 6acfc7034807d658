import { describe, expect, it } from "vitest";
import { ConfigError, originsOf, readConfig } from "./config.ts";

const good = { REDIS_URL: "redis://127.0.0.1:1", SESSION_SECRET: "x".repeat(32) };

describe("the environment of a server", () => {
  it("needs two variables and has defaults for the rest", () => {
    expect(readConfig(good)).toMatchObject({
      PORT: 0,
      HOST: "127.0.0.1",
      VERSION: "dev",
      GENERATION: 1,
      ALLOWED_ORIGINS: [],
      LOG_LEVEL: "info",
    });
  });

  it("lists origins with commas between", () => {
    const { ALLOWED_ORIGINS } = readConfig({ ...good, ALLOWED_ORIGINS: "https://a.example, https://b.example:8443" });
    expect(ALLOWED_ORIGINS).toEqual(["https://a.example", "https://b.example:8443"]);
  });

  it("lets the pages of all regions in, besides the origins that are listed", () => {
    const REGIONS = "eu=https://eu.example Europe,us=https://us.example";
    const config = readConfig({
      ...good,
      ALLOWED_ORIGINS: "https://a.example,https://eu.example",
      REGION: "us",
      REGIONS,
    });
    expect(originsOf(config)).toEqual(["https://a.example", "https://eu.example", "https://us.example"]);
    expect(originsOf(readConfig({ ...good, REGIONS: "" }))).toEqual([]);
  });

  it("may leave the deadlines of a target group out of account when there is none", () => {
    expect(readConfig({ ...good, DEREGISTRATION_DELAY_SECONDS: "0", HOST: "0.0.0.0" }).HOST).toBe("0.0.0.0");
  });

  it.each([
    ["a secret that is too short", { SESSION_SECRET: "short" }, "SESSION_SECRET must have at least 32 characters"],
    ["a port that is no number", { PORT: "http" }, "PORT must be a number"],
    ["a port that does not exist", { PORT: "70000" }, "PORT must be at most 65535"],
    ["an empty number", { GENERATION: "" }, "GENERATION must be a number"],
    ["a generation before the first", { GENERATION: "-1" }, "GENERATION must be at least 0"],
    ["half a second", { STOP_TIMEOUT_SECONDS: "30.5" }, "STOP_TIMEOUT_SECONDS must be a whole number"],
    ["an unknown log level", { LOG_LEVEL: "loud" }, "LOG_LEVEL must be one of trace, debug"],
    ["no host", { HOST: "" }, "HOST must not be empty"],
    ["no Redis URL", { REDIS_URL: undefined }, "REDIS_URL is required"],
    ["another Redis URL", { REDIS_URL: "http://x" }, "REDIS_URL must be a redis:// or rediss:// URL"],
    ["no URL at all", { REDIS_URL: "redis://a b" }, "REDIS_URL must be a redis:// or rediss:// URL"],
    ["an id with a space", { SERVER_ID: "a b" }, "SERVER_ID must be 1 to 64"],
    ["a target group that is no ARN", { TARGET_GROUP_ARN: "x" }, "TARGET_GROUP_ARN must be an ARN"],
    [
      "an alternate target group of none",
      { ALTERNATE_TARGET_GROUP_ARN: "arn:x" },
      "ALTERNATE_TARGET_GROUP_ARN must not be set without TARGET_GROUP_ARN",
    ],
    ["a client that is not there", { CLIENT_DIR: "/nowhere/at/all" }, "CLIENT_DIR must be a directory"],
    ["a target address without a port", { TARGET_ADDRESS: "10.0.0.1" }, "TARGET_ADDRESS must be host:port"],
    ["a poll interval that is impolite", { TARGET_POLL_MS: "10" }, "TARGET_POLL_MS must be at least 100"],
    ["a stop timeout that is too short", { STOP_TIMEOUT_SECONDS: "3" }, "STOP_TIMEOUT_SECONDS must be at least 5 s"],
    [
      "a deregistration delay that is too short",
      { TARGET_GROUP_ARN: "arn:x", DEREGISTRATION_DELAY_SECONDS: "5", PROPAGATION_LAG_SECONDS: "0" },
      "DEREGISTRATION_DELAY_SECONDS must be at least 10.2 s",
    ],
    [
      "a metadata endpoint that is no URL",
      { ECS_CONTAINER_METADATA_URI_V4: "x" },
      "ECS_CONTAINER_METADATA_URI_V4 must",
    ],
    ["an agent that is no URL", { ECS_AGENT_URI: "x" }, "ECS_AGENT_URI must be a URL"],
    [
      "an operator's token that is too short",
      { OPERATOR_TOKEN: "x" },
      "OPERATOR_TOKEN must have at least 32 characters",
    ],
    ["a password of nothing", { REDIS_PASSWORD: "" }, "REDIS_PASSWORD must not be empty"],
    [
      "two passwords",
      { REDIS_PASSWORD: "x", REDIS_URL: "rediss://:y@h:1" },
      "REDIS_PASSWORD must not be set when REDIS_URL has a password",
    ],
    ["a region that nobody could type", { REGION: "eu-west-1" }, "REGION must be two small letters, such as eu"],
    ["a region without an address", { REGIONS: "eu,us=https://us.example" }, "REGIONS must be id=URL pairs"],
    ["a region that is not among all", { REGION: "sa", REGIONS: "eu=https://eu.example" }, "REGIONS must name sa"],
    ["an API that is no URL", { ELB_ENDPOINT: "x" }, "ELB_ENDPOINT must be a URL"],
  ])("with %s is refused in one sentence that names the variable", (_what, wrong, sentence) => {
    expect(() => readConfig({ ...good, ...wrong })).toThrow(ConfigError);
    expect(() => readConfig({ ...good, ...wrong })).toThrow(sentence);
  });
});
