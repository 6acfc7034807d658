// Keeps pages in browsers out of the agent's door: a page of any site may send requests to ports of the machine that it is
// looked at on. It says nothing about who else may come: the door is on a Unix socket, or published to loopback only.
import type { IncomingMessage } from "node:http";
import { Refusal } from "./refusal.ts";
import { topology } from "./topology.ts";

const LOCAL_NAMES: ReadonlySet<string> = new Set(topology.local.hostNames);

/**
 * Throws a Refusal: `not-for-pages` for what a browser says it has sent, and for a Host that is not this machine's (a site
 * may point its own name here), `not-json` for a write that a form could have sent.
 */
export function refusePages({ headers, method }: Pick<IncomingMessage, "headers" | "method">): void {
  const host = (headers.host ?? "").toLowerCase().replace(/:\d+$/, "");
  const isFromPage = headers.origin !== undefined || headers["sec-fetch-site"] !== undefined;
  if (isFromPage || !LOCAL_NAMES.has(host)) {
    throw new Refusal(
      "not-for-pages",
      "The agent answers programs that call it by a name of this machine, and no pages.",
    );
  }
  if (method === "GET" || /^application\/json\s*(;|$)/i.test(headers["content-type"] ?? "")) return;
  throw new Refusal("not-json", "What changes something must have the content type application/json.");
}
