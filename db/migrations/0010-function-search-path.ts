import { type Kysely, sql } from "kysely";

const names = [
  "keep_updated_at",
  "end_sessions_of_user",
  "batch_job_range_max",
  "batch_job_span_size",
  "cut_batch_job_ranges",
  "gather_batch_job_ranges",
  "join_batch_job_ranges",
  "fold_batch_job_counts",
  "tidy_batch_job_counts",
  "tidy_at_end",
  "recount_batch_jobs",
  "recount_batch_jobs_locked",
  "check_batch_job_counts",
  "begin_batch_job_counts",
  "end_batch_job_counts",
  "forget_batch_job_counts",
  "keep_batch_job",
  "count_batch_jobs_after_insert",
  "count_batch_jobs_after_update",
  "count_batch_jobs_after_delete",
];

/**
 * Functions find the tables of the schema that they are installed in, whatever the search_path of the session
 * that calls them or makes their triggers run. pg_dump, for one, restores with an empty one.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ schema: string; signature: string }>`
    select nspname as schema, format('%I.%I(%s)', nspname, proname, pg_get_function_identity_arguments(pg_proc.oid)) as signature
    from pg_proc join pg_namespace on pg_namespace.oid = pronamespace
    where nspname = current_schema() and proname = any(${names})
  `.execute(db);
  for (const { schema, signature } of rows) {
    await sql`alter function ${sql.raw(signature)} set search_path = ${sql.id(schema)}, pg_temp`.execute(db);
  }
}
