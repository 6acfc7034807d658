import { expect, test } from "vitest";
import { addTag, emptyRepository, removeTag } from "./repository.ts";
import { MemoryRepository } from "./testing/memory-repository.ts";
import { awsError } from "./testing/stand-in-account.ts";

test("a further tag is the same image under another name, and giving it twice is no trouble", async () => {
  const repository = new MemoryRepository().put("sha256:1", ["v2-g2"]);
  await addTag(repository.client, "v2-g2", "v2-g3");
  await addTag(repository.client, "v2-g2", "v2-g3");
  expect(repository.images).toEqual({ "sha256:1": ["v2-g2", "v2-g3"] });
});

test("an image that is not there any more is told with the way out", async () => {
  await expect(addTag(new MemoryRepository().client, "v2-g2", "v2-g3")).rejects.toMatchObject({
    code: "image-gone",
    message: "The image v2-g2, which runs, is not in the repository any more: roll out a version first.",
  });
});

test("what ECR refuses when it is to tag is not taken for done", async () => {
  const repository = new MemoryRepository().put("sha256:1", ["v2-g2"]);
  repository.refuse = (operation) => {
    if (operation === "PutImage") throw awsError("AccessDeniedException");
  };
  await expect(addTag(repository.client, "v2-g2", "v2-g3")).rejects.toThrow("AccessDeniedException");
});

test("a tag is freed while the image keeps its others; one that nobody has is free already", async () => {
  const repository = new MemoryRepository().put("sha256:1", ["v1-g1", "v1-g2"]);
  await removeTag(repository.client, "v1-g2");
  await removeTag(repository.client, "v9-g9");
  expect(repository.images).toEqual({ "sha256:1": ["v1-g1"] });
});

test("more images than ECR takes at once go in turns", async () => {
  const repository = new MemoryRepository();
  for (let at = 0; at < 250; at += 1) repository.put(`sha256:${at}`, [`v${at}`]);
  await expect(emptyRepository(repository.client)).resolves.toBe(250);
  expect(repository.images).toEqual({});
});

test("images without a tag go as well, and those of an index after the index", async () => {
  const repository = new MemoryRepository()
    .put("sha256:arm", [], "sha256:index")
    .put("sha256:amd", [], "sha256:index")
    .put("sha256:index", ["v1-g1"]);
  await emptyRepository(repository.client);
  expect(repository.images).toEqual({});
});

test("images that ECR keeps are told with its reason, and not asked for again and again", async () => {
  const repository = new MemoryRepository().put("sha256:1", ["v1-g1"]);
  repository.kept.set("sha256:1", "it is being scanned");
  await expect(emptyRepository(repository.client)).rejects.toMatchObject({
    code: "images-left",
    message: "Images cannot be deleted: it is being scanned",
  });
});

test("a repository that is not there holds nothing; a list that is refused is not taken for empty", async () => {
  const gone = { send: () => new MemoryRepository().client.send({ input: {} } as never) };
  await expect(emptyRepository(gone as never)).resolves.toBe(0);
  const repository = new MemoryRepository().put("sha256:1", ["v1-g1"]);
  repository.refuse = () => {
    throw awsError("AccessDeniedException");
  };
  await expect(emptyRepository(repository.client)).rejects.toThrow("AccessDeniedException");
});
