// Target groups and their targets: state and for how long, what is under way, and the rest of a deregistration delay.

import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import type { TargetGroupView, TargetView } from "../../state.ts";
import { count, duration } from "../format.ts";
import type { Looks } from "../looks.ts";
import { settingsList, stateBadge, swatch, type View } from "./parts.ts";

export const targetGroups = (groups: readonly TargetGroupView[], nowMs: number, looks: Looks): View => html`<section
  class="targets"
  aria-labelledby="targets-title"
>
  <h2 id="targets-title">Targets</h2>
  ${groups.length === 0 ? html`<div class="card"><p class="empty">There is no target group yet.</p></div>` : nothing}
  ${repeat(
    groups,
    (group) => group.arn,
    (group) => targetGroup(group, nowMs, looks),
  )}
</section>`;

function targetGroup(group: TargetGroupView, nowMs: number, looks: Looks): View {
  const healthy = group.targets.filter((each) => each.state === "healthy").length;
  const used = group.usedBy.length > 0 ? `used by ${group.usedBy.join(", ")}` : "nothing forwards to it";
  return html`<article class="card">
    <div class="card-head">
      <h3>${group.name}</h3>
      <p class="dim">${group.protocol} · ${group.algorithm} · ${used}</p>
      <p class="tally"><b>${healthy}</b> of ${group.targets.length} healthy</p>
    </div>
    ${group.failOpen ? html`<p class="notice">Too few healthy targets: requests go to all of them (fail-open).</p>` : nothing}
    ${group.targets.length === 0 ? html`<p class="empty">No targets are registered.</p>` : targetTable(group, nowMs, looks)}
    <p class="dim small">${group.healthCheck}</p>
    ${settingsList(group.settings, group.name)}
  </article>`;
}

const targetTable = (group: TargetGroupView, nowMs: number, looks: Looks) => html`<div
  class="scroll"
  tabindex="0"
  role="region"
  aria-label="List of targets of ${group.name}"
><table>
  <caption class="hidden">Targets of ${group.name}</caption>
  <thead>
    <tr>
      <th scope="col">Target</th>
      <th scope="col">State</th>
      <th scope="col" class="number wide">For</th>
      <th scope="col" class="number" title="Requests and WebSockets under way">Under way</th>
      <th scope="col" class="number">WebSockets</th>
    </tr>
  </thead>
  <tbody>
    ${repeat(
      group.targets,
      (target) => target.key,
      (target) => targetRow(target, nowMs, looks.of(target.key)),
    )}
  </tbody>
</table></div>`;

function targetRow(target: TargetView, nowMs: number, look: number): View {
  const { name, zone, state, description, reason, drain, sinceMs } = target;
  return html`<tr data-state=${state}>
    <th scope="row" class="mono" title=${zone}>${swatch(look)}${name}</th>
    <td>
      ${stateBadge(state)} <span class="dim narrow">${duration(nowMs - sinceMs)}</span>
      ${drain ? drainBar(drain, nowMs) : description ? html`<p class="dim small" title=${reason ?? ""}>${description}</p>` : nothing}
    </td>
    <td class="number wide">${duration(nowMs - sinceMs)}</td>
    <td class="number">${count(target.outstanding)}</td>
    <td class="number strong">${count(target.webSockets)}</td>
  </tr>`;
}

function drainBar({ startedAtMs, endsAtMs }: NonNullable<TargetView["drain"]>, nowMs: number): View {
  const totalMs = Math.max(1, endsAtMs - startedAtMs);
  const leftMs = Math.min(totalMs, Math.max(0, endsAtMs - nowMs));
  return html`<div class="drain">
    <progress max=${totalMs} .value=${leftMs} aria-label="Rest of the deregistration delay"></progress>
    <span class="dim small">${duration(leftMs)} left of ${duration(totalMs)}</span>
  </div>`;
}
