// Over a bucket in memory: what S3 and CloudFront are sent of a client that has been built, and in which order.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { describeHome } from "../../stack/home.ts";
import { publishRegions, uploadClient } from "./publish-client.ts";
import { MemoryBucket } from "./testing/memory-bucket.ts";
import { awsError } from "./testing/stand-in-account.ts";

const FOR_EVER = "public, max-age=31536000, immutable";
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A home in which these files have been built: assets, and what lies beside them for v1. */
function homeWith(assets: readonly string[], files: readonly string[] = ["index.html"]) {
  const folder = mkdtempSync(join(tmpdir(), "tidegate-pages-"));
  folders.push(folder);
  const home = describeHome(folder);
  const write = (file: string) => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `content of ${file.slice(folder.length + 1)}`);
  };
  for (const name of assets) write(join(home.assetsDir, name));
  for (const name of files) write(join(home.clientDir("v1"), name));
  return home;
}

interface Invalidation {
  readonly DistributionId: string;
  readonly InvalidationBatch: { readonly Paths: { readonly Items: readonly string[] } };
}

function open(bucket = new MemoryBucket("pages")) {
  const forgotten: string[][] = [];
  const said: string[] = [];
  const interruption = new AbortController();
  const send = async ({ input }: { input: Invalidation }) => {
    forgotten.push([input.DistributionId, ...input.InvalidationBatch.Paths.Items]);
    bucket.changes.push("CreateInvalidation");
  };
  const aws = { s3: bucket.client, cloudFront: { send } as never };
  const place = {
    ...{ bucket: "pages", distributionId: "E1", region: "eu-west-1", signal: interruption.signal },
    say: (line: string) => void said.push(line),
  };
  return { aws, bucket, forgotten, interruption, place, said, client: { ...place, version: "v1" } };
}

test("assets come for ever, pages are asked for each time, and CloudFront forgets the pages at the end", async () => {
  const { aws, bucket, client, forgotten, said } = open();
  await uploadClient(client, homeWith(["main-1a.js", "fonts/plain-2b.woff2"], ["index.html", "icon.svg"]), aws);
  const told = [...bucket.objects].map(([key, { contentType, cacheControl }]) => [key, contentType, cacheControl]);
  expect(told).toEqual([
    ["assets/fonts/plain-2b.woff2", "font/woff2", FOR_EVER],
    ["assets/main-1a.js", "text/javascript; charset=utf-8", FOR_EVER],
    ["icon.svg", "image/svg+xml", "no-cache"],
    ["index.html", "text/html; charset=utf-8", "no-cache"],
  ]);
  expect(bucket.objects.get("index.html")?.text).toBe("content of client/v1/index.html");
  expect(bucket.changes.slice(-2)).toEqual(["PutObject index.html", "CreateInvalidation"]);
  expect(forgotten).toEqual([["E1", "/", "/icon.svg", "/index.html"]]);
  expect(said).toEqual(["Publishing the client of v1: 2 new assets, then 1 pages ..."]);
});

test("assets of earlier builds stay, those that are there are not sent again, pages always are", async () => {
  const bucket = new MemoryBucket("pages");
  for (const key of ["assets/main-0z.js", "assets/main-1a.js", "index.html"]) bucket.put(key, "earlier");
  const { aws, client } = open(bucket);
  await uploadClient(client, homeWith(["main-1a.js", "main-3c.js"]), aws);
  expect(bucket.changes).toEqual(["PutObject assets/main-3c.js", "PutObject index.html", "CreateInvalidation"]);
  expect(bucket.objects.get("assets/main-0z.js")?.text).toBe("earlier");
  expect(bucket.objects.get("index.html")?.text).not.toBe("earlier");
});

test("of more assets than S3 lists at once, none is sent again", async () => {
  const bucket = new MemoryBucket("pages");
  const names = Array.from({ length: 1_200 }, (_, at) => `part-${at}.js`);
  for (const name of names) bucket.put(`assets/${name}`, "");
  const { aws, client } = open(bucket);
  await uploadClient(client, homeWith([names[0]!, names[999]!, names[1_199]!]), aws);
  expect(bucket.changes).toEqual(["PutObject index.html", "CreateInvalidation"]);
});

test("when a page of the list cannot be had, nothing is sent", async () => {
  const bucket = new MemoryBucket("pages");
  for (let at = 0; at < 1_200; at += 1) bucket.put(`assets/part-${at}.js`, "");
  bucket.refuse = (operation, { ContinuationToken }) => {
    if (operation === "ListObjectsV2" && ContinuationToken !== undefined) throw awsError("AccessDenied");
  };
  const { aws, client } = open(bucket);
  await expect(uploadClient(client, homeWith(["new.js"]), aws)).rejects.toMatchObject({
    code: "access-denied",
    message: expect.stringMatching(/^Cannot publish the client of v1: /),
  });
  expect(bucket.changes).toEqual([]);
});

test("when an asset cannot be sent, nobody gets the page that asks for it, and no more assets follow", async () => {
  const { aws, bucket, client, forgotten } = open();
  bucket.refuse = (operation, { Key }) => {
    if (operation === "PutObject" && Key === "assets/a-00.js") throw awsError("SlowDown");
  };
  const assets = Array.from({ length: 40 }, (_, at) => `a-${String(at).padStart(2, "0")}.js`);
  await expect(uploadClient(client, homeWith(assets), aws)).rejects.toMatchObject({ code: "throttled" });
  expect(bucket.objects.has("index.html")).toBe(false);
  expect(bucket.objects.size).toBeLessThan(20);
  expect(forgotten).toEqual([]);
});

test("whoever interrupts it leaves the old page where it is", async () => {
  const bucket = new MemoryBucket("pages");
  bucket.put("index.html", "earlier");
  const { aws, client, interruption } = open(bucket);
  bucket.refuse = (operation) => {
    if (operation === "PutObject") interruption.abort();
  };
  const names = Array.from({ length: 20 }, (_, at) => `part-${at}.js`);
  await expect(uploadClient(client, homeWith(names), aws)).rejects.toMatchObject({ code: "interrupted" });
  expect(bucket.objects.get("index.html")?.text).toBe("earlier");
});

test("a bucket with nothing in front of it has nothing to forget", async () => {
  const { aws, bucket, client } = open();
  const { distributionId: _, ...behindNothing } = client;
  await uploadClient(behindNothing, homeWith(["main.js"]), aws);
  expect(bucket.changes).not.toContain("CreateInvalidation");
});

test("the list of regions is a file beside the page, asked for each time", async () => {
  const { aws, bucket, forgotten, place } = open();
  const list = { here: null, live: "https://live.play.example.org", regions: [] };
  await publishRegions(place, list, aws);
  const file = bucket.objects.get("regions.json");
  expect(JSON.parse(file?.text ?? "")).toEqual(list);
  expect(file).toMatchObject({ contentType: "application/json; charset=utf-8", cacheControl: "no-cache" });
  expect(forgotten).toEqual([["E1", "/regions.json"]]);
});
