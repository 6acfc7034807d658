import { expect, test } from "vitest";
import { readEnvironment } from "./environment.ts";

test("without variables the defaults of the design hold", () => {
  expect(readEnvironment({}, "/repo")).toEqual({
    httpsPort: 8443,
    httpPort: 8080,
    controlPort: 8400,
    agentPort: 8401,
    redisUrl: undefined,
    redisRestartDelayMs: 1000,
    home: "/repo/.tidegate",
  });
});

test("variables are taken; an empty one counts as not set; a relative home is the repository's", () => {
  const env = { HTTPS_PORT: "9443", HTTP_PORT: "", REDIS_URL: "rediss://h:6380/1", TIDEGATE_HOME: "other" };
  expect(readEnvironment(env, "/repo")).toMatchObject({
    httpsPort: 9443,
    httpPort: 8080,
    redisUrl: "rediss://h:6380/1",
    home: "/repo/other",
  });
});

test.each([
  [{ HTTPS_PORT: "https" }, 'The environment variable HTTPS_PORT is "https": it must be a port from 1 to 65535.'],
  [{ HTTP_PORT: "0" }, 'The environment variable HTTP_PORT is "0": it must be a port from 1 to 65535.'],
  [{ CONTROL_PORT: "65536" }, "CONTROL_PORT"],
  [{ CONTROL_PORT: "80 " }, "CONTROL_PORT"],
  [{ REDIS_URL: "localhost:6379" }, 'REDIS_URL is "localhost:6379": it must be a URL such as redis://127.0.0.1:6379.'],
  [{ REDIS_URL: "http://localhost" }, "REDIS_URL"],
  [{ REDIS_RESTART_DELAY_MS: "5s" }, 'REDIS_RESTART_DELAY_MS is "5s": it must be 0 to 999999 milliseconds.'],
  [{ HTTP_PORT: "8443" }, "HTTP_PORT is 8443, and so is HTTPS_PORT: each needs a port of its own."],
])("%o is refused by name, as wrong usage", (env, sentence) => {
  const read = () => readEnvironment(env, "/repo");
  expect(read).toThrow(sentence);
  expect(read).toThrow(expect.objectContaining({ exitCode: 2 }));
});
