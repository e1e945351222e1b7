import type { Kysely } from "kysely";
import { createClient } from "@/db/client";
import { findRunningEmbedded } from "@/db/embedded/running";
import { type EmbeddedPostgres, startEmbedded } from "@/db/embedded/start";
import type { Database } from "@/db/schema";
import { provideDatabase } from "../database/database";
import { environmentOf, hasOwnDatabase } from "../environment";
import { localSecrets } from "./local-secrets";

export interface OpenDatabase {
  /** Patient, and the one that `database()` gives from now on. */
  client: Kysely<Database>;
  databaseUrl: string;
  close(): Promise<void>;
}

/** Opens the operator's database, or else the embedded one: the running one, or one started for us. */
export async function openDatabase(applicationName: string): Promise<OpenDatabase> {
  const { databaseUrl, embedded } = await locate();
  const client = createClient({ databaseUrl, poolMax: 2, applicationName, patient: true });
  provideDatabase(client);
  return {
    client,
    databaseUrl,
    close: async () => {
      await client.destroy();
      if (!embedded) return;
      // Another command may have found our server and work on it.
      await embedded.untilUnused();
      await embedded.stop();
    },
  };
}

async function locate(): Promise<{ databaseUrl: string; embedded?: EmbeddedPostgres }> {
  if (hasOwnDatabase()) return { databaseUrl: environmentOf("DATABASE_URL").DATABASE_URL };
  const { DATA_DIR: directory } = environmentOf("DATA_DIR");
  const { databasePassword: password } = await localSecrets(directory);
  const running = await findRunningEmbedded(directory, password);
  if (running) return { databaseUrl: running };
  const embedded = await startEmbedded({ directory, password });
  return { databaseUrl: embedded.databaseUrl, embedded };
}
