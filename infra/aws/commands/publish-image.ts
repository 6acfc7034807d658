// Builds the game server's image and brings it into a region's repository. It is built once for all regions: Docker keeps what
// it has built.
import { spawn } from "node:child_process";
import { GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import { findProgram, runToEnd } from "../../provision/program.ts";
import { type Say, withProgress } from "../../provision/progress.ts";
import { repositoryRoot } from "../../stack/environment.ts";
import { Refusal } from "../../stack/refusal.ts";
import { imageTag, type Settings } from "../settings.ts";
import { type AwsClients, awsClients } from "./aws-clients.ts";
import { withAws } from "./aws-errors.ts";

const BUILD_TIMEOUT_MS = 1_200_000;
const PUSH_TIMEOUT_MS = 1_200_000;
const LOGIN_TIMEOUT_MS = 30_000;
const ERROR_LINES_SHOWN = 12;

const PLATFORMS: Readonly<Record<Settings["architecture"], string>> = {
  arm64: "linux/arm64",
  x86_64: "linux/amd64",
};

export interface ImageToPublish extends Pick<Settings, "version" | "generation" | "architecture"> {
  /** By AWS's name. */
  readonly region: string;
  /** As the stack of images says it, without a tag. */
  readonly repositoryUri: string;
  readonly say: Say;
  readonly signal: AbortSignal;
}

/** Resolves to the image's name with its tag. Throws a Refusal when it cannot be built or pushed. */
export async function publishImage(
  image: ImageToPublish,
  ecr: AwsClients["ecr"] = awsClients()(image.region).ecr,
): Promise<string> {
  const { architecture, repositoryUri, say, signal, version } = image;
  const docker = findDocker();
  const uri = `${repositoryUri}:${imageTag(image)}`;
  const args = ["build", "--platform", PLATFORMS[architecture], "--target", "game", "--tag", uri];
  await withProgress(`Building the image of ${version}`, say, () =>
    runDocker(docker, [...args, "--build-arg", `VERSION=${version}`, repositoryRoot], BUILD_TIMEOUT_MS, signal),
  );
  await logIn(docker, ecr, image.region);
  await withProgress(`Pushing ${uri}`, say, () => runDocker(docker, ["push", uri], PUSH_TIMEOUT_MS, signal));
  return uri;
}

function findDocker(): string {
  const docker = findProgram(["docker"]);
  if (docker !== undefined) return docker;
  throw new Refusal(
    "docker-missing",
    "The image is built by Docker, which is not here: install it, then run this again.",
  );
}

/** Throws a Refusal when Docker is not there or its engine does not answer. Resolves to the engine's version. */
export async function checkDocker(): Promise<string> {
  const docker = findDocker();
  const args = ["version", "--format", "{{.Server.Version}}"];
  const { code, output } = await runToEnd(docker, args, { timeoutMs: LOGIN_TIMEOUT_MS });
  if (code === 0) return output.trim();
  throw new Refusal("docker-down", `The image is built by Docker, whose engine does not answer: ${lastLine(output)}`);
}

async function runDocker(docker: string, args: string[], timeoutMs: number, signal: AbortSignal): Promise<void> {
  const { code, output } = await runToEnd(docker, args, { timeoutMs, signal });
  if (code === 0) return;
  if (signal.aborted) throw new Refusal("interrupted", `Interrupted: docker ${args[0]} was ended.`);
  const lines = output.trim().split("\n").slice(-ERROR_LINES_SHOWN).join("\n");
  throw new Refusal("image-failed", `docker ${args[0]} failed; it says:\n${lines}`);
}

/** The password lasts twelve hours, and goes to Docker by its standard input, where nobody lists it. */
async function logIn(docker: string, ecr: AwsClients["ecr"], region: string): Promise<void> {
  const answer = await withAws("log in to the repository", () => ecr.send(new GetAuthorizationTokenCommand({})));
  const { authorizationToken = "", proxyEndpoint = "" } = answer.authorizationData?.[0] ?? {};
  const [user = "", password = ""] = Buffer.from(authorizationToken, "base64").toString().split(":");
  const child = spawn(docker, ["login", "--username", user, "--password-stdin", proxyEndpoint], {
    stdio: ["pipe", "ignore", "pipe"],
    timeout: LOGIN_TIMEOUT_MS,
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2_000);
  });
  child.stdin.on("error", () => {}); // it has ended already: its exit code says why
  child.stdin.end(password);
  const code = await new Promise<number>((resolve) => {
    child.on("error", () => resolve(-1));
    child.on("close", (exit) => resolve(exit ?? -1));
  });
  if (code !== 0)
    throw new Refusal("login-failed", `Docker cannot log in to the repository of ${region}: ${lastLine(said)}`);
}

const lastLine = (output: string): string => output.trim().split("\n").at(-1)?.trim() || "it says nothing.";
