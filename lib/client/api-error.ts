import type { operations } from "./openapi.js";

type Responses = operations[keyof operations]["responses"];
type CodeOf<R> = R extends { content: { "application/json": { detail: string; code: infer Code } } }
  ? Code
  : never;
type CodesOf<R> = R extends unknown ? { [Status in keyof R]: CodeOf<R[Status]> }[keyof R] : never;

/** What is wrong, for programs. The codes of each operation are in its documentation. */
export type ErrorCode = CodesOf<Responses> | "not_found" | "method_not_allowed";

/** A response of the API that is an error, after all retries. Its message is a sentence for people. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  private constructor(
    readonly status: number,
    /** `unknown` if the response isn't the API's, but one of a reverse proxy. */
    readonly code: ErrorCode | "unknown",
    message: string,
    /** Identifies the request in the server's log. */
    readonly requestId: string | undefined,
  ) {
    super(message);
  }

  /** Reads the body of a response whose status isn't 2xx. */
  static async from(response: Response): Promise<ApiError> {
    const { status, headers } = response;
    const body = await response.json().catch(() => undefined);
    const { code = "unknown", detail = `The server answered with status ${status}` } = body ?? {};
    return new ApiError(status, code, detail, headers.get("X-Request-Id") ?? undefined);
  }
}
