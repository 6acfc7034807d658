// Numbers and times as people read them. Pure.

/** `4 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`; never negative. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** `0 B`, `1.2 KB`, `34 MB`: powers of 1000. */
export function bytes(count: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let value = count;
  let unit = 0;
  // Rounding must not give 1000 of the smaller unit.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${short(value)} ${units[unit]}`;
}

/** Milliseconds under one second: `0.4 ms`, `250 ms`, `1.3 s`. */
export const seconds = (value: number): string => (value < 0.9995 ? `${short(value * 1000)} ms` : `${short(value)} s`);

export const count = (value: number): string => Math.round(value).toLocaleString("en-US");

/** `16:41:05`, in the reader's own time. */
export const timeOfDay = (ms: number): string =>
  new Date(ms).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** Small numbers with one decimal, others without. */
const short = (value: number) =>
  value > 0 && value < 9.95 && !Number.isInteger(value) ? value.toFixed(1) : value.toFixed(0);
