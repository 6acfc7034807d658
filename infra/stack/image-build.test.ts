// The image of a version, built by a script in the place of Docker.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { describeHome, type Home } from "./home.ts";
import { buildImage } from "./image-build.ts";

let root: string;
let home: Home;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "tg-"));
  home = describeHome(join(root, "home"));
  mkdirSync(join(root, "bin"));
  vi.stubEnv("PATH", [join(root, "bin"), "/bin", "/usr/bin"].join(delimiter));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

/** `docker` answers what it is asked on the way, and builds by this script. */
function putDocker(build: string, { engine = true, compose = true } = {}): void {
  const script = `#!/bin/sh
case "$*" in
  "compose version") exit ${compose ? 0 : 1} ;;
  "version --format"*) exit ${engine ? 0 : 1} ;;
  "compose build game") ${build} ;;
  *) exit 64 ;;
esac
`;
  writeFileSync(join(root, "bin", "docker"), script);
  chmodSync(join(root, "bin", "docker"), 0o755);
}

const build = (signal = new AbortController().signal) =>
  buildImage({ root, home, version: "v7", signal, say: () => {} });

test("the image is built from the folder of the compose file, and what Docker says is in the log", async () => {
  putDocker('echo "building $VERSION in $PWD"');
  await build();
  expect(readFileSync(home.log("image-v7"), "utf8")).toContain(`building v7 in ${root}`);
});

test("an image that does not build is a refusal with the end of what Docker says", async () => {
  putDocker("echo step 3; echo 'no space left' >&2; exit 17");
  await expect(build()).rejects.toMatchObject({
    code: "image-build-failed",
    message: expect.stringMatching(
      /does not build \(exit code 17\); the end of \S+image-v7\.log:\n(.*\n)*no space left/,
    ),
  });
});

test("a build that is interrupted ends", async () => {
  putDocker(`echo begun > ${"$PWD"}/begun; exec sleep 60`);
  const interruption = new AbortController();
  const building = expect(build(interruption.signal)).rejects.toMatchObject({ code: "image-build-failed" });
  await vi.waitFor(() => expect(readFileSync(join(root, "begun"), "utf8")).toBe("begun\n"), { timeout: 10_000 });
  interruption.abort();
  await building;
});

test.each([
  [
    "no engine answers",
    { engine: false },
    "The image of v7 cannot be built: no Docker engine answers here; start one.",
  ],
  [
    "there is no engine at all",
    undefined,
    "The image of v7 cannot be built: no Docker engine answers here; start one.",
  ],
])("where %s, a sentence says so", async (_, has, sentence) => {
  if (has) putDocker("exit 0", has);
  else standIn("docker-compose");
  await expect(build()).rejects.toMatchObject({ code: "no-docker", message: sentence });
});

test("where there is an engine without a compose command, a sentence says so", async () => {
  vi.stubEnv("PATH", join(root, "bin"));
  putDocker("exit 0", { compose: false });
  const sentence =
    "The image of v7 cannot be built: there is no docker compose here; install Docker with its Compose plugin.";
  await expect(build()).rejects.toMatchObject({ code: "no-docker", message: sentence });
});

function standIn(name: string): void {
  vi.stubEnv("PATH", join(root, "bin"));
  writeFileSync(join(root, "bin", name), "#!/bin/sh\n");
  chmodSync(join(root, "bin", name), 0o755);
}
