// One small line: which server, which version, which room, how far away; and a notice while the connection is mended.

import type { GameSession } from "../netcode/game-session.ts";
import type { Region } from "../regions/region-list.ts";
import { element, setText, show } from "./element.ts";
import { formatStatus } from "./format.ts";

export class StatusLine {
  readonly root = element("output", { className: "status-line", attributes: { "aria-label": "Connection" } });
  readonly notice = element("div", { className: "reconnecting", attributes: { role: "status" } });
  #timesReconnecting = 0;

  constructor() {
    this.notice.hidden = true;
  }

  /** How often the notice was shown: what players saw of a lost connection. */
  get timesReconnecting(): number {
    return this.#timesReconnecting;
  }

  update(session: GameSession, rttMs: number, region: Region | undefined): void {
    setText(this.root, formatStatus(session.path, session.welcome, rttMs, region));
    const { state } = session;
    const isReconnecting = state.name === "reconnecting";
    if (isReconnecting) {
      if (this.notice.hidden) this.#timesReconnecting += 1;
      setText(this.notice, state.attempt > 1 ? `Reconnecting… (attempt ${state.attempt + 1})` : "Reconnecting…");
    }
    show(this.notice, isReconnecting);
  }
}
