// What has happened to targets, newest first. The newest is also said to screen readers.

import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import type { TargetEvent } from "../../state.ts";
import { timeOfDay } from "../format.ts";
import { stateBadge, type View } from "./parts.ts";

export const events = (list: readonly TargetEvent[]): View => html`<section
  class="events"
  aria-labelledby="events-title"
>
  <h2 id="events-title">What happened</h2>
  <p class="hidden" aria-live="polite">${list[0] ? sentence(list[0]) : nothing}</p>
  <div class="card">
    ${
      list.length === 0
        ? html`<p class="empty">No target has changed its state yet.</p>`
        : html`<ol class="scroll" tabindex="0" aria-label="Changes of targets, newest first">
            ${repeat(list, (each) => each.number, item)}
          </ol>`
    }
  </div>
</section>`;

const item = (event: TargetEvent): View => html`<li>
  <time datetime=${new Date(event.atMs).toISOString()}>${timeOfDay(event.atMs)}</time>
  <span class="mono">${event.target}</span>
  <span>${event.from ? stateBadge(event.from) : html`<span class="dim">registered</span>`} <span class="dim">→</span> ${stateBadge(event.to)}</span>
</li>`;

function sentence({ target, group, to }: TargetEvent): string {
  return to === undefined ? `Target ${target} of ${group} is gone.` : `Target ${target} of ${group} is ${to}.`;
}
