// The requests that the generator sends and the answer's body that it waits for. The body's last character tells it that
// an answer is complete, so that it need not parse what the proxies make of the head.

/** WebSockets on this path get messages; on any other they are only opened. */
export const STREAM_PATH = "/game";

export const BODY_END = "~".charCodeAt(0);
export const BODY = `${"tidegate ".repeat(11)}~`;

/** The page that the WebSockets are said to come from. */
export const ORIGIN = "https://localhost";

export const PLAIN_REQUEST =
  "GET /small HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nUser-Agent: tidegate-bench\r\n\r\n";
