/**
 * What we say when we do not do what was asked: known, and safe to show to whoever asked.
 * Any other error is ours, is logged, and is answered without its words.
 */
export class HttpError extends Error {
  /**
   * @param status HTTP status, 400 to 499; 503 when there is too much to do.
   * @param code for programs, snake_case.
   * @param detail for people, a sentence that names what is wrong.
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
