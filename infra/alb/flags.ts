// The process's flags.

import { isIP } from "node:net";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { readSwitch, type Switches } from "./switches.ts";

export interface Flags {
  /** Undefined: TIDEGATE_HOME, or `.tidegate` beside package.json. */
  readonly home?: string;
  /** Listeners and the rest are declared in this file. */
  readonly config?: string;
  /** Check the file and end. */
  readonly check: boolean;
  /** Read the file again when it changes. */
  readonly watch: boolean;
  /** Say the line for programs also when there is a config file. */
  readonly json: boolean;
  readonly controlPort: number;
  readonly bind: readonly string[];
  /** Address of the ELBv2 API. */
  readonly controlBind: string;
  /** Names besides this machine's own by which the ELBv2 API may be called. */
  readonly controlNames: readonly string[];
  /** ARNs of what the API creates follow from names. */
  readonly stableArns: boolean;
  readonly accessLog?: string;
  readonly connectionLog?: string;
  readonly healthCheckLog?: string;
  readonly fastHealthChecks: boolean;
  /** Those that were named; the others keep their defaults or what the config file says. */
  readonly switches: Partial<Switches>;
}

function readPort(value: string): number {
  const port = Number(value);
  if (!/^\d{1,5}$/.test(value) || port > 65_535) throw new InvalidArgumentError("it must be a port, 0 to 65535.");
  return port;
}

const collectAddress = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  readAddress(value),
];

function readAddress(value: string): string {
  if (isIP(value) === 0) throw new InvalidArgumentError("it must be an IP address.");
  return value;
}

function collectName(value: string, before: readonly string[] | undefined): readonly string[] {
  if (!/^[a-z0-9]([a-z0-9.-]{0,252})$/i.test(value)) throw new InvalidArgumentError("it must be a host name.");
  return [...(before ?? []), value.toLowerCase()];
}

function collectSwitch(value: string, before: Partial<Switches> | undefined): Partial<Switches> {
  const read = readSwitch(value);
  if (typeof read === "string") throw new InvalidArgumentError(read);
  return { ...before, ...read };
}

/** The flags, or the exit code when there is nothing to start: 0 after --help, 2 after a wrong flag. */
export function readFlags(argv: readonly string[], say: (text: string) => void): Flags | number {
  const command = new Command("alb")
    .description("An Application Load Balancer on this machine, with the ELBv2 API.")
    .option("--config <file>", "declares listeners, rules, target groups (docs/alb-config.md); SIGHUP reads it again")
    .option("--check", "check the config file and end: 0 it is good, 2 it is not", false)
    .option("--watch", "read the config file again when it changes", false)
    .option("--json", "say one line of JSON when ready, also with --config", false)
    .option("--home <dir>", "where certificates are kept (default: TIDEGATE_HOME, or .tidegate)")
    .option("--control-port <port>", "port of the ELBv2 API on 127.0.0.1; 0 lets the system choose", readPort, 8400)
    .option("--control-bind <address>", "address of the ELBv2 API, for a container", readAddress, "127.0.0.1")
    .option("--control-name <name>", "a further name by which the ELBv2 API may be called, repeatable", collectName)
    .option("--stable-arns", "what is created again under the same name has the same ARN as before", false)
    .option("--bind <address>", "address to listen on, repeatable (default: 127.0.0.1 and ::1)", collectAddress)
    .option("--access-log <file>", "write the access log there; - is stdout")
    .option("--connection-log <file>", "write the connection log there; - is stdout")
    .option("--health-check-log <file>", "write the health check log there; - is stdout")
    .option("--fast-health-checks", "allow health check intervals from 1 s (AWS: 5 s)", false)
    .option("--switch <name=value>", "a point that AWS leaves open, repeatable (docs/alb.md, ALB-61)", collectSwitch)
    .allowExcessArguments(false)
    .showSuggestionAfterError(false)
    .configureOutput({ writeErr: say })
    .exitOverride();
  try {
    type Collected = { bind?: readonly string[]; controlName?: readonly string[]; switch?: Partial<Switches> };
    type Given = Omit<Flags, "bind" | "controlNames" | "switches"> & Collected;
    const { bind = ["127.0.0.1", "::1"], controlName = [], ...given } = command.parse(argv).opts<Given>();
    const { switch: switches = {}, ...flags } = given;
    if ((flags.check || flags.watch) && flags.config === undefined) {
      say("error: --check and --watch need --config\n");
      return 2;
    }
    return { ...flags, bind, controlNames: controlName, switches };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
}
