// Every security policy, by handshakes with the TLS library's own client: through the entry ports, with no data plane.

import { connect } from "node:net";
import { Duplex } from "node:stream";
import { type SecureVersion, type TLSSocket, connect as tlsConnect } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type KeyAlgorithm, makeAuthority, makeLeaf } from "../certificates/authority.ts";
import { readCertificate } from "../certificates/certificate.ts";
import { systemClock } from "../clock.ts";
import { type SecurityPolicy, securityPolicies, type TlsVersion } from "../model/security-policies.ts";
import type { Certificate } from "../model/types.ts";
import { buildTable, type RoutingTable } from "../routing/table.ts";
import { forwardTo, group, stateOf } from "../testing/fixtures.ts";
import { freePort } from "../testing/free-port.ts";
import { EntryPorts } from "./entry-ports.ts";
import { TlsContexts } from "./tls-contexts.ts";

const contexts = new TlsContexts();
let table: RoutingTable;
let port: number;
let certificates: ReadonlyMap<string, Certificate>;
const shown: string[] = [];
const ports = new EntryPorts({
  ...{ clock: systemClock, bind: ["127.0.0.1"], contexts, table: () => table },
  admit: () => true,
  onConnection: ({ tlsSocket, listener }) => {
    shown.push(contexts.shownArn(listener, tlsSocket!));
    tlsSocket!.end();
  },
  onHandshakeFailed: () => {},
});

function serve(sslPolicy: string, certificateArns: string[]): void {
  const listener = { port, protocol: "HTTPS" as const, certificateArns, sslPolicy };
  const state = stateOf({ groups: [group("g", [])], defaultAction: forwardTo(["g", 1]), listener });
  table = buildTable({ ...state, certificates }, () => undefined);
  ports.follow(table);
}

beforeAll(async () => {
  const authority = await makeAuthority(Date.now());
  const leaf = async (arn: string, name: string, algorithm: KeyAlgorithm) => {
    const pem = await makeLeaf(authority, [name], Date.now(), algorithm);
    return [arn, readCertificate({ arn, origin: "issued", ...pem }, Date.now())] as const;
  };
  certificates = new Map([
    await leaf("default", "default.test", "EC_prime256v1"),
    await leaf("ec", "both.test", "EC_prime256v1"),
    await leaf("rsa", "both.test", "RSA_2048"),
    await leaf("only-rsa", "rsa.test", "RSA_2048"),
  ]);
  port = await freePort();
  await ports.open(port);
});
afterAll(() => ports.close());

interface Offer {
  readonly versions: readonly [lowest: SecureVersion, highest: SecureVersion];
  readonly ciphers?: string;
  /** Empty for a client that names none. */
  readonly servername?: string;
}

interface Agreement {
  readonly version: string | null;
  readonly cipher: string;
  readonly key: string;
}

/** What was agreed on, or undefined when the handshake failed. */
function shakeHands({ versions: [minVersion, maxVersion], ciphers = "ALL", servername = "both.test" }: Offer) {
  return new Promise<Agreement | undefined>((resolve) => {
    const socket: TLSSocket = tlsConnect({
      ...{ host: "127.0.0.1", port, servername, rejectUnauthorized: false },
      ...{ minVersion, maxVersion, ciphers: isNew(ciphers) ? ciphers : `${ciphers}:@SECLEVEL=0` },
    });
    let agreed: Agreement | undefined;
    socket.once("secureConnect", () => {
      const key = socket.getPeerX509Certificate()?.publicKey.asymmetricKeyType ?? "";
      agreed = { version: socket.getProtocol(), cipher: socket.getCipher().name, key };
      socket.resume().end();
    });
    // An alert or a reset is no agreement.
    socket.on("error", () => {});
    socket.once("close", () => resolve(agreed));
  });
}

const versions: readonly TlsVersion[] = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
const allCiphers = [...new Set(securityPolicies.flatMap((each) => each.ciphers))];
const isNew = (cipher: string) => cipher.startsWith("TLS_");

