import { expect, test } from "vitest";
import { emptyBucket } from "./buckets.ts";
import { MemoryBucket } from "./testing/memory-bucket.ts";
import { awsError } from "./testing/stand-in-account.ts";

const going = new AbortController().signal;

function filled(count: number, options = {}): MemoryBucket {
  const bucket = new MemoryBucket("logs", options);
  for (let at = 0; at < count; at += 1) bucket.put(`${at}.log`, "");
  return bucket;
}

test("more objects than S3 tells of at once go in as many requests as they need", async () => {
  const bucket = filled(2_500);
  await expect(emptyBucket(bucket.client, "logs", going)).resolves.toBe(2_500);
  expect(bucket.changes).toEqual(["DeleteObjects 1000", "DeleteObjects 1000", "DeleteObjects 500"]);
  expect(bucket.size).toBe(0);
});

test("old versions go as well, and the marks that deletions have left", async () => {
  const bucket = filled(2, { keepsVersions: true });
  bucket.put("0.log", "newer");
  bucket.remove("1.log");
  expect([...bucket.objects.keys()]).toEqual(["0.log"]);
  await expect(emptyBucket(bucket.client, "logs", going)).resolves.toBe(4);
  expect(bucket.size).toBe(0);
});

test("an empty bucket, and one that is not there, hold nothing", async () => {
  await expect(emptyBucket(filled(0).client, "logs", going)).resolves.toBe(0);
  await expect(emptyBucket(filled(3).client, "another", going)).resolves.toBe(0);
});

test("what cannot be deleted is told with S3's reason", async () => {
  const send = async (command: object) =>
    command.constructor.name === "DeleteObjectsCommand"
      ? { Errors: [{ Key: "0.log", Message: "Access Denied" }] }
      : { Versions: [{ Key: "0.log", VersionId: "null" }] };
  await expect(emptyBucket({ send } as never, "logs", going)).rejects.toMatchObject({
    code: "objects-left",
    message: "Cannot empty logs: Access Denied",
  });
});

test("a list that S3 refuses half way ends it, and the next run goes on", async () => {
  const bucket = filled(1_500);
  let lists = 0;
  bucket.refuse = (operation) => {
    if (operation === "ListObjectVersions" && ++lists === 2) throw awsError("SlowDown");
  };
  await expect(emptyBucket(bucket.client, "logs", going)).rejects.toThrow("SlowDown");
  expect(bucket.size).toBe(500);
  await expect(emptyBucket(bucket.client, "logs", going)).resolves.toBe(500);
});

test("whoever interrupts it leaves the rest for the next run", async () => {
  const bucket = filled(1_500);
  const interruption = new AbortController();
  bucket.refuse = (operation) => {
    if (operation === "DeleteObjects") interruption.abort();
  };
  await expect(emptyBucket(bucket.client, "logs", interruption.signal)).rejects.toMatchObject({ code: "interrupted" });
  expect(bucket.size).toBe(500);
});
