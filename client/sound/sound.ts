// Plays voices for happenings: by distance and side, bounded in number, silent while muted or hidden. Starts with the
// first gesture, because browsers allow no sound before.

import type { RenderEvent } from "../netcode/render-state.ts";
import { type Ear, loudnessAt, panAt } from "./loudness.ts";
import { VOICES, type VoiceName } from "./voices.ts";

/** Voices that may start within one VOICE_WINDOW_MS; the rest is not missed. */
const VOICES_PER_WINDOW_MAX = 7;
const VOICE_WINDOW_MS = 120;
const MASTER_VOLUME = 0.5;
const AMBIENT_VOLUME = 0.05;
const NOISE_SECONDS = 2;
const FAINTEST = 0.02;

const VOICE_OF: Record<RenderEvent["type"], VoiceName> = {
  shot: "cannon",
  splash: "splash",
  hit: "hit",
  bounce: "thud",
  sunk: "sinking",
  respawn: "respawn",
  "pearl-taken": "pearl",
  "round-start": "bell",
  "round-end": "bell",
};

export class Sound {
  #context: AudioContext | undefined;
  #master: GainNode | undefined;
  #noise: AudioBuffer | undefined;
  #muted: boolean;
  #hidden = false;
  #windowStartMs = 0;
  #inWindow = 0;

  constructor(muted: boolean) {
    this.#muted = muted;
  }

  get muted(): boolean {
    return this.#muted;
  }

  /** To be called from a gesture of the visitor; further calls do nothing. */
  unlock(): void {
    if (this.#context) return;
    // Machines without a sound device refuse; the game is silent then.
    try {
      this.#context = new AudioContext();
    } catch {
      return;
    }
    this.#noise = noiseBuffer(this.#context);
    this.#master = this.#context.createGain();
    this.#master.connect(this.#context.destination);
    this.#applyVolume();
    startAmbient(this.#context, this.#master, this.#noise);
    this.#applyRunning();
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    this.#applyVolume();
    this.#applyRunning();
  }

  setHidden(hidden: boolean): void {
    this.#hidden = hidden;
    this.#applyRunning();
  }

  play(event: RenderEvent, ear: Ear, ownSeat: number, nowMs: number): void {
    if (this.#muted || this.#hidden) return;
    if (event.type === "pearl-taken" && event.seat !== ownSeat) return;
    if (event.type === "respawn" && event.seat !== ownSeat) return;
    const placed = "xPx" in event;
    const loudness = placed ? loudnessAt(ear, event.xPx, event.yPx) : 0.8;
    if (loudness < FAINTEST || !this.#mayStart(nowMs)) return;
    this.#start(VOICE_OF[event.type], loudness, placed ? panAt(ear, event.xPx) : 0);
  }

  close(): void {
    // Closing a context that is closing already is refused; there is nothing left to do then.
    this.#context?.close().catch(() => undefined);
    this.#context = undefined;
  }

  #mayStart(nowMs: number): boolean {
    if (nowMs - this.#windowStartMs > VOICE_WINDOW_MS) {
      this.#windowStartMs = nowMs;
      this.#inWindow = 0;
    }
    this.#inWindow += 1;
    return this.#inWindow <= VOICES_PER_WINDOW_MAX;
  }

  #start(voice: VoiceName, loudness: number, pan: number): void {
    if (!this.#context || !this.#master || !this.#noise || this.#context.state !== "running") return;
    const gain = this.#context.createGain();
    gain.gain.value = loudness;
    const panner = this.#context.createStereoPanner();
    panner.pan.value = pan;
    gain.connect(panner).connect(this.#master);
    VOICES[voice](
      { context: this.#context, output: gain, noise: this.#noise, random: Math.random },
      this.#context.currentTime,
    );
  }

  #applyVolume(): void {
    if (this.#master) this.#master.gain.value = this.#muted ? 0 : MASTER_VOLUME;
  }

  #applyRunning(): void {
    const wanted = !this.#muted && !this.#hidden;
    // A browser may refuse to resume without a gesture; the next gesture tries again.
    const done = wanted ? this.#context?.resume() : this.#context?.suspend();
    done?.catch(() => undefined);
  }
}

function noiseBuffer(context: AudioContext): AudioBuffer {
  const buffer = context.createBuffer(1, context.sampleRate * NOISE_SECONDS, context.sampleRate);
  const samples = buffer.getChannelData(0);
  for (let index = 0; index < samples.length; index++) samples[index] = Math.random() * 2 - 1;
  return buffer;
}

/** Water against the hull: noise whose colour comes and goes. */
function startAmbient(context: AudioContext, output: AudioNode, noise: AudioBuffer): void {
  const source = context.createBufferSource();
  source.buffer = noise;
  source.loop = true;
  const filter = context.createBiquadFilter();
  filter.type = "lowpass";
  filter.frequency.value = 520;
  const swell = context.createOscillator();
  swell.frequency.value = 0.17;
  const depth = context.createGain();
  depth.gain.value = 260;
  swell.connect(depth).connect(filter.frequency);
  const gain = context.createGain();
  gain.gain.value = AMBIENT_VOLUME;
  source.connect(filter).connect(gain).connect(output);
  source.start();
  swell.start();
}
