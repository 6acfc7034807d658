// Loaded into every Node of a rehearsal before anything else (NODE_OPTIONS=--import): a connection that would leave this machine is refused,
// whoever asks for it. Names are not looked up.
import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|localhost)$/;

function refuse(host) {
  throw new Error(`A rehearsal stays on this machine: a connection to ${host} was refused.`);
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const [first] = Array.isArray(args[0]) ? args[0] : args;
  const options =
    typeof first === "object" && first !== null
      ? first
      : {
          host: typeof args[1] === "string" ? args[1] : undefined,
          path: typeof first === "string" ? first : undefined,
        };
  if (options.path === undefined) {
    const host = options.host ?? "localhost";
    if (!LOOPBACK.test(host)) refuse(host);
  }
  return connect.apply(this, args);
};

const lookup = dns.lookup;
dns.lookup = (host, ...rest) => (LOOPBACK.test(host) ? lookup(host, ...rest) : refuse(host));
dns.promises.lookup = async (host) => refuse(host);
syncBuiltinESMExports();
