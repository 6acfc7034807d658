// The ten calls of the Docker Engine API that game servers in containers need, over the engine's Unix socket. Paths are without a
// version, which means the engine's own: what is read here has been the same in all of them since 2015 (docs/decisions/0016).
import { type IncomingMessage, request } from "node:http";
import { z } from "zod";
import { Refusal } from "../refusal.ts";

const ANSWER_TIMEOUT_MS = 30_000;
const ANSWER_MAX_BYTES = 4 * 1024 * 1024;
/** Of a frame of the logs: which stream, and how long it is. */
const LOG_HEADER_BYTES = 8;

const text = z.string();
const texts = z.record(text, text);
/** What an image says how it is to be run, and a container how it is. Whatever the engine calls nothing is left out. */
const configSchema = z.looseObject({ Env: z.array(text).nullish(), Labels: texts.nullish() });
const containerSchema = z.object({
  Id: text,
  Name: text,
  Created: text,
  /** Of the image that it was made from, whatever the name means by now. */
  Image: text,
  Config: configSchema.extend({ Hostname: text, Image: text }),
  HostConfig: z.looseObject({ NetworkMode: text }),
  NetworkSettings: z.object({ Networks: z.record(text, z.object({ IPAddress: text })) }),
  State: z.object({ Running: z.boolean(), ExitCode: z.int(), FinishedAt: text }),
});
const imageSchema = z.object({ Config: configSchema });
const listSchema = z.array(z.object({ Id: text }));
const createdSchema = z.object({ Id: text });
const waitedSchema = z.object({ StatusCode: z.int() });
const errorSchema = z.object({ message: text });

export type RunConfig = z.infer<typeof configSchema>;
export type Container = z.infer<typeof containerSchema>;

export interface DockerEngine {
  /** Ids of all containers that have these labels, ended ones as well. */
  list(labels: Readonly<Record<string, string>>): Promise<string[]>;
  inspect(id: string): Promise<Container>;
  imageConfig(image: string): Promise<RunConfig>;
  /** Resolves to its id; it does not run yet. */
  create(name: string, body: object): Promise<string>;
  start(id: string): Promise<void>;
  kill(id: string, signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** Resolves to its exit code when it has ended. */
  wait(id: string): Promise<number>;
  /** The last lines of its output. */
  logs(id: string, lines: number): Promise<string>;
  /** Refused (409) while it runs. */
  remove(id: string): Promise<void>;
  /** Also while it runs. */
  killAndRemove(id: string): Promise<void>;
}

/** The engine has answered that it cannot; `status` is that of HTTP. */
export class EngineRefusal extends Refusal {
  readonly status: number;

  constructor(status: number, message: string) {
    super("docker-refused", `Docker says: ${message.replace(/\.?\s*$/, "")}.`);
    this.status = status;
  }
}

export function dockerEngine(socketPath: string): DockerEngine {
  const call = (method: string, path: string, options: CallOptions = {}) =>
    callEngine({ socketPath, method, path, timeoutMs: ANSWER_TIMEOUT_MS, ...options });
  const json = async (method: string, path: string, options?: CallOptions): Promise<unknown> =>
    JSON.parse((await call(method, path, options)).toString());
  const container = (id: string) => `/containers/${encodeURIComponent(id)}`;
  return {
    list: async (labels) => {
      const filters = { label: Object.entries(labels).map(([name, value]) => `${name}=${value}`) };
      const query = new URLSearchParams({ all: "true", filters: JSON.stringify(filters) });
      return listSchema.parse(await json("GET", `/containers/json?${query}`)).map(({ Id }) => Id);
    },
    inspect: async (id) => containerSchema.parse(await json("GET", `${container(id)}/json`)),
    imageConfig: async (image) =>
      imageSchema.parse(await json("GET", `/images/${encodeURIComponent(image)}/json`)).Config,
    create: async (name, body) =>
      createdSchema.parse(await json("POST", `/containers/create?${new URLSearchParams({ name })}`, { body })).Id,
    start: async (id) => void (await call("POST", `${container(id)}/start`)),
    kill: async (id, signal) => void (await call("POST", `${container(id)}/kill?signal=${signal}`)),
    wait: async (id) => waitedSchema.parse(await json("POST", `${container(id)}/wait`, { timeoutMs: 0 })).StatusCode,
    logs: async (id, lines) => joinLogs(await call("GET", `${container(id)}/logs?stdout=1&stderr=1&tail=${lines}`)),
    remove: async (id) => void (await call("DELETE", `${container(id)}?v=true`)),
    killAndRemove: async (id) => void (await call("DELETE", `${container(id)}?force=true&v=true`)),
  };
}

interface CallOptions {
  readonly body?: object;
  /** Of silence; 0 for an answer that may take for ever. */
  readonly timeoutMs?: number;
}

interface Call extends CallOptions {
  readonly socketPath: string;
  readonly method: string;
  readonly path: string;
}

function callEngine({ socketPath, method, path, body, timeoutMs = 0 }: Call): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const headers = { host: "docker", ...(body && { "content-type": "application/json" }) };
    const outgoing = request({ socketPath, method, path, headers, timeout: timeoutMs, agent: false }, (response) => {
      readAnswer(response).then(resolve, reject);
    });
    outgoing.on("timeout", () =>
      outgoing.destroy(new Refusal("docker-silent", `The Docker engine does not answer ${method} ${path}.`)),
    );
    outgoing.on("error", (error) =>
      reject(
        error instanceof Refusal
          ? error
          : new Refusal("no-docker", `The Docker engine cannot be reached at ${socketPath}: ${error.message}.`, {
              cause: error,
            }),
      ),
    );
    outgoing.end(body && JSON.stringify(body));
  });
}

async function readAnswer(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > ANSWER_MAX_BYTES) throw new Refusal("docker-answer", "The Docker engine's answer is too long.");
    chunks.push(chunk);
  }
  const answer = Buffer.concat(chunks);
  const status = response.statusCode ?? 0;
  if (status >= 400) throw new EngineRefusal(status, messageOf(answer.toString()));
  return answer;
}

function messageOf(answer: string): string {
  try {
    return errorSchema.parse(JSON.parse(answer)).message;
  } catch {
    return answer; // not the engine's own words, but all that there is
  }
}

/** Output comes in frames: the stream's number, three zeros, the length in four bytes, the text. */
function joinLogs(bytes: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + LOG_HEADER_BYTES <= bytes.length; ) {
    const end = at + LOG_HEADER_BYTES + bytes.readUInt32BE(at + 4);
    parts.push(bytes.subarray(at + LOG_HEADER_BYTES, end));
    at = end;
  }
  return Buffer.concat(parts).toString().trimEnd();
}
