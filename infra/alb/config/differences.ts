// What has changed between two states, in words for the person who changed the file.

import type { State } from "../model/store.ts";
import { type Target, type TargetGroup, targetKey } from "../model/types.ts";

/** One phrase for each change; empty when all is as it was. */
export function differences(before: State, now: State): string[] {
  const ruleName = (state: State) => (arn: string) => {
    const rule = state.rules.get(arn);
    return rule && `rule ${rule.priority} of listener ${state.listeners.get(rule.listenerArn)?.port}`;
  };
  return [
    ...compare(before.loadBalancers, now.loadBalancers, (each) => `load balancer ${each.name}`),
    ...compare(before.listeners, now.listeners, (each) => `listener ${each.port}`),
    ...compare(before.rules, now.rules, ({ arn }) => ruleName(now)(arn) ?? ruleName(before)(arn) ?? arn),
    ...compare(withoutTargets(before), withoutTargets(now), (each) => `target group ${each.name}`),
    ...[...now.targetGroups.values()].flatMap((group) => targetChanges(before.targetGroups.get(group.arn), group)),
    ...compare(before.certificates, now.certificates, ({ arn }) => `certificate ${arn.split("/").at(-1)}`),
  ];
}

function compare<T>(before: ReadonlyMap<string, T>, now: ReadonlyMap<string, T>, name: (each: T) => string): string[] {
  return [
    ...[...now].flatMap(([key, each]) => {
      const old = before.get(key);
      if (old === undefined) return [`${name(each)} added`];
      return old === each || JSON.stringify(old) === JSON.stringify(each) ? [] : [`${name(each)} changed`];
    }),
    ...[...before].filter(([key]) => !now.has(key)).map(([, each]) => `${name(each)} removed`),
  ];
}

const withoutTargets = ({ targetGroups }: State): ReadonlyMap<string, TargetGroup> =>
  new Map([...targetGroups].map(([arn, group]) => [arn, { ...group, targets: [] }]));

function targetChanges(before: TargetGroup | undefined, now: TargetGroup): string[] {
  const known = new Map((before?.targets ?? []).map((each) => [targetKey(now.arn, each), each]));
  const name = (each: Target) => `target ${each.id}:${each.port} of ${now.name}`;
  return now.targets.flatMap((each) => {
    const old = known.get(targetKey(now.arn, each));
    if (!old) return [`${name(each)} added`];
    return each.drainEndsAtMs !== undefined && old.drainEndsAtMs === undefined ? [`${name(each)} drains`] : [];
  });
}
