// What happens to a stack, as lines for people, and the reason when it fails. Pure.
import type { StackEvent } from "@aws-sdk/client-cloudformation";

/** Said of resources that were under way when another one failed: never the reason. */
const CANCELLED = /cancelled|The following resource\(s\) failed/i;

/** One line for each thing that came, went or failed; what has only begun is left out. */
export function eventLine(event: StackEvent, seconds: number): string | undefined {
  const status = event.ResourceStatus ?? "";
  if (event.PhysicalResourceId === event.StackId || !/_(COMPLETE|FAILED)$/.test(status)) return undefined;
  const what = `${event.ResourceType ?? "?"} ${event.LogicalResourceId ?? "?"}`;
  const line = `  ${String(Math.round(seconds)).padStart(4)} s  ${status.toLowerCase().replaceAll("_", " ").padEnd(16)}  ${what}`;
  return status.endsWith("FAILED") ? `${line}: ${event.ResourceStatusReason ?? "no reason given"}` : line;
}

/** Why it failed: the first resource that did, of its own accord. Events are oldest first. */
export function firstFailure(events: readonly StackEvent[]): string | undefined {
  const failed = events.filter(({ ResourceStatus }) => ResourceStatus?.endsWith("_FAILED"));
  const own = failed.find(({ ResourceStatusReason }) => !CANCELLED.test(ResourceStatusReason ?? "")) ?? failed[0];
  if (own !== undefined) return `${own.ResourceType} ${own.LogicalResourceId}: ${own.ResourceStatusReason}`;
  const ofStack = events.find(({ ResourceStatus }) => ResourceStatus?.startsWith("ROLLBACK"));
  return ofStack?.ResourceStatusReason;
}
