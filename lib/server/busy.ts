import type { IncomingMessage, ServerResponse } from "node:http";
import { errorBody, headersOfEveryAnswer, jsonType } from "../http/answer";

/**
 * Refuses a request because there are too many: for the API with the contract's answer to a failure on our side, for
 * people with a page, for scripts of pages with the error body.
 */
export function answerBusy(request: IncomingMessage, response: ServerResponse): void {
  if (request.url?.startsWith("/batch/")) {
    send(response, 500, errorBody({ detail: "Failed to list batch jobs", code: "internal_error" }), {
      ...jsonType,
      ...headersOfEveryAnswer,
      "Retry-After": "1",
    });
    return;
  }
  const isForPeople = request.headers.accept?.includes("text/html");
  const isRead = request.method === "GET" || request.method === "HEAD";
  const body = isForPeople
    ? page(isRead)
    : errorBody({ detail: "Too many requests at once. Try again in a few seconds.", code: "busy" });
  send(response, 503, body, {
    ...(isForPeople ? { "Content-Type": "text/html; charset=utf-8" } : jsonType),
    ...headersOfEveryAnswer,
    "Cache-Control": "no-store",
    "Retry-After": "5",
  });
}

/** @param headers for this response; its length is added. */
export function send(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string>,
): void {
  response.writeHead(status, { ...headers, "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}

/** Needs neither style nor script: there are no other requests that could bring them. */
function page(isRead: boolean): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Too many requests – Batch Jobs</title>
<h1>The server has too many requests just now</h1>
${
  isRead
    ? '<p>This page cannot be shown. It often passes within seconds.</p>\n<p><a href="">Try again</a></p>'
    : "<p>What you sent was not done. Go back, and send it again in a few seconds.</p>"
}
</html>
`;
}
