// Listeners and their rules, in the order in which they are tried.

import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import type { ListenerView, LoadBalancerView, RuleView } from "../../state.ts";
import { count } from "../format.ts";
import { settingsList, type View } from "./parts.ts";

export const listeners = (loadBalancers: readonly LoadBalancerView[]): View => html`<section
  class="listeners"
  aria-labelledby="listeners-title"
>
  <h2 id="listeners-title">Listeners and rules</h2>
  ${loadBalancers.every((each) => each.listeners.length === 0) ? html`<div class="card"><p class="empty">Nothing listens yet.</p></div>` : nothing}
  ${repeat(
    loadBalancers,
    (each) => each.arn,
    (each) => ofLoadBalancer(each, loadBalancers.length > 1),
  )}
</section>`;

const ofLoadBalancer = (loadBalancer: LoadBalancerView, named: boolean): View => html`
  ${named ? html`<h3 class="owner">${loadBalancer.name} <span class="dim">${loadBalancer.dnsName}</span></h3>` : nothing}
  <div class="listener-cards">
    ${repeat(loadBalancer.listeners, (each) => each.arn, listener)}
  </div>
  ${settingsList(loadBalancer.settings, loadBalancer.name)}
`;

function listener({ protocol, port, connections, certificates, sslPolicy, rules, settings }: ListenerView): View {
  return html`<article class="card">
    <div class="card-head">
      <h3><span class="protocol">${protocol}</span> <span class="mono">:${port}</span></h3>
      <p class="dim">
        ${sslPolicy ?? nothing}${certificates.length > 0 ? ` · ${certificates.length === 1 ? "certificate" : "certificates"} ${certificates.join(", ")}` : nothing}
      </p>
      <p class="tally"><b>${count(connections)}</b> ${connections === 1 ? "connection" : "connections"}</p>
    </div>
    <table class="rules">
      <caption class="hidden">Rules of ${protocol}:${port}</caption>
      <thead>
        <tr>
          <th scope="col" class="number">Priority</th>
          <th scope="col">If</th>
          <th scope="col">Then</th>
        </tr>
      </thead>
      <tbody>
        ${repeat(rules, (each) => each.arn, rule)}
      </tbody>
    </table>
    ${settingsList(settings, `${protocol}:${port}`)}
  </article>`;
}

const rule = ({ priority, conditions, actions }: RuleView): View => html`<tr>
  <th scope="row" class="number">${priority}</th>
  <td>
    ${conditions.length === 0 ? html`<span class="dim">anything else</span>` : conditions.map((each, index) => html`<p>${index > 0 ? html`<span class="dim">and </span>` : nothing}${each}</p>`)}
  </td>
  <td>${actions.map((each) => html`<p>${each}</p>`)}</td>
</tr>`;
