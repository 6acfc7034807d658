// ECS's agent on the machine of this container, as far as it protects the task from being stopped when ECS wants fewer of them. The agent asks
// ECS's API with the task's own role, and tries again by itself.

import { z } from "zod";

/** The agent gives ECS about as long. */
const TIMEOUT_MS = 5_000;

export interface ProtectionSwitch {
  /** Until when the task is protected, milliseconds since 1970; `undefined` when it is not. Rejects with a sentence. */
  expiresAtMs(): Promise<number | undefined>;
  /** Protected from now on, for so long and no longer. Rejects with a sentence. */
  protect(minutes: number): Promise<void>;
  /** Not protected any more. Rejects with a sentence. */
  release(): Promise<void>;
}

/** One of the three is there. */
const answerSchema = z.object({
  protection: z.object({ ProtectionEnabled: z.boolean(), ExpirationDate: z.string().nullish() }).optional(),
  failure: z.object({ Reason: z.string(), Detail: z.string().nullish() }).optional(),
  error: z.object({ Code: z.string(), Message: z.string().nullish() }).optional(),
});

/** `agentUri` is what ECS sets as ECS_AGENT_URI. */
export function ecsProtection(agentUri: string, fetchIt: typeof fetch): ProtectionSwitch {
  const ask = async (request: RequestInit) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await fetchIt(`${agentUri}/task-protection/v1/state`, { ...request, signal });
    // Whatever the status is: the reason stands in the body.
    const said = answerSchema.safeParse(await answer.json().catch(() => undefined)).data;
    const unclear = reasonOf(said) ?? `status ${answer.status}`;
    return { protection: said?.protection, unclear };
  };
  const put = async (wanted: { ProtectionEnabled: boolean; ExpiresInMinutes?: number }) => {
    const headers = { "Content-Type": "application/json" };
    const { protection, unclear } = await ask({ method: "PUT", headers, body: JSON.stringify(wanted) });
    if (protection?.ProtectionEnabled === wanted.ProtectionEnabled) return;
    throw new Error(`cannot change the protection of this task: ${unclear}`);
  };
  return {
    async expiresAtMs() {
      const { protection, unclear } = await ask({ method: "GET" });
      if (!protection) throw new Error(`cannot see whether this task is protected: ${unclear}`);
      const atMs = Date.parse(protection.ExpirationDate ?? "");
      return protection.ProtectionEnabled && Number.isFinite(atMs) ? atMs : undefined;
    },
    protect: (minutes) => put({ ProtectionEnabled: true, ExpiresInMinutes: minutes }),
    release: () => put({ ProtectionEnabled: false }),
  };
}

function reasonOf(said: z.infer<typeof answerSchema> | undefined): string | undefined {
  const { failure, error } = said ?? {};
  if (failure) return [failure.Reason, failure.Detail].filter(Boolean).join(": ");
  return error && [error.Code, error.Message].filter(Boolean).join(": ");
}
