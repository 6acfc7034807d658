// Shows a text that changes: redrawn in place on a terminal, a line for each change elsewhere.

export interface Screen {
  /** `text` for a terminal, `line` for everything else. */
  show(text: string, line: string): void;
  /** A line for people, above what is redrawn. */
  say(line: string): void;
  /** Leaves the last text where it stands. */
  close(): void;
}

export interface ScreenStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** A terminal that does not know its width says 0, or nothing. */
const UNKNOWN_COLUMNS = 200;
const UP = "\u001b[F";
const CLEAR_BELOW = "\u001b[J";

export const screenOn = (stream: ScreenStream): Screen =>
  stream.isTTY === true ? terminalScreen(stream) : lineScreen(stream);

function terminalScreen(stream: ScreenStream): Screen {
  let shownLines = 0;
  let shown = "";
  const wipe = () => `${UP.repeat(shownLines)}${CLEAR_BELOW}`;
  const draw = (before: string) => {
    // A line that wraps would be two to go up: it is cut instead.
    const lines = shown === "" ? [] : shown.split("\n").map((line) => line.slice(0, stream.columns || UNKNOWN_COLUMNS));
    stream.write(`${wipe()}${before}${lines.map((line) => `${line}\n`).join("")}`);
    shownLines = lines.length;
  };
  return {
    show: (text) => {
      shown = text;
      draw("");
    },
    say: (line) => draw(`${line}\n`),
    close: () => {
      shownLines = 0;
      shown = "";
    },
  };
}

function lineScreen(stream: ScreenStream): Screen {
  let last = "";
  return {
    show: (_, line) => {
      if (line !== last) stream.write(`${line}\n`);
      last = line;
    },
    say: (line) => void stream.write(`${line}\n`),
    close: () => {},
  };
}
