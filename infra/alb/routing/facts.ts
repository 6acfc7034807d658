// What rules may look at: a request reduced to the facts of AWS's six condition kinds.

export interface RequestFacts {
  readonly method: string;
  /** Without port, lower case; empty when the request names none. */
  readonly host: string;
  /** As in the request line, starting with `/`, without the query. */
  readonly path: string;
  /** Without `?`. */
  readonly query: string;
  /** Name, value, name, value, as they came. */
  readonly rawHeaders: readonly string[];
  /** Address of the TCP peer, never of X-Forwarded-For. */
  readonly sourceIp: string;
}
