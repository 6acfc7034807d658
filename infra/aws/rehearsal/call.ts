// What a request to AWS asks for: the service and region are in its signature, the operation stands elsewhere in each of AWS's protocols. Pure.

export interface Call {
  /** As AWS signs it: `cloudformation`, `s3`. */
  readonly service: string;
  readonly region: string;
  /** Of protocols with paths, the method and what kind of thing the path is. */
  readonly operation: string;
  /** Of the query protocol, its parameters. */
  readonly form: URLSearchParams | undefined;
}

export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

const SCOPE = /Credential=[^/]+\/\d{8}\/([\w-]+)\/([\w-]+)\/aws4_request/;

/** Undefined for what nobody has signed. */
export function readCall({ method, path, headers, body }: RawRequest): Call | undefined {
  const scope = SCOPE.exec(String(headers.authorization ?? ""));
  if (scope === null) return undefined;
  const [, region = "", service = ""] = scope;
  const target = headers["x-amz-target"];
  if (typeof target === "string") return { service, region, operation: target.split(".").at(-1)!, form: undefined };
  const isForm = String(headers["content-type"]).startsWith("application/x-www-form-urlencoded");
  const form = isForm ? new URLSearchParams(body.toString()) : undefined;
  const operation = form?.get("Action") ?? restOperation(method, path);
  return { service, region, operation, form };
}

/** `PUT object`, `POST ?delete`, `GET bucket`: enough to tell what happened. */
function restOperation(method: string, path: string): string {
  const url = new URL(path, "http://aws");
  const query = [...url.searchParams.keys()].find((key) => ["delete", "versions", "list-type"].includes(key));
  if (query !== undefined) return `${method} ?${query}`;
  const parts = url.pathname.split("/").filter((part) => part !== "" && !/^\d{4}-\d{2}-\d{2}$/.test(part));
  return `${method} ${parts.length > 1 ? "object" : "bucket"}`;
}
