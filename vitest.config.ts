// Unit and integration tests of every folder; the browsers' stories are Playwright's (e2e/).
import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const TEST_TIMEOUT_MS = 20_000;
/** Vitest keeps one core free unless told, which on two cores would leave one worker. */
const CORES = availableParallelism();

const ALL = ["{game,server,client,infra,bench,e2e}/**/*.test.ts"];
/** What leaves nothing behind when a file ends, and changes nothing that belongs to the whole process. */
const TIDY = [
  "{game,client}/**/*.test.ts",
  "server/{drain,room,recording}/**/*.test.ts",
  "infra/alb/{certificates,config,console/page,control,health,model,routing}/**/*.test.ts",
  "infra/{aws/app,aws/commands,aws/rollout,deploy}/**/*.test.ts",
  "bench/{common,server}/**/*.test.ts",
  "e2e/{chaos,simulation}/**/*.test.ts",
];

/** Take many seconds in short files. Vitest begins with long files, and what is begun last keeps the others waiting. */
const SLOW = [
  "e2e/arena/two-gateways",
  "e2e/simulation/seeds-",
  "e2e/skew/departure",
  "infra/alb/control/aws-command",
  "infra/alb/many-websockets",
  "infra/aws/app/cfn-lint",
  "server/cluster/redis-",
  "server/surroundings/ecs",
];

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = ({ moduleId }: TestSpecification) => SLOW.some((name) => moduleId.includes(name));
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}

export default defineConfig({
  test: {
    environment: "node",
    retry: 0,
    testTimeout: TEST_TIMEOUT_MS,
    hookTimeout: TEST_TIMEOUT_MS,
    sequence: { sequencer: SlowFirst },
    projects: [
      {
        // Many files share a process: the code under test is loaded once in each, and stays warm. They compute all the time.
        extends: true,
        test: {
          ...{ name: "together", include: TIDY, isolate: false },
          ...{ maxWorkers: CORES, sequence: { groupOrder: 0 } },
        },
      },
      {
        // Each file has a process of its own; one Redis is there for all. They wait for processes and for time, too.
        extends: true,
        test: {
          ...{ name: "alone", include: ALL, exclude: [...configDefaults.exclude, ...TIDY] },
          ...{ maxWorkers: CORES + 1, sequence: { groupOrder: 1 } },
          globalSetup: ["infra/test/redis-setup.ts", "infra/test/programs-setup.ts"],
        },
      },
    ],
  },
});
