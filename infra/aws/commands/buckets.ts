// Empties buckets, old versions and all: CloudFormation deletes no bucket that holds something.
import {
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
} from "@aws-sdk/client-s3";
import { Refusal } from "../../stack/refusal.ts";
import type { AwsClients } from "./aws-clients.ts";
import { isNamed } from "./aws-errors.ts";

/** Resolves to how many objects were deleted; a bucket that is not there holds none. */
export async function emptyBucket(s3: AwsClients["s3"], bucket: string, signal: AbortSignal): Promise<number> {
  let count = 0;
  for (;;) {
    if (signal.aborted) throw new Refusal("interrupted", "Interrupted. Run this again to go on.");
    const page = await firstPage(s3, bucket);
    const objects = [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])].map(({ Key, VersionId }) => ({
      ...{ Key, VersionId },
    }));
    if (objects.length === 0) return count;
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects, Quiet: true } }),
    );
    if (Errors.length > 0) throw new Refusal("objects-left", `Cannot empty ${bucket}: ${Errors[0]?.Message}`);
    count += objects.length;
  }
}

async function firstPage(s3: AwsClients["s3"], bucket: string): Promise<ListObjectVersionsCommandOutput | undefined> {
  try {
    return await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
  } catch (error) {
    if (isNamed(error, "NoSuchBucket")) return undefined;
    throw error;
  }
}
