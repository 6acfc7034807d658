// Judges package-lock.json: it must name no host, so that everybody installs from the registry that they have set; every
// package must carry the hash that says it is the same one; and other platforms' packages must be in it as well, since
// `npm ci` refuses a lockfile without them. Pure.

interface LockedPackage {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export function judgeLockfile(text: string): string[] {
  const { packages = {} } = JSON.parse(text) as { packages?: Record<string, LockedPackage> };
  const locked = Object.entries(packages).filter(([where, one]) => where !== "" && !one.link);
  return locked.flatMap(([where, one]) => [
    ...(one.resolved === undefined ? [] : [`package-lock.json: ${where} names ${one.resolved}`]),
    ...(one.integrity === undefined ? [`package-lock.json: ${where} has no integrity`] : []),
    ...Object.keys(one.optionalDependencies ?? {})
      .filter((name) => !packages[`node_modules/${name}`] && !packages[`${where}/node_modules/${name}`])
      .map((name) => `package-lock.json: ${where} wants ${name}, which is missing`),
  ]);
}
