// Judges package-lock.json: it must name no host, so that everybody installs from the registry that they have set, and
// every package must carry the hash that says it is the same one. Pure.

interface LockedPackage {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
}

export function judgeLockfile(text: string): string[] {
  const { packages = {} } = JSON.parse(text) as { packages?: Record<string, LockedPackage> };
  const locked = Object.entries(packages).filter(([where, one]) => where !== "" && !one.link);
  return locked.flatMap(([where, one]) => [
    ...(one.resolved === undefined ? [] : [`package-lock.json: ${where} names ${one.resolved}`]),
    ...(one.integrity === undefined ? [`package-lock.json: ${where} has no integrity`] : []),
  ]);
}
