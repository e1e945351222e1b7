import type { Kysely } from "kysely";
import type pg from "pg";
import { createClientOf, createPool } from "@/db/client";
import type { Database } from "@/db/schema";
import { environment } from "../environment";
import { logError } from "../log";

// Next.js bundles this file more than once, but the process needs a single pool.
const shared = globalThis as { batchJobsPool?: pg.Pool; batchJobsDatabase?: Kysely<Database> };

/**
 * The process's connection pool, which connects with the first query. A file that imports it must take a Viewer, a Person
 * or an Operator; e2e/architecture.spec.ts checks this.
 */
export function database(): Kysely<Database> {
  shared.batchJobsDatabase ??= createClientOf(pool());
  return shared.batchJobsDatabase;
}

function pool(): pg.Pool {
  shared.batchJobsPool ??= createPool({
    databaseUrl: environment().DATABASE_URL,
    poolMax: environment().DATABASE_POOL_MAX,
    applicationName: "batch-jobs",
    // Logged without the request that happened to open the connection.
    onIdleError: (error) => logError("idle database connection failed", error, { requestId: undefined }),
  });
  return shared.batchJobsPool;
}

/** How many of the pool's connections are used and idle, and how many statements and transactions wait for one. */
export function poolUsage(): { used: number; idle: number; waiting: number } {
  const { totalCount = 0, idleCount = 0, waitingCount = 0 } = shared.batchJobsPool ?? {};
  return { used: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
}

/** Replaces the pool, for commands with other timeouts than the server's. */
export function provideDatabase(client: Kysely<Database>): void {
  shared.batchJobsDatabase = client;
}
