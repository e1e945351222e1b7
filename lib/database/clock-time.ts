import { type RawBuilder, sql } from "kysely";

/**
 * The time of this instant. `now()` is that of the transaction's start, so that after waiting for a lock a call would
 * seem to have begun before another one had ended.
 */
export const clockTime = sql<Date>`clock_timestamp()`;

/** For conditions: an index is of use for it, as it does not change while the statement runs. */
export const statementTime = sql<Date>`statement_timestamp()`;

/** @param seconds from this instant. */
export const timeIn = (seconds: number | RawBuilder<number | null>) =>
  sql<Date>`clock_timestamp() + make_interval(secs => ${seconds}::float8)`;

/** For times of a job, whose column would round. */
export const clockSecond = sql<Date>`date_trunc('second', clock_timestamp())`;
