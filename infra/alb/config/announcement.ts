// What the process says to a person when it has started: what listens where, where that goes, and how to trust the CA.

import type { State } from "../model/store.ts";
import type { Action, Listener } from "../model/types.ts";

export interface Announced {
  readonly state: State;
  readonly configFile: string;
  readonly controlUrl: string;
  readonly caPath: string;
  readonly pid: number;
  readonly watching: boolean;
}

export function announcement({ state, configFile, controlUrl, caPath, pid, watching }: Announced): string {
  const listeners = [...state.listeners.values()].sort((a, b) => a.port - b.port);
  const first = listeners.find((each) => each.protocol === "HTTPS");
  const reading = watching ? "as soon as it changes" : `with: kill -HUP ${pid}`;
  return [
    "The load balancer is ready.",
    "",
    ...columns(listeners.map((each) => [`  ${urlOf(each)}`, describeListener(each, state)])),
    "",
    ...columns([...state.targetGroups.values()].map(({ name, targets }) => [`  ${name}`, describeTargets(targets)])),
    "",
    `  Console, ELBv2 API, metrics  ${controlUrl}`,
    `  ${configFile} is read again ${reading}`,
    ...(first
      ? [
          "",
          "Its certificates are signed by a CA of this machine, which clients do not know yet:",
          "",
          `  curl --cacert ${caPath} ${urlOf(first)}/`,
          `  NODE_EXTRA_CA_CERTS=${caPath} node client.js`,
          "  Browsers: docs/alb-config.md says how to trust it, and how to take it back.",
        ]
      : []),
    "",
    "Ctrl-C ends it.",
    "",
  ].join("\n");
}

const urlOf = ({ protocol, port }: Listener) => `${protocol.toLowerCase()}://localhost:${port}`;

function describeListener({ arn, defaultActions }: Listener, state: State): string {
  const rules = [...state.rules.values()].filter((each) => each.listenerArn === arn).length;
  const more = rules === 0 ? "" : `, before that ${rules === 1 ? "one rule" : `${rules} rules`}`;
  return `${describeAction(defaultActions.at(-1)!, state)}${more}`;
}

function describeAction(action: Action, { targetGroups }: State): string {
  switch (action.Type) {
    case "forward": {
      const groups = action.ForwardConfig.TargetGroups;
      const weights = groups.length > 1;
      const names = groups.map((each) => {
        const name = targetGroups.get(each.TargetGroupArn)?.name ?? each.TargetGroupArn;
        return weights ? `${name} (weight ${each.Weight})` : name;
      });
      return `→ ${names.join(", ")}`;
    }
    case "redirect": {
      const { Protocol, Port, Host, StatusCode } = action.RedirectConfig;
      const to = `${Protocol.replace("#{protocol}", "…").toLowerCase()}://${Host.replace("#{host}", "…")}:${Port.replace("#{port}", "…")}`;
      return `redirects to ${to} (${StatusCode.slice(5)})`;
    }
    case "fixed-response":
      return `answers ${action.FixedResponseConfig.StatusCode}`;
  }
}

const describeTargets = (targets: readonly { readonly id: string; readonly port: number }[]) =>
  targets.length === 0
    ? "no targets yet: RegisterTargets adds them"
    : targets.map(({ id, port }) => (id.includes(":") ? `[${id}]:${port}` : `${id}:${port}`)).join(", ");

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`);
}
