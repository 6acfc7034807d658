// What the homes of several regions share: the authority and certificate of `localhost`, so that a browser which trusts one region trusts all,
// and the client's build, which would be the same.
import { chmodSync, copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { ClientShelf } from "./client-shelf.ts";
import type { Home } from "./home.ts";

/** As the load balancer keeps them. A browser that was told to go on with this leaf goes on with it on every port. */
const SHARED_TLS = ["ca.pem", "ca.key", "localhost.pem", "localhost.key"];

/** Takes both over from the home of a stack that runs; what the other home has besides stays. */
export function shareHome(from: Home, to: Home, version: string): void {
  const tls = join(to.path, "tls");
  mkdirSync(tls, { recursive: true, mode: 0o700 });
  for (const name of SHARED_TLS) {
    copyFileSync(join(from.path, "tls", name), join(tls, name));
    chmodSync(join(tls, name), name.endsWith(".key") ? 0o600 : 0o644);
  }
  new ClientShelf(to).takeOver(from, version);
}
