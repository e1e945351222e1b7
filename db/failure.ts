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
const unreachableStates = /^(08(?!P01)...|57P0[1-3])$/;

/**
 * A protocol violation does not pass by itself: a start-up parameter that is refused, a database that a pooler does
 * not know. But PgBouncer says 08P01 as well where it has no server just now; its words tell the difference.
 */
const protocolViolation = "08P01";
const poolerHasNoServer =
  /conn(ection)? (crashed|closed)|connect failed|cannot connect|try again|time ?out|pause|suspend|server down|shut(ting)? ?down|no more connections|too many|remaining connection slots|starting up|recovery mode|obsolete connection|changed|lookup failed|server_login_retry/i;

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
  if (code === protocolViolation) return poolerHasNoServer.test(error.message);
  return networkCodes.includes(code) || unreachableStates.test(code) || messages.test(error.message);
}

/** Whether an error means that the database is away or too slow just now, so that a retry may help. */
export function isDatabaseAway(error: unknown): boolean {
  const { code = "" } = (error ?? {}) as { code?: string };
  return isDatabaseUnreachable(error) || passingStates.test(code);
}

/** Whether an error only tells that a pooled connection was cut. The others to that server were probably cut as well. */
export function isConnectionLost(error: unknown): boolean {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  return (
    /^(ECONNRESET|EPIPE|57P01|08006)$/.test(code) ||
    /connection terminated unexpectedly|not queryable|server conn crashed/i.test(message)
  );
}

/**
 * Whether a read may be tried again at once, on another connection: its connection was cut, or the statement lost
 * against another one.
 */
export function isWorthOneRetry(error: unknown): boolean {
  return isConnectionLost(error) || /^(40001|40P01)$/.test((error as { code?: string }).code ?? "");
}

/** Whether the server can only be read now: a standby, or what was the primary before a fail-over. */
export function isReadOnly(error: unknown): boolean {
  return (error as { code?: string }).code === "25006";
}

/** Whether an answer was not waited for any longer; it may still come. */
export function isTimeout(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return code === "ETIMEDOUT" || message === "Query read timeout";
}

/** The constraint an error names when a statement broke one, as in `users_email_unique`. */
export function brokenConstraint(error: unknown): string | undefined {
  const { code = "", constraint } = error as { code?: string; constraint?: string };
  return code.startsWith("23") ? constraint : undefined;
}
