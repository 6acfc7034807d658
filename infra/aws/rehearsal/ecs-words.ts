// moto's CloudFormation, when it updates a task definition, hands its containers to ECS in CloudFormation's words (Name, Image), of which ECS knows
// nothing; when it makes one, it does not. Pure.
import type { Template } from "./reduce.ts";

const TASK_DEFINITION = "AWS::ECS::TaskDefinition";

/** The template with its containers in ECS's words (name, image). */
export function inEcsWords(template: Template): Template {
  const resources = Object.entries(template.Resources).map(([id, resource]) => {
    if (resource.Type !== TASK_DEFINITION) return [id, resource];
    const { ContainerDefinitions, ...properties } = resource.Properties as Record<string, unknown>;
    const Properties = { ...properties, ContainerDefinitions: translated(ContainerDefinitions) };
    return [id, { ...resource, Properties }];
  });
  return { ...template, Resources: Object.fromEntries(resources) };
}

/** What CloudFormation itself replaces by a value keeps its words. */
const isReference = (key: string): boolean => key === "Ref" || key.startsWith("Fn::");

function translated(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(translated);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      isReference(key) ? [key, inner] : [key.charAt(0).toLowerCase() + key.slice(1), translated(inner)],
    ),
  );
}
