// The certificates of a config file: issued by the local CA, or read from PEM files. Files are named from where the config
// file stands.

import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { readCertificate } from "../certificates/certificate.ts";
import type { CertificateStore } from "../certificates/store.ts";
import { limits } from "../limits.ts";
import { certificateArn } from "../model/arns.ts";
import { ElbError } from "../model/errors.ts";
import type { Certificate } from "../model/types.ts";
import { type ConfigPath, refuse } from "./problem.ts";
import type { Config } from "./schema.ts";

/** By name. Throws a ConfigError at the first one that cannot be had. */
export async function declaredCertificates(
  config: Config,
  directory: string,
  store: CertificateStore,
  nowMs: number,
): Promise<ReadonlyMap<string, Certificate>> {
  const certificates = new Map<string, Certificate>([["localhost", store.local]]);
  for (const [i, each] of config.Certificates.entries()) {
    const path = ["Certificates", i];
    const { Name, Domains, CertificateFile = "", PrivateKeyFile = "" } = each;
    try {
      if (Domains) {
        certificates.set(Name, await store.keep(Name, Domains, nowMs));
        continue;
      }
      const certificate = await readPem(directory, CertificateFile, [...path, "CertificateFile"]);
      const key = await readPem(directory, PrivateKeyFile, [...path, "PrivateKeyFile"]);
      const arn = certificateArn(Name);
      certificates.set(Name, readCertificate({ arn, certificate, key, origin: "imported" }, nowMs));
    } catch (error) {
      if (error instanceof ElbError) throw refuse(Domains ? [...path, "Domains"] : path, `${error.message}.`);
      throw error;
    }
  }
  return certificates;
}

async function readPem(directory: string, name: string, path: ConfigPath): Promise<string> {
  const file = resolve(directory, name);
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(limits.maxCertificatePemBytes + 1));
      return buffer.toString("latin1", 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw refuse(path, `${file} cannot be read: ${(error as Error).message}.`);
  }
}
