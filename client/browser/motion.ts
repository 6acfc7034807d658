// Whether the visitor asked for less motion; follows the setting while the page is open.

export function watchReducedMotion(window: Window): () => boolean {
  const query = window.matchMedia("(prefers-reduced-motion: reduce)");
  return () => query.matches;
}
