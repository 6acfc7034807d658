// The sounds, synthesised: each voice is a few oscillators and filtered noise that end by themselves.

export interface Stage {
  context: AudioContext;
  output: AudioNode;
  noise: AudioBuffer;
  /** 0 … 1, makes repeats differ. */
  random: () => number;
}

export type Voice = (stage: Stage, startSeconds: number) => void;

export const VOICES = { cannon, hit, splash, pearl, sinking, respawn, bell, thud } satisfies Record<string, Voice>;
export type VoiceName = keyof typeof VOICES;

const SILENCE = 0.0001;

function envelope(stage: Stage, at: number, peak: number, attack: number, decay: number): GainNode {
  const gain = stage.context.createGain();
  gain.gain.setValueAtTime(SILENCE, at);
  gain.gain.exponentialRampToValueAtTime(peak, at + attack);
  gain.gain.exponentialRampToValueAtTime(SILENCE, at + attack + decay);
  gain.connect(stage.output);
  return gain;
}

interface Tone {
  type: OscillatorType;
  fromHz: number;
  toHz: number;
  peak: number;
  attack?: number;
  decay: number;
  delay?: number;
}

function tone(stage: Stage, start: number, { type, fromHz, toHz, peak, attack = 0.004, decay, delay = 0 }: Tone): void {
  const at = start + delay;
  const oscillator = stage.context.createOscillator();
  oscillator.type = type;
  oscillator.frequency.setValueAtTime(fromHz, at);
  oscillator.frequency.exponentialRampToValueAtTime(toHz, at + attack + decay);
  oscillator.connect(envelope(stage, at, peak, attack, decay));
  oscillator.start(at);
  oscillator.stop(at + attack + decay + 0.02);
}

interface Hiss {
  type: BiquadFilterType;
  fromHz: number;
  toHz: number;
  sharpness?: number;
  peak: number;
  attack?: number;
  decay: number;
  delay?: number;
}

function hiss(
  stage: Stage,
  start: number,
  { type, fromHz, toHz, sharpness = 0.7, peak, attack = 0.004, decay, delay = 0 }: Hiss,
): void {
  const at = start + delay;
  const source = stage.context.createBufferSource();
  source.buffer = stage.noise;
  const filter = stage.context.createBiquadFilter();
  filter.type = type;
  filter.Q.value = sharpness;
  filter.frequency.setValueAtTime(fromHz, at);
  filter.frequency.exponentialRampToValueAtTime(toHz, at + attack + decay);
  source.connect(filter).connect(envelope(stage, at, peak, attack, decay));
  source.start(at, stage.random() * 0.6);
  source.stop(at + attack + decay + 0.02);
}

function cannon(stage: Stage, at: number): void {
  const pitch = 0.92 + stage.random() * 0.16;
  tone(stage, at, { type: "sine", fromHz: 150 * pitch, toHz: 38, peak: 0.8, decay: 0.34 });
  hiss(stage, at, { type: "lowpass", fromHz: 3400 * pitch, toHz: 220, peak: 0.6, decay: 0.3 });
  hiss(stage, at, { type: "lowpass", fromHz: 500, toHz: 90, peak: 0.28, attack: 0.05, decay: 0.7 });
}

function hit(stage: Stage, at: number): void {
  hiss(stage, at, { type: "bandpass", fromHz: 1900, toHz: 480, sharpness: 1.4, peak: 0.75, decay: 0.16 });
  tone(stage, at, { type: "triangle", fromHz: 210, toHz: 70, peak: 0.55, decay: 0.18 });
  hiss(stage, at, { type: "highpass", fromHz: 2600, toHz: 4200, peak: 0.16, decay: 0.24, delay: 0.03 });
}

function splash(stage: Stage, at: number): void {
  const pitch = 0.85 + stage.random() * 0.3;
  hiss(stage, at, {
    type: "bandpass",
    fromHz: 900 * pitch,
    toHz: 2600,
    sharpness: 0.6,
    peak: 0.32,
    attack: 0.02,
    decay: 0.3,
  });
  hiss(stage, at, { type: "lowpass", fromHz: 700 * pitch, toHz: 240, peak: 0.22, attack: 0.01, decay: 0.22 });
}

function pearl(stage: Stage, at: number): void {
  tone(stage, at, { type: "sine", fromHz: 1175, toHz: 1180, peak: 0.2, decay: 0.2 });
  tone(stage, at, { type: "sine", fromHz: 1760, toHz: 1764, peak: 0.2, decay: 0.32, delay: 0.06 });
}

function sinking(stage: Stage, at: number): void {
  tone(stage, at, { type: "sawtooth", fromHz: 120, toHz: 34, peak: 0.32, decay: 0.9 });
  hiss(stage, at, { type: "lowpass", fromHz: 2400, toHz: 120, peak: 0.75, decay: 0.9 });
  for (let bubble = 0; bubble < 6; bubble++) {
    const hz = 190 + stage.random() * 240;
    tone(stage, at, { type: "sine", fromHz: hz, toHz: hz * 1.7, peak: 0.14, decay: 0.1, delay: 0.45 + bubble * 0.13 });
  }
}

function respawn(stage: Stage, at: number): void {
  for (const [index, hz] of [523, 659, 784].entries()) {
    tone(stage, at, { type: "triangle", fromHz: hz, toHz: hz, peak: 0.13, decay: 0.3, delay: index * 0.08 });
  }
}

function bell(stage: Stage, at: number): void {
  for (const strike of [0, 0.34]) {
    for (const [hz, peak, decay] of [
      [620, 0.3, 1.5],
      [1240, 0.16, 0.9],
      [1690, 0.1, 0.6],
      [2480, 0.05, 0.4],
    ] as const) {
      tone(stage, at, { type: "sine", fromHz: hz, toHz: hz * 0.998, peak, decay, delay: strike });
    }
  }
}

function thud(stage: Stage, at: number): void {
  tone(stage, at, { type: "sine", fromHz: 120, toHz: 50, peak: 0.4, decay: 0.16 });
  hiss(stage, at, { type: "lowpass", fromHz: 800, toHz: 200, peak: 0.2, decay: 0.14 });
}
