// The dashboard asks for metrics by name: each must be one that servers or the load balancer have.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { repositoryRoot } from "../stack/environment.ts";

const dashboard = z
  .object({
    panels: z.array(
      z.object({
        ...{ id: z.int(), title: z.string().min(1), datasource: z.object({ uid: z.literal("prometheus") }) },
        targets: z.array(z.object({ expr: z.string(), legendFormat: z.string() })).min(1),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, "grafana/dashboards/tidegate.json"), "utf8")));

const textOf = (folder: string) =>
  readdirSync(join(repositoryRoot, folder))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => readFileSync(join(repositoryRoot, folder, name), "utf8"))
    .join("\n");

const WORDS = new Set([
  ...["histogram_quantile", "sum", "by", "rate", "increase", "le", "server", "step", "change", "code", "TargetGroup"],
]);

const metricsOf = (expr: string) =>
  [...expr.replaceAll(/\[\w+\]/g, "").matchAll(/[A-Za-z_]\w*/g)]
    .map(([word]) => word)
    .filter((word) => !WORDS.has(word))
    .map((word) => word.replace(/_bucket$/, ""));

test("every metric that the dashboard shows exists, and every panel shows one", () => {
  // Servers name most of theirs without what all have in common.
  const ofServers = [...textOf("server").matchAll(/"(tidegate_)?(\w+)"/g)].map(([, , name]) => `tidegate_${name}`);
  const known = new Set([...ofServers, ...(textOf("infra/alb/telemetry").match(/\w+/g) ?? [])]);
  for (const { title, targets } of dashboard.panels) {
    for (const { expr } of targets) {
      expect(metricsOf(expr).length, title).toBeGreaterThan(0);
      for (const metric of metricsOf(expr)) expect(known.has(metric), `${title}: ${metric}`).toBe(true);
    }
  }
});

test("the labels that the dashboard tells apart by are those of the metrics", () => {
  const known = textOf("server");
  expect(known).toMatch(/"tidegate_moves_total",[^}]*labelNames: \["step"\]/);
  expect(known).toMatch(/"tidegate_room_ownership_total",[^}]*labelNames: \["change"\]/);
  expect(known).toMatch(/"tidegate_refused_total",[^}]*labelNames: \["code"\]/);
});

test("Grafana finds its data where Prometheus is, and Prometheus the servers where the agent tells", () => {
  const read = (file: string) => readFileSync(join(import.meta.dirname, file), "utf8");
  expect(read("grafana/provisioning/datasources/prometheus.yml")).toContain("uid: prometheus,");
  expect(read("grafana/provisioning/dashboards/tidegate.yml")).toContain("path: /etc/tidegate/dashboards");
  expect(read("prometheus.yml")).toContain("/news/servers.json");
});
