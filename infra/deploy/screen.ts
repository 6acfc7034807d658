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
  readonly rows?: number;
  write(text: string): unknown;
}

/** A terminal that does not know its size says 0, or nothing. */
const UNKNOWN_COLUMNS = 200;
const UNKNOWN_ROWS = 50;
/** Of a picture that is too high, the last lines are shown as well: what the canaries feel is there. */
const LAST_LINES = 2;
const UP = "\u001b[F";
const CLEAR_BELOW = "\u001b[J";

export const screenOn = (stream: ScreenStream): Screen =>
  stream.isTTY === true ? terminalScreen(stream) : lineScreen(stream);

function terminalScreen(stream: ScreenStream): Screen {
  let shownLines = 0;
  let shown = "";
  const wipe = () => `${UP.repeat(shownLines)}${CLEAR_BELOW}`;
  const draw = (before: string) => {
    const lines = shown === "" ? [] : cutToSize(shown.split("\n"), stream);
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

/** What wraps or scrolls could not be drawn again in its place: it is cut instead. */
function cutToSize(lines: readonly string[], { columns, rows }: ScreenStream): string[] {
  const width = columns || UNKNOWN_COLUMNS;
  const room = (rows || UNKNOWN_ROWS) - 1;
  const cut = lines.map((line) => line.slice(0, width));
  if (cut.length <= room) return cut;
  return [...cut.slice(0, room - LAST_LINES - 1), "...", ...cut.slice(-LAST_LINES)];
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
