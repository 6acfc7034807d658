// What Linux holds for TCP connections: bytes that were sent and are not acknowledged, and bytes that came and were not read.
import { existsSync, readFileSync } from "node:fs";

const FILES = ["/proc/net/tcp", "/proc/net/tcp6"];

/** Both queues of both ends of all connections that have one of these ports at either end. */
export function queuedBytes(ports: ReadonlySet<number>): number {
  return FILES.filter((file) => existsSync(file)).reduce(
    (sum, file) => sum + queuedIn(readFileSync(file, "utf8"), ports),
    0,
  );
}

/** Of such a file's text. Pure. */
export function queuedIn(text: string, ports: ReadonlySet<number>): number {
  let sum = 0;
  for (const line of text.trim().split("\n").slice(1)) {
    //  sl  local_address rem_address   st tx_queue:rx_queue …
    const [, local, remote, state, queues] = line.trim().split(/\s+/);
    if (state !== ESTABLISHED || !local || !remote || !queues) continue;
    if (!ports.has(portOf(local)) && !ports.has(portOf(remote))) continue;
    for (const bytes of queues.split(":")) sum += Number.parseInt(bytes, 16);
  }
  return sum;
}

const ESTABLISHED = "01";
const portOf = (address: string): number => Number.parseInt(address.slice(address.lastIndexOf(":") + 1), 16);
