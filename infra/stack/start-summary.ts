// What `npm start` says when everything is up.
import { relative } from "node:path";
import { regionLines } from "./region-plan.ts";
import type { StackState } from "./stack-file.ts";

/** `states` are the stacks of all regions, or the only one. */
export function startSummary(states: readonly StackState[], version: string, tookMs: number): string {
  const [first] = states;
  if (first === undefined) return "";
  return [
    "",
    `  Tidegate is up after ${(tookMs / 1000).toFixed(1)} s. Play at  ${first.alb.https}`,
    "",
    ...(first.region ? regionLines({ ...first.region, here: "" }, process.cwd()).map((line) => `  ${line}`) : []),
    ...states.flatMap((state) => ["", ...stackLines(state, version)].slice(first.region ? 0 : 1)),
    "",
    "  The certificate is from a local authority, so the browser warns once; to have it trusted, import",
    `  ${first.alb.ca}`,
    ...(states.length > 1
      ? ["  Browsers that ask for each port apart, as Firefox does, reach the other regions only then."]
      : []),
    "",
    "  Ctrl-C ends everything.",
    "",
    "",
  ].join("\n");
}

function stackLines(state: StackState, version: string): string[] {
  const home = relative(process.cwd(), state.alb.ca.replace(/\/tls\/.*$/, "")) || ".";
  const ids = state.servers.map((server) => server.id).join(" ");
  return [
    ...(state.region ? [`  ${state.region.here}`] : []),
    `  load balancer   ${state.alb.https}, ${state.alb.http} (redirects), ELBv2 API ${state.alb.control}`,
    `  game servers    ${ids}  (version ${version})`,
    `  Redis           ${redact(state.redis.url)}`,
    `  state and logs  ${home}`,
  ];
}

function redact(redisUrl: string): string {
  const url = new URL(redisUrl);
  if (url.password !== "") url.password = "***";
  return url.href;
}
