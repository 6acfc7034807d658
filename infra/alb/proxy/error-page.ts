// What the load balancer itself answers: AWS's status lines and its page.

import type { ResponseHead } from "./exchange.ts";

const reasons: Readonly<Record<number, string>> = {
  301: "Moved Permanently",
  302: "Found",
  400: "Bad Request",
  403: "Forbidden",
  405: "Not Allowed",
  408: "Request Time-out",
  413: "Request Entity Too Large",
  414: "Request-URI Too Large",
  417: "Expectation Failed",
  463: "",
  464: "",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Temporarily Unavailable",
  504: "Gateway Time-out",
  505: "HTTP Version Not Supported",
  507: "Insufficient Storage",
};

export const serverHeader = ["Server", "awselb/2.0"] as const;

export interface Page {
  readonly head: ResponseHead;
  readonly body: string;
}

export function errorPage(status: number, options: { sendServer: boolean; close?: boolean }): Page {
  const reason = reasons[status] ?? "";
  const title = `${status} ${reason}`.trim();
  const body =
    `<html>\r\n<head><title>${title}</title></head>\r\n` +
    `<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
  const headers = [
    ...(options.sendServer ? serverHeader : []),
    ...["Content-Type", "text/html", "Content-Length", String(body.length)],
  ];
  return { head: { status, reason, headers, close: options.close ?? false }, body };
}

/** The same page for a connection on which no request could be understood. */
export function rawErrorPage(status: number, date: Date): string {
  return rawPage(errorPage(status, { sendServer: true }), date);
}

/** For plain HTTP on a port that speaks TLS; nginx's words, since AWS's are not known. */
export function plainOnTlsPage(date: Date): string {
  const title = "400 The plain HTTP request was sent to HTTPS port";
  const body =
    `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n` +
    "<center>The plain HTTP request was sent to HTTPS port</center>\r\n</body>\r\n</html>\r\n";
  const headers = [...serverHeader, "Content-Type", "text/html", "Content-Length", String(body.length)];
  return rawPage({ head: { status: 400, reason: reasons[400] ?? "", headers }, body }, date);
}

function rawPage({ head, body }: Page, date: Date): string {
  const lines: string[] = [];
  for (let i = 0; i < head.headers.length; i += 2) lines.push(`${head.headers[i]}: ${head.headers[i + 1]}`);
  lines.splice(1, 0, `Date: ${date.toUTCString()}`);
  return `HTTP/1.1 ${head.status} ${head.reason}\r\n${lines.join("\r\n")}\r\nConnection: close\r\n\r\n${body}`;
}
