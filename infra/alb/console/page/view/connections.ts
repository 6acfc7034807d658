// Open connections: how many of each kind, and the newest ones.

import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import type { ConnectionKind, ConnectionsView, ConnectionView } from "../../state.ts";
import { bytes, count, duration } from "../format.ts";
import type { View } from "./parts.ts";

const kindNames: Readonly<Record<ConnectionKind, string>> = { ws: "WebSocket", h2: "HTTP/2", http: "HTTP/1" };
const kinds = Object.keys(kindNames) as readonly ConnectionKind[];

export function connections({ total, byKind, newest }: ConnectionsView, nowMs: number): View {
  const hidden = total - newest.length;
  return html`<section class="connections" aria-labelledby="connections-title">
    <h2 id="connections-title">Connections</h2>
    <div class="card">
      <div class="card-head">
        <p class="tally first"><b>${count(total)}</b> open</p>
        <p class="dim">${kinds.map((kind) => `${count(byKind[kind])} ${kindNames[kind]}`).join(" · ")}</p>
        ${hidden > 0 ? html`<p class="dim">the newest ${newest.length} are listed</p>` : nothing}
      </div>
      ${newest.length === 0 ? html`<p class="empty">Nobody is connected.</p>` : table(newest, nowMs)}
    </div>
  </section>`;
}

const table = (newest: readonly ConnectionView[], nowMs: number): View => html`<div
  class="scroll"
  tabindex="0"
  role="region"
  aria-label="List of connections"
>
  <table>
    <caption class="hidden">The newest connections, newest first</caption>
    <thead>
      <tr>
        <th scope="col">Client</th>
        <th scope="col">Kind</th>
        <th scope="col" class="wide">Listener</th>
        <th scope="col">Target</th>
        <th scope="col" class="number">Age</th>
        <th scope="col" class="number wide">Received</th>
        <th scope="col" class="number">Sent</th>
      </tr>
    </thead>
    <tbody>
      ${repeat(
        newest,
        (each) => each.id,
        (each) => row(each, nowMs),
      )}
    </tbody>
  </table>
</div>`;

const row = (each: ConnectionView, nowMs: number): View => html`<tr>
  <th scope="row" class="mono">${each.client}</th>
  <td><span class="kind" data-kind=${each.kind}>${kindNames[each.kind]}</span></td>
  <td class="mono wide">${each.listener}</td>
  <td class="mono">${each.target ?? html`<span class="dim">none yet</span>`}</td>
  <td class="number">${duration(nowMs - each.acceptedAtMs)}</td>
  <td class="number wide">${bytes(each.receivedBytes)}</td>
  <td class="number">${bytes(each.sentBytes)}</td>
</tr>`;
