// docker-compose.yml, read without any engine: by what compose commands there are, and by a schema of what we use.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { findCompose } from "../../infra/provision/compose.ts";
import { findProgram, runToEnd } from "../../infra/provision/program.ts";
import { composeFileSchema } from "./compose-file.ts";

const FILE = join(import.meta.dirname, "..", "..", "docker-compose.yml");
const CONFIG_LIMIT_MS = 60_000;

const read = () => composeFileSchema.safeParse(parse(readFileSync(FILE, "utf8"), { merge: true }));

test("the file has the keys and kinds of values that both generations of compose understand", () => {
  const { error } = read();
  expect(error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`)).toBeUndefined();
});

test("every service is without capabilities, has a memory limit, and publishes to loopback only", () => {
  for (const [name, service] of Object.entries(read().data?.services ?? {})) {
    expect(service, name).toMatchObject({ cap_drop: ["ALL"], read_only: true, mem_limit: expect.any(String) });
    expect(service.security_opt, name).toContain("no-new-privileges:true");
    for (const port of service.ports ?? []) expect(port, name).toMatch(/^127\.0\.0\.1:/);
  }
});

const composes = [await findCompose(), standalone()].filter((compose) => compose !== undefined);

test.skipIf(composes.length === 0)(
  "the compose commands of this machine take the file",
  async () => {
    for (const { command, args } of composes) {
      const all = [...args, "-f", FILE, "config", "--quiet"];
      const { code, output } = await runToEnd(command, all, { timeoutMs: CONFIG_LIMIT_MS });
      expect(code, output).toBe(0);
    }
  },
  2 * CONFIG_LIMIT_MS,
);

/** Compose 1.29, where it is beside the newer one. */
function standalone() {
  const command = findProgram(["docker-compose"]);
  return command === undefined ? undefined : { command, args: [] };
}
