import type { IncomingMessage, ServerResponse } from "node:http";
import { defaultHeaders, errorBody, type HttpError, jsonType } from "../http/http-error";
import { setErrorCode } from "./current-response";

/**
 * Responds that there are too many requests: to the API with the contract's 500, to people with a page, to scripts with
 * the error body.
 */
export function sendTooBusy(request: IncomingMessage, response: ServerResponse): void {
  if (request.url?.startsWith("/batch/")) {
    const isList = request.url.startsWith("/batch/jobs?");
    const detail = isList ? "Failed to list batch jobs" : "Too many requests at once. Try again in a second.";
    sendError(response, { status: 500, code: "internal_error", detail, headers: { "Retry-After": "1" } });
    return;
  }
  const acceptsHtml = request.headers.accept?.includes("text/html");
  const isRead = request.method === "GET" || request.method === "HEAD";
  const headers = { "Cache-Control": "no-store", "Retry-After": "5" };
  if (acceptsHtml) {
    const type = { "Content-Type": "text/html; charset=utf-8" };
    send(response, 503, page(isRead), { ...type, ...defaultHeaders, ...headers });
    return;
  }
  const detail = "Too many requests at once. Try again in a few seconds.";
  sendError(response, { status: 503, code: "busy", detail, headers });
}

/** Sends an error of the API. */
export function sendError(
  response: ServerResponse,
  error: Pick<HttpError, "status" | "code" | "detail" | "headers">,
): void {
  setErrorCode(response, error.code);
  send(response, error.status, errorBody(error), { ...jsonType, ...defaultHeaders, ...error.headers });
}

function send(response: ServerResponse, status: number, body: string, headers: Record<string, string>): void {
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
