// The part of AWS Certificate Manager that a load balancer needs: certificates come by import, or are issued at once by
// the local CA where ACM would validate the domain first. Tags, export and revocation are left out.

import { z } from "zod";
import { readCertificate } from "../../certificates/certificate.ts";
import { factsOf } from "../../certificates/facts.ts";
import type { CertificateStore } from "../../certificates/store.ts";
import type { Clock } from "../../clock.ts";
import { limits } from "../../limits.ts";
import { certificateArn } from "../../model/arns.ts";
import { ElbError } from "../../model/errors.ts";
import { type State, type Store, withEntry, withoutEntries } from "../../model/store.ts";
import type { Certificate } from "../../model/types.ts";
import { page } from "../paging.ts";

export interface AcmContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly issuer: Pick<CertificateStore, "issue">;
  /** A UUID. */
  readonly newId: () => string;
}

export interface AcmOperation<S extends z.ZodType = z.ZodType> {
  readonly input: S;
  readonly run: (input: never, context: AcmContext) => object | Promise<object>;
}

const operation = <S extends z.ZodType>(
  input: S,
  run: (input: z.output<S>, context: AcmContext) => object | Promise<object>,
): AcmOperation<S> => ({ input, run: run as AcmOperation["run"] });

const arn = z.string().min(20).max(2_048);
const pemBlob = z.base64().transform((text) => Buffer.from(text, "base64").toString("utf8"));
const domainName = z.string().min(1).max(253);
const keyAlgorithm = z.enum(["RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1"]);

function find(state: State, wanted: string): Certificate {
  const found = state.certificates.get(wanted);
  if (!found) throw new ElbError("ResourceNotFoundException", `Could not find certificate ${wanted}.`);
  return found;
}

function put({ store }: AcmContext, certificate: Certificate): void {
  const { certificates } = store.state;
  if (!certificates.has(certificate.arn) && certificates.size >= limits.maxCertificates) {
    throw new ElbError(
      "LimitExceededException",
      `The maximum number of certificates '${limits.maxCertificates}' has been reached`,
    );
  }
  store.replace({ certificates: withEntry(certificates, certificate.arn, certificate) });
}

const usersOf = (state: State, wanted: string) => [
  ...new Set(
    [...state.listeners.values()]
      .filter((each) => each.certificateArns.includes(wanted))
      .map((each) => each.loadBalancerArn),
  ),
];

const seconds = (ms: number) => ms / 1000;
const typeOf = ({ origin }: Certificate) => (origin === "imported" ? "IMPORTED" : "AMAZON_ISSUED");
const statusOf = (notAfterMs: number, nowMs: number) => (notAfterMs < nowMs ? "EXPIRED" : "ISSUED");

function addedAt({ origin, addedAtMs }: Certificate) {
  const at = seconds(addedAtMs);
  return { CreatedAt: at, ...(origin === "imported" ? { ImportedAt: at } : { IssuedAt: at }) };
}

const importCertificate = operation(
  z.strictObject({
    CertificateArn: arn.optional(),
    Certificate: pemBlob,
    PrivateKey: pemBlob,
    CertificateChain: pemBlob.optional(),
  }),
  (input, context) => {
    const wanted = input.CertificateArn ?? certificateArn(context.newId());
    if (input.CertificateArn !== undefined && find(context.store.state, wanted).origin !== "imported") {
      throw new ElbError("ValidationException", "Only an imported certificate can be imported again");
    }
    const { Certificate: certificate, PrivateKey: key, CertificateChain: chain } = input;
    put(
      context,
      readCertificate({ ...{ arn: wanted, certificate, key, chain }, origin: "imported" }, context.clock.nowMs()),
    );
    return { CertificateArn: wanted };
  },
);

const requestCertificate = operation(
  z.strictObject({
    DomainName: domainName,
    SubjectAlternativeNames: z.array(domainName).min(1).max(limits.maxCertificateDomains).optional(),
    /** Nobody is asked: the local CA signs for everybody. */
    ValidationMethod: z.enum(["DNS", "EMAIL"]).optional(),
    KeyAlgorithm: keyAlgorithm.default("RSA_2048"),
  }),
  async ({ DomainName, SubjectAlternativeNames = [], KeyAlgorithm }, context) => {
    const wanted = certificateArn(context.newId());
    const names = [...new Set([DomainName, ...SubjectAlternativeNames])];
    put(context, await context.issuer.issue(wanted, names, context.clock.nowMs(), KeyAlgorithm));
    return { CertificateArn: wanted };
  },
);

