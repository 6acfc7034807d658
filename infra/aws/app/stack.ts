// What all our stacks have in common: a region that is known, no assets, no look-ups, a template small enough to be sent as it is.
import { CfnOutput, Fn, LegacyStackSynthesizer, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { names, type Settings } from "../settings.ts";

export interface StackOptions {
  readonly name: string;
  /** AWS's name of it. */
  readonly region: string;
  /** The region's id, or `names.edgeTag`: what is left behind is found by it. */
  readonly tag: string;
  readonly description: string;
}

/** Credentials are those of whoever calls: the account needs no bootstrap stack, bucket or role before (docs/decisions/0019). */
export class TidegateStack extends Stack {
  readonly #zones: number;

  constructor(scope: Construct, settings: Settings, { name, region, tag, description }: StackOptions) {
    super(scope, name, {
      stackName: name,
      description,
      // No account, whichever is said: with one in it, a template would be another, and servers would be replaced for it.
      env: { region },
      synthesizer: new LegacyStackSynthesizer(),
      analyticsReporting: false,
      suppressTemplateIndentation: true,
      // CloudFormation hands a stack's tags on to what is in it.
      tags: { [names.tag]: tag },
    });
    this.#zones = settings.zones;
  }

  /** The region's first ones, which CloudFormation knows: the CDK would ask AWS for their names. */
  override get availabilityZones(): string[] {
    return Array.from({ length: this.#zones }, (_, at) => Fn.select(at, Fn.getAzs()));
  }
}

/** What the stack says to whoever asks CloudFormation. */
export function addOutputs(stack: TidegateStack, outputs: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(outputs)) new CfnOutput(stack, name, { value });
}
