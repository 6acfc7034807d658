// A repository of ECR in memory, behind the SDK's client, with ECR's own limits and its rules about tags and indexes.
import { type ECRClient, ImageAlreadyExistsException, RepositoryNotFoundException } from "@aws-sdk/client-ecr";
import { names } from "../../settings.ts";
import { awsError } from "./stand-in-account.ts";

const LISTED_AT_ONCE = 100;
const DELETED_AT_ONCE = 100;

interface Image {
  readonly digest: string;
  readonly manifest: string;
  readonly tags: Set<string>;
  /** Digest of the index that refers to it, which has to go first. */
  readonly partOf: string | undefined;
}

interface ImageId {
  readonly imageTag?: string;
  readonly imageDigest?: string;
}

interface Input {
  readonly repositoryName: string;
  readonly imageIds: readonly ImageId[];
  readonly imageTag: string;
  readonly imageManifest: string;
}

export class MemoryRepository {
  #images: Image[] = [];
  /** Throws where ECR is to refuse; asked before anything happens. */
  refuse: (operation: string) => void = () => {};
  /** Reasons for which an image cannot be deleted, by its digest. */
  readonly kept = new Map<string, string>();

  readonly client = { send: async (command: object) => this.#answer(command) } as unknown as Pick<ECRClient, "send">;

  put(digest: string, tags: readonly string[] = [], partOf?: string): this {
    this.#images.push({ digest, manifest: `manifest of ${digest}`, tags: new Set(tags), partOf });
    return this;
  }

  /** Tags by digest. */
  get images(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries(this.#images.map(({ digest, tags }) => [digest, [...tags]]));
  }

  #answer(command: object): unknown {
    const operation = command.constructor.name.replace(/Command$/, "");
    const { input } = command as { input: Input };
    this.refuse(operation);
    if (input.repositoryName !== names.repository)
      throw new RepositoryNotFoundException({ $metadata: {}, message: "no such repository" });
    switch (operation) {
      case "ListImages":
        return { imageIds: this.#images.flatMap(idsOf).slice(0, LISTED_AT_ONCE) };
      case "BatchGetImage": {
        const images = input.imageIds.flatMap((id) => this.#find(id) ?? []);
        return { images: images.map(({ manifest }) => ({ imageManifest: manifest })) };
      }
      case "PutImage":
        return this.#tag(input);
      case "BatchDeleteImage":
        return this.#delete(input.imageIds);
      default:
        throw new Error(`this repository does not know ${operation}`);
    }
  }

  #find({ imageTag, imageDigest }: ImageId): Image | undefined {
    return this.#images.find(({ digest, tags }) => digest === imageDigest || tags.has(imageTag ?? ""));
  }

  #tag({ imageManifest, imageTag }: Input): object {
    const image = this.#images.find(({ manifest }) => manifest === imageManifest);
    if (image?.tags.has(imageTag)) throw new ImageAlreadyExistsException({ $metadata: {}, message: "it has this tag" });
    image?.tags.add(imageTag);
    return {};
  }

  /** By its last tag, or by its digest, an image goes whole. */
  #delete(ids: readonly ImageId[]): object {
    if (ids.length > DELETED_AT_ONCE) throw awsError("InvalidParameterException", "more than 100 images");
    const failures: object[] = [];
    for (const id of ids) {
      const image = this.#find(id);
      const failureReason = image && this.#reasonToKeep(image);
      if (image === undefined) failures.push({ imageId: id, failureReason: "Requested image not found" });
      else if (failureReason !== undefined) failures.push({ imageId: id, failureReason });
      else if (id.imageDigest !== undefined || image.tags.size === 1)
        this.#images.splice(this.#images.indexOf(image), 1);
      else image.tags.delete(id.imageTag!);
    }
    return { failures };
  }

  #reasonToKeep({ digest, partOf }: Image): string | undefined {
    if (this.#images.some((other) => other.digest === partOf)) return `it is referenced by ${partOf}`;
    return this.kept.get(digest);
  }
}

const idsOf = ({ digest, tags }: Image): ImageId[] =>
  tags.size === 0 ? [{ imageDigest: digest }] : [...tags].map((imageTag) => ({ imageTag, imageDigest: digest }));
