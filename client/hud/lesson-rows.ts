// What the panel of lessons offers: for each row its key, what it says now, what comes next, and what to look for. No DOM.

import { type Lessons, NORMAL } from "../netcode/lessons.ts";

/** The part of the network's conditions that the panel changes. */
export interface AddedDelay {
  /** Added there and back, milliseconds. */
  rttMs: number;
  /** Added to each way, 0 … jitterMs. */
  jitterMs: number;
}

/** The network as the panel sees it. */
export interface NetworkSwitch {
  readonly conditions: Readonly<AddedDelay>;
  setConditions(conditions: AddedDelay): void;
}

export interface LessonSettings {
  /** Changed in place: the netcode looks at it all the time. */
  lessons: Lessons;
  network: NetworkSwitch;
}

export interface LessonRow {
  /** On the keyboard, as it is printed and as `KeyboardEvent.code`. */
  key: string;
  code: string;
  label: string;
  value(settings: LessonSettings): string;
  isNormal(settings: LessonSettings): boolean;
  /** Goes on to the next value. */
  press(settings: LessonSettings): void;
  /** One sentence or two on the value that is set now. */
  lookFor(settings: LessonSettings): string;
}

const RTT_CHOICES_MS = [0, 80, 150, 250] as const;
const JITTER_CHOICES_MS = [0, 20, 40] as const;
const DELAY_CHOICES = ["adaptive", "fixed", "none"] as const;
const DELAY_NAMES = { adaptive: "adapts", fixed: "100 ms", none: "none" } as const;

type Switch = { [Name in keyof Lessons]: Lessons[Name] extends boolean ? Name : never }[keyof Lessons];

/** What the page does to the network. */
export const NETWORK_ROWS: readonly LessonRow[] = [
  delay("9", "rttMs", RTT_CHOICES_MS, "Round trip", "longer there and back. Steer, and look at the ghost (G)."),
  delay(
    "0",
    "jitterMs",
    JITTER_CHOICES_MS,
    "Jitter",
    "at most, anew for each message and each way: others are drawn further in the past.",
  ),
];

export const LESSON_ROWS: readonly LessonRow[] = [
  onOff(
    "1",
    "prediction",
    "Prediction",
    "Your boat is drawn like all others, from what the server said. Steer: it answers a round trip later.",
  ),
  onOff(
    "2",
    "reconciliation",
    "Reconciliation",
    "What the server says of your boat is not taken. Steer while the way gets longer (9), and watch the ghost (G) go its own way.",
  ),
  onOff(
    "3",
    "smoothing",
    "Smoothing",
    "Corrections of your boat jump instead of fading. Steer while the way gets longer (9).",
  ),
  onOff(
    "4",
    "interpolation",
    "Interpolation",
    "Others stand where the newest snapshot has them: thirty places a second, in the network's rhythm.",
  ),
  {
    key: "5",
    code: "Digit5",
    label: "Delay of others",
    value: ({ lessons }) => DELAY_NAMES[lessons.delay],
    isNormal: ({ lessons }) => lessons.delay === NORMAL.delay,
    press: ({ lessons }) => {
      lessons.delay = after(DELAY_CHOICES, lessons.delay);
    },
    lookFor: ({ lessons }) =>
      ({
        adaptive: "Others are drawn as far in the past as the measured jitter asks for.",
        fixed: "Others are drawn 100 ms behind: more than a good network needs, less than a bad one.",
        none: "Others are drawn at the newest moment: what has not come yet is guessed, and the guess taken back.",
      })[lessons.delay],
  },
  onOff(
    "6",
    "rewind",
    "Lag compensation",
    "A shot is checked against where the others are when it is fired on the server. Aim at what you see, and miss.",
  ),
  onOff(
    "7",
    "deltas",
    "Deltas",
    "Whole snapshots instead of differences: watch Down in the net graph (N). Only on the server that runs the room.",
  ),
  onOff(
    "8",
    "pacing",
    "Input pacing",
    "Inputs are for ticks that are over when they arrive, and the server's word takes back what was predicted: your boat answers late.",
  ),
  ...NETWORK_ROWS,
];

export const GHOST_ROW: LessonRow = {
  key: "G",
  code: "KeyG",
  label: "Ghosts",
  value: ({ lessons }) => (lessons.ghost ? "shown" : "hidden"),
  isNormal: () => true,
  press: ({ lessons }) => {
    lessons.ghost = !lessons.ghost;
  },
  lookFor: ({ lessons }) =>
    lessons.ghost
      ? "Outlines: where the newest snapshot has the boats. Dots: the ticks of your boat that are predicted since."
      : "",
};

/** Everything as it is without lessons; ghosts stay as they are. */
export function backToNormal({ lessons, network }: LessonSettings): void {
  const { ghost } = lessons;
  Object.assign(lessons, NORMAL, { ghost });
  network.setConditions({ ...network.conditions, rttMs: 0, jitterMs: 0 });
}

/** "Prediction off · Round trip +150 ms": what is not normal. */
export function summary(settings: LessonSettings): string {
  const changed = LESSON_ROWS.filter((row) => !row.isNormal(settings));
  return changed.map((row) => `${row.label} ${row.value(settings)}`).join(" · ");
}

function onOff(key: string, name: Switch, label: string, whenOff: string): LessonRow {
  return {
    key,
    code: `Digit${key}`,
    label,
    value: ({ lessons }) => (lessons[name] ? "on" : "off"),
    isNormal: ({ lessons }) => lessons[name] === NORMAL[name],
    press: ({ lessons }) => {
      lessons[name] = !lessons[name];
    },
    lookFor: ({ lessons }) => (lessons[name] ? "" : whenOff),
  };
}

function delay(
  key: string,
  name: keyof AddedDelay,
  choices: readonly number[],
  label: string,
  meaning: string,
): LessonRow {
  return {
    key,
    code: `Digit${key}`,
    label,
    value: ({ network }) => `+${network.conditions[name]} ms`,
    isNormal: ({ network }) => network.conditions[name] === 0,
    press: ({ network }) =>
      network.setConditions({ ...network.conditions, [name]: above(choices, network.conditions[name]) }),
    lookFor: ({ network }) => (network.conditions[name] === 0 ? "" : `${network.conditions[name]} ms ${meaning}`),
  };
}

function after<Value>(choices: readonly Value[], value: Value): Value {
  return choices[(choices.indexOf(value) + 1) % choices.length]!;
}

/** The next larger choice, or the first again: the address may have set a value in between. */
function above(choices: readonly number[], value: number): number {
  return choices.find((choice) => choice > value) ?? choices[0]!;
}
