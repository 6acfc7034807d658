// A config file on disk: read within bounds, parsed, its shape checked. Whatever is wrong is a ConfigError with lines.

import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { limits } from "../limits.ts";
import { ConfigError, refuse } from "./problem.ts";
import { type Config, readConfig } from "./schema.ts";
import { parseSource, type Source } from "./source.ts";

export interface ConfigFile {
  readonly config: Config;
  /** Other files are named from here. */
  readonly directory: string;
  /** The same error with the lines of its paths. */
  readonly located: (error: ConfigError) => ConfigError;
}

/** Rejects with a ConfigError, also when the file cannot be read. */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  return parseConfig(await readText(path), dirname(path));
}

/** Throws a ConfigError. */
export function parseConfig(text: string, directory: string): ConfigFile {
  const source = parseSource(text);
  const located = (error: ConfigError) => withLines(error, source);
  try {
    return { config: readConfig(source.value), directory, located };
  } catch (error) {
    throw error instanceof ConfigError ? located(error) : error;
  }
}

const withLines = ({ problems, code }: ConfigError, source: Source) =>
  new ConfigError(
    problems.map((each) => ({ ...each, line: each.line ?? source.lineOf(each.path) })),
    code,
  );

async function readText(path: string): Promise<string> {
  try {
    const handle = await open(path);
    try {
      // One byte more than is allowed shows that there is more.
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(limits.maxConfigBytes + 1));
      return buffer.toString("utf8", 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw refuse([], `It cannot be read: ${(error as Error).message}.`);
  }
}
