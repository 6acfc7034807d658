// Unit and integration tests of every folder; the browsers' stories are Playwright's (e2e/).
import { defineConfig } from "vitest/config";

const TEST_TIMEOUT_MS = 20_000;
/** One for each core: Vitest keeps one core free unless told, which on two cores would leave one worker. */
const WORKERS = "100%";

export default defineConfig({
  test: {
    include: ["{game,server,client,infra,bench,e2e}/**/*.test.ts"],
    environment: "node",
    globalSetup: ["infra/test/redis-setup.ts"],
    maxWorkers: WORKERS,
    retry: 0,
    testTimeout: TEST_TIMEOUT_MS,
    hookTimeout: TEST_TIMEOUT_MS,
  },
});
