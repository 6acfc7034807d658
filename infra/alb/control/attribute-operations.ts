// The pair Describe…Attributes and Modify…Attributes, which load balancers, listeners and target groups all have.

import { type AttributeTable, withAttributes } from "../model/attributes.ts";
import { invalid } from "../model/errors.ts";
import type { State, Store } from "../model/store.ts";
import type { Attributes } from "../model/types.ts";
import { type Operation, operation } from "./operation.ts";
import { list, required, structure, text } from "./shape.ts";

const attributeList = list(
  structure({ Key: required(text({ maxLength: 256 })), Value: required(text({ maxLength: 1_024 })) }),
  20,
);

const present = (attributes: Attributes) => ({
  Attributes: Object.entries(attributes).map(([Key, Value]) => ({ Key, Value })),
});

export interface AttributeOwner<R extends { readonly attributes: Attributes }> {
  /** As in the operations' names: `TargetGroup`. */
  readonly kind: string;
  readonly table: AttributeTable;
  /** Throws the "not found" of its kind. */
  readonly find: (store: Store, arn: string) => R;
  /** The change that puts `next` in the place of the resource with its ARN. */
  readonly put: (state: State, next: R) => Partial<State>;
  /** Refuses, by throwing, what is good by itself but not together, or not for this resource. */
  readonly check?: (next: R, state: State) => void;
}

export function attributeOperations<R extends { readonly attributes: Attributes }>(
  owner: AttributeOwner<R>,
): readonly Operation[] {
  const { kind, table, find, put, check } = owner;
  const arnMember = `${kind}Arn`;
  const describe = operation(`Describe${kind}Attributes`, { [arnMember]: required(text()) }, (input, { store }) =>
    present(find(store, input[arnMember]!).attributes),
  );
  const modify = operation(
    `Modify${kind}Attributes`,
    { [arnMember]: required(text()), Attributes: required(attributeList) },
    (input, { store }) => {
      const existing = find(store, input[arnMember] as string);
      if (input.Attributes.length === 0) throw invalid("At least one attribute must be specified");
      const next = { ...existing, attributes: withAttributes(table, existing.attributes, input.Attributes) };
      check?.(next, store.state);
      store.replace(put(store.state, next));
      return present(next.attributes);
    },
  );
  return [describe, modify];
}
