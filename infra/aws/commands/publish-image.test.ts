// With a docker of our own on PATH: what it is told, in which order, and what is said when it fails.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { repositoryRoot } from "../../stack/environment.ts";
import { checkDocker, publishImage } from "./publish-image.ts";
import { awsError } from "./testing/stand-in-account.ts";

const URI = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/tidegate";
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tidegate-docker-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A docker that writes down what it is told; `does` is shell, by the command's first word. */
function dockerThat(does: Readonly<Record<string, string>> = {}): void {
  const cases = Object.entries({ login: `cat > ${folder}/password`, ...does });
  const script = [
    "#!/bin/sh",
    `echo "$@" >> ${folder}/told`,
    'case "$1" in',
    ...cases.map(([word, line]) => `${word}) ${line} ;;`),
    "esac",
  ];
  writeFileSync(join(folder, "docker"), script.join("\n"));
  chmodSync(join(folder, "docker"), 0o755);
  vi.stubEnv("PATH", [folder, "/usr/bin", "/bin"].join(delimiter));
}

const told = (): string[] => readFileSync(join(folder, "told"), "utf8").trim().split("\n");

const token = Buffer.from("AWS:the password").toString("base64");
const letsIn = {
  send: async () => ({ authorizationData: [{ authorizationToken: token, proxyEndpoint: "https://111122223333.dkr" }] }),
};

function publish({
  ecr = letsIn as object,
  architecture = "arm64" as const,
  signal = new AbortController().signal,
} = {}) {
  const image = { version: "v2", generation: 3, architecture, region: "eu-west-1", repositoryUri: URI };
  return publishImage({ ...image, say: () => {}, signal }, ecr as never);
}

test("the image is built for the servers' processor, and pushed under its version and generation", async () => {
  dockerThat();
  await expect(publish()).resolves.toBe(`${URI}:v2-g3`);
  expect(told()).toEqual([
    `build --platform linux/arm64 --target game --tag ${URI}:v2-g3 --build-arg VERSION=v2 ${repositoryRoot}`,
    "login --username AWS --password-stdin https://111122223333.dkr",
    `push ${URI}:v2-g3`,
  ]);
});

test("the password goes where nobody lists it", async () => {
  dockerThat();
  await publish();
  expect(readFileSync(join(folder, "password"), "utf8")).toBe("the password");
  expect(told().join()).not.toContain("the password");
});

test("what does not build is not pushed, and docker's last words are told", async () => {
  dockerThat({ build: "echo exec format error; exit 1" });
  await expect(publish()).rejects.toMatchObject({
    code: "image-failed",
    message: "docker build failed; it says:\nexec format error",
  });
  expect(told()).toHaveLength(1);
});

test("a repository that does not let docker in is told as such", async () => {
  dockerThat({ login: "cat > /dev/null; echo unauthorized >&2; exit 1" });
  await expect(publish()).rejects.toMatchObject({
    code: "login-failed",
    message: "Docker cannot log in to the repository of eu-west-1: unauthorized",
  });
  expect(told().at(-1)).toMatch(/^login/);
});

test("whoever may not ask for the password is told what is not allowed", async () => {
  dockerThat();
  const refused = awsError(
    "AccessDeniedException",
    "not authorized to perform: ecr:GetAuthorizationToken on resource: *",
  );
  const send = () => Promise.reject(refused);
  await expect(publish({ ecr: { send } })).rejects.toThrow("may not do ecr:GetAuthorizationToken");
});

test("an interruption ends the build", async () => {
  dockerThat({ build: `touch ${folder}/begun; exec sleep 600` });
  const interruption = new AbortController();
  const done = expect(publish({ signal: interruption.signal })).rejects.toMatchObject({ code: "interrupted" });
  await vi.waitFor(() => expect(existsSync(join(folder, "begun"))).toBe(true), { timeout: 20_000 });
  interruption.abort();
  await done;
});

test("an engine that answers says its version; one that is down, and none at all, are refused with what to do", async () => {
  dockerThat({ version: "echo 27.3.1" });
  await expect(checkDocker()).resolves.toBe("27.3.1");
  dockerThat({ version: "echo Cannot connect to the Docker daemon >&2; exit 1" });
  await expect(checkDocker()).rejects.toMatchObject({
    code: "docker-down",
    message: "The image is built by Docker, whose engine does not answer: Cannot connect to the Docker daemon",
  });
  vi.stubEnv("PATH", join(folder, "nothing"));
  await expect(checkDocker()).rejects.toMatchObject({ code: "docker-missing" });
});
