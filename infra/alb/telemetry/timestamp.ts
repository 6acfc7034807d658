// Times as AWS's logs have them.

/** ISO 8601 with microseconds. */
export function timestamp(ms: number): string {
  const micros = Math.floor((ms % 1) * 1000);
  return new Date(ms).toISOString().replace("Z", `${String(micros).padStart(3, "0")}Z`);
}
