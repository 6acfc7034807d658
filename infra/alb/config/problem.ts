// What can be wrong with a config file: where in it, and one sentence. Nothing here has a stack trace for its reader.

export type ConfigPath = readonly (string | number)[];

export interface Problem {
  readonly path: ConfigPath;
  readonly sentence: string;
  /** Known for broken YAML, which has no path yet; otherwise found from the path. */
  readonly line?: number | undefined;
}

/** The file is refused; what was in force stays in force. */
export class ConfigError extends Error {
  readonly code: ConfigErrorCode;
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], code: ConfigErrorCode = "config-invalid") {
    super(problems.map(showProblem).join("\n"));
    this.name = "ConfigError";
    this.code = code;
    this.problems = problems;
  }
}

/** The file is wrong, or it is right but this machine has no such port to give. */
export type ConfigErrorCode = "config-invalid" | "port-unavailable";

export const refuse = (path: ConfigPath, sentence: string) => new ConfigError([{ path, sentence }]);

const showProblem = ({ path, sentence, line }: Problem) =>
  [line, showPath(path), sentence].filter((each) => each !== undefined && each !== "").join(": ");

/** One line for each problem, as compilers write them: `alb.yaml:7: LoadBalancers[0].Name: …`. */
export const explainConfigError = (fileName: string, error: ConfigError) =>
  error.problems.map((each) => `${fileName}:${showProblem({ line: 1, ...each })}\n`).join("");

/** `LoadBalancers[0].Listeners[1].Port`, as one would write it in a program. */
const showPath = (path: ConfigPath) =>
  path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    const name = /^[\w-]+$/.test(part) ? part : JSON.stringify(part.slice(0, 64));
    return text === "" ? name : `${text}.${name}`;
  }, "");
