// What all our stacks have in common: a region that is known, no assets, no look-ups, a template small enough to be sent as it is.
import { BootstraplessSynthesizer, Fn, Stack, Tags } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { topology } from "../../stack/topology.ts";
import type { Settings } from "../settings.ts";

export interface StackOptions {
  readonly name: string;
  /** AWS's name of it. */
  readonly region: string;
  readonly description: string;
}

/** Credentials are those of whoever calls: the account needs no bootstrap stack, bucket or role before. */
export class TidegateStack extends Stack {
  readonly #zones: number;

  constructor(scope: Construct, settings: Settings, { name, region, description }: StackOptions) {
    super(scope, name, {
      stackName: name,
      description,
      env: settings.account === undefined ? { region } : { region, account: settings.account },
      synthesizer: new BootstraplessSynthesizer(),
      analyticsReporting: false,
      suppressTemplateIndentation: true,
    });
    this.#zones = settings.zones;
    Tags.of(this).add("project", topology.name);
  }

  /** The region's first ones, which CloudFormation knows: the CDK would ask AWS for their names. */
  override get availabilityZones(): string[] {
    return Array.from({ length: this.#zones }, (_, at) => Fn.select(at, Fn.getAzs()));
  }
}
