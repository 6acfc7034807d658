// Our load balancer, as `infra/alb/main.ts` starts it, set up through the ELBv2 API; access log to a file, metrics on.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";
import { localElbClient } from "../../../infra/stack/elb.ts";
import { freePort } from "../../../infra/stack/ports.ts";
import { typescriptArguments } from "../../../infra/stack/typescript.ts";
import { type Program, startProgram, waitFor } from "../../common/program.ts";
import type { Contestant, Setting } from "./contestant.ts";

const readySchema = z.object({ event: z.literal("ready"), control: z.url(), certificateArn: z.string() });
type Ready = z.infer<typeof readySchema>;

export interface OursSetting extends Omit<Setting, "certificateFile" | "keyFile" | "targetPort"> {
  /** Where `--cpu-prof` writes to, when wanted. */
  readonly profiles: string | undefined;
}

/** It makes the certificate that everybody uses, so it starts before there is a target. */
export interface StartedOurs {
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Sets up the listeners and waits until the target is healthy. */
  putInFrontOf(targetPort: number): Promise<Contestant>;
}

export async function startOurs({ root, folder, profiles, onStart }: OursSetting): Promise<StartedOurs> {
  const profiling = profiles === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profiles}`];
  if (profiles !== undefined) mkdirSync(profiles, { recursive: true });
  const flags = [
    ...["--home", folder, "--control-port", "0", "--bind", "127.0.0.1"],
    ...["--access-log", join(folder, "access.log"), "--fast-health-checks"],
  ];
  const args = [...profiling, ...typescriptArguments(root, "infra/alb/main.ts"), ...flags];
  const program = startProgram(process.execPath, args, join(folder, "alb.log"));
  onStart(program);
  const ready = await waitFor(program, () => readReady(program.logFile));
  return {
    certificateFile: join(folder, "tls", "localhost.pem"),
    keyFile: join(folder, "tls", "localhost.key"),
    putInFrontOf: (targetPort) => setUp(program, ready, targetPort),
  };
}

function readReady(logFile: string): Ready | undefined {
  const line = readFileSync(logFile, "utf8")
    .split("\n")
    .slice(0, -1)
    .find((text) => text.includes('"ready"'));
  return line === undefined ? undefined : readySchema.parse(JSON.parse(line));
}

async function setUp(program: Program, ready: Ready, targetPort: number): Promise<Contestant> {
  const elb = localElbClient(ready.control);
  const ports = { plain: await freePort(), tls: await freePort() };
  const balancer = await elb.send(new CreateLoadBalancerCommand({ Name: "bench", Subnets: ["subnet-1", "subnet-2"] }));
  const group = await elb.send(
    new CreateTargetGroupCommand({
      ...{ Name: "bench", TargetType: "ip", Protocol: "HTTP", Port: 80, VpcId: "vpc-1" },
      ...{ HealthCheckIntervalSeconds: 5, HealthCheckTimeoutSeconds: 2 },
    }),
  );
  const LoadBalancerArn = balancer.LoadBalancers?.[0]?.LoadBalancerArn;
  const TargetGroupArn = group.TargetGroups?.[0]?.TargetGroupArn;
  await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: "127.0.0.1", Port: targetPort }] }));
  const listener = { LoadBalancerArn, DefaultActions: [{ Type: "forward" as const, TargetGroupArn }] };
  await elb.send(new CreateListenerCommand({ ...listener, Protocol: "HTTP", Port: ports.plain }));
  await elb.send(
    new CreateListenerCommand({
      ...{ ...listener, Protocol: "HTTPS", Port: ports.tls },
      SslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      Certificates: [{ CertificateArn: ready.certificateArn }],
    }),
  );
  await waitFor(program, async () => {
    const health = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
    return health.TargetHealthDescriptions?.[0]?.TargetHealth?.State === "healthy" ? true : undefined;
  });
  elb.destroy();
  return { name: "ours", version: `Node ${process.versions.node}`, pid: program.pid, ports };
}
