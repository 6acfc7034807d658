// `*` and `?` patterns of rule conditions. It only ever goes back to the last `*`, so a hostile path costs at most its length
// times the pattern's.

interface Piece {
  readonly kind: "literal" | "one" | "many";
  readonly text: string;
}

function parse(pattern: string, escapes: boolean): Piece[] {
  const pieces: Piece[] = [];
  for (let i = 0; i < pattern.length; i++) {
    let text = pattern[i]!;
    if (escapes && text === "\\" && i + 1 < pattern.length) {
      text = pattern[++i]!;
      pieces.push({ kind: "literal", text });
    } else if (text === "*") pieces.push({ kind: "many", text });
    else pieces.push({ kind: text === "?" ? "one" : "literal", text });
  }
  return pieces;
}

export interface WildcardOptions {
  readonly ignoreCase?: boolean;
  /** `\*`, `\?` and `\\` stand for themselves (query strings only). */
  readonly escapes?: boolean;
}

export function compileWildcard(pattern: string, options: WildcardOptions = {}): (text: string) => boolean {
  const pieces = parse(options.ignoreCase ? pattern.toLowerCase() : pattern, options.escapes ?? false);
  return (given) => {
    const text = options.ignoreCase ? given.toLowerCase() : given;
    let at = 0;
    let piece = 0;
    let starPiece = -1;
    let starAt = 0;
    while (at < text.length) {
      const current = pieces[piece];
      if (current?.kind === "many") {
        starPiece = piece++;
        starAt = at;
      } else if (current && (current.kind === "one" || current.text === text[at])) {
        piece++;
        at++;
      } else if (starPiece >= 0) {
        piece = starPiece + 1;
        at = ++starAt;
      } else return false;
    }
    while (pieces[piece]?.kind === "many") piece++;
    return piece === pieces.length;
  };
}

export const countWildcards = (pattern: string) => (pattern.match(/[*?]/g) ?? []).length;
