import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Database } from "@/db/schema";
import { runByViewer } from "../access/run-by-viewer";
import { type Scope, type Viewer, viewerScope } from "../access/viewer";
import { parameter } from "../database/cached-statement";
import { database } from "../database/database";
import { visibleCalls } from "./visible";

/** For how long a dialer is remembered that no longer asks. */
const keptFor = sql`interval '30 days'`;
const deletedMax = 1_000;
const seenEvery = sql`interval '15 seconds'`;

/** Notes that a dialer was heard from, every 15 s at most. @param from has its `dialer` and `api_key_id`. */
const noteDialerOf = (scope: Scope, from: RawBuilder<unknown>) => sql`
  insert into dialers (organization_id, name, api_key_id)
  select ${scope.organizationId}, dialer, api_key_id from (${from}) as heard
  where not exists (
    select from dialers
    where organization_id = ${scope.organizationId} and name = dialer and last_seen_at > now() - ${seenEvery}
  )
  on conflict (organization_id, name) do update
  set last_seen_at = excluded.last_seen_at, api_key_id = excluded.api_key_id
`;

/**
 * Notes that a dialer has asked for work: says why nothing is dialed. Part of a statement that runByViewer runs, with the
 * parameters `dialer` and `apiKeyId`.
 */
export const noteDialer = (scope: Scope) =>
  noteDialerOf(
    scope,
    sql`select ${parameter("dialer")}::text as dialer, ${parameter("apiKeyId")}::text as api_key_id`,
  );

/** Notes that a dialer has extended the lease of a call: one whose calls are long does not ask for others meanwhile. */
export async function noteDialerOfCall(viewer: Viewer, callId: string, db: Kysely<Database>): Promise<void> {
  viewer.require("dial");
  const call = visibleCalls(viewerScope).where("id", "=", parameter<string>("callId"));
  const build = () =>
    noteDialerOf(viewerScope, sql`${call.select(["dialer", "api_key_id"])}`).compile(database());
  await runByViewer(viewer, "dialer of a call", build, { callId }, db);
}

/**
 * Forgets dialers that have not asked for long, as a dialer may have a new name with each start; but not the last one of an
 * organization, which tells for how long there has been none.
 */
export async function deleteOldDialers(): Promise<void> {
  await sql`
    delete from dialers where ctid = any (array(
      select ctid from dialers
      where last_seen_at < now() - ${keptFor} and exists (
        select from dialers as later
        where later.organization_id = dialers.organization_id and later.last_seen_at > dialers.last_seen_at
      )
      limit ${deletedMax}
    ))
  `.execute(database());
}
