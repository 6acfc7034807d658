// The agent's tasks as servers that an autoscaler can have more or fewer of.
import type { Agent } from "../agent.ts";
import { planScale } from "../scale-plan.ts";
import type { LoadsOf } from "../statusz.ts";
import { isWanted } from "../task-life.ts";
import type { ScalableServers } from "./autoscaler.ts";

export interface AgentServersOptions {
  readonly agent: Agent;
  readonly loadsOf: LoadsOf;
  readonly say: (line: string) => void;
}

export function agentServers({ agent, loadsOf, say }: AgentServersOptions): ScalableServers {
  const wanted = () => agent.tasks().filter((task) => isWanted(task.status));
  return {
    count: () => wanted().length + agent.replacing,
    scaleTo: async (count) => {
      const loads = await loadsOf(wanted());
      // Successors of the dead are on their way; one that lives stays in any case.
      const plan = planScale(agent.tasks(), Math.max(1, count - agent.replacing), loads);
      for (const request of plan.start) {
        agent.startTask(request).running.catch((error: Error) => say(error.message));
      }
      if (plan.stop.length > 0) void agent.retire(plan.stop);
    },
  };
}