const describeCertificate = operation(z.strictObject({ CertificateArn: arn }), (input, { store, clock }) => {
  const certificate = find(store.state, input.CertificateArn);
  const facts = factsOf(certificate.certificate);
  return {
    Certificate: {
      CertificateArn: certificate.arn,
      DomainName: facts.domain,
      SubjectAlternativeNames: facts.names,
      ...(certificate.origin === "issued" && {
        DomainValidationOptions: facts.names.map((DomainName) => ({
          ...{ DomainName, ValidationDomain: DomainName, ValidationStatus: "SUCCESS", ValidationMethod: "DNS" },
        })),
      }),
      ...{ Serial: facts.serial, Subject: facts.subject, Issuer: facts.issuer },
      ...addedAt(certificate),
      Status: statusOf(facts.notAfterMs, clock.nowMs()),
      ...{ NotBefore: seconds(facts.notBeforeMs), NotAfter: seconds(facts.notAfterMs) },
      ...{ KeyAlgorithm: facts.keyAlgorithm, SignatureAlgorithm: facts.signatureAlgorithm },
      InUseBy: usersOf(store.state, certificate.arn),
      Type: typeOf(certificate),
      RenewalEligibility: "INELIGIBLE",
    },
  };
});

const statuses = z.enum([
  ...(["PENDING_VALIDATION", "ISSUED", "INACTIVE", "EXPIRED", "VALIDATION_TIMED_OUT", "REVOKED", "FAILED"] as const),
]);

const listCertificates = operation(
  z.strictObject({
    CertificateStatuses: z.array(statuses).optional(),
    NextToken: z.string().min(1).max(10_000).optional(),
    MaxItems: z.int().min(1).max(1_000).default(1_000),
  }),
  ({ CertificateStatuses: wanted, NextToken: Marker, MaxItems: PageSize }, { store, clock }) => {
    const all = [...store.state.certificates.values()].map((certificate) => {
      const facts = factsOf(certificate.certificate);
      return {
        CertificateArn: certificate.arn,
        DomainName: facts.domain,
        SubjectAlternativeNameSummaries: facts.names,
        HasAdditionalSubjectAlternativeNames: false,
        Status: statusOf(facts.notAfterMs, clock.nowMs()),
        Type: typeOf(certificate),
        KeyAlgorithm: facts.keyAlgorithm,
        InUse: usersOf(store.state, certificate.arn).length > 0,
        ...{ NotBefore: seconds(facts.notBeforeMs), NotAfter: seconds(facts.notAfterMs) },
        ...addedAt(certificate),
      };
    });
    const chosen = wanted ? all.filter((each) => wanted.includes(each.Status as z.output<typeof statuses>)) : all;
    const { items, NextMarker } = page(chosen, (each) => each.CertificateArn, { Marker, PageSize });
    return { CertificateSummaryList: items, NextToken: NextMarker };
  },
);

const getCertificate = operation(z.strictObject({ CertificateArn: arn }), (input, { store }) => {
  const [leaf, ...chain] = find(store.state, input.CertificateArn).certificate.split(/(?=-----BEGIN )/);
  return { Certificate: leaf, ...(chain.length > 0 && { CertificateChain: chain.join("") }) };
});

const deleteCertificate = operation(z.strictObject({ CertificateArn: arn }), (input, { store }) => {
  const { state } = store;
  const { arn: wanted } = find(state, input.CertificateArn);
  if (usersOf(state, wanted).length > 0) {
    throw new ElbError("ResourceInUseException", `Certificate ${wanted} is in use.`);
  }
  store.replace({ certificates: withoutEntries(state.certificates, (key) => key === wanted) });
  return {};
});

export const acmOperations: ReadonlyMap<string, AcmOperation> = new Map<string, AcmOperation>([
  ["ImportCertificate", importCertificate],
  ["RequestCertificate", requestCertificate],
  ["DescribeCertificate", describeCertificate],
  ["ListCertificates", listCertificates],
  ["GetCertificate", getCertificate],
  ["DeleteCertificate", deleteCertificate],
]);
