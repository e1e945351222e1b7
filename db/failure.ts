/** What Node and pg say when the database cannot be reached, or does not answer in time. */
const networkCodes = [
  "ECONNREFUSED",
  "ECONNRESET",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
];
const messages =
  /timeout exceeded when trying to connect|query read timeout|connection terminated|connection error|not queryable/i;

/** SQLSTATEs (PostgreSQL's appendix A) of a server that takes nobody in: connection exceptions, shutdown, start-up. */
const unreachableStates = /^(08...|57P0[1-3])$/;

/**
 * SQLSTATEs that pass by themselves: insufficient resources, a cancelled statement, a database dropped or a
 * session that idled too long, a lock not available, serialization failure and deadlock, and a standby that is
 * not yet writable.
 */
const passingStates = /^(53...|57014|57P0[45]|55P03|40001|40P01|25006)$/;

/** Whether an error means that there is no server to talk to, or that it takes nobody in. */
export function isDatabaseUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isDatabaseUnreachable);
  const { code = "" } = error as { code?: string };
  return networkCodes.includes(code) || unreachableStates.test(code) || messages.test(error.message);
}

/** Whether an error means that the database is away or too slow just now, so that a retry may help. */
export function isDatabaseAway(error: unknown): boolean {
  const { code = "" } = (error ?? {}) as { code?: string };
  return isDatabaseUnreachable(error) || passingStates.test(code);
}

/**
 * Whether an error only tells that a pooled connection was cut, or that the statement
 * lost against another one: then a read may be tried again at once, on another connection.
 */
export function isWorthOneRetry(error: unknown): boolean {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  return (
    /^(ECONNRESET|EPIPE|57P01|08006|40001|40P01)$/.test(code) ||
    /connection terminated unexpectedly|not queryable/i.test(message)
  );
}

/** The constraint an error names when a statement broke one, as in `users_email_unique`. */
export function brokenConstraint(error: unknown): string | undefined {
  const { code = "", constraint } = error as { code?: string; constraint?: string };
  return code.startsWith("23") ? constraint : undefined;
}
