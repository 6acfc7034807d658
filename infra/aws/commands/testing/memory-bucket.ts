// A bucket of S3 in memory, behind the SDK's client: as much of it as our commands use, with S3's own limits. It keeps versions when it is told to.
import type { S3Client } from "@aws-sdk/client-s3";
import { awsError } from "./stand-in-account.ts";

/** Of a list, and of a request to delete. */
const AT_ONCE_MAX = 1_000;

interface Stored {
  readonly key: string;
  readonly versionId: string;
  readonly isMarker: boolean;
  readonly text: string;
  readonly contentType: string;
  readonly cacheControl: string;
}

interface Input {
  readonly Bucket: string;
  readonly Key: string;
  readonly Body: Buffer;
  readonly ContentType: string;
  readonly CacheControl: string;
  readonly Prefix?: string;
  readonly ContinuationToken?: string;
  readonly Delete: { readonly Objects: readonly { Key: string; VersionId: string }[] };
}

export class MemoryBucket {
  readonly name: string;
  readonly #keepsVersions: boolean;
  #stored: Stored[] = [];
  #versions = 0;
  /** `PutObject KEY` and others in order, without questions. */
  readonly changes: string[] = [];
  /** Throws where S3 is to refuse; asked before anything happens. */
  refuse: (operation: string, input: Input) => void = () => {};

  constructor(name: string, { keepsVersions = false } = {}) {
    this.name = name;
    this.#keepsVersions = keepsVersions;
  }

  readonly client = { send: async (command: object) => this.#answer(command) } as unknown as Pick<S3Client, "send">;

  /** What the bucket holds by its newest versions, by key. */
  get objects(): ReadonlyMap<string, Stored> {
    const newest = new Map(this.#stored.map((one) => [one.key, one]));
    return new Map([...newest].filter(([, { isMarker }]) => !isMarker).sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Versions and markers that take room. */
  get size(): number {
    return this.#stored.length;
  }

  put(key: string, text: string, contentType = "", cacheControl = ""): void {
    this.#store({ key, text, contentType, cacheControl, isMarker: false });
  }

  /** As a person does it, who names no version. */
  remove(key: string): void {
    this.#store({ key, text: "", contentType: "", cacheControl: "", isMarker: true });
    if (!this.#keepsVersions) this.#stored = this.#stored.filter((one) => one.key !== key);
  }

  #store(object: Omit<Stored, "versionId">): void {
    if (!this.#keepsVersions) this.#stored = this.#stored.filter(({ key }) => key !== object.key);
    this.#versions += 1;
    this.#stored.push({ ...object, versionId: this.#keepsVersions ? String(this.#versions) : "null" });
  }

  #answer(command: object): unknown {
    const operation = command.constructor.name.replace(/Command$/, "");
    const { input } = command as { input: Input };
    if (input.Bucket !== this.name) throw awsError("NoSuchBucket");
    this.refuse(operation, input);
    switch (operation) {
      case "PutObject":
        this.changes.push(`PutObject ${input.Key}`);
        this.put(input.Key, input.Body.toString(), input.ContentType, input.CacheControl);
        return {};
      case "ListObjectsV2":
        return this.#list(input);
      case "ListObjectVersions":
        return this.#listVersions();
      case "DeleteObjects":
        return this.#delete(input.Delete.Objects);
      default:
        throw new Error(`this bucket does not know ${operation}`);
    }
  }

  #list({ Prefix = "", ContinuationToken }: Input) {
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(Prefix) && key > (ContinuationToken ?? ""));
    const page = keys.slice(0, AT_ONCE_MAX);
    const NextContinuationToken = keys.length > page.length ? page.at(-1) : undefined;
    return { Contents: page.map((Key) => ({ Key })), NextContinuationToken };
  }

  #listVersions() {
    const page = this.#stored.slice(0, AT_ONCE_MAX).map(({ key, versionId, isMarker }) => ({
      ...{ Key: key, VersionId: versionId, isMarker },
    }));
    return {
      Versions: page.filter(({ isMarker }) => !isMarker),
      DeleteMarkers: page.filter(({ isMarker }) => isMarker),
      IsTruncated: this.#stored.length > page.length,
    };
  }

  #delete(objects: readonly { Key: string; VersionId: string }[]) {
    if (objects.length > AT_ONCE_MAX) throw awsError("MalformedXML", "more than 1,000 objects");
    this.changes.push(`DeleteObjects ${objects.length}`);
    const gone = new Set(objects.map(({ Key, VersionId }) => `${VersionId} ${Key}`));
    this.#stored = this.#stored.filter(({ key, versionId }) => !gone.has(`${versionId} ${key}`));
    return {};
  }
}
