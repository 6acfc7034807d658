import { expect, test } from "vitest";
import { regions } from "../../stack/regions.ts";
import { destroy, planDestroy } from "./destroy.ts";
import { awsError, StandInAccount, untilDone } from "./testing/stand-in-account.ts";

const [EU, US] = ["eu-west-1", "us-east-1"];
const service = { outputs: { ClusterName: "tidegate-eu", ServiceName: "tidegate" } };
const bucket = { resources: [{ type: "AWS::S3::Bucket", id: "tidegate-pages" }] };

const deployed = (): StandInAccount =>
  new StandInAccount()
    .put(US, "tidegate-edge", { outputs: { Url: "https://play.example.org" }, ...bucket })
    .put(EU, "tidegate-images-eu", {})
    .put(EU, "tidegate-eu", service)
    .put(US, "tidegate-images-us", {})
    .put(US, "tidegate-us", {});

async function destroyed(account: StandInAccount, only?: string[]) {
  const chosen = only === undefined ? undefined : regions.filter(({ id }) => only.includes(id));
  const plan = await planDestroy(account.aws, chosen);
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const signal = new AbortController().signal;
  const outcome = await untilDone(account, destroy(plan, { aws: account.aws, clock: account.clock, say, signal }));
  return { outcome, said };
}

test("the page goes first, then the servers, then what they were started from", async () => {
  const account = deployed();
  const { outcome } = await destroyed(account);
  const deleted = account.changes
    .filter((change) => change.includes("DeleteStack"))
    .map((change) => change.split(" ")[2]);
  expect(deleted[0]).toBe("tidegate-edge");
  expect(deleted.slice(1, 3).sort()).toEqual(["tidegate-eu", "tidegate-us"]);
  expect(deleted.slice(3).sort()).toEqual(["tidegate-images-eu", "tidegate-images-us"]);
  expect(outcome.left).toEqual([]);
});

test("the service is ended by force before its stack, since servers with players are protected", async () => {
  const account = deployed();
  await destroyed(account);
  const changes = account.changes.filter((change) => change.startsWith(EU));
  expect(changes.indexOf(`${EU} DeleteService tidegate`)).toBeLessThan(
    changes.indexOf(`${EU} DeleteStack tidegate-eu`),
  );
  expect(changes).toContain(`${EU} DeleteService tidegate`);
});

test("buckets are emptied, old versions and all, before their stack is deleted", async () => {
  const account = deployed();
  let objects = [{ Key: "index.html", VersionId: "1" }];
  account
    .on("ListObjectVersions", () => ({ Versions: objects, DeleteMarkers: [] }))
    .on("DeleteObjects", () => {
      objects = [];
      return {};
    });
  const { said } = await destroyed(account);
  const changes = account.changes;
  expect(changes[0]).toBe(`${US} DeleteObjects tidegate-pages`);
  expect(changes[1]).toBe(`${US} DeleteStack tidegate-edge`);
  expect(said).toContain("Deleted 1 objects in tidegate-pages.");
});

test("a bucket that was written to meanwhile is emptied once more", async () => {
  const account = deployed().fate(US, "tidegate-edge", {
    status: "DELETE_FAILED",
    events: [
      {
        ResourceStatus: "DELETE_FAILED",
        LogicalResourceId: "Logs",
        ResourceStatusReason: "The bucket you tried to delete is not empty",
      },
    ],
  });
  const { outcome, said } = await destroyed(account);
  expect(outcome.deleted).toContain("tidegate-edge");
  expect(said.some((line) => /not empty\. Trying once more\.$/.test(line))).toBe(true);
});

test("what cannot be deleted is told with its reason, and the rest stays for the next time", async () => {
  const fate = {
    status: "DELETE_FAILED",
    events: [{ ResourceStatus: "DELETE_FAILED", LogicalResourceId: "Vpc", ResourceStatusReason: "in use" }],
  };
  const account = deployed().fate(EU, "tidegate-eu", fate, fate, fate);
  await expect(destroyed(account)).rejects.toThrow(/tidegate-eu ended as DELETE_FAILED.*Vpc: in use/);
  expect(account.stack(EU, "tidegate-images-eu")?.status).toBe("CREATE_COMPLETE");
});

test("one region goes alone, and the page stays for the others", async () => {
  const account = deployed();
  const { outcome } = await destroyed(account, ["us"]);
  expect(outcome.deleted).toEqual(["tidegate-us", "tidegate-images-us"]);
});

test("with the last region the page goes as well", async () => {
  const account = deployed();
  await destroyed(account, ["us"]);
  const { outcome } = await destroyed(account, ["eu"]);
  expect(outcome.deleted).toEqual(["tidegate-edge", "tidegate-eu", "tidegate-images-eu"]);
});

test("destroying twice finds nothing the second time", async () => {
  const account = deployed();
  await destroyed(account);
  await expect(planDestroy(account.aws, undefined)).resolves.toEqual([]);
});

test("a service that an earlier run has ended is no trouble", async () => {
  const account = deployed().on("DeleteService", () => {
    throw awsError("ServiceNotActiveException", "The service is not ACTIVE");
  });
  await expect(destroyed(account)).resolves.toMatchObject({ outcome: { left: [] } });
});

test("what AWS goes on listing is told, but not task definitions, which cost nothing", async () => {
  const arns = ["arn:aws:elasticache:eu-west-1:1:cluster:x", "arn:aws:ecs:eu-west-1:1:task-definition/tidegate-eu:3"];
  const account = deployed().on("GetResources", (_input, region) => ({
    ResourceTagMappingList: region === EU ? arns.map((ResourceARN) => ({ ResourceARN })) : [],
  }));
  const { outcome } = await destroyed(account);
  expect(outcome.left).toEqual([arns[0]]);
});
