// A reverse proxy as the documentation of http-proxy-3 shows it: HTTP and WebSockets, plain and TLS, one target.
// node http-proxy-3.mjs PLAIN_PORT TLS_PORT TARGET_PORT CERTIFICATE KEY
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import httpProxy from "http-proxy-3";

const [plainPort, tlsPort, targetPort, certificateFile, keyFile] = process.argv.slice(2);

const proxy = httpProxy.createProxyServer({
  target: { host: "127.0.0.1", port: Number(targetPort) },
  agent: new http.Agent({ keepAlive: true, maxSockets: 256, maxFreeSockets: 64 }),
  xfwd: true,
});
proxy.on("error", (error, _request, response) => {
  // A client or target that left in the middle; nothing can be answered on a bare socket.
  if (typeof response?.writeHead === "function" && !response.headersSent) {
    response.writeHead(502, { "Content-Type": "text/plain" });
    response.end(error.message);
  } else response?.destroy();
});

const tls = { cert: readFileSync(certificateFile), key: readFileSync(keyFile), minVersion: "TLSv1.3" };
for (const [server, port] of [
  [http.createServer(), plainPort],
  [https.createServer(tls), tlsPort],
]) {
  server.on("request", (request, response) => proxy.web(request, response));
  server.on("upgrade", (request, socket, head) => proxy.ws(request, socket, head));
  server.listen({ port: Number(port), host: "127.0.0.1", backlog: 4096 });
}
