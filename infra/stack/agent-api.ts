// The agent's door for other commands (scale, kill, deploy): HTTP over a Unix socket in the home, which only its owner may
// open, or over TCP where the agent is a container. It answers at once; who wants to see the end looks at GET /tasks.
//
//   GET    /stack            200 StackView              where the stack is
//   GET    /tasks            200 {"tasks": [TaskView]}
//   GET    /tasks/:id/statusz 200 {"statusz": object or null}  what the server says of itself, asked by the agent: not every
//                                                       machine reaches the addresses of containers
//   POST   /tasks            202 {"task": TaskView}     body {"version", "generation", "targetGroupArn"?, "environment"?}:
//                                                       starts one, in the serving target group unless one is named
//   POST   /tasks/retire     202 {"tasks": [TaskView]}  body {"ids"}: takes them out in order and in one breath: all are
//                                                       deregistered first, then each drains and gets SIGTERM
//   DELETE /tasks/:id        202 {"task": TaskView}     the same for one
//   POST   /tasks/:id/stop   202 {"task": TaskView}     ECS's StopTask: SIGTERM and deregistration at the same moment; the
//                                                       agent replaces it
//   POST   /tasks/:id/kill   202 {"task": TaskView}     SIGKILL; the agent replaces it
//   PUT    /target-group     200 {"targetGroupArn"}     body the same: makes it the serving one
//   otherwise                4xx {"code", "message"}
//
// Pages in browsers are kept out (door-guard.ts).
import { chmodSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { z } from "zod";
import type { Agent } from "./agent.ts";
import { refusePages } from "./door-guard.ts";
import type { Address } from "./platforms/platform.ts";
import { Refusal } from "./refusal.ts";
import type { Statusz } from "./statusz.ts";
import type { TaskView } from "./task-entry.ts";
import { readTaskRequest, targetGroupArnSchema } from "./task-request.ts";
import { topology } from "./topology.ts";

const BODY_MAX_BYTES = 65_536;
const ID_MAX_CHARS = 64;
/** Those that run, and those that have died and may have successors on their way. */
export const RETIRE_MAX_TASKS = 2 * topology.service.servers.max;

const retireSchema = z.strictObject({
  ids: z.array(z.string().max(ID_MAX_CHARS)).min(1).max(RETIRE_MAX_TASKS),
});
const targetGroupSchema = z.strictObject({ targetGroupArn: targetGroupArnSchema });

/** Where the stack is, for commands that have nothing but this door. */
export interface StackView {
  readonly https: string;
  readonly http: string;
  readonly control: string;
  /** What signs the certificate of `https`, PEM. */
  readonly caCertificate: string;
  /** The serving group. */
  readonly targetGroupArn: string;
  readonly listenerArn: string;
}

export interface AgentDoor {
  readonly agent: Agent;
  readonly describe: () => StackView;
  /** Null when the server does not answer. */
  readonly statusz: (address: Address) => Promise<Statusz | null>;
}

export type DoorPlace = { readonly socketPath: string } | { readonly host: string; readonly port: number };

interface Answer {
  readonly status: number;
  readonly body: object;
}

/** Listens there; the file of a socket that a killed supervisor has left is replaced. */
export async function serveAgent(door: AgentDoor, place: DoorPlace): Promise<Server> {
  if ("socketPath" in place) rmSync(place.socketPath, { force: true });
  const server = createServer((request, response) => void handle(door, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    if ("socketPath" in place) server.listen(place.socketPath, resolve);
    else server.listen(place, resolve);
  });
  if ("socketPath" in place) chmodSync(place.socketPath, 0o600);
  return server;
}

async function handle(door: AgentDoor, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, body } = await answer(door, request).catch((error: unknown) => asAnswer(error));
  response.writeHead(status, { "content-type": "application/json" });
  response.end(`${JSON.stringify(body)}\n`);
}

async function answer({ agent, describe, statusz }: AgentDoor, request: IncomingMessage): Promise<Answer> {
  refusePages(request);
  const [, collection, id, action, ...rest] = (request.url ?? "").split("/");
  const operation = `${request.method} ${[collection, id && ":id", action].filter(Boolean).join("/")}`;
  if (rest.length > 0) throw noSuchPath(request);
  switch (operation) {
    case "GET stack":
      return { status: 200, body: describe() };
    case "GET tasks":
      return { status: 200, body: { tasks: agent.tasks() } };
    case "GET tasks/:id/statusz":
      return { status: 200, body: { statusz: await statuszOf(agent, id ?? "", statusz) } };
    case "POST tasks":
      return accepted(agent, start(agent, await readBody(request)));
    case "POST tasks/:id":
      if (id === "retire") return retire(agent, await readBody(request));
      throw noSuchPath(request);
    case "PUT target-group":
      return serveFrom(agent, await readBody(request));
    case "DELETE tasks/:id":
      void agent.retire([id ?? ""]);
      return accepted(agent, id);
    case "POST tasks/:id/stop":
      void agent.stopTask(id ?? "");
      return accepted(agent, id);
    case "POST tasks/:id/kill":
      agent.killTask(id ?? "");
      return accepted(agent, id);
    default:
      throw noSuchPath(request);
  }
}

const noSuchPath = (request: IncomingMessage): Refusal =>
  new Refusal("no-such-path", `There is no ${request.method} ${request.url} here.`);

async function statuszOf(agent: Agent, id: string, read: AgentDoor["statusz"]): Promise<Statusz | null> {
  const task = agent.tasks().find((task) => task.id === id);
  if (!task) throw new Refusal("no-such-task", `No task ${id} runs here.`);
  return task.address === null || task.status === "STOPPED" ? null : read(task.address);
}

function start(agent: Agent, body: string): string {
  const wanted = readTaskRequest(parse(body));
  const alive = agent.tasks().filter((task) => task.status !== "STOPPED").length;
  if (alive >= topology.service.servers.max) {
    throw new Refusal("too-many-tasks", `${alive} tasks run here, and ${topology.service.servers.max} is the limit.`);
  }
  return agent.startTask(wanted).id;
}

function retire(agent: Agent, body: string): Answer {
  const result = retireSchema.safeParse(parse(body));
  if (!result.success) throw new Refusal("bad-request", 'The body must be {"ids": the ids of tasks that run}.');
  const { ids } = result.data;
  void agent.retire(ids);
  return { status: 202, body: { tasks: agent.tasks().filter((task) => ids.includes(task.id)) } };
}

function serveFrom(agent: Agent, body: string): Answer {
  const result = targetGroupSchema.safeParse(parse(body));
  if (!result.success) throw new Refusal("bad-request", 'The body must be {"targetGroupArn": an ARN}.');
  agent.serveFrom(result.data.targetGroupArn);
  return { status: 200, body: result.data };
}

const accepted = (agent: Agent, id: string | undefined): Answer => ({
  status: 202,
  body: { task: agent.tasks().find((task: TaskView) => task.id === id) },
});

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_MAX_BYTES) throw new Refusal("body-too-large", `The body is larger than ${BODY_MAX_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // refused by the schema
  }
}

const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  "not-for-pages": 403,
  "no-such-task": 404,
  "no-such-path": 404,
  "task-not-started": 409,
  "too-many-tasks": 409,
  "body-too-large": 413,
  "not-json": 415,
  "stack-ending": 503,
};

function asAnswer(error: unknown): Answer {
  if (!(error instanceof Refusal)) return { status: 500, body: { code: "internal", message: String(error) } };
  return { status: STATUS_OF_CODE[error.code] ?? 400, body: { code: error.code, message: error.message } };
}
