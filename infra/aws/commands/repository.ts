// Images in a region's repository: giving one a further tag, taking tags or everything away.
import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  ImageAlreadyExistsException,
  type ImageIdentifier,
  ListImagesCommand,
  PutImageCommand,
  RepositoryNotFoundException,
} from "@aws-sdk/client-ecr";
import { Refusal } from "../../stack/refusal.ts";
import { names } from "../settings.ts";
import type { AwsClients } from "./aws-clients.ts";

type Ecr = AwsClients["ecr"];

/** ECR deletes at most so many in one call. */
const DELETED_AT_ONCE = 100;
const MANIFESTS = [
  ...["application/vnd.oci.image.index.v1+json", "application/vnd.oci.image.manifest.v1+json"],
  ...[
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.docker.distribution.manifest.v2+json",
  ],
];

/** The same image under a further tag: what runs goes on under the name of a new generation, without being built again. */
export async function addTag(ecr: Ecr, from: string, to: string): Promise<void> {
  const wanted = { repositoryName: names.repository, imageIds: [{ imageTag: from }], acceptedMediaTypes: MANIFESTS };
  const { images = [] } = await ecr.send(new BatchGetImageCommand(wanted));
  const [image] = images;
  if (image === undefined)
    throw new Refusal(
      "image-gone",
      `The image ${from}, which runs, is not in the repository any more: roll out a version first.`,
    );
  try {
    await ecr.send(
      new PutImageCommand({
        repositoryName: names.repository,
        imageManifest: image.imageManifest,
        imageManifestMediaType: image.imageManifestMediaType,
        imageTag: to,
      }),
    );
  } catch (error) {
    if (!(error instanceof ImageAlreadyExistsException)) throw error; // an earlier run has done it
  }
}

/** Frees a tag that an earlier run pushed and nothing runs from: tags are never moved. */
export async function removeTag(ecr: Ecr, tag: string): Promise<void> {
  const imageIds = [{ imageTag: tag }];
  await ecr.send(new BatchDeleteImageCommand({ repositoryName: names.repository, imageIds }));
}

/** Resolves to how many were deleted; a repository that is not there holds none. */
export async function emptyRepository(ecr: Ecr): Promise<number> {
  let count = 0;
  for (;;) {
    const images = await listImages(ecr);
    if (images.length === 0) return count;
    const imageIds = images.slice(0, DELETED_AT_ONCE);
    const { failures = [] } = await ecr.send(
      new BatchDeleteImageCommand({ repositoryName: names.repository, imageIds }),
    );
    const deleted = imageIds.length - failures.length;
    // What an index refers to can go only after it: as long as anything goes, the next turn may take the rest.
    if (deleted === 0)
      throw new Refusal("images-left", `Images cannot be deleted: ${failures[0]?.failureReason ?? "no reason given"}`);
    count += deleted;
  }
}

async function listImages(ecr: Ecr): Promise<ImageIdentifier[]> {
  try {
    const answer = await ecr.send(new ListImagesCommand({ repositoryName: names.repository }));
    return answer.imageIds ?? [];
  } catch (error) {
    if (error instanceof RepositoryNotFoundException) return [];
    throw error;
  }
}
