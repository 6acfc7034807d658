// Which web pages may open a socket here. Programs that are not browsers send no Origin and are let in.

/** `allowed` lists origins; empty means the page must come from the host it connects to; "*" means any. */
export function isOriginAllowed(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  if (origin === undefined) return true;
  if (allowed.includes("*")) return true;
  if (allowed.length > 0) return allowed.includes(origin);
  // Ports are left out: a load balancer may put its own into the Host header.
  const page = hostnameOf(origin);
  return page !== undefined && page === hostnameOf(`http://${host}`);
}

function hostnameOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
