// The Location of a redirect action: AWS's placeholders filled in from the request.

import type { RedirectAction } from "../model/types.ts";

export interface RedirectFacts {
  readonly protocol: "HTTP" | "HTTPS";
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly query: string;
}

export function redirectLocation(config: RedirectAction["RedirectConfig"], facts: RedirectFacts): string {
  const fill = (text: string) =>
    text.replace(/#\{(protocol|host|port|path|query)\}/g, (_, name: keyof RedirectFacts) => {
      if (name === "protocol") return facts.protocol.toLowerCase();
      return name === "path" ? facts.path.replace(/^\//, "") : String(facts[name]);
    });
  const query = fill(config.Query);
  return `${fill(config.Protocol).toLowerCase()}://${fill(config.Host)}:${fill(config.Port)}${fill(config.Path)}${
    query === "" ? "" : `?${query}`
  }`;
}
