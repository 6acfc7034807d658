// What a rehearsed command finds around it: credentials that are none, an endpoint on loopback, a docker that does nothing, and no way to anywhere
// else.
import { chmodSync, copyFileSync, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = (file: string): URL => new URL(file, import.meta.url);

/** Everything that could lead a command to a real account is taken out of ours. `home`: all that it writes. */
export function surroundings(home: string, endpoint: string, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const programs = join(home, "bin");
  mkdirSync(programs, { recursive: true });
  copyFileSync(fileURLToPath(here("docker.mjs")), join(programs, "docker"));
  chmodSync(join(programs, "docker"), 0o755);
  const kept = Object.entries(env).filter(([name]) => !name.startsWith("AWS_") && !/_proxy$/i.test(name));
  return {
    ...Object.fromEntries(kept),
    TIDEGATE_HOME: home,
    TIDEGATE_SKIP_INSTALL: "1",
    TIDEGATE_REHEARSAL_URL: endpoint,
    PATH: `${programs}${delimiter}${env.PATH ?? ""}`,
    NODE_OPTIONS: `--import=${here("loopback-only.mjs").href}`,
    AWS_ENDPOINT_URL: endpoint,
    AWS_CONFIG_FILE: join(home, "no-config"),
    AWS_SHARED_CREDENTIALS_FILE: join(home, "no-credentials"),
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

/** With which moto lets anybody do anything. */
export const CREDENTIALS = { AWS_ACCESS_KEY_ID: "rehearsal", AWS_SECRET_ACCESS_KEY: "rehearsal" } as const;
