import { type Kysely, sql } from "kysely";
import { each } from "./0005/statuses";
import { makeBeginningAndEnd } from "./0007/ends";
import { makeFolding } from "./0007/folding";
import { makeRanges } from "./0007/ranges";
import { makeSpans } from "./0007/spans";
import { makeTidying } from "./0007/tidying";
import { makeTriggers } from "./0007/triggers";

/**
 * A second level of what 0005 keeps, so that the cost of a deep page hardly grows: ranges are smaller, and neighbours
 * among them are gathered into spans. A reader adds up the spans, then the ranges of one of them, then walks inside of
 * one of these: each about the cube root of all jobs.
 *
 * Folding moves what writers added into one folded row for each range, and into its span: a span's counts are those of
 * the folded rows of its ranges. Readers add what is not folded yet, some hundred rows at most. All that is written
 * here is written by who tidies, one at a time; writers go on adding rows, and nothing else.
 *
 * Instances of the version before go on reading what they know, which stays right.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  // As in 0005: all is counted anew below, with nobody writing.
  await sql`lock table organizations, batch_jobs in share row exclusive mode`.execute(db);
  await sql`alter table batch_job_counts add column is_folded boolean not null default false`.execute(db);
  await sql`
    create index batch_job_counts_added on batch_job_counts (organization_id) where not is_folded
  `.execute(db);
  // Folding changes counts in place: with room on the page no index need know.
  await sql`alter table batch_job_counts set (fillfactor = 60)`.execute(db);
  await sql`
    create table batch_job_spans (
      organization_id   text collate "C" not null references organizations on delete cascade,
      from_created_at   timestamptz(3) not null,
      from_id           text collate "C" not null,
      until_created_at  timestamptz(3) not null,
      until_id          text collate "C" not null,
      ${each((status) => `${status} integer not null`)},
      primary key (organization_id, from_created_at, from_id)
    ) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)
  `.execute(db);

  await makeSpans(db);
  await makeRanges(db);
  await makeFolding(db);
  await makeTidying(db);
  await makeTriggers(db);
  await makeBeginningAndEnd(db);
  await sql`select recount_batch_jobs_locked(id) from organizations`.execute(db);
}
