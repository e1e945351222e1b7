import { sql } from "kysely";
import type { Scope } from "../access/viewer";
import { parameter } from "../database/cached-statement";
import { database } from "../database/database";

/** For how long a dialer is remembered that no longer asks. */
const keptFor = sql`interval '30 days'`;
const deletedMax = 1_000;
const seenEvery = sql`interval '15 seconds'`;

/**
 * Notes that a dialer has asked for work, every 15 s at most: says why nothing is dialed. Part of a statement that
 * runByViewer runs, with the parameters `dialer` and `apiKeyId`.
 */
export const noteDialer = (scope: Scope) => sql`
  insert into dialers (organization_id, name, api_key_id)
  select ${scope.organizationId}, ${parameter("dialer")}, ${parameter("apiKeyId")}
  where not exists (
    select from dialers
    where organization_id = ${scope.organizationId} and name = ${parameter("dialer")}
      and last_seen_at > now() - ${seenEvery}
  )
  on conflict (organization_id, name) do update
  set last_seen_at = excluded.last_seen_at, api_key_id = excluded.api_key_id
`;

/** Forgets dialers that have not asked for long: a dialer may have a new name with each start. */
export async function deleteOldDialers(): Promise<void> {
  await sql`
    delete from dialers where ctid = any (array(
      select ctid from dialers where last_seen_at < now() - ${keptFor} limit ${deletedMax}
    ))
  `.execute(database());
}
