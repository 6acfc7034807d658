// Small pieces that several parts of the page use.

import { html, nothing, svg, type TemplateResult } from "lit-html";
import type { TargetState } from "../../state.ts";

export type View = TemplateResult | typeof nothing;

/** One shape for each state, so that it is not told by colour alone. */
const shapes = {
  healthy: svg`<circle cx="8" cy="8" r="6" fill="currentColor" /><path d="M5.2 8.2l2 2 3.6-4" class="cut" />`,
  initial: svg`<circle cx="8" cy="8" r="5.2" class="line dots" />`,
  unhealthy: svg`<path d="M8 1.6l6.8 12.2H1.2z" fill="currentColor" /><path d="M8 6v3.6M8 11.8v.1" class="cut" />`,
  draining: svg`<circle cx="8" cy="8" r="5.2" class="line" /><path d="M8 2.8a5.2 5.2 0 0 1 0 10.4z" fill="currentColor" />`,
  unused: svg`<circle cx="8" cy="8" r="5.2" class="line" /><path d="M5 8h6" class="line" />`,
  gone: svg`<path d="M4 4l8 8M12 4l-8 8" class="line" />`,
};

export const stateBadge = (state: TargetState | undefined): TemplateResult => html`<span
  class="state"
  data-state=${state ?? "gone"}
  ><svg viewBox="0 0 16 16" aria-hidden="true">${shapes[state ?? "gone"]}</svg>${state ?? "gone"}</span
>`;

/** Attributes that are not AWS's default, folded away. */
export const settingsList = (settings: readonly string[], owner: string): View =>
  settings.length === 0
    ? nothing
    : html`<details>
        <summary>${settings.length} ${settings.length === 1 ? "attribute" : "attributes"} of ${owner} changed</summary>
        <ul class="settings">
          ${settings.map((each) => html`<li>${each}</li>`)}
        </ul>
      </details>`;

export const swatch = (look: number): TemplateResult => html`<span class="swatch" data-look=${look}></span>`;
