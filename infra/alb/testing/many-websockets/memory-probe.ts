// Loaded into the load balancer's process before it: tells its memory after a collection, on a call from outside. Needs
// node --expose-gc.

import { answerCalls } from "./child-calls.ts";

export interface Memory {
  readonly residentBytes: number;
  /** Objects of JavaScript that live. */
  readonly heapBytes: number;
  /** Buffers and the like that live. */
  readonly externalBytes: number;
}

answerCalls({
  async memory(): Promise<Memory> {
    // What the first collection frees may free more.
    for (let i = 0; i < 3; i++) {
      global.gc?.();
      await new Promise(setImmediate);
    }
    const { rss, heapUsed, external } = process.memoryUsage();
    return { residentBytes: rss, heapBytes: heapUsed, externalBytes: external };
  },
});
// A load balancer that is told to end does not wait for its probe.
process.channel?.unref();
