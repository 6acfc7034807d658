import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  DeregisterTargetsCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Page } from "playwright/test";
import { WebSocket, WebSocketServer } from "ws";
import { expect, test } from "../fixtures/test.ts";

const DELAY_SECONDS = 8;
const HOSTILE = "<img src=/x onerror=alert(1)>";

/** A load balancer of the story's own beside the game's, with one target that echoes nothing and refuses nothing. */
async function ownBalancer(control: string) {
  const elbv2 = new ElasticLoadBalancingV2Client({
    endpoint: control,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const send = elbv2.send.bind(elbv2);
  const server = createServer((_request, response) => response.end("ok"));
  const sockets = new WebSocketServer({ server });
  const targetPort = await listening(server);
  const lb = (await send(new CreateLoadBalancerCommand({ Name: "story", Subnets: ["subnet-1"] }))).LoadBalancers![0]!;
  const group = { Name: "story", Protocol: "HTTP", Port: 80, TargetType: "ip", VpcId: "vpc-1" } as const;
  const TargetGroupArn = (await send(new CreateTargetGroupCommand(group))).TargetGroups![0]!.TargetGroupArn!;
  const delay = { Key: "deregistration_delay.timeout_seconds", Value: `${DELAY_SECONDS}` };
  await send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes: [delay] }));
  const Targets = [{ Id: "127.0.0.1", Port: targetPort }];
  await send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
  const free = createServer();
  const port = await listening(free);
  await new Promise((resolve) => free.close(resolve));
  const { LoadBalancerArn } = lb;
  const DefaultActions = [{ Type: "forward" as const, TargetGroupArn }];
  const listener = new CreateListenerCommand({ LoadBalancerArn, Protocol: "HTTP", Port: port, DefaultActions });
  const { ListenerArn } = (await send(listener)).Listeners![0]!;
  await send(
    new CreateRuleCommand({
      ...{ ListenerArn, Priority: 7 },
      Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/gone/*"] } }],
      Actions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "410", MessageBody: HOSTILE } }],
    }),
  );
  return {
    ...{ port, target: `127.0.0.1:${targetPort}` },
    deregister: () => send(new DeregisterTargetsCommand({ TargetGroupArn, Targets })),
    close: async () => {
      await send(new DeleteLoadBalancerCommand({ LoadBalancerArn }));
      await send(new DeleteTargetGroupCommand({ TargetGroupArn }));
      elbv2.destroy();
      for (const socket of sockets.clients) socket.terminate();
      server.close();
    },
  };
}

async function listening(server: ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** Opens the console and notes what it loads and complains about. */
async function openConsole(page: Page, control: string) {
  const loaded: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => loaded.push(request.url()));
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`${control}/`);
  await expect(page.getByText("live", { exact: true })).toBeVisible();
  return { loaded, complaints };
}

const story = test.extend<{ balancer: Awaited<ReturnType<typeof ownBalancer>> }>({
  balancer: async ({ stack }, use) => {
    const balancer = await ownBalancer(stack.control);
    await use(balancer);
    await balancer.close();
  },
});

story(
  "ALB-87: the console shows a WebSocket arrive, its target drain and leave, and loads nothing from elsewhere",
  async ({ page, stack, balancer }) => {
    const { loaded, complaints } = await openConsole(page, stack.control);
    await expect(page.getByRole("table", { name: "Targets of tidegate-game" }).locator("tbody tr")).toHaveCount(3);

    const row = page.getByRole("table", { name: "Targets of story" }).getByRole("row", { name: balancer.target });
    await expect(row).toContainText("healthy");
    await expect(row.getByRole("cell").last()).toHaveText("0");
    const socket = new WebSocket(`ws://127.0.0.1:${balancer.port}/room`);
    const socketClosed = once(socket, "close");
    await once(socket, "open");
    await expect(row.getByRole("cell").last()).toHaveText("1");
    const connections = page.getByRole("region", { name: "List of connections" });
    await expect(connections.getByRole("row").filter({ hasText: balancer.target })).toContainText("WebSocket");
    const chart = page.getByRole("img", { name: /^Chart of open WebSockets by target/ });
    await expect(chart).toHaveAccessibleName(new RegExp(`${balancer.target}: 1`));

    await expect(page.getByText(`answer 410 “${HOSTILE}”`)).toBeVisible();
    await expect(page.locator("img[src='/x']")).toHaveCount(0);

    await Promise.all(Array.from({ length: 40 }, () => fetch(`http://127.0.0.1:${balancer.port}/`)));
    await expect(page.getByRole("img", { name: /^Chart of requests/ })).toHaveAccessibleName(/most [1-9]/);

    await balancer.deregister();
    await expect(row).toContainText("draining");
    const bar = row.getByRole("progressbar", { name: "Rest of the deregistration delay" });
    const left = () => bar.evaluate((element: HTMLProgressElement) => element.value / element.max);
    const first = await left();
    expect(first).toBeGreaterThan(0);
    await expect.poll(left).toBeLessThan(first);
    await expect(row.getByRole("cell").last()).toHaveText("1");
    await expect(row).toHaveCount(0, { timeout: 2 * DELAY_SECONDS * 1000 });
    await socketClosed;
    await expect(
      page
        .getByRole("list", { name: /^Changes of targets/ })
        .getByRole("listitem")
        .first(),
    ).toContainText("gone");

    expect(loaded.filter((url) => !url.startsWith(`${stack.control}/`))).toEqual([]);
    expect(complaints).toEqual([]);
  },
);

test("ALB-87: the console says when its figures are old, stops when asked to, and fits on a phone", async ({
  page,
  stack,
}) => {
  await openConsole(page, stack.control);
  const answers = "**/console/state*";
  await page.route(answers, (route) => route.abort());
  await expect(page.getByText(/^no answer/)).toBeVisible();
  await expect(page.getByRole("status")).toContainText("does not answer");
  await page.unroute(answers);
  await expect(page.getByText("live", { exact: true })).toBeVisible();
  await expect(page.getByRole("status")).toBeEmpty();

  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByText(/^paused/)).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByText("live", { exact: true })).toBeVisible();

  await page.getByRole("radio", { name: "5 min" }).check();
  await page.setViewportSize({ width: 400, height: 800 });
  const overflowPx = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await expect.poll(overflowPx).toBeLessThanOrEqual(0);

  await page.route(answers, (route) => route.fulfill({ json: { version: 999 } }));
  await expect(page.getByRole("status")).toContainText("load it again");
});
