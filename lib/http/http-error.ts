/**
 * An error of the client's, with a message that is safe to show. Any other error is ours: it is logged, and its message
 * is not shown.
 */
export class HttpError extends Error {
  /**
   * @param status 400 to 499, or 503 when the server is busy.
   * @param code for programs, in snake_case.
   * @param detail for people: a sentence that says what is wrong.
   */
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(detail);
  }
}

/** @param allowed the allowed methods, which RFC 9110 wants named. */
export function methodNotAllowed(method: string, allowed: string): HttpError {
  const detail = `Method ${method} is not allowed; use ${allowed}`;
  return new HttpError(405, "method_not_allowed", detail, { Allow: allowed });
}

export function errorBody({ detail, code }: Pick<HttpError, "detail" | "code">): string {
  return JSON.stringify({ detail, code });
}

/** The media type of JSON with its charset, which Response.json leaves out. */
export const jsonType = { "Content-Type": "application/json; charset=utf-8" };

/** The headers of all responses of the API, whatever their status; the guard adds more. */
export const defaultHeaders = {
  "Cache-Control": "private, no-cache",
  "X-Content-Type-Options": "nosniff",
};
