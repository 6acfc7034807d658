// One small line: which server, which version, which room, how far away; and a notice while the connection is mended.

import type { GameSession } from "../netcode/game-session.ts";
import { element, setText, show } from "./element.ts";
import { formatStatus } from "./format.ts";

export class StatusLine {
  readonly root = element("output", { className: "status-line", attributes: { "aria-label": "Connection" } });
  readonly notice = element("div", { className: "reconnecting", attributes: { role: "status" } });

  constructor() {
    this.notice.hidden = true;
  }

  update(session: GameSession, rttMs: number): void {
    setText(this.root, formatStatus(session.path, session.welcome, rttMs));
    const { state } = session;
    show(this.notice, state.name === "reconnecting");
    if (state.name === "reconnecting") {
      setText(this.notice, state.attempt > 1 ? `Reconnecting… (attempt ${state.attempt + 1})` : "Reconnecting…");
    }
  }
}
