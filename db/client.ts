import { Kysely, PostgresAdapter, PostgresDialect, type PostgresPool, type PostgresPoolClient } from "kysely";
import pg from "pg";
import { Connection } from "./connection";
import { parseDatabaseUrl } from "./database-url";
import type { Database } from "./schema";
import { sessionSettings } from "./session-settings";
import { spendTime, TimeBudgetError } from "./time-budget";

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

/** How long a statement's answer is waited for where PostgreSQL itself does not end it in time. */
const queryTimeoutMs = 4_000;

/**
 * A Kysely over a pool. Nothing connects before the first query, so a build needs no database.
 *
 * @throws DatabaseUrlError when the address is not one that can be used.
 */
export function createClient(options: ClientOptions): Kysely<Database> {
  return new Kysely<Database>({ dialect: new Dialect({ pool: new CheckedPool(createPool(options)) }) });
}

/**
 * The pool alone, for what Kysely cannot do: COPY.
 *
 * @throws DatabaseUrlError as above.
 */
export function createPool(options: ClientOptions): pg.Pool {
  const { patient = false, onIdleError } = options;
  const address = parseDatabaseUrl(options.databaseUrl);
  const session = {
    settings: sessionSettings(patient, address.options),
    queryTimeoutMs: patient ? Number.POSITIVE_INFINITY : queryTimeoutMs,
  };
  const pool = new pg.Pool({
    Client: Connection,
    application_name: options.applicationName,
    ...address,
    max: options.poolMax,
    connectionTimeoutMillis: 2_000,
    onConnect: (connection) => connection instanceof Connection && connection.setUp(session),
    keepAlive: true,
    idleTimeoutMillis: 30_000,
    maxLifetimeSeconds: 1_800,
  });
  // A connection that breaks while it is in use fails its query; without a listener it would also end us.
  pool.on("connect", (connection) => connection.on("error", () => {}));
  pool.on("error", (error) => onIdleError?.(error));
  return pool;
}

/**
 * A pool that gives out connections within the time that the request has left, and drops those that must not be used
 * again.
 */
class CheckedPool implements PostgresPool {
  readonly #pool: pg.Pool;
  /** All connections made before this are to be dropped. */
  #droppedBefore = 0;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async connect(): Promise<PostgresPoolClient> {
    for (;;) {
      const client = await spendTime((leftMs) => inTime(this.#pool.connect(), leftMs));
      if (!(client instanceof Connection)) return client;
      const release = client.release.bind(client);
      if (client.madeAt < this.#droppedBefore) {
        release(true);
        continue;
      }
      client.release = () => {
        // There is one server for all: what one connection has met, the others would.
        if (client.fault === "of another server") this.#droppedBefore = Date.now();
        release(client.fault !== undefined);
      };
      return client;
    }
  }

  end(): Promise<void> {
    return this.#pool.end();
  }
}

/** @throws TimeBudgetError when the time is over first; the connection goes back to the pool when it comes. */
async function inTime(connecting: Promise<pg.PoolClient>, leftMs: number): Promise<pg.PoolClient> {
  if (leftMs === Number.POSITIVE_INFINITY) return connecting;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeBudgetError()), leftMs);
  });
  try {
    return await Promise.race([connecting, late]);
  } catch (error) {
    connecting.then(
      (client) => client.release(),
      () => {},
    );
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * PostgreSQL's dialect without Kysely's lock for migrations, which belongs to the session: behind a connection pooler
 * the unlock may reach another session, and every later migration would wait. `migrate` takes a lock that belongs
 * to a transaction instead.
 */
class Dialect extends PostgresDialect {
  override createAdapter() {
    return new Adapter();
  }
}

class Adapter extends PostgresAdapter {
  override async acquireMigrationLock() {}
  override async releaseMigrationLock() {}
}
