import { sql } from "kysely";
import { isReadOnly } from "@/db/failure";
import { findSchemaVersion, schemaVersion } from "@/db/migrate";
import { withTimeBudget } from "@/db/time-budget";
import { database } from "./database/database";
import { logError } from "./log";

const limitMs = 1_000;

/** Whether requests can be served: "ready", or in one word why not. */
export type Readiness = "ready" | "database_unavailable" | "database_read_only" | "schema_outdated";

let asking: Promise<Readiness> | undefined;

/**
 * Asks the database, for a second at most. A schema newer than this program's is fine: during a rolling
 * update the old instances go on serving. Those who ask at once share one query.
 */
export function readiness(): Promise<Readiness> {
  asking ??= ask().finally(() => {
    asking = undefined;
  });
  return asking;
}

async function ask(): Promise<Readiness> {
  try {
    return await withTimeBudget(limitMs, async () => {
      const found = await findSchemaVersion(database());
      if (found === undefined || found < schemaVersion) return "schema_outdated";
      // Writes nothing; a server that can only be read refuses it all the same, and the pool then lets go of it.
      await sql`delete from organizations where false`.execute(database());
      return "ready";
    });
  } catch (error) {
    logError("not ready", error);
    return isReadOnly(error) ? "database_read_only" : "database_unavailable";
  }
}
