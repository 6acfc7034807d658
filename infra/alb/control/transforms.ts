// Transforms of a rule as the API takes them.

import { limits, maxTransformsPerRule } from "../limits.ts";
import { ElbError, invalid } from "../model/errors.ts";
import type { Action, Transform } from "../model/types.ts";
import { checkRewrite } from "./regexes.ts";
import { list, oneOf, optional, required, structure, text, type ValueOf } from "./shape.ts";

const rewriteText = { maxLength: limits.maxRewriteLength, pattern: /^[\x20-\x7e]*$/ };
const rewrites = structure({
  Rewrites: required(
    list(structure({ Regex: required(text({ minLength: 1, ...rewriteText })), Replace: required(text(rewriteText)) })),
  ),
});

const transformShape = structure({
  Type: required(oneOf("host-header-rewrite", "url-rewrite")),
  HostHeaderRewriteConfig: optional(rewrites),
  UrlRewriteConfig: optional(rewrites),
});

export const transformList = list(transformShape, 20);

type TransformInput = ValueOf<typeof transformShape>;

const configOf = { "host-header-rewrite": "HostHeaderRewriteConfig", "url-rewrite": "UrlRewriteConfig" } as const;

/** `actions` are those of the same rule. */
export function readTransforms(inputs: readonly TransformInput[], actions: readonly Action[]): readonly Transform[] {
  if (inputs.length > maxTransformsPerRule) throw invalid("A rule can only have '2' transforms");
  const seen = new Set<string>();
  for (const { Type } of inputs) {
    if (seen.has(Type)) throw invalid(`A rule can only have one '${Type}' transform`);
    seen.add(Type);
  }
  const transforms = inputs.map(readTransform);
  checkTransformsFit(transforms, actions);
  return transforms;
}

/** Throws when the rule has no target that could see them. */
export function checkTransformsFit(transforms: readonly Transform[], actions: readonly Action[]): void {
  if (transforms.length > 0 && actions.some((each) => each.Type !== "forward")) {
    throw new ElbError("InvalidLoadBalancerAction", "Transforms can only be specified for a rule that forwards");
  }
}

function readTransform(input: TransformInput): Transform {
  const { Type } = input;
  for (const [type, config] of Object.entries(configOf)) {
    if (type !== Type && input[config] !== undefined) {
      throw invalid(`${config} cannot be specified for a transform of type '${Type}'`);
    }
  }
  const config = input[configOf[Type]];
  if (!config) throw invalid(`A ${configOf[Type]} must be specified`);
  if (config.Rewrites.length !== 1) throw invalid(`A transform of type '${Type}' must have exactly one rewrite`);
  for (const { Regex, Replace } of config.Rewrites) checkRewrite(Regex, Replace);
  return { Type, [configOf[Type]]: config } as unknown as Transform;
}
