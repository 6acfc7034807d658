// What is for whoever runs the servers: shown to who carries the operator's token, where there is one.

import { createHash, timingSafeEqual } from "node:crypto";
import type { Answer, Route } from "./http-server.ts";

const SCHEME = "bearer ";
const unauthorized: Answer = {
  status: 401,
  json: {
    error: "unauthorized",
    message: "This is for operators: send Authorization: Bearer and the operator's token.",
  },
};

/** The same route for who carries the token; for everybody without one to carry. */
export function forOperator(token: string | undefined, route: Route): Route {
  if (token === undefined) return route;
  const wanted = digest(token);
  return (request) => {
    const shown = request.headers.authorization ?? "";
    const isBearer = shown.slice(0, SCHEME.length).toLowerCase() === SCHEME;
    // Digests are equally long, so that the time it takes to compare them tells nothing of the token, not even its length.
    const isRight = timingSafeEqual(digest(shown.slice(SCHEME.length)), wanted);
    return isBearer && isRight ? route(request) : unauthorized;
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
