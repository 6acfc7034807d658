// AddListenerCertificates, RemoveListenerCertificates, DescribeListenerCertificates: what an HTTPS listener can show
// beside its default certificate. The default one is ModifyListener's.

import { certificateNotFound, invalid, notPermitted } from "../../model/errors.ts";
import { type Store, withEntry } from "../../model/store.ts";
import type { Listener } from "../../model/types.ts";
import { type Operation, operation } from "../operation.ts";
import { page, pagingMembers } from "../paging.ts";
import { list, required, structure, text } from "../shape.ts";
import { findListener } from "./listeners.ts";

const members = {
  ListenerArn: required(text()),
  Certificates: required(list(structure({ CertificateArn: required(text()) }))),
};

function findHttps(store: Store, arn: string): Listener {
  const listener = findListener(store, arn);
  if (listener.protocol !== "HTTPS") throw invalid("Certificates cannot be specified for an HTTP listener");
  return listener;
}

const put = (store: Store, listener: Listener, defaultArn: string, others: ReadonlySet<string>) =>
  store.replace({
    listeners: withEntry(store.state.listeners, listener.arn, {
      ...listener,
      certificateArns: [defaultArn, ...others],
    }),
  });

const arnsOf = (certificates: readonly { readonly CertificateArn: string }[]) => {
  if (certificates.length === 0) throw invalid("A certificate must be specified");
  return certificates.map((each) => each.CertificateArn);
};

const add = operation("AddListenerCertificates", members, (input, { store }) => {
  const listener = findHttps(store, input.ListenerArn);
  const [defaultArn = "", ...others] = listener.certificateArns;
  const arns = arnsOf(input.Certificates);
  for (const arn of arns) if (!store.state.certificates.has(arn)) throw certificateNotFound(arn);
  put(store, listener, defaultArn, new Set([...others, ...arns]));
  return { Certificates: arns.map((CertificateArn) => ({ CertificateArn, IsDefault: false })) };
});

const remove = operation("RemoveListenerCertificates", members, (input, { store }) => {
  const listener = findHttps(store, input.ListenerArn);
  const [defaultArn = "", ...others] = listener.certificateArns;
  const left = new Set(others);
  for (const arn of arnsOf(input.Certificates)) {
    if (!left.delete(arn) && arn === defaultArn) {
      throw notPermitted(`The default certificate '${arn}' of a listener cannot be removed`);
    }
  }
  put(store, listener, defaultArn, left);
  return {};
});

const describe = operation(
  "DescribeListenerCertificates",
  { ListenerArn: required(text()), ...pagingMembers },
  (input, { store }) => {
    const { certificateArns } = findListener(store, input.ListenerArn);
    const all = certificateArns.map((CertificateArn, i) => ({ CertificateArn, IsDefault: i === 0 }));
    const { items, NextMarker } = page(all, (each) => `${each.IsDefault} ${each.CertificateArn}`, input);
    return { Certificates: items, NextMarker };
  },
);

export const listenerCertificateOperations: readonly Operation[] = [add, remove, describe];
