// Runs in a game container before the server (`node --import`): prepares what its containers share in a volume. Where there is no such
// volume, as on Fargate, the variables are not set and nothing happens.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { shelveAssets } from "./asset-shelf.ts";
import { sharedSecret } from "./shared-secret.ts";

const { ASSETS_DIR, CLIENT_DIR, SESSION_SECRET_FILE } = process.env;

if (ASSETS_DIR && CLIENT_DIR) {
  mkdirSync(ASSETS_DIR, { recursive: true });
  shelveAssets(join(CLIENT_DIR, "assets"), ASSETS_DIR, new Date());
}
if (SESSION_SECRET_FILE) process.env.SESSION_SECRET ??= sharedSecret(SESSION_SECRET_FILE);
