// An answer as plain facts, one for each field, without what tells one account from another: ARNs are told by the kind and name of their resource,
// hosts and times by being there, networks and ports by what they are for. Pure.

export type Facts = Readonly<Record<string, string>>;

/** What is called differently on each side, and what it is called here. */
export type OwnNames = ReadonlyMap<string, string>;

/** Different for every load balancer, so that only whether it is there is compared. */
const APART: ReadonlySet<string> = new Set([
  ...["DNSName", "CanonicalHostedZoneId", "CreatedTime", "ZoneName", "AvailabilityZone"],
]);
/** By which members of a list are known, whatever their order. */
const KEYS = ["Key", "TargetGroupName", "LoadBalancerName", "Priority", "Protocol", "SubnetId", "Name", "ResourceArn"];
/** Members that are a name and a value. */
const PAIRS = [
  ["Key", "Value"],
  ["Name", "Max"],
] as const;

export function factsOf(answer: object, own: OwnNames): Facts {
  return Object.fromEntries(below(Object.entries(answer), "", own));
}

function lines(value: unknown, path: string, own: OwnNames): [string, string][] {
  if (value === undefined) return [];
  if (APART.has(path.slice(path.lastIndexOf(".") + 1))) return [[path, "there"]];
  if (typeof value !== "object" || value === null) return [[path, inWords(String(value), own)]];
  if (!Array.isArray(value)) return below(Object.entries(value), path, own);
  if (value.every((member) => typeof member === "string"))
    return [[path, value.map((member) => inWords(member, own)).join() || "none"]];
  const members = value.map((member, at): [string, unknown] => memberOf(member, at, own));
  return members.length === 0 ? [[path, "none"]] : below(members, path, own);
}

function below(members: readonly [string, unknown][], path: string, own: OwnNames): [string, string][] {
  return members.flatMap(([name, value]) => {
    const isFirst = path === "" || name.startsWith("[");
    return lines(value, isFirst ? path + name : `${path}.${name}`, own);
  });
}

function memberOf(member: object, at: number, own: OwnNames): [string, unknown] {
  const fields = member as Record<string, unknown>;
  const pair = PAIRS.find(([name, value]) => name in fields && value in fields);
  if (pair !== undefined) return [`[${fields[pair[0]]}]`, fields[pair[1]]];
  const key = KEYS.find((name) => typeof fields[name] === "string");
  return [`[${key === undefined ? at : inWords(String(fields[key]), own)}]`, member];
}

/** Of an id as AWS gives it, or as others do. */
const ID = /^[0-9a-f-]{12,}$/;

export function inWords(text: string, own: OwnNames): string {
  const known = own.get(text);
  if (known !== undefined) return known;
  const [, resource] = /^arn:aws:elasticloadbalancing:[^:]*:[^:]*:(.*)$/.exec(text) ?? [];
  if (resource === undefined) return text;
  const parts = resource.split("/").filter((part) => !ID.test(part));
  return `the ${parts.join("/")}`;
}
