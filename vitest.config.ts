// Unit and integration tests of every folder; the browsers' stories are Playwright's (e2e/).
import { configDefaults, defineConfig } from "vitest/config";

const TEST_TIMEOUT_MS = 20_000;
/** One for each core: Vitest keeps one core free unless told, which on two cores would leave one worker. */
const WORKERS = "100%";

const ALL = ["{game,server,client,infra,bench,e2e}/**/*.test.ts"];
/** What leaves nothing behind when a file ends, and changes nothing that belongs to the whole process. */
const TIDY = [
  "{game,client}/**/*.test.ts",
  "server/{room,recording}/**/*.test.ts",
  "infra/{alb/control,alb/model,alb/routing,aws/commands,aws/rollout,deploy}/**/*.test.ts",
];

export default defineConfig({
  test: {
    environment: "node",
    maxWorkers: WORKERS,
    retry: 0,
    testTimeout: TEST_TIMEOUT_MS,
    hookTimeout: TEST_TIMEOUT_MS,
    projects: [
      {
        // Many files share a process: the code under test is loaded once in each, and stays warm.
        extends: true,
        test: { name: "together", include: TIDY, isolate: false, sequence: { groupOrder: 0 } },
      },
      {
        // Each file has a process of its own; one Redis is there for all.
        extends: true,
        test: {
          name: "alone",
          include: ALL,
          exclude: [...configDefaults.exclude, ...TIDY],
          sequence: { groupOrder: 1 },
          globalSetup: ["infra/test/redis-setup.ts", "infra/test/programs-setup.ts"],
        },
      },
    ],
  },
});
