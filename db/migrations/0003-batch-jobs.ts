import { type Kysely, sql } from "kysely";

/** The statuses of a job; the counts have a column for each. */
export const statuses = ["pending", "scheduled", "running", "completed", "failed", "cancelled"];

/**
 * Batch jobs, with all fields of the API.
 *
 * The API's times have whole seconds, and years of four digits, which excludes `infinity`. An organization that has jobs
 * cannot be deleted.
 *
 * Checks of one column are those of a domain: PostgreSQL reads a table's checks again for each statement and runs them
 * all, which took three quarters of the CPU time of a progress update. A domain's are read once in a session, and run
 * only for columns that are written.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- The regular expressions have no bounds such as {1,128}, which PostgreSQL expands into as many states.
    create domain batch_job_id as text collate "C" check (
      octet_length(value) between 1 and 128 and value !~ '[^A-Za-z0-9_-]'
    );
    create domain batch_job_name as text check (char_length(value) between 1 and 200);
    create domain batch_job_description as text check (char_length(value) <= 1000);
    create domain batch_job_status as text collate "C" check (
      value in (${sql.join(statuses.map((status) => sql.lit(status)))})
    );
    create domain agent_or_number_id as text check (char_length(value) between 1 and 128);
    create domain contact_count as integer check (value >= 0);
    create domain batch_job_time as timestamptz(0) check (value between '1970-01-01Z' and '9999-12-31T23:59:59Z');
    create domain job_call_limit as integer check (value between 1 and 50);
    create domain attempt_limit as integer check (value between 1 and 10);
    create domain retryable_statuses as text[] check (
      cardinality(value) <= 20
      and array_position(value, null) is null
      and (cardinality(value) = 0 or array_to_string(value, ',') ~ '^[a-z][a-z0-9_]*(,[a-z][a-z0-9_]*)*$')
      -- No word has more than 64 characters: the cast would shorten it.
      and value::varchar(64)[]::text[] = value
    );

    create table batch_jobs (
      organization_id           text collate "C" not null references organizations on delete restrict,
      id                        batch_job_id not null,
      name                      batch_job_name not null,
      description               batch_job_description,
      status                    batch_job_status not null,
      agent_id                  agent_or_number_id not null,
      from_phone_number_id      agent_or_number_id not null,
      total_contacts            contact_count not null,
      contacts_processed        contact_count not null default 0,
      successful_calls          contact_count not null default 0,
      failed_calls              contact_count not null default 0,
      scheduled_start_time      batch_job_time,
      actual_start_time         batch_job_time,
      completed_at              batch_job_time,
      created_at                batch_job_time not null default date_trunc('second', now()),
      updated_at                timestamptz(3) not null default now(),
      concurrent_call_limit     job_call_limit not null default 5,
      retry_max_attempts        attempt_limit not null default 3,
      retry_retryable_statuses  retryable_statuses not null default '{no_answer,busy,timeout}',

      primary key (organization_id, id),
      constraint processed_within_total check (contacts_processed <= total_contacts),
      -- As bigint, because the sum of two integers can overflow.
      constraint outcomes_within_processed check (successful_calls::bigint + failed_calls <= contacts_processed)
    );

    -- The order of the list, of all jobs and of one status.
    create index batch_jobs_newest_first on batch_jobs (organization_id, created_at desc, id desc);
    create index batch_jobs_by_status_newest_first on batch_jobs (organization_id, status, created_at desc, id desc);
    -- For the next start and overdue jobs.
    create index batch_jobs_waiting on batch_jobs (organization_id, scheduled_start_time)
    where status in ('pending', 'scheduled');
  `.execute(db);
}
