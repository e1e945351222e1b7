import { type Kysely, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { database } from "../database/database";

/** For how long a dialer is remembered that no longer asks. */
const keptFor = sql`interval '30 days'`;
const deletedMax = 1_000;
const seenEvery = sql`interval '15 seconds'`;

/** Notes that a dialer has asked for work, every 15 s at most: says why nothing is dialed. */
export async function recordDialer(viewer: Viewer, name: string, db: Kysely<Database>): Promise<void> {
  viewer.require("dial");
  await sql`
    insert into dialers (organization_id, name, api_key_id)
    select ${viewer.organizationId}, ${name}, ${viewer.apiKeyId}
    where not exists (
      select from dialers
      where organization_id = ${viewer.organizationId} and name = ${name} and last_seen_at > now() - ${seenEvery}
    )
    on conflict (organization_id, name) do update
    set last_seen_at = excluded.last_seen_at, api_key_id = excluded.api_key_id
  `.execute(db);
}

/** Forgets dialers that have not asked for long: a dialer may have a new name with each start. */
export async function deleteOldDialers(): Promise<void> {
  await sql`
    delete from dialers where ctid = any (array(
      select ctid from dialers where last_seen_at < now() - ${keptFor} limit ${deletedMax}
    ))
  `.execute(database());
}
