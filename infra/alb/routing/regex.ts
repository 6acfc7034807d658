// Regular expressions of rules, in RE2's syntax as AWS has it: no look-around, no back-references, and time that grows only
// linearly with the text, so that no request can make one hang.

import { RE2JS } from "re2js";

export interface RegexOptions {
  readonly ignoreCase?: boolean;
}

/** True when the expression matches somewhere in the text. Throws on wrong syntax. */
export function compileRegex(source: string, { ignoreCase = false }: RegexOptions = {}): (text: string) => boolean {
  const compiled = RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  return (text) => compiled.matcher(text).find();
}

/** Why the expression cannot be used, or undefined. `groups` counts its capturing groups. */
export function inspectRegex(source: string): { readonly groups: number } | { readonly fault: string } {
  // AWS leaves Unicode classes out, which RE2 has.
  if (/\\[pP]/.test(source)) return { fault: "Unicode character classes are not supported" };
  try {
    return { groups: RE2JS.compile(source).groupCount() };
  } catch (error) {
    return { fault: (error as Error).message };
  }
}

/** Replaces the first match; undefined when there is none. `$0` to `$9` in the replacement stand for groups. */
export function compileRewrite(source: string, replacement: string): (text: string) => string | undefined {
  const compiled = RE2JS.compile(source);
  return (text) => {
    const matcher = compiled.matcher(text);
    if (!matcher.find()) return undefined;
    const filled = replacement.replace(/\$(\d)/g, (_, digit) => matcher.group(Number(digit)) ?? "");
    return text.slice(0, matcher.start()) + filled + text.slice(matcher.end());
  };
}

/** The highest group that a replacement names, -1 when it names none. */
export const highestGroup = (replacement: string) =>
  Math.max(-1, ...[...replacement.matchAll(/\$(\d)/g)].map(([, digit]) => Number(digit)));
