// Asks a Redis or Valkey at a URL who it is, in its own words (RESP). One question, one answer; not a client library,
// since only server/cluster may know one.
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

const DEFAULT_PORT = 6379;
const ANSWER_MAX_CHARS = 65_536;

/** Answers with the version that the server names; rejects with the reason, in a few words, when it does not answer. */
export function probeRedis(url: URL, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = open(url);
    const finish = (act: () => void) => {
      clearTimeout(timer);
      socket.destroy();
      act();
    };
    const timer = setTimeout(() => finish(() => reject(new Error(`no answer within ${timeoutMs} ms`))), timeoutMs);
    let answer = "";
    socket.on("error", (error) => finish(() => reject(error)));
    socket.on("close", () => finish(() => reject(new Error("the connection was closed"))));
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
      const outcome = readAnswer(answer);
      if (outcome?.kind === "version") finish(() => resolve(outcome.version));
      if (outcome?.kind === "refused") finish(() => reject(new Error(outcome.why)));
    });
    socket.write(question(url));
  });
}

function open(url: URL): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, "") || "127.0.0.1";
  const port = Number(url.port || DEFAULT_PORT);
  return url.protocol === "rediss:" ? connectTls({ host, port, servername: host }) : connectTcp({ host, port });
}

/** AUTH if the URL carries a password, then INFO server. */
export function question(url: URL): string {
  const password = decodeURIComponent(url.password);
  const user = decodeURIComponent(url.username);
  const auth = password === "" ? "" : command(user === "" ? ["AUTH", password] : ["AUTH", user, password]);
  return auth + command(["INFO", "server"]);
}

function command(words: readonly string[]): string {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${parts.join("")}`;
}

export type Answer =
  | { readonly kind: "version"; readonly version: string }
  | { readonly kind: "refused"; readonly why: string };

/** What has been answered so far; undefined while more has to come. */
export function readAnswer(answer: string): Answer | undefined {
  const refused = /^-([^\r\n]*)\r\n/m.exec(answer);
  if (refused) return { kind: "refused", why: refused[1] ?? "" };
  const version = /^redis_version:([^\r\n]+)\r\n/m.exec(answer);
  if (version) return { kind: "version", version: version[1] ?? "" };
  if (answer.length > ANSWER_MAX_CHARS) return { kind: "refused", why: "the answer is not that of a Redis" };
  if (answer !== "" && !/^[+$*]/.test(answer)) return { kind: "refused", why: "the answer is not that of a Redis" };
  return undefined;
}
