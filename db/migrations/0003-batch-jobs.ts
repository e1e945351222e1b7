import { type Kysely, sql } from "kysely";

/** The statuses of a job; the counts have a column for each. */
export const statuses = ["pending", "scheduled", "running", "completed", "failed", "cancelled"];

/**
 * Batch jobs, with all fields of the API.
 *
 * The API's times have whole seconds, and years of four digits, which excludes `infinity`. An organization that has jobs
 * cannot be deleted.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table batch_jobs (
      organization_id           text collate "C" not null references organizations on delete restrict,
      id                        text collate "C" not null check (id ~ '^[A-Za-z0-9_-]{1,128}$'),
      name                      text not null check (char_length(name) between 1 and 200),
      description               text check (char_length(description) <= 1000),
      status                    text collate "C" not null check (
                                  status in (${sql.join(statuses.map((status) => sql.lit(status)))})
                                ),
      agent_id                  text not null check (char_length(agent_id) between 1 and 128),
      from_phone_number_id      text not null check (char_length(from_phone_number_id) between 1 and 128),
      total_contacts            integer not null check (total_contacts >= 0),
      contacts_processed        integer not null default 0 check (contacts_processed >= 0),
      successful_calls          integer not null default 0 check (successful_calls >= 0),
      failed_calls              integer not null default 0 check (failed_calls >= 0),
      scheduled_start_time      timestamptz(0),
      actual_start_time         timestamptz(0),
      completed_at              timestamptz(0),
      created_at                timestamptz(0) not null default date_trunc('second', now()),
      updated_at                timestamptz(3) not null default now(),
      concurrent_call_limit     integer not null default 5 check (concurrent_call_limit between 1 and 50),
      retry_max_attempts        integer not null default 3 check (retry_max_attempts between 1 and 10),
      retry_retryable_statuses  text[] not null default '{no_answer,busy,timeout}',

      primary key (organization_id, id),
      constraint processed_within_total check (contacts_processed <= total_contacts),
      -- As bigint, because the sum of two integers can overflow.
      constraint outcomes_within_processed check (successful_calls::bigint + failed_calls <= contacts_processed),
      constraint retryable_statuses_are_words check (
        cardinality(retry_retryable_statuses) <= 20
        and array_position(retry_retryable_statuses, null) is null
        and (
          cardinality(retry_retryable_statuses) = 0
          or array_to_string(retry_retryable_statuses, ',') ~ '^[a-z][a-z0-9_]{0,63}(,[a-z][a-z0-9_]{0,63})*$'
        )
      ),
      constraint times_within_calendar check (
        created_at between '1970-01-01Z' and '9999-12-31T23:59:59Z'
        and scheduled_start_time between '1970-01-01Z' and '9999-12-31T23:59:59Z'
        and actual_start_time between '1970-01-01Z' and '9999-12-31T23:59:59Z'
        and completed_at between '1970-01-01Z' and '9999-12-31T23:59:59Z'
      )
    );

    -- The order of the list, of all jobs and of one status.
    create index batch_jobs_newest_first on batch_jobs (organization_id, created_at desc, id desc);
    create index batch_jobs_by_status_newest_first on batch_jobs (organization_id, status, created_at desc, id desc);
    -- For the next start and overdue jobs.
    create index batch_jobs_waiting on batch_jobs (organization_id, scheduled_start_time)
    where status in ('pending', 'scheduled');
  `.execute(db);
}
