// nginx with one worker: access log to a file, keep-alive to the target, WebSockets by Upgrade.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../../infra/stack/ports.ts";
import { startProgram, waitForPorts } from "../../common/program.ts";
import type { Contestant, Setting } from "./contestant.ts";
import { findOrInstall, versionOf } from "./system-package.ts";

export async function startNginx(setting: Setting): Promise<Contestant> {
  const program = await findOrInstall("nginx", "nginx");
  const ports = { plain: await freePort(), tls: await freePort() };
  const file = join(setting.folder, "nginx.conf");
  writeFileSync(file, nginxConfig(setting, ports, process.getuid?.() === 0));
  const errors = join(setting.folder, "error.log");
  const args = ["-p", setting.folder, "-c", file, "-e", errors, "-g", "daemon off;"];
  const running = startProgram(program, args, join(setting.folder, "nginx.log"));
  setting.onStart(running);
  await waitForPorts(running, [ports.plain, ports.tls]);
  const version = await versionOf(program, ["-v"]);
  return { name: "nginx", version, pid: running.pid, ports };
}

export function nginxConfig(setting: Setting, ports: Contestant["ports"], isRoot: boolean): string {
  const { folder } = setting;
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `  ${name}_temp_path ${folder}/${name};`,
  );
  return `${isRoot ? "user root;\n" : ""}worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
events { worker_connections 12000; }
http {
${temporary.join("\n")}
  access_log ${folder}/access.log combined;
  keepalive_requests 1000000;
  upstream target {
    server 127.0.0.1:${setting.targetPort};
    keepalive 64;
    keepalive_requests 1000000;
  }
  map $http_upgrade $connection_upgrade {
    default upgrade;
    "" "";
  }
  server {
    listen 127.0.0.1:${ports.plain} backlog=4096;
    listen 127.0.0.1:${ports.tls} ssl backlog=4096;
    server_name localhost;
    ssl_certificate ${setting.certificateFile};
    ssl_certificate_key ${setting.keyFile};
    ssl_protocols TLSv1.3;
    ssl_ecdh_curve X25519:prime256v1;
    location / {
      proxy_pass http://target;
      proxy_http_version 1.1;
      proxy_set_header Host $host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Port $server_port;
    }
  }
}
`;
}
