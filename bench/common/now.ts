// Time that all processes of a machine share.

/** Microseconds of the machine's monotonic clock. */
export const nowUs = (): number => Number(process.hrtime.bigint()) / 1_000;
