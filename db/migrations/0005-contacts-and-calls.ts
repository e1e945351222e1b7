import { type Kysely, sql } from "kysely";

/**
 * The contacts of batch jobs, the calls to them, and what their dialers need: phone numbers, the organization's limit,
 * scopes of API keys and idempotency keys.
 *
 * Two unique indexes of batch_calls guarantee that a contact has at most one open call, and that each attempt may dial at
 * most once.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Jobs from an import have no contacts here: their counters are those of the import.
    create domain time_zone_name as text check (char_length(value) between 1 and 64);
    create domain failure_reason as text check (char_length(value) between 1 and 1000);
    alter table batch_jobs
      add column has_contacts boolean not null default false,
      add column schedule_time_zone time_zone_name,
      -- The reason that a dialer gave for failing the job.
      add column failure_reason failure_reason,
      -- Jobs with equally many open calls take turns: the one that waited longest is first.
      add column last_claimed_at timestamptz(3),
      -- Room for the new version of a row beside the old one, so that updates of the counters change no index.
      set (fillfactor = 85);
    -- The jobs that a dialer can get contacts of, oldest first.
    create index batch_jobs_dialable on batch_jobs (organization_id, created_at, id)
    where has_contacts and status in ('pending', 'scheduled', 'running');

    alter table api_keys add column scopes text[] not null default '{read}' check (
      cardinality(scopes) between 1 and 3 and scopes <@ '{read,manage,dial}' and array_position(scopes, null) is null
    );

    create domain phone_number as text collate "C" check (value ~ '^\\+[1-9][0-9]{1,14}$');
    create table phone_numbers (
      organization_id  text collate "C" not null references organizations on delete cascade,
      id               text collate "C" not null check (id ~ '^[A-Za-z0-9_-]{1,128}$'),
      phone_number     phone_number not null,
      -- The agent that makes this number's calls; null for a number that makes none.
      agent_id         text check (char_length(agent_id) between 1 and 128),
      label            text check (char_length(label) between 1 and 200),
      created_at       timestamptz(3) not null default now(),
      updated_at       timestamptz(3) not null default now(),
      primary key (organization_id, id)
    );
    create trigger set_updated_at before update on phone_numbers
    for each row when (old.* is distinct from new.*) execute function set_updated_at();

    -- The limit above that of each job. A table of its own, as claims of calls lock this row, and changes of membership
    -- lock the organization's.
    create table organization_calling (
      organization_id        text collate "C" primary key references organizations on delete cascade,
      concurrent_call_limit  integer not null default 5 check (concurrent_call_limit between 1 and 1000)
    );

    -- Checks of one column are those of a domain, as those of batch_jobs are: these rows change with each call.
    create domain contact_data as jsonb check (jsonb_typeof(value) = 'object');
    create domain contact_position as integer check (value > 0);
    create domain contact_status as text collate "C" check (
      value in (
        'pending', 'queued', 'dialing', 'completed', 'no_answer', 'busy', 'timeout', 'blocked', 'invalid_number',
        'carrier_error', 'failed', 'cancelled'
      )
    );
    -- A status that the dialer reported; not_dialed; or lapsed, no_report and cancelled, which the server decided.
    create domain call_result as text collate "C" check (
      value in (
        'completed', 'no_answer', 'busy', 'timeout', 'blocked', 'invalid_number', 'carrier_error', 'failed',
        'not_dialed', 'lapsed', 'no_report', 'cancelled'
      )
    );
    create domain waiting_status as text collate "C" check (value in ('pending', 'no_answer', 'busy', 'timeout'));
    create domain attempt_count as integer check (value between 0 and 10);
    create domain call_error_code as text check (char_length(value) between 1 and 64);
    create domain room_name as text check (char_length(value) between 1 and 256);
    create domain call_duration as integer check (value >= 0);
    create domain dialer_name as text check (char_length(value) between 1 and 128);
    create domain sha256_hash as bytea check (octet_length(value) = 32);

    create table batch_contacts (
      organization_id  text collate "C" not null,
      batch_job_id     text collate "C" not null,
      -- From 1, in the order of the upload.
      position         contact_position not null,
      phone_number     phone_number not null,
      contact_data     contact_data not null,
      status           contact_status not null default 'pending',
      attempt_count    attempt_count not null default 0,
      last_attempt_at  timestamptz(3),
      next_retry_at    timestamptz(3),
      completed_at     timestamptz(3),
      error_code       call_error_code,
      failure_reason   failure_reason,
      room_name        room_name,
      call_duration    call_duration,
      primary key (organization_id, batch_job_id, position),
      foreign key (organization_id, batch_job_id) references batch_jobs on delete cascade,
      constraint batch_contacts_phone_number_unique unique (organization_id, batch_job_id, phone_number),
      -- A dialer can give a contact that it has not dialed back until a time.
      constraint only_waiting_contacts_are_retried check (
        next_retry_at is null or status in ('pending', 'no_answer', 'busy', 'timeout')
      )
    );
    -- Contacts that can be claimed: these at any time, the others from next_retry_at on.
    create index batch_contacts_by_turn on batch_contacts (organization_id, batch_job_id, position)
    where status = 'pending' and next_retry_at is null;
    create index batch_contacts_by_status on batch_contacts (organization_id, batch_job_id, status, position);
    create index batch_contacts_by_retry on batch_contacts (organization_id, batch_job_id, next_retry_at)
    where next_retry_at is not null;

    -- A row for each time that a dialer was given a contact.
    create table batch_calls (
      organization_id  text collate "C" not null,
      id               text collate "C" not null,
      batch_job_id     text collate "C" not null,
      position         integer not null,
      -- The contact's, so that a claim finds the numbers of all open calls without their contacts.
      phone_number     text collate "C" not null,
      -- The contact's attempt that this call is, if it is dialed.
      attempt          attempt_limit not null,
      -- What the contact's status becomes again when the call is not dialed.
      previous_status  waiting_status not null,
      previous_next_retry_at timestamptz(3),
      dialer           dialer_name not null,
      api_key_id       text collate "C",
      claimed_at       timestamptz(3) not null default now(),
      lease_until      timestamptz(3) not null,
      dialing_at       timestamptz(3),
      ended_at         timestamptz(3),
      result           call_result,
      reported_at      timestamptz(3),
      error_code       call_error_code,
      failure_reason   failure_reason,
      room_name        room_name,
      call_duration    call_duration,
      primary key (organization_id, id),
      foreign key (organization_id, batch_job_id, position) references batch_contacts on delete cascade,
      constraint ended_with_a_result check ((ended_at is null) = (result is null))
    );
    create unique index batch_calls_open on batch_calls (organization_id, batch_job_id, position)
    where ended_at is null;
    create unique index batch_calls_dialed on batch_calls (organization_id, batch_job_id, position, attempt)
    where dialing_at is not null;
    -- Not by organization first: until statistics tell that an organization has many calls, PostgreSQL may then find a call
    -- by reading all of them here instead of by the primary key, if this index is the smaller one.
    create index batch_calls_by_contact on batch_calls (batch_job_id, position, organization_id, claimed_at);
    -- For leases that have run out, in all organizations.
    create index batch_calls_by_lease on batch_calls (lease_until) where ended_at is null;

    -- When each dialer last asked for work: says why nothing is dialed.
    create table dialers (
      organization_id  text collate "C" not null references organizations on delete cascade,
      name             text collate "C" not null check (char_length(name) between 1 and 128),
      api_key_id       text collate "C",
      last_seen_at     timestamptz(3) not null default now(),
      primary key (organization_id, name)
    );

    -- The answers to writes, each stored in its transaction. Both hashes are SHA-256.
    create table idempotency_keys (
      organization_id  text collate "C" not null references organizations on delete cascade,
      key_hash         sha256_hash not null,
      request_hash     sha256_hash not null,
      body             text not null,
      created_at       timestamptz(3) not null default now(),
      primary key (organization_id, key_hash)
    );
    create index idempotency_keys_by_creation on idempotency_keys (created_at);
  `.execute(db);
}
