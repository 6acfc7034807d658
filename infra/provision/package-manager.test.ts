import { expect, test } from "vitest";
import { adviseInstallation, type Host, planInstallation } from "./package-manager.ts";

const host = (program: string, rights: Partial<Host> = {}): Host => ({
  isRoot: false,
  hasSudo: false,
  has: (name) => name === program,
  ...rights,
});

test("as root, apt-get refreshes its list and installs without a question and without starting a service", () => {
  const plan = planInstallation("redis", host("apt-get", { isRoot: true }));
  expect(plan?.refresh).toMatchObject({ command: "apt-get", args: ["update"] });
  const [redis, valkey] = plan?.candidates ?? [];
  expect(redis?.command).toBe("sh");
  expect(redis?.args[1]).toContain("exit 101");
  expect(redis?.args.slice(3)).toEqual(["apt-get", "install", "-y", "--no-install-recommends", "redis-server"]);
  expect(redis?.env).toEqual({ DEBIAN_FRONTEND: "noninteractive" });
  expect(valkey?.args.at(-1)).toBe("valkey-server");
});

test("with passwordless sudo the same goes through sudo, which is told never to ask", () => {
  const plan = planInstallation("redis", host("apt-get", { hasSudo: true }));
  expect(plan?.refresh?.command).toBe("sudo");
  expect(plan?.refresh?.args).toEqual(["-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "update"]);
});

test("without rights there is no plan, but advice", () => {
  expect(planInstallation("redis", host("dnf"))).toBeUndefined();
  expect(adviseInstallation("redis", host("dnf"))).toBe("sudo dnf install valkey");
  expect(adviseInstallation("redis", host("apk", { isRoot: true }))).toBe("apk add redis");
  expect(adviseInstallation("redis", host("pacman"))).toBe("sudo pacman -S valkey");
});

test("brew needs no root", () => {
  const plan = planInstallation("redis", host("brew"));
  expect(plan?.candidates[0]).toMatchObject({ command: "brew", args: ["install", "redis"] });
});

test("without a package manager that we know there is neither plan nor advice", () => {
  expect(planInstallation("chromium", host("zypper", { isRoot: true }))).toBeUndefined();
  expect(adviseInstallation("chromium", host("zypper"))).toBeUndefined();
});

test("the proxies that the benchmark measures come by their own names", () => {
  const plan = planInstallation("haproxy", host("apt-get", { isRoot: true }));
  expect(plan?.candidates.map((step) => step.args.at(-1))).toEqual(["haproxy"]);
  expect(adviseInstallation("nginx", host("dnf"))).toBe("sudo dnf install nginx");
});
