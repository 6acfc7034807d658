// Brings the browser client into its bucket: hashed assets first, the pages that ask for them last. Assets of earlier versions stay, since open
// tabs still ask for them.
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { CreateInvalidationCommand } from "@aws-sdk/client-cloudfront";
import { ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { lookup } from "mrmime";
import type { Say } from "../../provision/progress.ts";
import { buildClient } from "../../stack/client-build.ts";
import { readEnvironment, repositoryRoot } from "../../stack/environment.ts";
import { type Home, makeHome } from "../../stack/home.ts";
import { Refusal } from "../../stack/refusal.ts";
import type { regionsFile } from "../../stack/regions.ts";
import { CACHE_CONTROL } from "../cache-control.ts";
import { type AwsClients, awsClients } from "./aws-clients.ts";
import { withAws } from "./aws-errors.ts";

const ASSETS = "assets/";
const REGIONS_FILE = "regions.json";
/** At a time: more gains nothing, and a home's upload is soon full. */
const UPLOADS_MAX = 8;

export interface ClientPlace {
  readonly bucket: string;
  /** Undefined where nothing stands in front of the bucket. */
  readonly distributionId?: string;
  /** Of the bucket, by AWS's name. */
  readonly region: string;
  readonly say: Say;
  readonly signal: AbortSignal;
}

export interface ClientToPublish extends ClientPlace {
  /** What the page says it is. */
  readonly version: string;
}

type Clients = Pick<AwsClients, "s3" | "cloudFront">;

/** A file as it goes to the bucket. */
interface Upload {
  readonly key: string;
  readonly body: Buffer;
  readonly cacheControl: string;
}

export async function publishClient(
  client: ClientToPublish,
  aws: Clients = awsClients()(client.region),
): Promise<void> {
  const { say, signal, version } = client;
  const home = makeHome(join(readEnvironment().home, "aws"));
  await buildClient({ root: repositoryRoot, home, version, signal, say });
  await uploadClient(client, home, aws);
}

/** What has been built, to the bucket. Files that are there already are not sent again, except pages. */
export async function uploadClient(client: ClientToPublish, home: Home, aws: Clients): Promise<void> {
  const { bucket, say, version } = client;
  await withAws(`publish the client of ${version}`, async () => {
    const known = await keysUnder(aws, bucket, ASSETS);
    const assets = readFolder(home.assetsDir).map(({ path, body }) => upload(ASSETS + path, body, "assets"));
    const files = readFolder(home.clientDir(version)).map(({ path, body }) => upload(path, body, "pages"));
    const news = assets.filter(({ key }) => !known.has(key));
    const isPage = ({ key }: Upload) => key.endsWith(".html");
    const pages = files.filter(isPage);
    say(`Publishing the client of ${version}: ${news.length} new assets, then ${pages.length} pages ...`);
    await sendAll(client, [...news, ...files.filter((file) => !isPage(file))], aws);
    await sendAll(client, pages, aws);
    await forget(client, ["/", ...files.map(({ key }) => `/${key}`)], aws);
  });
}

/** Where the regions are, for pages that measure them. Under a domain even one is named: the page's own host has no servers there. */
export async function publishRegions(
  place: ClientPlace,
  list: ReturnType<typeof regionsFile>,
  aws: Clients = awsClients()(place.region),
): Promise<void> {
  const body = Buffer.from(JSON.stringify(list));
  await withAws("publish the list of regions", async () => {
    await sendAll(place, [upload(REGIONS_FILE, body, "pages")], aws);
    await forget(place, [`/${REGIONS_FILE}`], aws);
  });
}

const upload = (key: string, body: Buffer, kind: keyof typeof CACHE_CONTROL): Upload => ({
  ...{ key, body },
  cacheControl: CACHE_CONTROL[kind],
});

/** Some at a time, in no order that matters. The first one that fails ends it. */
async function sendAll({ bucket, signal }: ClientPlace, uploads: readonly Upload[], { s3 }: Clients): Promise<void> {
  const queue = [...uploads];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (signal.aborted) throw new Refusal("interrupted", "Interrupted. Run this again to go on.");
      const { key, body, cacheControl } = next;
      const type = { ContentType: contentType(key), CacheControl: cacheControl };
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...type }));
    }
  };
  const workers = Array.from({ length: UPLOADS_MAX }, () =>
    work().catch((error: unknown) => {
      queue.length = 0;
      throw error;
    }),
  );
  await Promise.all(workers);
}

/** CloudFront may keep pages for a moment although they say no-cache; it is told to ask again. */
async function forget({ distributionId }: ClientPlace, paths: string[], { cloudFront }: Clients): Promise<void> {
  if (distributionId === undefined) return;
  const batch = { CallerReference: randomUUID(), Paths: { Quantity: paths.length, Items: paths } };
  await cloudFront.send(new CreateInvalidationCommand({ DistributionId: distributionId, InvalidationBatch: batch }));
}

async function keysUnder({ s3 }: Clients, bucket: string, prefix: string): Promise<Set<string>> {
  const keys = new Set<string>();
  let token: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }));
    for (const { Key } of page.Contents ?? []) keys.add(Key!);
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return keys;
}

function contentType(key: string): string {
  const type = lookup(key) ?? "application/octet-stream";
  return /^text\/|javascript|json$/.test(type) ? `${type}; charset=utf-8` : type;
}

function readFolder(folder: string): { path: string; body: Buffer }[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(folder, file).replaceAll("\\", "/"), body: readFileSync(file) }));
}
