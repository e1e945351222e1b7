import type { Kysely } from "kysely";
import { createClient } from "@/db/client";
import { type EmbeddedPostgres, findRunningEmbedded, startEmbedded } from "@/db/embedded/start";
import type { Database } from "@/db/schema";
import { provideDatabase } from "../database/database";
import { environmentOf, hasOwnDatabase } from "../environment";
import { localSecrets } from "./local-secrets";

export interface OpenDatabase {
  /** Without timeouts. `database()` returns it, too. */
  client: Kysely<Database>;
  databaseUrl: string;
  close(): Promise<void>;
}

/** Opens the operator's database, or the embedded one, starting it unless it is running. */
export async function openDatabase(applicationName: string): Promise<OpenDatabase> {
  const { databaseUrl, embedded } = await locate();
  const client = createClient({ databaseUrl, poolMax: 2, applicationName, timeouts: false });
  provideDatabase(client);
  return {
    client,
    databaseUrl,
    close: async () => {
      await client.destroy();
      if (!embedded) return;
      // Another command may be using the same server.
      await embedded.waitUntilUnused();
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
