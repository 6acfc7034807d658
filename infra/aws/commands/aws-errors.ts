// What AWS answers when it refuses, as one sentence that says what to do about it. The names are those of AWS's SDK for
// JavaScript; services spell the same thing in several ways.
import { EXIT, Refusal } from "../../stack/refusal.ts";

const NO_CREDENTIALS = ["CredentialsProviderError"];
const EXPIRED = ["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"];
const UNKNOWN_KEY = [
  ...["InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "SignatureDoesNotMatch"],
  ...["AuthFailure", "InvalidSignatureException", "IncompleteSignature"],
];
const DENIED = [
  ...["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "UnauthorizedException"],
  ...["AuthorizationError", "NotAuthorized", "ClientError.AccessDenied"],
];
const CLOCK = ["RequestTimeTooSkewed", "RequestInTheFuture"];
const THROTTLED = [
  ...["Throttling", "ThrottlingException", "ThrottledException", "RequestLimitExceeded"],
  ...["TooManyRequestsException", "LimitExceededException", "SlowDown"],
];
const UNREACHABLE = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|TimeoutError/;
const ACTION = /not authorized to perform:? ([\w-]+:\w+)/;
const SAID_MAX_CHARS = 400;

/** `doing` completes "Cannot …", as in `deploy tidegate-eu`. What is a Refusal already stays as it is. */
export function awsRefusal(error: unknown, doing: string): Refusal {
  if (error instanceof Refusal) return error;
  const { name, message, code } = read(error);
  const refuse = (stable: string, why: string, wrongUsage = false) =>
    new Refusal(stable, `Cannot ${doing}: ${why}`, {
      exitCode: wrongUsage ? EXIT.wrongUsage : EXIT.notAchieved,
      cause: error,
    });
  const is = (names: readonly string[]) => names.includes(name);
  if (is(NO_CREDENTIALS) && !/expired|SSO session/i.test(message))
    return refuse(
      "no-credentials",
      "there are no AWS credentials. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in by `aws sso login`.",
      true,
    );
  if (is(EXPIRED) || is(NO_CREDENTIALS))
    return refuse("expired-credentials", "the AWS credentials have expired. Log in again, then run this again.", true);
  if (is(UNKNOWN_KEY))
    return refuse(
      "bad-credentials",
      `AWS does not know these credentials (${name}). Look at AWS_PROFILE or the keys.`,
      true,
    );
  if (is(DENIED)) return refuse("access-denied", denied(message));
  if (is(CLOCK))
    return refuse("clock-skew", "this machine's clock is wrong, and AWS refuses what it signs. Set the clock.");
  if (is(THROTTLED))
    return refuse(
      "throttled",
      "AWS asks to be called more slowly, also after several tries. Run this again in a minute.",
    );
  if (UNREACHABLE.test(`${name} ${code} ${message}`))
    return refuse("unreachable", `AWS cannot be reached (${code || name}).`);
  return refuse("aws-error", `AWS says ${name}: ${message.slice(0, SAID_MAX_CHARS).replace(/\.?$/, ".")}`);
}

/** Runs one step; what AWS refuses in it becomes a Refusal. */
export async function withAws<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw awsRefusal(error, doing);
  }
}

export const isNamed = (error: unknown, ...names: readonly string[]): boolean => names.includes(read(error).name);

/** CloudFormation and others answer `ValidationError` to much; the words tell which. */
export const says = (error: unknown, words: RegExp): boolean => words.test(read(error).message);

function denied(message: string): string {
  const action = ACTION.exec(message)?.[1];
  return action === undefined
    ? `AWS does not allow it: ${message.slice(0, SAID_MAX_CHARS)}`
    : `these credentials may not do ${action}. \`npm run aws -- policy\` prints what an operator needs.`;
}

function read(error: unknown): { name: string; message: string; code: string } {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), code: "" };
  return { name: error.name, message: error.message, code: (error as NodeJS.ErrnoException).code ?? "" };
}
