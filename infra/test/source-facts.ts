// Reads from one TypeScript file what the arrows judge: what it imports, and which globals it uses. Pure; oxc parses.
import { parseSync } from "rolldown/utils";

export interface SourceFacts {
  /** Specifiers as written: static, type, re-exported, dynamic, required, and workers by `new URL(…, import.meta.url)`. */
  readonly imports: readonly string[];
  /** Places where an import's target is computed, so that nobody can tell what it is. */
  readonly unreadableImports: number;
  /** Names that are used and neither a property's nor declared here: `Date`, `window`; and Math's members: `Math.random`. */
  readonly names: ReadonlySet<string>;
  readonly errors: readonly string[];
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

export function readSource(file: string, text: string): SourceFacts {
  const { program, errors } = parseSync(file, text);
  const imports: string[] = [];
  const names = new Set<string>();
  const declared = new Set<string>();
  let unreadableImports = 0;
  visit(program as unknown as Node, (node) => {
    const target = importTarget(node);
    if (typeof target === "string") imports.push(target);
    else if (target === null) unreadableImports += 1;
    if (node.type === "Identifier") names.add(node.name as string);
    if (node.type === "VariableDeclarator") addIfName(node.id, declared);
    for (const parameter of (node.params as unknown[] | undefined) ?? []) addIfName(parameter, declared);
    const member = mathMember(node);
    if (member) names.add(member);
  });
  for (const name of declared) names.delete(name);
  return { imports, unreadableImports, names, errors: errors.map((error) => error.message) };
}

/** Taking a global apart (`const { now } = Date`) declares no name of the global's own, so patterns do not count. */
function addIfName(node: unknown, names: Set<string>): void {
  if ((node as Node)?.type === "Identifier") names.add((node as Node).name as string);
}

/** The specifier that a node imports; null when it imports something computed; undefined when it imports nothing. */
function importTarget(node: Node): string | null | undefined {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "TSImportType":
    case "ImportExpression":
      return literal(node.source);
    case "ExportNamedDeclaration":
      return node.source ? literal(node.source) : undefined;
    case "TSExternalModuleReference":
      return literal(node.expression);
    case "CallExpression":
      return isIdentifier(node.callee, "require") || isImportMetaGlob(node.callee) ? literal(first(node)) : undefined;
    case "NewExpression":
      return isIdentifier(node.callee, "URL") ? scriptUrl(node) : undefined;
    default:
      return undefined;
  }
}

function literal(node: unknown): string | null {
  const { type, value, quasis, expressions } = (node ?? {}) as Node;
  if (type === "Literal" && typeof value === "string") return value;
  const isPlainTemplate = type === "TemplateLiteral" && (expressions as unknown[]).length === 0;
  return isPlainTemplate ? (quasis as { value: { cooked: string } }[])[0]!.value.cooked : null;
}

/** `new URL("./worker.ts", import.meta.url)`: only scripts count, other files are assets. */
function scriptUrl(node: Node): string | undefined {
  const target = literal(first(node));
  return target && /\.[cm]?[jt]sx?$/.test(target) && target.startsWith(".") ? target : undefined;
}

const first = (node: Node): unknown => (node.arguments as unknown[])[0];

const isIdentifier = (node: unknown, name: string): boolean =>
  (node as Node).type === "Identifier" && (node as Node).name === name;

function isImportMetaGlob(node: unknown): boolean {
  const { type, object, property } = node as Node;
  return type === "MemberExpression" && (object as Node).type === "MetaProperty" && isIdentifier(property, "glob");
}

function mathMember(node: Node): string | undefined {
  if (node.type !== "MemberExpression" || !isIdentifier(node.object, "Math")) return undefined;
  const property = node.property as Node;
  return node.computed ? `Math.${literal(property) ?? "?"}` : `Math.${property.name}`;
}

/** Walks the tree, leaving out names that only name a property or a type's member. */
function visit(node: Node, see: (node: Node) => void): void {
  see(node);
  for (const [key, value] of Object.entries(node)) {
    if (isPropertyName(node, key)) continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === "object" && child !== null && typeof child.type === "string") visit(child, see);
    }
  }
}

function isPropertyName(node: Node, key: string): boolean {
  if (node.computed === true) return false;
  if (key === "property") return node.type === "MemberExpression";
  if (key === "key") return true;
  return key === "imported" || key === "exported" || node.type === "TSQualifiedName";
}
