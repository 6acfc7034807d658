// Runs in a game container before the server (`node --import`): prepares what its containers share in a volume. Where there is no such
// volume, as on Fargate, the variables are not set and nothing happens.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { secretIn } from "../stack/home.ts";
import { shelveAssets } from "./asset-shelf.ts";

const { ASSETS_DIR, CLIENT_DIR, SESSION_SECRET_FILE } = process.env;

if (ASSETS_DIR && CLIENT_DIR) {
  mkdirSync(ASSETS_DIR, { recursive: true });
  shelveAssets(join(CLIENT_DIR, "assets"), ASSETS_DIR, new Date());
}
if (SESSION_SECRET_FILE) {
  mkdirSync(dirname(SESSION_SECRET_FILE), { recursive: true });
  process.env.SESSION_SECRET ??= secretIn(SESSION_SECRET_FILE);
}
