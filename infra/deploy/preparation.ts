// What a version needs before its first server can start: files of this machine for processes, an image for containers.
import type { Say } from "../provision/progress.ts";
import { buildServer } from "../stack/bundle.ts";
import { buildClient } from "../stack/client-build.ts";
import type { Release } from "../stack/home.ts";
import { buildImage } from "../stack/image-build.ts";
import type { OpenStack } from "../stack/open-stack.ts";

export interface Preparation {
  readonly root: string;
  readonly release: Release;
  /** Releases whose servers run: what they need stays. */
  readonly running: readonly Release[];
  readonly signal: AbortSignal;
  readonly say: Say;
}

/** Rejects with a Refusal when something cannot be built; nothing that runs has changed then. */
export async function prepareRelease(
  { platform, home }: Pick<OpenStack, "platform" | "home">,
  { root, release, running, signal, say }: Preparation,
): Promise<void> {
  const { version } = release;
  if (platform === "compose") return buildImage({ root, home, version, signal, say });
  await buildServer({ root, home, release, running, signal });
  const versions = [...new Set(running.map((one) => one.version))];
  await buildClient({ root, home, version, running: versions, signal, say });
}