test.each(securityPolicies.map((each): [string, SecurityPolicy] => [each.name, each]))(
  "ALB-72: %s speaks its TLS versions and no other",
  async (name, policy) => {
    serve(name, ["default", "ec", "rsa"]);
    const agreed: (string | null)[] = [];
    for (const version of versions) {
      const result = await shakeHands({ versions: [version, version] });
      if (result) agreed.push(result.version);
    }
    expect(agreed).toEqual(policy.versions);
  },
);

const distinct = new Map(securityPolicies.map((each) => [`${each.versions} ${each.ciphers}`, each]));
test.each([...distinct.values()].map((each): [string, SecurityPolicy] => [each.name, each]))(
  "ALB-75: %s takes its ciphers and no other, and prefers the first",
  async (name, policy) => {
    serve(name, ["default", "ec", "rsa"]);
    const agreed: string[] = [];
    for (const cipher of allCiphers) {
      const version: SecureVersion = isNew(cipher) ? "TLSv1.3" : "TLSv1.2";
      const result = await shakeHands({ versions: [version, version], ciphers: cipher });
      if (result) agreed.push(result.cipher);
    }
    expect(agreed.sort()).toEqual([...policy.ciphers].sort());
    if (policy.versions.includes("TLSv1.2")) {
      const old = policy.ciphers.filter((each) => !isNew(each));
      const offer = { versions: ["TLSv1.2", "TLSv1.2"], ciphers: [...old].reverse().join(":") } as const;
      expect((await shakeHands(offer))?.cipher).toBe(old[0]);
    }
  },
);

test("ALB-76: of an ECDSA and an RSA certificate for one host a client gets the one that it can use, ECDSA first", async () => {
  serve("ELBSecurityPolicy-TLS13-1-2-2021-06", ["default", "rsa", "ec"]);
  const offer = (ciphers: string): Offer => ({ versions: ["TLSv1.2", "TLSv1.2"], ciphers });
  shown.length = 0;
  expect((await shakeHands({ versions: ["TLSv1.3", "TLSv1.3"] }))?.key).toBe("ec");
  expect((await shakeHands(offer("ECDHE-RSA-AES128-GCM-SHA256")))?.key).toBe("rsa");
  expect((await shakeHands(offer("ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256")))?.key).toBe("ec");
  expect(shown).toEqual(["ec", "rsa", "ec"]);
});

test("ALB-71: a host that has only an RSA certificate is shown that one, also when the default one is ECDSA", async () => {
  serve("ELBSecurityPolicy-TLS13-1-2-2021-06", ["default", "only-rsa"]);
  shown.length = 0;
  for (const versions of [["TLSv1.2", "TLSv1.2"] as const, ["TLSv1.3", "TLSv1.3"] as const]) {
    expect((await shakeHands({ versions, servername: "rsa.test" }))?.key).toBe("rsa");
    expect((await shakeHands({ versions, servername: "" }))?.key).toBe("ec");
    expect((await shakeHands({ versions, servername: "elsewhere.test" }))?.key).toBe("ec");
  }
  expect(shown).toEqual(["only-rsa", "default", "default", "only-rsa", "default", "default"]);
});

test("ALB-71: bytes that are no TLS, and a hello that comes in pieces, are taken for what they are", async () => {
  serve("ELBSecurityPolicy-TLS13-1-2-2021-06", ["default", "only-rsa"]);
  const plain = connect(port, "127.0.0.1");
  const plainClosed = new Promise((resolve) => plain.once("close", resolve));
  // It is told what is wrong, in plain HTTP.
  plain.on("error", () => {}).resume();
  plain.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  await plainClosed;
  // A client whose bytes arrive one by one.
  const slow = connect(port, "127.0.0.1");
  const dribble = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      for (const byte of chunk) slow.write(Buffer.of(byte));
      done();
    },
  });
  slow.on("data", (chunk) => dribble.push(chunk)).on("error", () => {});
  const secure = tlsConnect({ socket: dribble, servername: "rsa.test", rejectUnauthorized: false });
  await new Promise((resolve, reject) => secure.once("secureConnect", resolve).once("error", reject));
  expect(secure.getPeerX509Certificate()?.publicKey.asymmetricKeyType).toBe("rsa");
  slow.destroy();
});
