// Headers on their way back to the client: hop-by-hop ones end here, the listener's own overwrite the target's. Pure.

import type { ListenerRoute } from "../routing/table.ts";

const hopByHop = new Set([
  ...["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"],
]);

export function responseHeaders(
  received: readonly string[],
  listener: Pick<ListenerRoute, "responseHeaders" | "sendServerHeader">,
): string[] {
  const overwritten = new Set(listener.responseHeaders.filter((_, i) => i % 2 === 0));
  const out: string[] = [];
  for (let i = 0; i < received.length; i += 2) {
    const lower = received[i]!.toLowerCase();
    if (!hopByHop.has(lower) && !overwritten.has(lower)) out.push(received[i]!, received[i + 1]!);
  }
  return [...out, ...listener.responseHeaders];
}
