// Keeps a version of the game as it was: its code as one bundle, and samples of what it says, for the tests that let it meet today's.
// Run once when a version is left behind: npx tsx e2e/skew/freeze.ts COMMIT NUMBER

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";

/** What of the old code the tests use; FrozenCode (frozen-code.ts) says the same in types. */
const ENTRY = `
export * as protocol from "./game/protocol/index.ts";
export * as sim from "./game/sim/index.ts";
export { loadCheckpoint, saveCheckpoint } from "./server/room/checkpoint.ts";
export { RoomLoop } from "./server/room/room-host.ts";
export { ClusterService } from "./server/cluster/cluster-service.ts";
export { decodeRelay, encodeRelay } from "./server/cluster/envelope.ts";
export { PlayerTokens } from "./server/gateway/player-token.ts";
export { createRooms, GameServer } from "./server/game-server.ts";
export { Metrics } from "./server/metrics.ts";
export { Session } from "./client/netcode/session.ts";
export { socketIoDial } from "./client/net/connect.ts";
`;

const root = join(import.meta.dirname, "../..");

async function freeze(commit: string, version: string): Promise<void> {
  const tree = mkdtempSync(join(tmpdir(), "tidegate-freeze-"));
  const folder = join(import.meta.dirname, `version-${version}`);
  try {
    execFileSync("tar", ["-x", "-C", tree], {
      input: execFileSync("git", ["archive", commit, "game", "server", "client"], { cwd: root, maxBuffer: 2 ** 28 }),
    });
    symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
    mkdirSync(folder, { recursive: true });
    const code = join(folder, "code.mjs");
    await build({
      stdin: { contents: ENTRY, resolveDir: tree, loader: "ts" },
      bundle: true,
      format: "esm",
      platform: "node",
      target: "node20",
      packages: "external",
      minify: true,
      banner: {
        js: `// Version ${version} of Tidegate as it was at ${commit}; made by e2e/skew/freeze.ts, never edited.`,
      },
      outfile: code,
    });
    writeFileSync(join(folder, "samples.json"), await samplesOf(code, tree));
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

/** In a process of its own, so that the old code runs as nothing but itself. */
async function samplesOf(code: string, tree: string): Promise<Buffer> {
  const taker = join(tree, "take.mjs");
  const contents = `
    import * as code from ${JSON.stringify(code)};
    import { takeSamples } from ${JSON.stringify(join(import.meta.dirname, "take-samples.ts"))};
    process.stdout.write(JSON.stringify(await takeSamples(code), undefined, 2) + "\\n");
  `;
  await build({
    stdin: { contents, resolveDir: tree },
    bundle: true,
    format: "esm",
    packages: "external",
    outfile: taker,
  });
  return execFileSync(process.execPath, [taker]);
}

const [commit, version] = process.argv.slice(2);
if (!commit || !version) {
  console.error("Usage: npx tsx e2e/skew/freeze.ts COMMIT NUMBER");
  process.exit(2);
}
await freeze(commit, version);
