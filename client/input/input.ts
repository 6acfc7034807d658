// Listens to keyboard, pointer and touch, and says at any moment what the player asks for. Does not send anything.

import type { PlayerControls } from "../netcode/game-session.ts";
import { isSteeringKey, steeringOf } from "./keyboard.ts";
import { aimOfThumb, steeringOfThumb, type Thumb } from "./thumb.ts";

export interface Helm {
  xPx: number;
  yPx: number;
  heading: number;
}

export type ToWorld = (xCss: number, yCss: number) => { xPx: number; yPx: number } | undefined;

export class Input {
  readonly #surface: HTMLElement;
  readonly #window: Window;
  readonly #abort = new AbortController();
  readonly #held = new Set<string>();
  #pointer: { x: number; y: number } | undefined;
  #pressed = false;
  #aim = 0;
  #sail: { id: number; thumb: Thumb } | undefined;
  #gun: { id: number; thumb: Thumb } | undefined;
  /** A press that ended before it was asked for still fires once. */
  #latched = false;
  #touch = false;
  enabled = false;

  constructor(window: Window, surface: HTMLElement) {
    this.#window = window;
    this.#surface = surface;
    this.#touch = window.matchMedia("(pointer: coarse)").matches;
    const options = { signal: this.#abort.signal };
    window.addEventListener("keydown", (event) => this.#key(event, true), options);
    window.addEventListener("keyup", (event) => this.#key(event, false), options);
    window.addEventListener("blur", () => this.release(), options);
    surface.addEventListener("pointerdown", (event) => this.#down(event), options);
    window.addEventListener("pointermove", (event) => this.#move(event), options);
    window.addEventListener("pointerup", (event) => this.#up(event), options);
    window.addEventListener("pointercancel", (event) => this.#up(event), options);
    surface.addEventListener("contextmenu", (event) => event.preventDefault(), options);
  }

  /** A touch screen, or a finger seen: the HUD shows other hints then. */
  get touch(): boolean {
    return this.#touch;
  }

  get thumbs(): { sail: Thumb | undefined; gun: Thumb | undefined } {
    return { sail: this.#sail?.thumb, gun: this.#gun?.thumb };
  }

  controls(helm: Helm | undefined, toWorld: ToWorld): PlayerControls {
    const keys = steeringOf(this.#held);
    const fire = keys.fire || this.#pressed || this.#gun !== undefined || this.#latched;
    this.#latched = false;
    if (helm) this.#aim = this.#aimFrom(helm, toWorld);
    const sailing = this.#sail && helm ? steeringOfThumb(this.#sail.thumb, helm.heading) : keys;
    return { throttle: sailing.throttle, rudder: sailing.rudder, aim: this.#aim, fire };
  }

  /** Lets go of everything: keys are not heard while the page is in the background. */
  release(): void {
    this.#held.clear();
    this.#pressed = false;
    this.#latched = false;
    this.#sail = undefined;
    this.#gun = undefined;
  }

  close(): void {
    this.#abort.abort();
  }

  #aimFrom(helm: Helm, toWorld: ToWorld): number {
    const dragged = this.#gun && aimOfThumb(this.#gun.thumb);
    if (dragged !== undefined) return dragged;
    const at = this.#gun ? { x: this.#gun.thumb.x, y: this.#gun.thumb.y } : this.#pointer;
    const point = at && toWorld(at.x, at.y);
    return point ? Math.atan2(point.yPx - helm.yPx, point.xPx - helm.xPx) : this.#aim;
  }

  #key(event: KeyboardEvent, down: boolean): void {
    if (!down) {
      // A button of the HUD that has the focus is not for the trigger.
      if (this.#held.delete(event.code)) event.preventDefault();
      // macOS tells of no key that is let go while Command is down.
      if (event.code === "MetaLeft" || event.code === "MetaRight") this.#held.clear();
      return;
    }
    if (!this.enabled || !isSteeringKey(event.code) || isTyping(event.target)) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#held.add(event.code);
    if (event.code === "Space") this.#latched = true;
  }

  #down(event: PointerEvent): void {
    if (!this.enabled) return;
    event.preventDefault();
    if (event.pointerType !== "touch") {
      this.#pointer = { x: event.clientX, y: event.clientY };
      if (event.button !== 0) return;
      this.#pressed = true;
      this.#latched = true;
      return;
    }
    this.#touch = true;
    const thumb = { originX: event.clientX, originY: event.clientY, x: event.clientX, y: event.clientY };
    const left = event.clientX < this.#window.innerWidth / 2;
    if (left && !this.#sail) this.#sail = { id: event.pointerId, thumb };
    else if (!left && !this.#gun) {
      this.#gun = { id: event.pointerId, thumb };
      this.#latched = true;
    }
    this.#surface.setPointerCapture?.(event.pointerId);
  }

  #move(event: PointerEvent): void {
    if (event.pointerType !== "touch") {
      this.#pointer = { x: event.clientX, y: event.clientY };
      return;
    }
    for (const held of [this.#sail, this.#gun]) {
      if (held?.id !== event.pointerId) continue;
      held.thumb.x = event.clientX;
      held.thumb.y = event.clientY;
    }
  }

  #up(event: PointerEvent): void {
    if (event.pointerType !== "touch") this.#pressed = false;
    if (this.#sail?.id === event.pointerId) this.#sail = undefined;
    if (this.#gun?.id === event.pointerId) this.#gun = undefined;
  }
}

function isTyping(target: EventTarget | null): boolean {
  const { tagName } = (target ?? {}) as { tagName?: string };
  return tagName === "INPUT" || tagName === "TEXTAREA";
}
