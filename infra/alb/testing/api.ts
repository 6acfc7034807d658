// A whole load balancer with its control port, and the official SDK pointed at it.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { type Alb, type AlbOptions, startAlb } from "../alb.ts";
import { systemClock } from "../clock.ts";

export interface TestApi {
  readonly client: ElasticLoadBalancingV2Client;
  readonly url: string;
  readonly ca: string;
  readonly certificateArn: string;
  readonly declare: Alb["declare"];
  /** A call as bytes, for what the SDK would not send. */
  raw(body: string, headers?: Record<string, string>): Promise<{ status: number; text: string; headers: Headers }>;
  close(): Promise<void>;
}

export async function startApi(options: Partial<AlbOptions> = {}): Promise<TestApi> {
  const home = await mkdtemp(join(tmpdir(), "alb-home-"));
  const alb = await startAlb({ home, controlPort: 0, bind: ["127.0.0.1"], clock: systemClock, ...options });
  const url = `http://127.0.0.1:${alb.controlPort}`;
  const client = new ElasticLoadBalancingV2Client({
    endpoint: url,
    region: "us-east-1",
    credentials: { accessKeyId: "any", secretAccessKey: "any" },
    maxAttempts: 1,
  });
  return {
    ...{ client, url, ca: alb.certificates.caPath, certificateArn: alb.certificates.defaultArn },
    declare: (file) => alb.declare(file),
    async raw(body, headers = {}) {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8", ...headers },
        body,
      });
      return { status: response.status, text: await response.text(), headers: response.headers };
    },
    async close() {
      client.destroy();
      await alb.close(0);
      await rm(home, { recursive: true, force: true });
    },
  };
}
