// `npm run deploy -- --version v2`: a new generation of servers takes over from the running one while people play. It
// works by the agent's door and the ELBv2 API only, whatever the servers run on.
import { sayOnStderr } from "../provision/progress.ts";
import { systemClock } from "../stack/clock.ts";
import { runCommand } from "../stack/command.ts";
import { claimDeployment } from "../stack/deployment-lock.ts";
import { repositoryRoot } from "../stack/environment.ts";
import { openStack } from "../stack/open-stack.ts";
import { EXIT } from "../stack/refusal.ts";
import { onEndingSignals } from "../stack/signals.ts";
import { topology } from "../stack/topology.ts";
import { Canaries } from "./canaries.ts";
import { Deploy } from "./deploy.ts";
import { elbBalancer } from "./elb-balancer.ts";
import { agentFleet } from "./fleet.ts";
import { localPace } from "./limits.ts";
import { type DeployOptions, deployCommand } from "./options.ts";
import { planDeploy } from "./plan.ts";
import { prepareRelease } from "./preparation.ts";
import { reportText } from "./report-text.ts";
import { screenOn } from "./screen.ts";

const command = deployCommand();

await runCommand(command, async () => {
  const options = command.opts<DeployOptions>();
  // The sentence that says that nothing runs comes before the one about a lock that cannot be written.
  const { home } = await openStack(options.platform);
  const release = claimDeployment(home);
  try {
    return await deploy(options, release);
  } finally {
    release();
  }
});

async function deploy(options: DeployOptions, release: () => void): Promise<number> {
  const stack = await openStack(options.platform);
  const { caCertificate, elb, home, listenerArn, targetGroupArn } = stack;
  const fleet = agentFleet(stack.agent);
  const tasks = await fleet.list();
  const { canary, bake, strategy, version: to, env: environment } = options;
  const canaries = new Canaries({ root: repositoryRoot, home, clock: systemClock, url: stack.https, caCertificate });
  const plan = planDeploy(tasks, { strategy, to, environment, servingArn: targetGroupArn });
  const work = new Deploy({
    plan,
    servingArn: targetGroupArn,
    bakeMs: bake * 1000,
    pace: localPace(topology.delays.local),
    canaries: canary,
    prepare: async (signal) => {
      const release = { version: to, generation: plan.generation };
      await prepareRelease(stack, { root: repositoryRoot, release, running: tasks, signal, say: sayOnStderr });
      await canaries.prepare(signal);
    },
    fleet,
    balancer: elbBalancer(elb, listenerArn),
    sendCanaries: (spec) => canaries.send(spec),
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
