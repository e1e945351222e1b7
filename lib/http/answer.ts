import { HttpError } from "./http-error";

/** The charset is said, which Response.json leaves out. */
export const jsonType = { "Content-Type": "application/json; charset=utf-8" };

/** On every answer of the API, whatever its status; the guard adds the request's id. */
export const headersOfEveryAnswer = {
  "Cache-Control": "private, no-cache",
  "X-Content-Type-Options": "nosniff",
};

/** The error body of the contract. */
export function errorBody({ detail, code }: Pick<HttpError, "detail" | "code">): string {
  return JSON.stringify({ detail, code });
}

/** @param allowed the methods there are (RFC 9110 wants them named). */
export function methodNotAllowed(method: string, allowed: string): HttpError {
  return new HttpError(405, "method_not_allowed", `Method ${method} is not allowed`, { Allow: allowed });
}
