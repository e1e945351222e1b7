/** Error codes and messages of Node and pg when the database cannot be reached, or does not respond in time. */
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

/** SQLSTATEs (PostgreSQL's appendix A) of a server that accepts no connections: connection exceptions, shutdown, startup. */
const unreachableStates = /^(08(?!P01)...|57P0[1-3])$/;

/**
 * A protocol violation is permanent, such as a database that a pooler does not know. But PgBouncer also reports 08P01
 * when it has no server at the moment; only its message tells the difference.
 */
const protocolViolation = "08P01";
const poolerHasNoServer =
  /conn(ection)? (crashed|closed)|connect failed|cannot connect|try again|time ?out|pause|suspend|server down|shut(ting)? ?down|no more connections|too many|remaining connection slots|starting up|recovery mode|obsolete connection|changed|lookup failed|server_login_retry/i;

/**
 * Transient SQLSTATEs: insufficient resources, a cancelled statement, a dropped database or idle session timeout, lock
 * not available, serialization failure, deadlock, and a read-only standby.
 */
const transientStates = /^(53...|57014|57P0[45]|55P03|40001|40P01|25006)$/;

/** Whether an error means that there is no server, or that it accepts no connections. */
export function isDatabaseUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isDatabaseUnreachable);
  const { code = "" } = error as { code?: string };
  if (code === protocolViolation) return poolerHasNoServer.test(error.message);
  return networkCodes.includes(code) || unreachableStates.test(code) || messages.test(error.message);
}

/** Whether an error is transient: the database is unreachable or too slow, and a retry may help. */
export function isTransient(error: unknown): boolean {
  const { code = "" } = (error ?? {}) as { code?: string };
  return isDatabaseUnreachable(error) || transientStates.test(code);
}

/** Whether a pooled connection was lost. The pool's other connections probably were, too. */
export function isConnectionLost(error: unknown): boolean {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  return (
    /^(ECONNRESET|EPIPE|57P01|08006)$/.test(code) ||
    /connection terminated unexpectedly|not queryable|server conn crashed/i.test(message)
  );
}

/** Whether a read can be retried at once: its connection was lost, or it lost a conflict with another transaction. */
export function isRetryable(error: unknown): boolean {
  return isConnectionLost(error) || /^(40001|40P01)$/.test((error as { code?: string }).code ?? "");
}

/** Whether the server is read-only: a standby, or the primary of before a failover. */
export function isReadOnly(error: unknown): boolean {
  return (error as { code?: string }).code === "25006";
}

/** Whether waiting for a result was given up; it may still arrive. */
export function isTimeout(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return code === "ETIMEDOUT" || message === "Query read timeout";
}

/** The name of the constraint that a statement violated, such as `users_email_unique`. */
export function violatedConstraint(error: unknown): string | undefined {
  const { code = "", constraint } = error as { code?: string; constraint?: string };
  return code.startsWith("23") ? constraint : undefined;
}
