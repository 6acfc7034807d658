// http-proxy-3, the proxy library for Node, in a small server of one process (bench/peers). It has no access log and no
// metrics, and gets none.
import { join } from "node:path";
import { freePort } from "../../../infra/stack/ports.ts";
import { installPeers } from "../../common/peers.ts";
import { startProgram, waitForPorts } from "../../common/program.ts";
import type { Contestant, Setting } from "./contestant.ts";

export async function startHttpProxy3(setting: Setting): Promise<Contestant> {
  const peers = await installPeers(setting.root);
  const ports = { plain: await freePort(), tls: await freePort() };
  const args = [
    join(peers.folder, "http-proxy-3.mjs"),
    ...[ports.plain, ports.tls, setting.targetPort].map(String),
    ...[setting.certificateFile, setting.keyFile],
  ];
  const running = startProgram(process.execPath, args, join(setting.folder, "http-proxy-3.log"));
  setting.onStart(running);
  await waitForPorts(running, [ports.plain, ports.tls]);
  return { name: "http-proxy-3", version: peers.version("http-proxy-3"), pid: running.pid, ports };
}
