// The load balancer as a process of its own: flags in, one line of JSON on stdout when it is ready, SIGTERM out.

import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { startAlb } from "./alb.ts";
import { systemClock } from "./clock.ts";
import { type Flags, readFlags } from "./flags.ts";
import { limits } from "./limits.ts";
import { defaultSwitches } from "./switches.ts";
import { type LogSink, noLog, openFileLog, streamLog } from "./telemetry/log-file.ts";

async function openAccessLog(path: string | undefined): Promise<LogSink> {
  if (path === undefined) return noLog;
  if (path === "-") return streamLog(process.stdout);
  await mkdir(dirname(path), { recursive: true });
  return openFileLog(path);
}

function explain(error: NodeJS.ErrnoException, flags: Flags): string {
  if (error.code === "EADDRINUSE") {
    return `The control port 127.0.0.1:${flags.controlPort} is in use; choose another with --control-port.`;
  }
  return `The load balancer cannot start: ${error.message}`;
}

async function main(argv: readonly string[]): Promise<void> {
  const flags = readFlags(argv, (text) => process.stderr.write(text));
  if (typeof flags === "number") {
    process.exitCode = flags;
    return;
  }
  try {
    const { home, controlPort, bind, fastHealthChecks } = flags;
    const switches = { ...defaultSwitches, ...flags.switches };
    const accessLog = await openAccessLog(flags.accessLog);
    const alb = await startAlb({ home, controlPort, bind, fastHealthChecks, switches, accessLog, clock: systemClock });
    endOnSignal((graceMs) => alb.close(graceMs));
    const ready = {
      event: "ready",
      control: `http://127.0.0.1:${alb.controlPort}`,
      ca: alb.certificates.caPath,
      certificateArn: alb.certificates.defaultArn,
    };
    process.stdout.write(`${JSON.stringify(ready)}\n`);
  } catch (error) {
    process.stderr.write(`${explain(error as NodeJS.ErrnoException, flags)}\n`);
    process.exitCode = 1;
  }
}

function endOnSignal(close: (graceMs: number) => Promise<void>): void {
  let ending = false;
  const end = () => {
    // A second signal does not wait.
    if (ending) process.exit(0);
    ending = true;
    const atOnce = setTimeout(() => process.exit(0), limits.shutdownMs + 300);
    close(limits.shutdownMs).then(() => {
      clearTimeout(atOnce);
      process.exit(0);
    });
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  // Whoever reads our stdout may leave before us.
  process.stdout.on("error", () => {});
}

await main(process.argv);
