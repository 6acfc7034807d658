// Judges a package-lock.json: it must name no host, so that everybody installs from the registry that they have set; every
// package must carry the hash that says it is the same one (what came inside another one has that one's); and other platforms' packages must be in it as well, since
// `npm ci` refuses a lockfile without them. Pure.

/** The repository's own, and those of the folders that are packages of their own. */
export const LOCKFILES = ["package-lock.json", "bench/peers/package-lock.json", "infra/aws/package-lock.json"] as const;

interface LockedPackage {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export function judgeLockfile(text: string, name = "package-lock.json"): string[] {
  const { packages = {} } = JSON.parse(text) as { packages?: Record<string, LockedPackage> };
  const locked = Object.entries(packages).filter(([where, one]) => where !== "" && !one.link && !one.inBundle);
  return locked.flatMap(([where, one]) => [
    ...(one.resolved === undefined ? [] : [`${name}: ${where} names ${one.resolved}`]),
    ...(one.integrity === undefined ? [`${name}: ${where} has no integrity`] : []),
    ...Object.keys(one.optionalDependencies ?? {})
      .filter((other) => !packages[`node_modules/${other}`] && !packages[`${where}/node_modules/${other}`])
      .map((other) => `${name}: ${where} wants ${other}, which is missing`),
  ]);
}
