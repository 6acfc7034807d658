// A rule's transforms: host and URL of a request as its target is to see them. They never change which rule was chosen.

import type { Rewrite, Transform } from "../model/types.ts";
import { compileRewrite } from "./regex.ts";

export type TransformFault = "TransformBufferTooSmall" | "TransformInvalidHost" | "TransformInvalidPath";

export type Transformed =
  | {
      /** Undefined when the host stays as it was. */
      readonly host: string | undefined;
      /** Path and query; undefined when they stay. */
      readonly uri: string | undefined;
    }
  | { readonly fault: TransformFault };

export type Transformer = (host: string, uri: string) => Transformed;

const goodHost = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?$/;
const goodUri = /^\/[\x21-\x22\x24-\x7e]*$/;

/** Undefined when there is nothing to transform. `maxBytes` bounds each result. */
export function compileTransforms(transforms: readonly Transform[], maxBytes: number): Transformer | undefined {
  if (transforms.length === 0) return undefined;
  const compiled = transforms.map((each) =>
    each.Type === "url-rewrite"
      ? ({ of: "uri", rewrite: rewriter(each.UrlRewriteConfig.Rewrites) } as const)
      : ({ of: "host", rewrite: rewriter(each.HostHeaderRewriteConfig.Rewrites) } as const),
  );
  return (host, uri) => {
    const given = { host, uri };
    const made: { host: string | undefined; uri: string | undefined } = { host: undefined, uri: undefined };
    for (const { of, rewrite } of compiled) made[of] = rewrite(given[of]);
    const texts = [made.host ?? "", made.uri ?? ""];
    if (texts.some((text) => text.length > maxBytes)) return { fault: "TransformBufferTooSmall" };
    if (made.host !== undefined && !goodHost.test(made.host)) return { fault: "TransformInvalidHost" };
    if (made.uri !== undefined && !goodUri.test(made.uri)) return { fault: "TransformInvalidPath" };
    return made;
  };
}

/** The first rewrite that matches is the one that is done. */
function rewriter(rewrites: readonly Rewrite[]): (text: string) => string | undefined {
  const compiled = rewrites.map(({ Regex, Replace }) => compileRewrite(Regex, Replace));
  return (text) => {
    for (const rewrite of compiled) {
      const made = rewrite(text);
      if (made !== undefined) return made;
    }
    return undefined;
  };
}
