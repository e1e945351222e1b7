import { sql } from "kysely";
import { isReadOnly } from "@/db/failure";
import { findSchemaVersion, schemaVersion } from "@/db/migrate";
import { withTimeBudget } from "@/db/time-budget";
import { database } from "./database/database";
import { logError } from "./log";

const timeoutMs = 1_000;

/** Whether requests can be served: "ready", or why not. */
export type Readiness = "ready" | "database_unavailable" | "database_read_only" | "schema_outdated";

let pending: Promise<Readiness> | undefined;

/**
 * Checks the database, for at most a second; concurrent calls share one check. A newer schema is fine: during a rolling
 * update instances of the old version keep serving.
 */
export function readiness(): Promise<Readiness> {
  pending ??= check().finally(() => {
    pending = undefined;
  });
  return pending;
}

async function check(): Promise<Readiness> {
  try {
    return await withTimeBudget(timeoutMs, async () => {
      const found = await findSchemaVersion(database());
      if (found === undefined || found < schemaVersion) return "schema_outdated";
      // Deletes nothing, but fails on a read-only server, so that the pool drops its connections.
      await sql`delete from organizations where false`.execute(database());
      return "ready";
    });
  } catch (error) {
    logError("readiness check failed", error);
    return isReadOnly(error) ? "database_read_only" : "database_unavailable";
  }
}
