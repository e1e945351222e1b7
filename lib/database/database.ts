import type { Kysely } from "kysely";
import { createClient } from "@/db/client";
import type { Database } from "@/db/schema";
import { environment } from "../environment";
import { logError } from "../log";

// Next bundles this file more than once; the process shall have one pool all the same.
const shared = globalThis as { batchJobsDatabase?: Kysely<Database> };

/**
 * The one database of this process. Its pool opens at the first query.
 *
 * A file that imports this also takes a Viewer, a Person or an Operator: e2e/architecture.spec.ts checks it.
 */
export function database(): Kysely<Database> {
  shared.batchJobsDatabase ??= createClient({
    databaseUrl: environment().DATABASE_URL,
    poolMax: environment().DATABASE_POOL_MAX,
    applicationName: "batch-jobs",
    // Not a failure of the request that had opened the connection.
    onIdleError: (error) => logError("idle database connection failed", error, { requestId: undefined }),
  });
  return shared.batchJobsDatabase;
}

/** Lets a command use a database that it opened itself, with other patience than a server's. */
export function provideDatabase(client: Kysely<Database>): void {
  shared.batchJobsDatabase = client;
}
