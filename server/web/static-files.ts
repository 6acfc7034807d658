// The built client as files: pages are asked for again each time, files whose names carry a hash are kept for ever by browsers. Those of
// every build may lie in one folder, so that a page finds its own whichever version of the server it asks.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import sirv from "sirv";

/** Where the client's build puts files whose names carry a hash of their content. */
const ASSETS = "/assets";

export type FileHandler = (request: IncomingMessage, response: ServerResponse, otherwise: () => void) => void;

export interface ClientFiles {
  /** The pages of this server's version, and its assets if they are not elsewhere. */
  pagesDir: string;
  /** The assets of all builds that a page may still be of. */
  assetsDir?: string | undefined;
}

export function serveFiles({ pagesDir, assetsDir }: ClientFiles): FileHandler {
  const pages = filesIn(pagesDir, (path) => path.startsWith(`${ASSETS}/`));
  if (assetsDir === undefined) return pages;
  const assets = filesIn(assetsDir, () => true);
  return (request, response, otherwise) => {
    const { url } = request;
    if (!url?.startsWith(`${ASSETS}/`)) return pages(request, response, otherwise);
    request.url = url.slice(ASSETS.length);
    assets(request, response, () => {
      request.url = url;
      pages(request, response, otherwise);
    });
  };
}

/** Looks at the disk for each request: other builds put files there, and remove them, while this process runs. */
function filesIn(directory: string, isHashed: (path: string) => boolean): FileHandler {
  const files = sirv(directory, {
    dev: true,
    etag: true,
    setHeaders(response, path) {
      response.setHeader("Cache-Control", isHashed(path) ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
  return (request, response, otherwise) => {
    // sirv does not watch the stream that it pipes: a file that goes between its look and its reading must end this answer only, and one
    // whose reader hangs up must not stay open.
    response.once("pipe", (file: Readable) => {
      file.once("error", () => response.destroy());
      response.once("close", () => file.destroy());
    });
    // Everybody gets the whole file, as HTTP allows: of a range that ends before it begins sirv has sent the head when it throws.
    delete request.headers.range;
    try {
      files(request, response, otherwise);
    } catch {
      // It went between two looks of sirv's: the same as not there, unless the head of the answer has gone out.
      if (response.headersSent) response.destroy();
      else otherwise();
    }
  };
}
