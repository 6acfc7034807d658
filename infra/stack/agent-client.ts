// The other end of agent-api.ts: how a command asks the running supervisor for something.
import { request } from "node:http";
import { z } from "zod";
import type { TaskRequest } from "./agent.ts";
import type { StackView } from "./agent-api.ts";
import type { Clock } from "./clock.ts";
import type { Home } from "./home.ts";
import { Refusal } from "./refusal.ts";
import type { Statusz } from "./statusz.ts";
import type { TaskView } from "./task-entry.ts";

const REQUEST_TIMEOUT_MS = 5_000;
const POLL_MS = 200;

const taskSchema: z.ZodType<TaskView> = z.object({
  id: z.string(),
  version: z.string(),
  generation: z.int(),
  targetGroupArn: z.string(),
  environment: z.record(z.string(), z.string()),
  status: z.enum(["PENDING", "ACTIVATING", "RUNNING", "DEACTIVATING", "STOPPING", "STOPPED"]),
  pid: z.int().nullable(),
  address: z.object({ host: z.string(), port: z.int() }).nullable(),
  startedAt: z.string().nullable(),
  stoppedReason: z.string().nullable(),
});
const tasksAnswer = z.object({ tasks: z.array(taskSchema) });
const taskAnswer = z.object({ task: taskSchema });
const statuszAnswer = z.object({ statusz: z.record(z.string(), z.unknown()).nullable() });
const stackAnswer: z.ZodType<StackView> = z.object({
  https: z.url(),
  http: z.url(),
  control: z.url(),
  caCertificate: z.string(),
  targetGroupArn: z.string(),
  listenerArn: z.string(),
});
const targetGroupAnswer = z.object({ targetGroupArn: z.string() });
const refusalAnswer = z.object({ code: z.string(), message: z.string() });

export interface AgentClient {
  /** Where the stack is. */
  stack(): Promise<StackView>;
  tasks(): Promise<TaskView[]>;
  /** What a server says of itself; null when it does not answer. */
  statusz(id: string): Promise<Statusz | null>;
  start(request: TaskRequest): Promise<TaskView>;
  /** Asks for an orderly stop of all of them in one breath; it is under way when this resolves. */
  retire(ids: readonly string[]): Promise<TaskView[]>;
  /** ECS's StopTask: told to end at once, without a deregistration delay; under way when this resolves. */
  stop(id: string): Promise<TaskView>;
  kill(id: string): Promise<TaskView>;
  /** Names the target group that stack.json shows, and in which tasks are registered whose request names none. */
  serveFrom(targetGroupArn: string): Promise<void>;
}

/** Where an agent's door is: in the home of `npm start`, or at a URL such as http://127.0.0.1:8401. */
export type AgentPlace = Home | URL;

export function agentClient(at: AgentPlace, timeoutMs = REQUEST_TIMEOUT_MS): AgentClient {
  const call = (method: string, path: string, body?: object) => callAgent(at, { method, path, timeoutMs }, body);
  const task = (id: string) => `/tasks/${encodeURIComponent(id)}`;
  return {
    stack: async () => stackAnswer.parse(await call("GET", "/stack")),
    tasks: async () => tasksAnswer.parse(await call("GET", "/tasks")).tasks,
    statusz: async (id) => statuszAnswer.parse(await call("GET", `${task(id)}/statusz`)).statusz,
    start: async (request) => taskAnswer.parse(await call("POST", "/tasks", request)).task,
    retire: async (ids) => tasksAnswer.parse(await call("POST", "/tasks/retire", { ids })).tasks,
    stop: async (id) => taskAnswer.parse(await call("POST", `${task(id)}/stop`)).task,
    kill: async (id) => taskAnswer.parse(await call("POST", `${task(id)}/kill`)).task,
    serveFrom: async (targetGroupArn) =>
      void targetGroupAnswer.parse(await call("PUT", "/target-group", { targetGroupArn })),
  };
}

/** Looks at the tasks until `isDone` says so; rejects after `timeoutMs` with a sentence about `what`. */
export async function waitForTasks(
  client: Pick<AgentClient, "tasks">,
  isDone: (tasks: readonly TaskView[]) => boolean,
  what: string,
  timeoutMs: number,
  clock: Clock,
): Promise<TaskView[]> {
  const deadlineMs = clock.nowMs() + timeoutMs;
  for (;;) {
    const tasks = await client.tasks();
    if (isDone(tasks)) return tasks;
    if (clock.nowMs() >= deadlineMs) throw new Refusal("timeout", `${what} took longer than ${timeoutMs / 1000} s.`);
    await clock.sleep(POLL_MS);
  }
}

type Call = Readonly<{ method: string; path: string; timeoutMs: number }>;

async function callAgent(at: AgentPlace, call: Call, body?: object): Promise<unknown> {
  const { status, text } = await exchange(at, call, body).catch((error: Error) => {
    if (error instanceof Refusal) throw error;
    throw new Refusal("no-stack", nobodyAt(at), { cause: error });
  });
  const answer: unknown = JSON.parse(text);
  if (status < 300) return answer;
  const { code, message } = refusalAnswer.parse(answer);
  throw new Refusal(code, message);
}

const nobodyAt = (at: AgentPlace): string =>
  at instanceof URL
    ? `No stack runs at ${at.origin}: start one with \`docker compose up --build\`.`
    : `No stack runs in ${at.path}: start one with \`npm start\`.`;

function exchange(
  at: AgentPlace,
  { method, path, timeoutMs }: Call,
  body?: object,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const place = at instanceof URL ? { host: at.hostname, port: at.port } : { socketPath: at.agentSocket };
    const headers = { "content-type": "application/json" };
    const outgoing = request({ ...place, method, path, headers, timeout: timeoutMs }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      response.on("error", reject);
    });
    const where = at instanceof URL ? `at ${at.origin}` : `in ${at.path}`;
    outgoing.on("timeout", () => outgoing.destroy(new Refusal("no-answer", `The stack ${where} does not answer.`)));
    outgoing.on("error", reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
