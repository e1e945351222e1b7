import type { IncomingMessage, ServerResponse } from "node:http";
import { defaultHeaders, errorBody, jsonType } from "../http/http-error";

/**
 * Responds that there are too many requests: to the API with the contract's 500, to people with a page, to scripts with
 * the error body.
 */
export function sendTooBusy(request: IncomingMessage, response: ServerResponse): void {
  if (request.url?.startsWith("/batch/")) {
    const isList = request.url.startsWith("/batch/jobs?");
    const detail = isList ? "Failed to list batch jobs" : "Too many requests at once. Try again in a second.";
    send(response, 500, errorBody({ detail, code: "internal_error" }), {
      ...jsonType,
      ...defaultHeaders,
      "Retry-After": "1",
    });
    return;
  }
  const acceptsHtml = request.headers.accept?.includes("text/html");
  const isRead = request.method === "GET" || request.method === "HEAD";
  const body = acceptsHtml
    ? page(isRead)
    : errorBody({ detail: "Too many requests at once. Try again in a few seconds.", code: "busy" });
  send(response, 503, body, {
    ...(acceptsHtml ? { "Content-Type": "text/html; charset=utf-8" } : jsonType),
    ...defaultHeaders,
    "Cache-Control": "no-store",
    "Retry-After": "5",
  });
}

export function send(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string>,
): void {
  response.writeHead(status, { ...headers, "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}

/** Without styles and scripts, because a busy server could not deliver them. */
function page(isRead: boolean): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Server busy – Batch Jobs</title>
<h1>The server is busy</h1>
${
  isRead
    ? '<p>There are too many requests right now.</p>\n<p><a href="">Try again</a></p>'
    : "<p>Your changes were not saved. Go back and try again in a few seconds.</p>"
}
</html>
`;
}
