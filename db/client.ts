import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { PreparingClient } from "./prepared";
import type { Database } from "./schema";

export interface ClientOptions {
  databaseUrl: string;
  /** How many connections this process may hold at once. */
  poolMax: number;
  /** Shown in pg_stat_activity, so that an operator sees whose connection it is. */
  applicationName: string;
  /** For migrations and bulk work at the command line: wait as long as it takes. */
  patient?: boolean;
  /** Told of connections that broke while idle; without a listener they would end the process. */
  onIdleError?: (error: Error) => void;
}

/** So a database that hangs gives an error, and never a request that waits for ever. */
const impatient = {
  lock_timeout: 2_000,
  statement_timeout: 3_000,
  query_timeout: 4_000,
  idle_in_transaction_session_timeout: 5_000,
};

/** A Kysely over a pool. Nothing connects before the first query, so a build needs no database. */
export function createClient(options: ClientOptions): Kysely<Database> {
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool: createPool(options) }) });
}

/** The pool alone, for what Kysely cannot do: COPY. */
export function createPool(options: ClientOptions): pg.Pool {
  const pool = new pg.Pool({
    Client: PreparingClient,
    connectionString: options.databaseUrl,
    max: options.poolMax,
    application_name: options.applicationName,
    connectionTimeoutMillis: 2_000,
    ...(options.patient ? {} : impatient),
    // Compiling a statement takes PostgreSQL a hundred milliseconds and more; ours take a few. Options in the
    // address come after, and win.
    options: "-c jit=off",
    keepAlive: true,
    idleTimeoutMillis: 30_000,
    maxLifetimeSeconds: 1_800,
  });
  // A connection that breaks while it is in use fails its query; without a listener it would also end us.
  pool.on("connect", (connection) => connection.on("error", () => {}));
  pool.on("error", (error) => options.onIdleError?.(error));
  return pool;
}
