// How far an HTTP/1 request strays from the RFCs, in the classes of AWS's desync mitigation, and what each mode does about
// it. Pure. The worst kinds never come here: Node's strict parser has refused them with 400.

import type { DesyncMode } from "../routing/table.ts";
import { headerValue, type RequestHead } from "./exchange.ts";

export interface Classification {
  readonly class: "Acceptable" | "Ambiguous";
  readonly reason:
    | "GetHeadZeroContentLength"
    | "NonCompliantHeader"
    | "NonCompliantVersion"
    | "SuspiciousHeader"
    | "UndefinedContentLengthSemantics"
    | "UndefinedTransferEncodingSemantics";
}

/** The worst that can be said of the request; undefined when it complies. */
export function classify(head: RequestHead): Classification | undefined {
  const { method, httpVersion, rawHeaders } = head;
  if (httpVersion === "2.0") return undefined;
  const bodyless = method === "GET" || method === "HEAD";
  const length = headerValue(rawHeaders, "content-length");
  const coded = headerValue(rawHeaders, "transfer-encoding") !== undefined;
  if (coded && (bodyless || httpVersion !== "1.1")) {
    return { class: "Ambiguous", reason: "UndefinedTransferEncodingSemantics" };
  }
  if (bodyless && Number(length ?? 0) > 0) return { class: "Ambiguous", reason: "UndefinedContentLengthSemantics" };
  if (rawHeaders.some((name, i) => i % 2 === 0 && resemblesFraming(name))) {
    return { class: "Ambiguous", reason: "SuspiciousHeader" };
  }
  if (httpVersion === "0.9") return { class: "Acceptable", reason: "NonCompliantVersion" };
  if (rawHeaders.some((value, i) => i % 2 === 1 && strangeValue.test(value))) {
    return { class: "Acceptable", reason: "NonCompliantHeader" };
  }
  if (bodyless && length !== undefined) return { class: "Acceptable", reason: "GetHeadZeroContentLength" };
  return undefined;
}

export interface Verdict {
  readonly classification: Classification | undefined;
  /** It gets 400. */
  readonly blocked: boolean;
  /** The connections to client and target end with it, so that nothing can hide behind it. */
  readonly closes: boolean;
}

export function judge(head: RequestHead, mode: DesyncMode): Verdict {
  const classification = classify(head);
  return {
    classification,
    blocked: classification !== undefined && mode === "strictest",
    closes: classification?.class === "Ambiguous" && mode === "defensive",
  };
}

const strangeValue = /[^\t\x20-\x7e]/;

/** A name that a careless server could take for one of the two that frame a body. */
function resemblesFraming(name: string): boolean {
  // Both have 14 or 17 letters; what is much longer or shorter cannot be made to look like them.
  if (name.length < 13 || name.length > 24) return false;
  const lower = name.toLowerCase();
  if (lower === "content-length" || lower === "transfer-encoding") return false;
  const letters = lower.replace(/[^a-z]/g, "");
  return letters === "contentlength" || letters === "transferencoding";
}
