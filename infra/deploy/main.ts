// `npm run deploy -- --version v2`: a new generation of servers takes over from the running one while people play. It
// finds the running stack by TIDEGATE_HOME, and works by the agent's door, the ELBv2 API and the servers' /statusz only.
import { sayOnStderr } from "../provision/progress.ts";
import { agentClient } from "../stack/agent-client.ts";
import { buildServer } from "../stack/bundle.ts";
import { buildClient } from "../stack/client-build.ts";
import { systemClock } from "../stack/clock.ts";
import { runCommand } from "../stack/command.ts";
import { claimDeployment } from "../stack/deployment-lock.ts";
import { localElbClient } from "../stack/elb.ts";
import { readEnvironment, repositoryRoot } from "../stack/environment.ts";
import { describeHome, type Home } from "../stack/home.ts";
import { EXIT } from "../stack/refusal.ts";
import { onEndingSignals } from "../stack/signals.ts";
import { readStackFile } from "../stack/stack-file.ts";
import { topology } from "../stack/topology.ts";
import { Canaries } from "./canaries.ts";
import { Deploy } from "./deploy.ts";
import { elbBalancer } from "./elb-balancer.ts";
import { agentFleet } from "./fleet.ts";
import { type DeployOptions, deployCommand } from "./options.ts";
import { planDeploy } from "./plan.ts";
import { reportText } from "./report-text.ts";
import { screenOn } from "./screen.ts";
import { askServer } from "./server-words.ts";

const { deregistrationDelaySeconds, stopTimeoutSeconds } = topology.delays.local;

const command = deployCommand();

await runCommand(command, async () => {
  const options = command.opts<DeployOptions>();
  const home = describeHome(readEnvironment().home);
  readStackFile(home); // the sentence that says that nothing runs comes before the one about a lock that cannot be written
  const release = claimDeployment(home);
  try {
    return await deploy(options, home, release);
  } finally {
    release();
  }
});

async function deploy(options: DeployOptions, home: Home, release: () => void): Promise<number> {
  const stack = readStackFile(home);
  const fleet = agentFleet(agentClient(home));
  const tasks = await fleet.list();
  const { canary, bake, strategy, version: to, env: environment } = options;
  const canaries = new Canaries({ root: repositoryRoot, home, clock: systemClock });
  const plan = planDeploy(tasks, { strategy, to, environment, servingArn: stack.targetGroupArn });
  const work = new Deploy({
    plan,
    servingArn: stack.targetGroupArn,
    bakeMs: bake * 1000,
    leaveMs: (deregistrationDelaySeconds + stopTimeoutSeconds) * 1000,
    canaries: canary,
    prepare: async (signal) => {
      const build = { root: repositoryRoot, home, signal };
      await buildServer({ ...build, release: { version: to, generation: plan.generation }, running: tasks });
      const running = [...new Set(tasks.map((task) => task.version))];
      await buildClient({ ...build, version: to, running, say: sayOnStderr });
      await canaries.prepare(signal);
    },
    fleet,
    balancer: elbBalancer(localElbClient(stack.alb.control), stack.listenerArn),
    sendCanaries: (spec) => canaries.send(spec),
    ask: askServer,
    clock: systemClock,
    date: () => new Date(),
    screen: screenOn(options.json ? process.stderr : process.stdout),
  });
  onEndingSignals(
    () => work.interrupt(),
    () => {
      canaries.close();
      release();
      process.exit(EXIT.notAchieved);
    },
  );
  try {
    const report = await work.run();
    process.stdout.write(`${options.json ? JSON.stringify(report) : reportText(report)}\n`);
    return report.verdict === "unnoticed" ? EXIT.done : EXIT.notAchieved;
  } finally {
    canaries.close();
  }
}
