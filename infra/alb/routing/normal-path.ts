// The path as rules compare it (RFC 3986, 6.2.2): escapes of plain characters undone, other escapes in capitals, dot segments
// resolved. Only for the comparison: the target gets the path as the client sent it.

const irregular = /%|\/\./;
const unreserved = /^[A-Za-z0-9\-._~]$/;

export function normalPath(path: string): string {
  if (!irregular.test(path)) return path;
  const unescaped = path.replace(/%([0-9a-f]{2})/gi, (escaped, hex: string) => {
    const char = String.fromCharCode(Number.parseInt(hex, 16));
    return unreserved.test(char) ? char : escaped.toUpperCase();
  });
  return withoutDotSegments(unescaped);
}

function withoutDotSegments(path: string): string {
  const segments = path.split("/").slice(1);
  const kept: string[] = [];
  for (const [i, segment] of segments.entries()) {
    const last = i === segments.length - 1;
    if (segment === "..") kept.pop();
    else if (segment !== ".") kept.push(segment);
    // `/a/.` and `/a/b/..` are folders.
    if (last && (segment === "." || segment === "..")) kept.push("");
  }
  return `/${kept.join("/")}`;
}
