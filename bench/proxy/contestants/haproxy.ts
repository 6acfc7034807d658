// HAProxy with one thread: httplog to stdout, which is a file; keep-alive to the target.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../../infra/stack/ports.ts";
import { startProgram, waitForPorts } from "../../common/program.ts";
import type { Contestant, Setting } from "./contestant.ts";
import { findOrInstall, versionOf } from "./system-package.ts";

export async function startHaproxy(setting: Setting): Promise<Contestant> {
  const program = await findOrInstall("haproxy", "haproxy");
  const ports = { plain: await freePort(), tls: await freePort() };
  const file = join(setting.folder, "haproxy.cfg");
  const bundle = join(setting.folder, "certificate.pem");
  const pems = [setting.certificateFile, setting.keyFile].map((pem) => readFileSync(pem, "utf8").trim());
  writeFileSync(bundle, `${pems.join("\n")}\n`, { mode: 0o600 });
  writeFileSync(file, haproxyConfig(setting, ports, bundle));
  const running = startProgram(program, ["-db", "-f", file], join(setting.folder, "haproxy.log"));
  setting.onStart(running);
  await waitForPorts(running, [ports.plain, ports.tls]);
  const version = await versionOf(program, ["-v"]);
  return { name: "haproxy", version, pid: running.pid, ports };
}

export const haproxyConfig = (
  setting: Pick<Setting, "targetPort">,
  ports: Contestant["ports"],
  bundle: string,
): string => `global
  nbthread 1
  maxconn 6000
  log stdout format raw local0
defaults
  mode http
  log global
  option httplog
  option forwardfor
  timeout connect 10s
  timeout client 60s
  timeout server 60s
  timeout tunnel 1h
frontend plain
  bind 127.0.0.1:${ports.plain} backlog 4096
  http-request set-header X-Forwarded-Proto http
  http-request set-header X-Forwarded-Port %[dst_port]
  default_backend target
frontend tls
  bind 127.0.0.1:${ports.tls} backlog 4096 ssl crt ${bundle} ssl-min-ver TLSv1.3 alpn http/1.1 curves X25519:P-256
  http-request set-header X-Forwarded-Proto https
  http-request set-header X-Forwarded-Port %[dst_port]
  default_backend target
backend target
  server one 127.0.0.1:${setting.targetPort}
`;
