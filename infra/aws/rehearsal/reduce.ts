// Takes out of a template what moto's CloudFormation does not know, and puts values in the place of what the rest says about it. Pure.

/** What a resource that is left out is taken to be. */
export interface StandIn {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface LeftOut extends StandIn {
  readonly id: string;
  readonly type: string;
}

/** What is said, by type and name, where moto knows the resource and not this attribute: `AWS::X::Y.Name`. */
export type UnknownAttributes = Readonly<Record<string, string>>;

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly [section: string]: unknown;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: unknown;
  readonly DependsOn?: string | readonly string[];
}

/** `leftOut` names the resources by their ids in the template. Throws when something asks one of them for what nobody has thought of. */
export function reduceTemplate(
  template: Template,
  leftOut: readonly LeftOut[],
  unknownAttributes: UnknownAttributes,
): Template {
  const gone = new Map(leftOut.map((one) => [one.id, one]));
  const attribute = (id: string, name: string): string | undefined => {
    const one = gone.get(id);
    if (one !== undefined) return attributeOf(one, name);
    return unknownAttributes[`${template.Resources[id]?.Type}.${name}`];
  };
  const values: Values = { ref: (id) => gone.get(id)?.ref, attribute };
  const kept = Object.entries(template.Resources).filter(([id]) => !gone.has(id));
  const Resources = Object.fromEntries(kept.map(([id, resource]) => [id, withoutDependsOn(resource, gone)]));
  return replaced({ ...template, Resources }, values) as Template;
}

/** Undefined for what moto can say itself. */
interface Values {
  ref(id: string): string | undefined;
  attribute(id: string, name: string): string | undefined;
}

function withoutDependsOn({ DependsOn, ...resource }: Resource, gone: ReadonlyMap<string, LeftOut>): Resource {
  const kept = [DependsOn ?? []].flat().filter((id) => !gone.has(id));
  return kept.length === 0 ? resource : { ...resource, DependsOn: kept };
}

function replaced(value: unknown, values: Values): unknown {
  if (Array.isArray(value)) return value.map((inner) => replaced(inner, values));
  if (typeof value !== "object" || value === null) return value;
  const [[key, inner] = []] = Object.entries(value);
  if (key === "Ref") return values.ref(inner) ?? value;
  if (key === "Fn::GetAtt") return values.attribute(inner[0], inner[1]) ?? value;
  if (key === "Fn::Join") return joined(inner[0], replaced(inner[1], values));
  if (key === "Fn::Sub") return { "Fn::Sub": substituted(inner, values) };
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, replaced(of, values)]));
}

/** Secrets are asked for by CloudFormation when it makes a resource; moto would take the question for the value. */
function joined(separator: string, parts: unknown): unknown {
  const isText = Array.isArray(parts) && parts.every((part) => typeof part === "string");
  const text = isText ? parts.join(separator) : "";
  return text.startsWith("{{resolve:secretsmanager:") ? "rehearsed" : { "Fn::Join": [separator, parts] };
}

function substituted(inner: unknown, values: Values): unknown {
  if (Array.isArray(inner)) return [substituted(inner[0], values), replaced(inner[1], values)];
  return String(inner).replaceAll(/\$\{([A-Za-z0-9]+)(?:\.([A-Za-z0-9.]+))?\}/g, (whole, id: string, name?: string) => {
    return (name === undefined ? values.ref(id) : values.attribute(id, name)) ?? whole;
  });
}

function attributeOf({ attributes, id, type }: LeftOut, name: string): string {
  const value = attributes[name];
  if (value === undefined) throw new Error(`The stand-in for ${id} (${type}) has no ${name}.`);
  return value;
}
