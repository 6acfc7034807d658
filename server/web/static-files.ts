// The built client as files. Hashed assets never change and are kept for ever by browsers; pages are asked for again each time.

import type { IncomingMessage, ServerResponse } from "node:http";
import sirv from "sirv";

/** Where the client's build puts files whose names carry a hash of their content. */
const HASHED = /^\/assets\//;

export type FileHandler = (request: IncomingMessage, response: ServerResponse, otherwise: () => void) => void;

export function serveFiles(directory: string): FileHandler {
  return sirv(directory, {
    etag: true,
    setHeaders(response, path) {
      response.setHeader("Cache-Control", HASHED.test(path) ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
}
