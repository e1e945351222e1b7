import { setTimeout as delay } from "node:timers/promises";
import { findSchemaVersion, schemaVersion } from "@/db/migrate";
import { database } from "./database";
import { logError } from "./log";

const limitMs = 1_000;

/** Whether requests can be served: "ready", or in one word why not. */
export type Readiness = "ready" | "database_unavailable" | "schema_outdated";

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
    const asked = findSchemaVersion(database());
    asked.catch(() => {}); // when the time is over first, nobody listens any more
    const found = await Promise.race([
      asked,
      delay(limitMs, undefined, { ref: false }).then(() => {
        throw new Error(`The database did not answer within ${limitMs} ms`);
      }),
    ]);
    return found !== undefined && found >= schemaVersion ? "ready" : "schema_outdated";
  } catch (error) {
    logError("not ready", error);
    return "database_unavailable";
  }
}
