// Stands between our commands and moto: writes down every call, keeps from moto's CloudFormation what it cannot make, and answers the little
// that moto cannot. What it does not pass on as it came is listed in moto-limits.ts.
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import type { TaskDefinition, UpdateServiceCommandInput } from "@aws-sdk/client-ecs";
import { answerJson, answerXml, errorAnswer, ofDeletedStack, targetsAnswer, templateAnswer } from "./answers.ts";
import { makeBeside, type Place, REHEARSED, removeBeside } from "./beside.ts";
import { type Call, type RawRequest, readCall } from "./call.ts";
import { inEcsWords } from "./ecs-words.ts";
import { keepNetwork, removeForgotten } from "./forgotten.ts";
import { UNKNOWN_ATTRIBUTES } from "./moto-limits.ts";
import { isPlayed, PlayedTasks } from "./played-tasks.ts";
import { type LeftOut, reduceTemplate, type Template } from "./reduce.ts";

/** Where docker.mjs tells what it was told. */
const DOCKER_PATH = "/rehearsal/docker";
const BODY_MAX_BYTES = 32 * 1024 * 1024;

/** A picture that is no picture: moto looks at its form only. */
const MANIFEST = { schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json", layers: [] };

interface KeptStack {
  readonly template: string;
  readonly leftOut: readonly LeftOut[];
}

export class Gateway {
  readonly #motoUrl: string;
  readonly #pageHost: string;
  readonly #server: Server;
  readonly #leftOut = new Set<string>();
  readonly #faults: string[] = [];
  readonly #deleted = new Set<string>();
  readonly #counts = new Map<string, number>();
  /** By region, from the first question about them. */
  readonly #tasks = new Map<string, Promise<PlayedTasks>>();
  readonly #aliases = new Map<string, string>();
  readonly #docker: string[][] = [];
  readonly #stacks = new Map<string, KeptStack>();

  /** `pageHost`: what CloudFront's name is taken to be. */
  constructor(motoUrl: string, pageHost: string) {
    this.#motoUrl = motoUrl;
    this.#pageHost = pageHost;
    this.#server = createServer((incoming, outgoing) => {
      this.#serve(incoming, outgoing).catch((error: Error) => {
        this.#faults.push(error.stack ?? error.message);
        if (outgoing.headersSent) return void outgoing.destroy();
        outgoing.writeHead(500, { "content-type": "text/plain" }).end(error.stack);
      });
    });
  }

  /** Resolves to its address, for AWS_ENDPOINT_URL. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How often each operation was called, as `service operation`. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort());
  }

  /** What docker was told, in order. */
  get docker(): readonly (readonly string[])[] {
    return this.#docker;
  }

  /** What went wrong in here, which is never AWS's fault. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  /** What was left out of the stacks so far, by type. */
  get leftOut(): readonly string[] {
    return [...this.#leftOut].sort();
  }

  async close(): Promise<void> {
    for (const region of this.#tasks.keys()) await this.#endTasks(region);
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const raw: RawRequest = {
      method: incoming.method ?? "GET",
      path: this.#motoWords(incoming.url ?? "/"),
      headers: incoming.headers,
      body: await readBody(incoming),
    };
    if (raw.path === DOCKER_PATH) return this.#hearDocker(JSON.parse(raw.body.toString()), outgoing);
    const call = readCall(raw);
    if (call === undefined) return void outgoing.writeHead(403, { "content-type": "text/plain" }).end("not signed");
    const name = `${call.service} ${call.operation}`;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    if (await this.#playTasks(call, raw, outgoing)) return;
    if (!(await this.#play(call, raw, outgoing))) await this.#pass(raw, outgoing);
  }

  /** False for what has nothing to do with tasks. */
  async #playTasks(
    { form, operation, region, service }: Call,
    raw: RawRequest,
    outgoing: ServerResponse,
  ): Promise<boolean> {
    if (service === "elasticloadbalancing" && operation === "DescribeTargetHealth") {
      const tasks = await this.#tasksOf(region);
      return answerXml(outgoing, 200, targetsAnswer(await tasks.targets(form?.get("TargetGroupArn") ?? "")));
    }
    if (service !== "ecs") return false;
    if (operation === "DeleteService") await this.#endTasks(region);
    const isTold = operation === "RegisterTaskDefinition" || operation === "UpdateService";
    if (!isTold && !isPlayed(operation)) return false;
    const tasks = await this.#tasksOf(region);
    const input = JSON.parse(raw.body.toString());
    try {
      const answer = isTold ? await this.#tell(operation, input, raw, tasks) : await tasks.answer(operation, input);
      return answerJson(outgoing, 200, answer);
    } catch (error) {
      const { name, message } = error as Error;
      return answerJson(outgoing, 400, { __type: name, message });
    }
  }

  /** moto remembers it, the tasks act on it. */
  async #tell(
    operation: string,
    input: UpdateServiceCommandInput,
    raw: RawRequest,
    tasks: PlayedTasks,
  ): Promise<unknown> {
    const headers = Object.entries(raw.headers).filter(([name]) =>
      /^(authorization|content-type|x-amz-target)$/.test(name),
    );
    const asked = { method: "POST", headers: headers as [string, string][], body: raw.body.toString() };
    const answer = await fetch(this.#motoUrl, asked);
    const said = (await answer.json()) as { taskDefinition?: TaskDefinition; __type?: string; message?: string };
    if (!answer.ok) throw Object.assign(new Error(said.message), { name: said.__type });
    if (operation === "UpdateService") await tasks.update(input);
    else tasks.learn(said.taskDefinition ?? {});
    return said;
  }

  async #tasksOf(region: string): Promise<PlayedTasks> {
    const tasks = this.#tasks.get(region) ?? PlayedTasks.open(this.#motoUrl, region);
    this.#tasks.set(region, tasks);
    return tasks;
  }

  async #endTasks(region: string): Promise<void> {
    const tasks = this.#tasks.get(region);
    this.#tasks.delete(region);
    (await tasks)?.close();
  }

  /** A push puts an image into moto's repository: the rest of the deploy finds it there. */
  async #hearDocker(args: string[], outgoing: ServerResponse): Promise<void> {
    this.#docker.push(args);
    const [, region, tag] = /\.ecr\.([\w-]+)\..*:([^:]+)$/.exec(args[0] === "push" ? (args.at(-1) ?? "") : "") ?? [];
    if (region !== undefined) {
      const settings = { endpoint: this.#motoUrl, region, credentials: REHEARSED };
      const imageManifest = JSON.stringify({ ...MANIFEST, annotations: { tag } });
      await new ECRClient(settings).send(
        new PutImageCommand({ repositoryName: "tidegate", imageManifest, imageTag: tag }),
      );
    }
    outgoing.end();
  }

  /** False for what moto is to answer, as it came. */
  async #play(call: Call, raw: RawRequest, outgoing: ServerResponse): Promise<boolean> {
    const name = call.form?.get("StackName") ?? "";
    if (name.startsWith("arn:") && this.#deleted.has(key(call, name))) {
      const answer = ofDeletedStack(call.operation, name);
      if (answer !== undefined) return answerXml(outgoing, 200, answer);
    }
    switch (`${call.service} ${call.operation}`) {
      case "cloudformation UpdateStack":
        if (this.#stacks.get(key(call, name))?.template === call.form?.get("TemplateBody"))
          return answerXml(outgoing, 400, errorAnswer("ValidationError", "No updates are to be performed."));
        await this.#endTasks(call.region); // the next question finds those of the service as it is then
        await this.#pass({ ...raw, body: await this.#reduced(call, name, inEcsWords) }, outgoing);
        return true;
      case "cloudformation CreateStack":
        await this.#pass({ ...raw, body: await this.#reduced(call, name) }, outgoing);
        return true;
      case "cloudformation DeleteStack":
        await removeBeside(this.#stacks.get(key(call, name))?.leftOut ?? [], this.#place(call, name));
        this.#stacks.delete(key(call, name));
        this.#deleted.add(key(call, name));
        await this.#pass(raw, outgoing);
        await removeForgotten(this.#motoUrl, call.region, name);
        return true;
      case "cloudformation GetTemplate":
        return answerXml(outgoing, 200, templateAnswer(this.#stacks.get(key(call, name))?.template ?? ""));
      case "iam SimulatePrincipalPolicy":
        return answerXml(
          outgoing,
          403,
          errorAnswer("AccessDenied", `not authorized to perform: iam:${call.operation}`),
        );
      default:
        return false;
    }
  }

  /** From now on `name` means what moto calls `motoName`: its ids of hosted zones have not the form of AWS's. */
  alias(name: string, motoName: string): void {
    this.#aliases.set(name, motoName);
  }

  #motoWords(text: string): string {
    return [...this.#aliases].reduce((words, [name, motoName]) => words.replaceAll(name, motoName), text);
  }

  /** The same call with a template that moto can make. */
  async #reduced(call: Call, name: string, translate = (template: Template) => template): Promise<Buffer> {
    const form = new URLSearchParams(call.form);
    const template = form.get("TemplateBody") ?? "{}";
    const known = this.#stacks.get(key(call, name))?.leftOut ?? [];
    const leftOut = await makeBeside(JSON.parse(template), this.#place(call, name), known);
    this.#stacks.set(key(call, name), { template, leftOut });
    this.#deleted.delete(key(call, name));
    for (const { type } of leftOut) this.#leftOut.add(type);
    const reduced = reduceTemplate(JSON.parse(template), leftOut, UNKNOWN_ATTRIBUTES);
    form.set("TemplateBody", this.#motoWords(JSON.stringify(translate(keepNetwork(reduced)))));
    return Buffer.from(form.toString());
  }

  #place({ region }: Call, stack: string): Place {
    return { motoUrl: this.#motoUrl, region, stack, pageHost: this.#pageHost };
  }

  /** To moto and back, byte by byte. */
  #pass({ method, path, headers, body }: RawRequest, outgoing: ServerResponse): Promise<void> {
    const { "content-length": _, "transfer-encoding": __, ...kept } = headers;
    const options = { method, headers: { ...kept, "content-length": String(body.length) } };
    return new Promise((resolve, reject) => {
      const passed = request(new URL(path, this.#motoUrl), options, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
        answer.on("end", () => resolve());
        answer.on("error", reject);
      });
      passed.on("error", reject);
      passed.end(body);
    });
  }
}

/** Stacks of the same name stand in several regions; ids hold the name. */
const key = ({ region }: Call, nameOrId: string): string => `${region} ${nameOrId.split("/").at(1) ?? nameOrId}`;

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += (chunk as Buffer).length;
    if (bytes > BODY_MAX_BYTES) throw new Error(`a request of more than ${BODY_MAX_BYTES} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
