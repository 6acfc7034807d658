// Everything that lies over a running game. Updated at most ten times a second; happenings are taken in at once.

import type { Thumb } from "../input/thumb.ts";
import type { GameSession } from "../netcode/game-session.ts";
import type { RenderState } from "../netcode/render-state.ts";
import type { Region } from "../regions/region-list.ts";
import type { WorldRect } from "../view/world-rect.ts";
import { element, show } from "./element.ts";
import { Hints } from "./hints.ts";
import { KillFeed } from "./kill-feed.ts";
import { Leaderboard } from "./leaderboard.ts";
import type { LessonSettings } from "./lesson-rows.ts";
import { LessonsPanel } from "./lessons-panel.ts";
import { Minimap } from "./minimap.ts";
import { NetGraph } from "./net-graph.ts";
import { OwnPanel } from "./own-panel.ts";
import { Podium } from "./podium.ts";
import { RenewalOffer } from "./renewal-offer.ts";
import { RespawnNotice } from "./respawn.ts";
import { RoundTimer } from "./round-timer.ts";
import { entrantsOf, standingsOf } from "./standings.ts";
import { StatusLine } from "./status-line.ts";
import { Toolbar, type ToolbarActions } from "./toolbar.ts";
import { TouchPad } from "./touch-pad.ts";

const UPDATE_MS = 100;

export class Hud {
  readonly root: HTMLElement;
  readonly toolbar: Toolbar;
  readonly netGraph: NetGraph;
  readonly lessons: LessonsPanel;
  readonly #leaderboard = new Leaderboard();
  readonly #minimap = new Minimap();
  readonly #killFeed = new KillFeed();
  readonly #timer = new RoundTimer();
  readonly #own = new OwnPanel();
  readonly #offers: RenewalOffer[];
  readonly #respawn: RespawnNotice;
  readonly #podium: Podium;
  readonly #status = new StatusLine();
  readonly #hints = new Hints();
  readonly #touchPad = new TouchPad();
  readonly #seen: () => WorldRect | undefined;
  #nextUpdateMs = 0;
  #region: Region | undefined;

  /** `seen`: what the camera sees at the moment. */
  constructor(actions: ToolbarActions, seen: () => WorldRect | undefined, lessons: LessonSettings) {
    this.lessons = new LessonsPanel(lessons);
    this.netGraph = new NetGraph(this.lessons.network);
    this.#seen = seen;
    this.toolbar = new Toolbar(actions);
    const [offer, podiumOffer] = [new RenewalOffer(actions.renew), new RenewalOffer(actions.renew)];
    this.#offers = [offer, podiumOffer];
    this.#respawn = new RespawnNotice(offer.root);
    this.#podium = new Podium(podiumOffer.root);
    this.root = element(
      "div",
      { className: "hud" },
      this.#touchPad.root,
      element("div", { className: "corner top-left" }, this.#leaderboard.root, this.#status.root, this.lessons.chip),
      element("div", { className: "corner top-centre" }, this.#timer.root, this.#status.notice),
      element("div", { className: "corner top-right" }, this.#minimap.root, this.#killFeed.root),
      element("div", { className: "corner bottom-left" }, this.netGraph.root),
      element("div", { className: "corner bottom-centre" }, this.#hints.root, this.#own.root),
      element("div", { className: "corner bottom-right" }, this.lessons.root, this.toolbar.root),
      this.#respawn.root,
      this.#podium.root,
    );
    this.hide();
  }

  /** How often the player was shown that the connection was lost. */
  get reconnectsShown(): number {
    return this.#status.timesReconnecting;
  }

  /** `region`: where the game is, if there are several. */
  start(nowMs: number, region?: Region): void {
    this.#region = region;
    show(this.root, true);
    this.#killFeed.clear();
    this.#hints.start(nowMs);
    this.#nextUpdateMs = 0;
  }

  hide(): void {
    show(this.root, false);
  }

  /** Whether the servers have another version of the page. */
  setRenewalDue(due: boolean): void {
    this.toolbar.setRenewalDue(due);
    for (const offer of this.#offers) offer.setDue(due);
  }

  drawn(
    state: RenderState,
    session: GameSession,
    nowMs: number,
    touch: { seen: boolean; thumbs: { sail: Thumb | undefined; gun: Thumb | undefined } },
  ): void {
    for (const event of state.events) {
      this.#killFeed.happen(event, state, nowMs);
      this.#respawn.happen(event, state);
    }
    if (touch.seen) this.#touchPad.update(touch.thumbs);
    if (nowMs < this.#nextUpdateMs) return;
    this.#nextUpdateMs = nowMs + UPDATE_MS;
    const stats = session.stats();
    const standings = standingsOf(entrantsOf(state));
    this.#leaderboard.update(state, standings);
    this.#minimap.update(state, this.#seen());
    this.#killFeed.update(nowMs);
    this.#timer.update(state);
    this.#own.update(state, standings);
    this.#respawn.update(state);
    this.#podium.update(state, standings);
    this.#status.update(session, stats.rttMs, this.#region);
    this.netGraph.update(session, stats, state, this.#region);
    this.lessons.update(session);
    this.#hints.update(nowMs, touch.seen);
  }
}
