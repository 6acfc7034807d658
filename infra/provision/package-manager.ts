// How each system's package manager installs what we need without asking a question. Pure: it makes the plan,
// install-package.ts carries it out.

export type Wanted = "redis" | "chromium" | "nginx" | "haproxy" | "python";

/** What the plan depends on. */
export interface Host {
  readonly isRoot: boolean;
  /** `sudo -n` works, that is, without a password. */
  readonly hasSudo: boolean;
  readonly has: (program: string) => boolean;
}

export interface Step {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface Plan {
  readonly manager: string;
  /** Brings the list of packages up to date; absent where installing does that. */
  readonly refresh?: Step;
  /** Tried in order until one succeeds: the same thing has other names elsewhere. */
  readonly candidates: readonly Step[];
}

interface Manager {
  readonly program: string;
  readonly needsRoot: boolean;
  readonly refresh?: readonly string[];
  readonly install: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly packages: Readonly<Record<Wanted, readonly string[]>>;
}

/**
 * Debian's packages start a service as soon as they are installed. A policy-rc.d that answers 101 forbids that; it is
 * there for the installation only, and one that the administrator has made stays as it is.
 */
const WITHOUT_STARTING_SERVICES = [
  "sh",
  "-c",
  'p=/usr/sbin/policy-rc.d; if [ ! -e "$p" ]; then trap "rm -f $p" EXIT; trap "exit 143" TERM INT; printf "#!/bin/sh\\nexit 101\\n" > "$p"; chmod 755 "$p"; fi; "$@"',
  "sh",
] as const;

/** What only `npm run bench` needs, and what has the same name everywhere. */
const PROXIES = { nginx: ["nginx"], haproxy: ["haproxy"] } as const;

const MANAGERS: readonly Manager[] = [
  {
    program: "apt-get",
    needsRoot: true,
    refresh: ["apt-get", "update"],
    install: [...WITHOUT_STARTING_SERVICES, "apt-get", "install", "-y", "--no-install-recommends"],
    env: { DEBIAN_FRONTEND: "noninteractive" },
    packages: {
      redis: ["redis-server", "valkey-server"],
      chromium: ["chromium"],
      python: ["python3-venv"],
      ...PROXIES,
    },
  },
  {
    program: "dnf",
    needsRoot: true,
    install: ["dnf", "install", "-y"],
    packages: { redis: ["valkey", "redis"], chromium: ["chromium"], python: ["python3"], ...PROXIES },
  },
  {
    program: "apk",
    needsRoot: true,
    install: ["apk", "add", "--no-cache"],
    packages: { redis: ["redis", "valkey"], chromium: ["chromium"], python: ["python3"], ...PROXIES },
  },
  {
    program: "pacman",
    needsRoot: true,
    install: ["pacman", "-Sy", "--noconfirm", "--needed"],
    packages: { redis: ["valkey", "redis"], chromium: ["chromium"], python: ["python"], ...PROXIES },
  },
  {
    program: "brew",
    needsRoot: false,
    install: ["brew", "install"],
    env: { NONINTERACTIVE: "1", HOMEBREW_NO_AUTO_UPDATE: "1" },
    packages: { redis: ["redis", "valkey"], chromium: [], python: ["python"], ...PROXIES },
  },
];

/** The plan for this host, or undefined where nothing can be installed without a question. */
export function planInstallation(wanted: Wanted, host: Host): Plan | undefined {
  const manager = MANAGERS.find((one) => host.has(one.program));
  if (!manager || manager.packages[wanted].length === 0) return undefined;
  if (manager.needsRoot && !host.isRoot && !host.hasSudo) return undefined;
  const toStep = (words: readonly string[]) => asStep(words, manager, host);
  const candidates = manager.packages[wanted].map((name) => toStep([...manager.install, name]));
  return {
    manager: manager.program,
    candidates,
    ...(manager.refresh ? { refresh: toStep(manager.refresh) } : {}),
  };
}

/** What a person would type to get `wanted` here: for the sentence that says what is missing. */
export function adviseInstallation(wanted: Wanted, host: Host): string | undefined {
  const manager = MANAGERS.find((one) => host.has(one.program));
  const name = manager?.packages[wanted][0];
  if (!manager || !name) return undefined;
  const verb = manager.program === "pacman" ? "-S" : manager.program === "apk" ? "add" : "install";
  return `${manager.needsRoot && !host.isRoot ? "sudo " : ""}${manager.program} ${verb} ${name}`;
}

function asStep(words: readonly string[], manager: Manager, host: Host): Step {
  const env = manager.env ?? {};
  const viaSudo = manager.needsRoot && !host.isRoot;
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const [command = "", ...args] = viaSudo ? ["sudo", "-n", "env", ...settings, ...words] : words;
  return { command, args, env };
}
