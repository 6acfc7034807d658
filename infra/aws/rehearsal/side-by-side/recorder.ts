// Writes down what a client is answered, call by call, without changing it.
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";

export type Answer =
  | { readonly kind: "answer"; readonly value: object }
  | { readonly kind: "error"; readonly code: string; readonly httpStatus: number | undefined };

/** In the order of the calls, under a name that says what was asked. */
export type Answers = Map<string, Answer>;

/** From now on everything that `client` asks is in `answers`; a question that is repeated gets a number. */
export function record(client: ElasticLoadBalancingV2Client, answers: Answers): void {
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args) => {
        const name = freeName(answers, labelOf(commandName, args.input));
        answers.set(name, { kind: "answer", value: {} }); // keeps its place while it is under way
        try {
          const result = await next(args);
          const { $metadata: _, ...value } = result.output as { $metadata: object };
          answers.set(name, { kind: "answer", value });
          return result;
        } catch (error) {
          const { name: code, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
          answers.set(name, { kind: "error", code, httpStatus: $metadata?.httpStatusCode });
          throw error;
        }
      },
    { step: "initialize", name: "record" },
  );
}

function freeName(answers: Answers, label: string): string {
  if (!answers.has(label)) return label;
  for (let number = 2; ; number += 1) if (!answers.has(`${label} ${number}`)) return `${label} ${number}`;
}

/** `CreateListener 443`, `ModifyTargetGroupAttributes slow_start.duration_seconds`: enough to know one call from the others. */
function labelOf(commandName: string, input: object): string {
  const { Attributes, Name, Port, Priority } = input as {
    readonly Attributes?: readonly { readonly Key?: string }[];
    readonly Name?: string;
    readonly Port?: number;
    readonly Priority?: number;
  };
  const operation = commandName.replace(/Command$/, "");
  const what = Name ?? Port ?? Priority ?? Attributes?.[0]?.Key;
  return what === undefined ? operation : `${operation} ${what}`;
}
