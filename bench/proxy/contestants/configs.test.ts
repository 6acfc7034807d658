import { expect, test } from "vitest";
import { haproxyConfig } from "./haproxy.ts";
import { nginxConfig } from "./nginx.ts";

const setting = {
  ...{ root: "/repo", folder: "/work/nginx", targetPort: 3_000, onStart: () => {} },
  ...{ certificateFile: "/tls/leaf.pem", keyFile: "/tls/leaf.key" },
};
const ports = { plain: 8_080, tls: 8_443 };

test("nginx has one worker, a log, both ports, and everything it writes in its own folder", () => {
  const config = nginxConfig(setting, ports, false);
  expect(config).toContain("worker_processes 1;");
  expect(config).toContain("access_log /work/nginx/access.log combined;");
  expect(config).toContain("listen 127.0.0.1:8080 ");
  expect(config).toContain("listen 127.0.0.1:8443 ssl ");
  expect(config).toContain("server 127.0.0.1:3000;");
  for (const path of config.match(/_path \S+|pid \S+|_log \S+/g) ?? []) expect(path).toContain(" /work/nginx/");
});

test("nginx is told to stay root only where it is root", () => {
  expect(nginxConfig(setting, ports, true)).toMatch(/^user root;/);
  expect(nginxConfig(setting, ports, false)).not.toContain("user ");
});

test("HAProxy has one thread, a log, both ports and the certificate with its key in one file", () => {
  const config = haproxyConfig(setting, ports, "/work/haproxy/both.pem");
  expect(config).toContain("nbthread 1");
  expect(config).toContain("option httplog");
  expect(config).toContain("bind 127.0.0.1:8080 ");
  expect(config).toContain("bind 127.0.0.1:8443 backlog 4096 ssl crt /work/haproxy/both.pem ");
  expect(config).toContain("server one 127.0.0.1:3000");
});
