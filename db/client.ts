import { Kysely, PostgresAdapter, PostgresDialect, type PostgresPool, type PostgresPoolClient } from "kysely";
import pg from "pg";
import { Connection } from "./connection";
import { parseDatabaseUrl } from "./database-url";
import type { Database } from "./schema";
import { sessionSettings } from "./session-settings";
import { spendTime, TimeBudgetError } from "./time-budget";

interface ClientOptions {
  databaseUrl: string;
  poolMax: number;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  /** Whether statements time out; false for migrations and bulk work at the command line. */
  timeouts?: boolean;
  /** Called for connections that break while idle. */
  onIdleError?: (error: Error) => void;
}

/** For results that PostgreSQL's own statement_timeout does not bound, as on a broken network. */
const queryTimeoutMs = 4_000;

/**
 * A Kysely instance with a pool, which connects on the first query.
 *
 * @throws DatabaseUrlError when the address cannot be used.
 */
export function createClient(options: ClientOptions): Kysely<Database> {
  return createClientOf(createPool(options));
}

/** A Kysely instance with this pool. */
export function createClientOf(pool: pg.Pool): Kysely<Database> {
  return new Kysely<Database>({ dialect: new Dialect({ pool: new CheckedPool(pool) }) });
}

/**
 * Only the pool: for COPY, which Kysely cannot do, and to see how much of it is used.
 *
 * @throws DatabaseUrlError as above.
 */
export function createPool(options: ClientOptions): pg.Pool {
  const { timeouts = true, onIdleError } = options;
  const address = parseDatabaseUrl(options.databaseUrl);
  const session = {
    settings: sessionSettings(timeouts, address.options),
    queryTimeoutMs: timeouts ? queryTimeoutMs : Number.POSITIVE_INFINITY,
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
  // A connection that breaks fails its query; without a listener it would also end the process.
  pool.on("connect", (connection) => connection.on("error", () => {}));
  pool.on("error", (error) => onIdleError?.(error));
  return pool;
}

/** A pool that provides connections within the request's remaining time, and drops those that must not be reused. */
class CheckedPool implements PostgresPool {
  readonly #pool: pg.Pool;
  /** Connections made before this time are dropped. */
  #droppedBefore = 0;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async connect(): Promise<PostgresPoolClient> {
    for (;;) {
      const client = await spendTime((leftMs) => this.#connectWithin(leftMs));
      if (!(client instanceof Connection)) return client;
      const release = client.release.bind(client);
      if (client.madeAt < this.#droppedBefore) {
        release(true);
        continue;
      }
      client.release = () => {
        // All connections lead to the same server, so the others are affected, too.
        if (client.fault === "server changed") this.#droppedBefore = Date.now();
        release(client.fault !== undefined);
      };
      return client;
    }
  }

  end(): Promise<void> {
    return this.#pool.end();
  }

  #connectWithin(leftMs: number): Promise<pg.PoolClient> {
    const { idleCount, waitingCount } = this.#pool;
    const connecting = this.#pool.connect();
    // An idle connection is provided at once and needs no second timer: pg-pool's bounds it.
    return idleCount > waitingCount ? connecting : inTime(connecting, leftMs);
  }
}

/** @throws TimeBudgetError when time runs out first; the connection then goes back to the pool. */
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
 * PostgreSQL's dialect without Kysely's migration lock, which belongs to the session: behind a connection pooler the
 * unlock may reach another session. `migrate` takes a lock that belongs to a transaction instead.
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
