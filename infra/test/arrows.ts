// Who may import whom, as a table, and the judge of one file. Pure: walking the folders is arrows-of-tree.ts.
import { posix } from "node:path";
import { readSource } from "./source-facts.ts";

interface Rule {
  /** The most specific folder that holds a file decides. */
  readonly folder: string;
  /** Folders of ours that it may import from, besides itself. */
  readonly ours: readonly string[];
  /** Whether packages may be imported at all; which ones belong to one folder says RESERVED_PACKAGES. */
  readonly packages: boolean;
  readonly node: boolean;
  /** Whether clock, chance, DOM and Node's globals are out of reach. */
  readonly pure?: boolean;
}

/** The arrows of the design: client -> game <- server; the load balancer knows nobody; infra knows nobody by import. */
const RULES: readonly Rule[] = [
  { folder: "game", ours: [], packages: false, node: false, pure: true },
  { folder: "server", ours: ["game"], packages: true, node: true },
  { folder: "server/room", ours: ["game", "server/clock.ts", "server/deflate.ts"], packages: false, node: false },
  { folder: "server/cluster", ours: ["game", "server/clock.ts", "server/room"], packages: true, node: true },
  { folder: "client", ours: ["game"], packages: true, node: false },
  { folder: "client/netcode", ours: ["game", "client/net"], packages: false, node: false },
  { folder: "client/bots", ours: ["game", "client"], packages: true, node: true },
  { folder: "client/vite.config.ts", ours: [], packages: true, node: true },
  { folder: "infra/alb", ours: [], packages: true, node: true },
  { folder: "infra/provision", ours: ["infra/stack", "infra/run.mjs"], packages: true, node: true },
  { folder: "infra/stack", ours: ["infra/provision"], packages: true, node: true },
  { folder: "infra/deploy", ours: ["infra/stack", "infra/provision"], packages: true, node: true },
  { folder: "infra/aws", ours: ["infra/stack", "infra/deploy", "infra/provision"], packages: true, node: true },
  { folder: "infra/containers", ours: ["infra/stack", "infra/provision", "infra/deploy"], packages: true, node: true },
  {
    folder: "infra/aws/app/server-contract.test.ts",
    ours: ["infra/aws", "infra/stack", "server/config.ts", "server/web"],
    packages: true,
    node: true,
  },
  { folder: "infra/test", ours: ["infra/stack", "infra/provision", "infra/run.mjs"], packages: true, node: true },
  { folder: "e2e", ours: ["infra/stack", "infra/provision", "game", "client"], packages: true, node: true },
  { folder: "e2e/skew", ours: ["game", "server", "client"], packages: true, node: true },
  { folder: "e2e/arena", ours: ["game", "server", "client"], packages: true, node: true },
  { folder: "e2e/simulation", ours: ["game", "server", "client"], packages: true, node: true },
  { folder: "bench", ours: ["infra/stack", "infra/provision", "game", "client"], packages: true, node: true },
  {
    folder: "bench/feel",
    ours: ["bench/common", "infra/stack", "game", "client", "server/room"],
    packages: true,
    node: true,
  },
  { folder: "vitest.config.ts", ours: [], packages: true, node: true },
];

/** Packages that one place only may know, so that it can be understood, or exchanged, alone. */
const RESERVED_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "socket.io": ["server/gateway"],
  "@socket.io/redis-adapter": ["server/gateway", "server/cluster"],
  ioredis: ["server/cluster"],
  "@aws-sdk/client-elastic-load-balancing-v2": ["server/drain", "infra", "e2e", "bench"],
  "socket.io-client": ["client/net"],
  phaser: ["client"],
};

/** What tests and their helpers may use besides: the runner, and clients for the other side of what they test. */
const TEST_PACKAGES = ["vitest", "fast-check", "ws", "socket.io", "socket.io-client", "ioredis"];

const IMPURE_NAMES = [
  ...["Date", "performance", "setTimeout", "setInterval", "setImmediate", "requestAnimationFrame", "queueMicrotask"],
  ...["window", "document", "navigator", "location", "localStorage", "fetch", "WebSocket", "crypto", "console"],
  ...["process", "Buffer", "require", "globalThis"],
];
/** Chance, and what engines may compute differently in the last bit. */
const IMPURE_MATHS =
  "random sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh exp expm1 log log2 log10 log1p pow hypot cbrt ?"
    .split(" ")
    .map((name) => `Math.${name}`);

/** What is wrong with this file, one sentence each; empty when nothing is. Paths are relative to the root. */
export function judgeFile(file: string, text: string): string[] {
  const rule = ruleFor(file);
  if (!rule) return [`${file}: no rule says what this folder may import`];
  const facts = readSource(file, text);
  if (facts.errors.length > 0) return [`${file}: cannot be parsed (${facts.errors[0]})`];
  const complaints = facts.imports.map((specifier) => judgeImport(file, specifier, rule));
  if (facts.unreadableImports > 0) complaints.push("imports something computed: nobody can tell what");
  if (rule.pure && !isTest(file)) complaints.push(...judgeNames(facts.names));
  return complaints.filter((complaint) => complaint !== undefined).map((complaint) => `${file}: ${complaint}`);
}

const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

const ruleFor = (file: string): Rule | undefined =>
  RULES.filter((rule) => isWithin(file, rule.folder)).sort((a, b) => b.folder.length - a.folder.length)[0];

/** Tests, and what stands beside them for their use only. */
const isTest = (file: string): boolean => /\.test\.ts$|\/testing\/|\/test-[^/]*\.ts$|-for-tests\.ts$/.test(file);

function judgeImport(file: string, specifier: string, rule: Rule): string | undefined {
  if (specifier.startsWith(".")) return judgeOurs(file, specifier, rule);
  if (specifier.startsWith("node:")) {
    return rule.node || isTest(file) ? undefined : `imports ${specifier}, and ${rule.folder} does not know Node`;
  }
  if (specifier.startsWith("/")) return `imports ${specifier} by an absolute path`;
  return judgePackage(file, packageOf(specifier), rule);
}

function judgeOurs(file: string, specifier: string, rule: Rule): string | undefined {
  const target = posix.normalize(posix.join(posix.dirname(file), specifier));
  if (target.startsWith("..")) return `imports ${specifier}, which is outside the repository`;
  const ownFolder = ruleFor(target)?.folder === rule.folder && isWithin(target, rule.folder);
  const allowed = ownFolder || isWithin(target, rule.folder) || rule.ours.some((folder) => isWithin(target, folder));
  return allowed ? undefined : `imports ${target}, and ${rule.folder} may not know it`;
}

function judgePackage(file: string, name: string, rule: Rule): string | undefined {
  if (isTest(file) && TEST_PACKAGES.includes(name)) return undefined;
  if (!rule.packages) return `imports ${name}, and ${rule.folder} uses no packages`;
  const owners = RESERVED_PACKAGES[name];
  if (!owners || owners.some((folder) => isWithin(file, folder))) return undefined;
  return `imports ${name}, which only ${owners.join(" and ")} may know`;
}

const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

function judgeNames(names: ReadonlySet<string>): string[] {
  const used = [...IMPURE_NAMES, ...IMPURE_MATHS].filter((name) => names.has(name));
  return used.map((name) => `uses ${name}: the game knows no clock, chance, DOM or Node, and only exact maths`);
}
