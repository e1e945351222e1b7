import type { Kysely } from "kysely";
import { createClient } from "@/db/client";
import type { Database } from "@/db/schema";
import { environment } from "../environment";
import { logError } from "../log";

// Next.js bundles this file more than once, but the process needs a single pool.
const shared = globalThis as { batchJobsDatabase?: Kysely<Database> };

/**
 * The process's connection pool, which connects with the first query. A file that imports it must take a Viewer, a Person
 * or an Operator; e2e/architecture.spec.ts checks this.
 */
export function database(): Kysely<Database> {
  shared.batchJobsDatabase ??= createClient({
    databaseUrl: environment().DATABASE_URL,
    poolMax: environment().DATABASE_POOL_MAX,
    applicationName: "batch-jobs",
    // Logged without the request that happened to open the connection.
    onIdleError: (error) => logError("idle database connection failed", error, { requestId: undefined }),
  });
  return shared.batchJobsDatabase;
}

/** Replaces the pool, for commands with other timeouts than the server's. */
export function provideDatabase(client: Kysely<Database>): void {
  shared.batchJobsDatabase = client;
}
