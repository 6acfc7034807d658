// Where a region's tasks get their images from. A stack of its own: images are pushed before the service can start.
import { RemovalPolicy } from "aws-cdk-lib";
import { Repository, TagStatus } from "aws-cdk-lib/aws-ecr";
import type { Construct } from "constructs";
import type { Region } from "../../stack/regions.ts";
import { names, type Settings } from "../settings.ts";
import { addOutputs, TidegateStack } from "./stack.ts";

/** Enough to go back to; the rest costs. */
const IMAGES_KEPT = 10;

export function addImagesStack(scope: Construct, settings: Settings, region: Region): void {
  const stack = new TidegateStack(scope, settings, {
    name: names.imagesStack(region),
    region: region.aws,
    tag: region.id,
    description: `Tidegate: images for ${region.name}`,
  });
  const repository = new Repository(stack, "Images", {
    repositoryName: names.repository,
    imageScanOnPush: true,
    emptyOnDelete: true,
    removalPolicy: RemovalPolicy.DESTROY,
    lifecycleRules: [{ maxImageCount: IMAGES_KEPT, tagStatus: TagStatus.ANY }],
  });
  addOutputs(stack, { RepositoryUri: repository.repositoryUri });
}
