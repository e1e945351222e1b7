CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';

CREATE DOMAIN public.agent_or_number_id AS text
	CONSTRAINT agent_or_number_id_check CHECK (((char_length(VALUE) >= 1) AND (char_length(VALUE) <= 128)));

CREATE DOMAIN public.attempt_count AS integer
	CONSTRAINT attempt_count_check CHECK (((VALUE >= 0) AND (VALUE <= 10)));

CREATE DOMAIN public.attempt_limit AS integer
	CONSTRAINT attempt_limit_check CHECK (((VALUE >= 1) AND (VALUE <= 10)));

CREATE DOMAIN public.batch_job_description AS text
	CONSTRAINT batch_job_description_check CHECK ((char_length(VALUE) <= 1000));

CREATE DOMAIN public.batch_job_id AS text COLLATE pg_catalog."C"
	CONSTRAINT batch_job_id_check CHECK ((((octet_length(VALUE) >= 1) AND (octet_length(VALUE) <= 128)) AND (VALUE !~ '[^A-Za-z0-9_-]'::text)));

CREATE DOMAIN public.batch_job_name AS text
	CONSTRAINT batch_job_name_check CHECK (((char_length(VALUE) >= 1) AND (char_length(VALUE) <= 200)));

CREATE DOMAIN public.batch_job_status AS text COLLATE pg_catalog."C"
	CONSTRAINT batch_job_status_check CHECK ((VALUE = ANY (ARRAY['pending'::text, 'scheduled'::text, 'running'::text, 'completed'::text, 'failed'::text, 'cancelled'::text])));

CREATE DOMAIN public.batch_job_time AS timestamp(0) with time zone
	CONSTRAINT batch_job_time_check CHECK (((VALUE >= '1970-01-01 00:00:00+00'::timestamp with time zone) AND (VALUE <= '9999-12-31 23:59:59+00'::timestamp with time zone)));

CREATE DOMAIN public.call_duration AS integer
	CONSTRAINT call_duration_check CHECK ((VALUE >= 0));

CREATE DOMAIN public.call_error_code AS text
	CONSTRAINT call_error_code_check CHECK (((char_length(VALUE) >= 1) AND (char_length(VALUE) <= 64)));

CREATE DOMAIN public.call_result AS text COLLATE pg_catalog."C"
	CONSTRAINT call_result_check CHECK ((VALUE = ANY (ARRAY['completed'::text, 'no_answer'::text, 'busy'::text, 'timeout'::text, 'blocked'::text, 'invalid_number'::text, 'carrier_error'::text, 'failed'::text, 'not_dialed'::text, 'lapsed'::text, 'no_report'::text, 'cancelled'::text])));

CREATE DOMAIN public.contact_count AS integer
	CONSTRAINT contact_count_check CHECK ((VALUE >= 0));

CREATE DOMAIN public.contact_data AS jsonb
	CONSTRAINT contact_data_check CHECK ((jsonb_typeof(VALUE) = 'object'::text));

CREATE DOMAIN public.contact_position AS integer
	CONSTRAINT contact_position_check CHECK ((VALUE > 0));

CREATE DOMAIN public.contact_status AS text COLLATE pg_catalog."C"
	CONSTRAINT contact_status_check CHECK ((VALUE = ANY (ARRAY['pending'::text, 'queued'::text, 'dialing'::text, 'completed'::text, 'no_answer'::text, 'busy'::text, 'timeout'::text, 'blocked'::text, 'invalid_number'::text, 'carrier_error'::text, 'failed'::text, 'cancelled'::text])));

CREATE DOMAIN public.dialer_name AS text
	CONSTRAINT dialer_name_check CHECK (((char_length(VALUE) >= 1) AND (char_length(VALUE) <= 128)));

CREATE DOMAIN public.failure_reason AS text
	CONSTRAINT failure_reason_check CHECK (((char_length(VALUE) >= 1) AND (char_length(VALUE) <= 1000)));

CREATE DOMAIN public.job_call_limit AS integer
	CONSTRAINT job_call_limit_check CHECK (((VALUE >= 1) AND (VALUE <= 50)));

CREATE DOMAIN public.phone_number AS text COLLATE pg_catalog."C"
	CONSTRAINT phone_number_check CHECK ((VALUE ~ '^\+[1-9][0-9]{1,14}$'::text));

CREATE DOMAIN public.retryable_statuses AS text[]
	CONSTRAINT retryable_statuses_check CHECK (((cardinality(VALUE) <= 20) AND (array_position(VALUE, NULL::text) IS NULL) AND ((cardinality(VALUE) = 0) OR (array_to_string(VALUE, ','::text) ~ '^[a-z][a-z0-9_]*(,[a-z][a-z0-9_]*)*$'::text)) AND (((VALUE)::character varying(64)[])::text[] = VALUE)));

CREATE DOMAIN public.room_name AS text
	CONSTRAINT room_name_check CHECK (((char_length(VALUE) >= 1) AND (char_length(VALUE) <= 256)));

CREATE DOMAIN public.sha256_hash AS bytea
	CONSTRAINT sha256_hash_check CHECK ((octet_length(VALUE) = 32));

CREATE DOMAIN public.time_zone_name AS text
	CONSTRAINT time_zone_name_check CHECK (((char_length(VALUE) >= 1) AND (char_length(VALUE) <= 64)));

CREATE DOMAIN public.waiting_status AS text COLLATE pg_catalog."C"
	CONSTRAINT waiting_status_check CHECK ((VALUE = ANY (ARRAY['pending'::text, 'no_answer'::text, 'busy'::text, 'timeout'::text])));

CREATE TABLE public.batch_job_counts (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    period text NOT NULL COLLATE pg_catalog."C",
    starts_on date NOT NULL,
    pending integer NOT NULL,
    scheduled integer NOT NULL,
    running integer NOT NULL,
    completed integer NOT NULL,
    failed integer NOT NULL,
    cancelled integer NOT NULL,
    CONSTRAINT batch_job_counts_period_check CHECK ((period = ANY (ARRAY['all'::text, 'month'::text, 'day'::text])))
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='2000');

ALTER TABLE ONLY public.batch_job_counts REPLICA IDENTITY FULL;

CREATE FUNCTION public.batch_job_count_errors(organization text) RETURNS SETOF public.batch_job_counts
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
      select organization_id, period, starts_on, sum(pending), sum(scheduled), sum(running), sum(completed), sum(failed), sum(cancelled)
      from (
        
  select organization_id, period, starts_on,
    sum(n * (status = 'pending')::int) as pending, sum(n * (status = 'scheduled')::int) as scheduled, sum(n * (status = 'running')::int) as running, sum(n * (status = 'completed')::int) as completed, sum(n * (status = 'failed')::int) as failed, sum(n * (status = 'cancelled')::int) as cancelled
  from (select organization_id, created_at, status, 1 as n from batch_jobs where organization_id = organization) as job
  cross join lateral (values
    ('all', date '-infinity'),
    ('month', date_trunc('month', created_at at time zone 'UTC')::date),
    ('day', (created_at at time zone 'UTC')::date)
  ) as bucket (period, starts_on)
  group by organization_id, period, starts_on

        union all
        select organization_id, period, starts_on, -pending, -scheduled, -running, -completed, -failed, -cancelled
        from batch_job_counts where organization_id = organization
      ) as difference
      group by organization_id, period, starts_on having (sum(pending), sum(scheduled), sum(running), sum(completed), sum(failed), sum(cancelled)) <> (0, 0, 0, 0, 0, 0)
    $$;

CREATE FUNCTION public.before_batch_job_insert() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
    begin
      
      new.updated_xid := pg_current_xact_id()::text::bigint;
      if new.status = 'running' then
        new.settled_xid := 9223372036854775807;
        new.settled_at := 'infinity';
      else
        new.settled_xid := new.updated_xid;
        new.settled_at := new.updated_at;
      end if;
      new.name_search := fold_text(new.name);
      return new;
    end
    $$;

CREATE FUNCTION public.before_batch_job_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
    begin
      -- A claim alone is no progress: a job whose calls are claimed and never dialed is stalled.
      if old is not distinct from new
        or (old.last_claimed_at is distinct from new.last_claimed_at and old.status = new.status)
      then
        return new;
      end if;
      -- Never back, which a transaction that began before another one's change would do.
      new.updated_at := greatest(now(), old.updated_at);
      
      new.updated_xid := pg_current_xact_id()::text::bigint;
      if new.status = 'running' then
        new.settled_xid := 9223372036854775807;
        new.settled_at := 'infinity';
      else
        new.settled_xid := new.updated_xid;
        new.settled_at := new.updated_at;
      end if;
      if new.name <> old.name then
        new.name_search := "public".fold_text(new.name);
      end if;
      if (old.organization_id, old.created_at, old.status) is distinct from (new.organization_id, new.created_at, new.status)
      then
        perform set_config('batch_jobs.counts_changed', 'yes', true);
      end if;
      return new;
    end
    $$;

CREATE FUNCTION public.count_batch_jobs() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
    begin
      if tg_op = 'INSERT' then
        
  insert into batch_job_counts (organization_id, period, starts_on, pending, scheduled, running, completed, failed, cancelled)
  select organization_id, period, starts_on, pending, scheduled, running, completed, failed, cancelled from (
  select organization_id, period, starts_on,
    sum(n * (status = 'pending')::int) as pending, sum(n * (status = 'scheduled')::int) as scheduled, sum(n * (status = 'running')::int) as running, sum(n * (status = 'completed')::int) as completed, sum(n * (status = 'failed')::int) as failed, sum(n * (status = 'cancelled')::int) as cancelled
  from (select organization_id, created_at, status, 1 as n from new_rows) as job
  cross join lateral (values
    ('all', date '-infinity'),
    ('month', date_trunc('month', created_at at time zone 'UTC')::date),
    ('day', (created_at at time zone 'UTC')::date)
  ) as bucket (period, starts_on)
  group by organization_id, period, starts_on
) as change
  where (pending, scheduled, running, completed, failed, cancelled) <> (0, 0, 0, 0, 0, 0);

      elsif tg_op = 'DELETE' then
        
  insert into batch_job_counts (organization_id, period, starts_on, pending, scheduled, running, completed, failed, cancelled)
  select organization_id, period, starts_on, pending, scheduled, running, completed, failed, cancelled from (
  select organization_id, period, starts_on,
    sum(n * (status = 'pending')::int) as pending, sum(n * (status = 'scheduled')::int) as scheduled, sum(n * (status = 'running')::int) as running, sum(n * (status = 'completed')::int) as completed, sum(n * (status = 'failed')::int) as failed, sum(n * (status = 'cancelled')::int) as cancelled
  from (select organization_id, created_at, status, -1 as n from old_rows) as job
  cross join lateral (values
    ('all', date '-infinity'),
    ('month', date_trunc('month', created_at at time zone 'UTC')::date),
    ('day', (created_at at time zone 'UTC')::date)
  ) as bucket (period, starts_on)
  group by organization_id, period, starts_on
) as change
  where (pending, scheduled, running, completed, failed, cancelled) <> (0, 0, 0, 0, 0, 0);

      elsif current_setting('batch_jobs.counts_changed', true) is distinct from 'yes' then
        return null;
      else
        
  insert into batch_job_counts (organization_id, period, starts_on, pending, scheduled, running, completed, failed, cancelled)
  select organization_id, period, starts_on, pending, scheduled, running, completed, failed, cancelled from (
  select organization_id, period, starts_on,
    sum(n * (status = 'pending')::int) as pending, sum(n * (status = 'scheduled')::int) as scheduled, sum(n * (status = 'running')::int) as running, sum(n * (status = 'completed')::int) as completed, sum(n * (status = 'failed')::int) as failed, sum(n * (status = 'cancelled')::int) as cancelled
  from (select organization_id, created_at, status, -1 as n from old_rows union all select organization_id, created_at, status, 1 as n from new_rows) as job
  cross join lateral (values
    ('all', date '-infinity'),
    ('month', date_trunc('month', created_at at time zone 'UTC')::date),
    ('day', (created_at at time zone 'UTC')::date)
  ) as bucket (period, starts_on)
  group by organization_id, period, starts_on
) as change
  where (pending, scheduled, running, completed, failed, cancelled) <> (0, 0, 0, 0, 0, 0);

      end if;
      if random() < 0.01 then
        if tg_op = 'DELETE' then
          perform fold_batch_job_counts(organization_id) from (select distinct organization_id from old_rows limit 100) as changed;
        else
          perform fold_batch_job_counts(organization_id) from (select distinct organization_id from new_rows limit 100) as changed;
        end if;
      end if;
      return null;
    end
    $$;

CREATE FUNCTION public.end_sessions_of_user() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
    begin
      delete from sessions where user_id = new.id;
      return null;
    end
    $$;

CREATE FUNCTION public.fold_batch_job_counts(organization text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
    begin
      -- With a transaction-wide snapshot, rows that another transaction has folded meanwhile would be an error.
      if current_setting('transaction_isolation') <> 'read committed' then
        return;
      end if;
      with crowded as (
        select period, starts_on from batch_job_counts where organization_id = organization
        group by period, starts_on having count(*) > 1
      ), taken as (
        -- Skips rows that another transaction is folding.
        select batch_job_counts.ctid from batch_job_counts join crowded using (period, starts_on)
        where organization_id = organization
        for update of batch_job_counts skip locked
      ), folded as (
        delete from batch_job_counts where ctid = any (array(select ctid from taken)) returning organization_id, period, starts_on, pending, scheduled, running, completed, failed, cancelled
      )
      insert into batch_job_counts (organization_id, period, starts_on, pending, scheduled, running, completed, failed, cancelled)
      select organization_id, period, starts_on, sum(pending), sum(scheduled), sum(running), sum(completed), sum(failed), sum(cancelled) from folded
      group by organization_id, period, starts_on having (sum(pending), sum(scheduled), sum(running), sum(completed), sum(failed), sum(cancelled)) <> (0, 0, 0, 0, 0, 0);
    end
    $$;

CREATE FUNCTION public.fold_text(value text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    begin
      if octet_length(value) = char_length(value) then
        return lower(value collate "C");
      end if;
      return left(normalize(replace(replace(replace(translate(
        lower(regexp_replace(normalize(value, nfkd), E'[\u0300-\u036f]', '', 'g') collate "und-x-icu") collate "C",
        'øłđħŧı', 'oldhti'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), nfc), 400);
    end
    $$;

CREATE FUNCTION public.set_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
    begin
      new.updated_at := now();
      return new;
    end
    $$;

CREATE FUNCTION public.truncate_batch_job_counts() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
    begin
      truncate batch_job_counts;
      return null;
    end
    $$;

CREATE TABLE public.api_keys (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    key_hash bytea NOT NULL,
    key_start text NOT NULL,
    key_last_four text NOT NULL,
    created_by_user_id text COLLATE pg_catalog."C",
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    expires_at timestamp(3) with time zone,
    revoked_at timestamp(3) with time zone,
    last_used_at timestamp(3) with time zone,
    successor_id text COLLATE pg_catalog."C",
    rotated_at timestamp(3) with time zone,
    scopes text[] DEFAULT '{read}'::text[] NOT NULL,
    CONSTRAINT api_keys_check CHECK ((expires_at > created_at)),
    CONSTRAINT api_keys_key_hash_check CHECK ((octet_length(key_hash) = 32)),
    CONSTRAINT api_keys_key_last_four_check CHECK ((char_length(key_last_four) = 4)),
    CONSTRAINT api_keys_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 50))),
    CONSTRAINT api_keys_scopes_check CHECK ((((cardinality(scopes) >= 1) AND (cardinality(scopes) <= 3)) AND (scopes <@ '{read,manage,dial}'::text[]) AND (array_position(scopes, NULL::text) IS NULL)))
);

CREATE TABLE public.batch_calls (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    batch_job_id text NOT NULL COLLATE pg_catalog."C",
    "position" integer NOT NULL,
    phone_number text NOT NULL COLLATE pg_catalog."C",
    attempt public.attempt_limit NOT NULL,
    previous_status public.waiting_status NOT NULL,
    previous_next_retry_at timestamp(3) with time zone,
    dialer public.dialer_name NOT NULL,
    api_key_id text COLLATE pg_catalog."C",
    claimed_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    lease_until timestamp(3) with time zone NOT NULL,
    dialing_at timestamp(3) with time zone,
    ended_at timestamp(3) with time zone,
    result public.call_result,
    reported_at timestamp(3) with time zone,
    error_code public.call_error_code,
    failure_reason public.failure_reason,
    room_name public.room_name,
    call_duration public.call_duration,
    CONSTRAINT ended_with_a_result CHECK (((ended_at IS NULL) = (result IS NULL)))
);

CREATE TABLE public.batch_contacts (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    batch_job_id text NOT NULL COLLATE pg_catalog."C",
    "position" public.contact_position NOT NULL,
    phone_number public.phone_number NOT NULL,
    contact_data public.contact_data NOT NULL,
    status public.contact_status DEFAULT 'pending'::text NOT NULL,
    attempt_count public.attempt_count DEFAULT 0 NOT NULL,
    last_attempt_at timestamp(3) with time zone,
    next_retry_at timestamp(3) with time zone,
    completed_at timestamp(3) with time zone,
    error_code public.call_error_code,
    failure_reason public.failure_reason,
    room_name public.room_name,
    call_duration public.call_duration,
    CONSTRAINT only_waiting_contacts_are_retried CHECK (((next_retry_at IS NULL) OR ((status)::text = ANY (ARRAY['pending'::text, 'no_answer'::text, 'busy'::text, 'timeout'::text]))))
);

CREATE TABLE public.batch_jobs (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id public.batch_job_id NOT NULL,
    name public.batch_job_name NOT NULL,
    description public.batch_job_description,
    status public.batch_job_status NOT NULL,
    agent_id public.agent_or_number_id NOT NULL,
    from_phone_number_id public.agent_or_number_id NOT NULL,
    total_contacts public.contact_count NOT NULL,
    contacts_processed public.contact_count DEFAULT 0 NOT NULL,
    successful_calls public.contact_count DEFAULT 0 NOT NULL,
    failed_calls public.contact_count DEFAULT 0 NOT NULL,
    scheduled_start_time public.batch_job_time,
    actual_start_time public.batch_job_time,
    completed_at public.batch_job_time,
    created_at public.batch_job_time DEFAULT date_trunc('second'::text, now()) NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    concurrent_call_limit public.job_call_limit DEFAULT 5 NOT NULL,
    retry_max_attempts public.attempt_limit DEFAULT 3 NOT NULL,
    retry_retryable_statuses public.retryable_statuses DEFAULT '{no_answer,busy,timeout}'::text[] NOT NULL,
    has_contacts boolean DEFAULT false NOT NULL,
    schedule_time_zone public.time_zone_name,
    failure_reason public.failure_reason,
    last_claimed_at timestamp(3) with time zone,
    updated_xid bigint NOT NULL,
    settled_xid bigint NOT NULL,
    settled_at timestamp(3) with time zone NOT NULL,
    name_search text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT outcomes_within_processed CHECK ((((successful_calls)::bigint + (failed_calls)::integer) <= (contacts_processed)::integer)),
    CONSTRAINT processed_within_total CHECK (((contacts_processed)::integer <= (total_contacts)::integer))
)
WITH (fillfactor='85');

CREATE TABLE public.batch_jobs_migrations (
    name character varying(255) NOT NULL,
    "timestamp" character varying(255) NOT NULL
);

CREATE TABLE public.batch_jobs_migrations_lock (
    id character varying(255) NOT NULL,
    is_locked integer DEFAULT 0 NOT NULL
);

CREATE TABLE public.dialers (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    api_key_id text COLLATE pg_catalog."C",
    last_seen_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    CONSTRAINT dialers_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 128)))
);

CREATE TABLE public.flash_secrets (
    token_hash bytea NOT NULL,
    expires_at timestamp(3) with time zone NOT NULL,
    CONSTRAINT flash_secrets_token_hash_check CHECK ((octet_length(token_hash) = 32))
);

CREATE TABLE public.idempotency_keys (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    key_hash public.sha256_hash NOT NULL,
    request_hash public.sha256_hash NOT NULL,
    body text NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.invitations (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    email text NOT NULL,
    role text NOT NULL COLLATE pg_catalog."C",
    token_hash bytea NOT NULL,
    invited_by_user_id text COLLATE pg_catalog."C",
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    expires_at timestamp(3) with time zone NOT NULL,
    CONSTRAINT invitations_email_check CHECK ((((char_length(email) >= 3) AND (char_length(email) <= 254)) AND (email = lower(email)))),
    CONSTRAINT invitations_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'member'::text]))),
    CONSTRAINT invitations_token_hash_check CHECK ((octet_length(token_hash) = 32))
);

CREATE TABLE public.memberships (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    role text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    CONSTRAINT memberships_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'member'::text])))
);

CREATE TABLE public.organization_calling (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    concurrent_call_limit integer DEFAULT 5 NOT NULL,
    CONSTRAINT organization_calling_concurrent_call_limit_check CHECK (((concurrent_call_limit >= 1) AND (concurrent_call_limit <= 1000)))
);

CREATE TABLE public.organizations (
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    CONSTRAINT organizations_id_check CHECK ((id ~ '^[A-Za-z0-9_-]{1,128}$'::text)),
    CONSTRAINT organizations_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200)))
);

CREATE TABLE public.phone_numbers (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    phone_number public.phone_number NOT NULL,
    agent_id text,
    label text,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    CONSTRAINT phone_numbers_agent_id_check CHECK (((char_length(agent_id) >= 1) AND (char_length(agent_id) <= 128))),
    CONSTRAINT phone_numbers_id_check CHECK ((id ~ '^[A-Za-z0-9_-]{1,128}$'::text)),
    CONSTRAINT phone_numbers_label_check CHECK (((char_length(label) >= 1) AND (char_length(label) <= 200)))
);

CREATE TABLE public.saved_views (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    id text DEFAULT gen_random_uuid() NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    query text NOT NULL,
    is_default boolean DEFAULT false NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    CONSTRAINT saved_views_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 50))),
    CONSTRAINT saved_views_query_check CHECK (((char_length(query) >= 1) AND (char_length(query) <= 8000)))
);

CREATE TABLE public.sessions (
    token_hash bytea NOT NULL,
    id text DEFAULT gen_random_uuid() NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    user_agent text,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    last_seen_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    expires_at timestamp(3) with time zone NOT NULL,
    CONSTRAINT sessions_check CHECK ((expires_at > created_at)),
    CONSTRAINT sessions_token_hash_check CHECK ((octet_length(token_hash) = 32)),
    CONSTRAINT sessions_user_agent_check CHECK ((char_length(user_agent) <= 300))
);

CREATE TABLE public.sign_in_attempts (
    key text NOT NULL COLLATE pg_catalog."C",
    points integer DEFAULT 0 NOT NULL,
    expire bigint
);

CREATE TABLE public.users (
    id text NOT NULL COLLATE pg_catalog."C",
    email text NOT NULL,
    name text,
    password_hash text NOT NULL,
    time_zone text,
    last_organization_id text COLLATE pg_catalog."C",
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    CONSTRAINT users_email_check CHECK ((((char_length(email) >= 3) AND (char_length(email) <= 254)) AND (email = lower(email)))),
    CONSTRAINT users_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
    CONSTRAINT users_time_zone_check CHECK (((char_length(time_zone) >= 1) AND (char_length(time_zone) <= 64)))
);

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_key_hash_unique UNIQUE (key_hash);

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_successor_unique UNIQUE (organization_id, successor_id);

ALTER TABLE ONLY public.batch_calls
    ADD CONSTRAINT batch_calls_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.batch_contacts
    ADD CONSTRAINT batch_contacts_phone_number_unique UNIQUE (organization_id, batch_job_id, phone_number);

ALTER TABLE ONLY public.batch_contacts
    ADD CONSTRAINT batch_contacts_pkey PRIMARY KEY (organization_id, batch_job_id, "position");

ALTER TABLE ONLY public.batch_jobs_migrations_lock
    ADD CONSTRAINT batch_jobs_migrations_lock_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.batch_jobs_migrations
    ADD CONSTRAINT batch_jobs_migrations_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.batch_jobs
    ADD CONSTRAINT batch_jobs_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.dialers
    ADD CONSTRAINT dialers_pkey PRIMARY KEY (organization_id, name);

ALTER TABLE ONLY public.flash_secrets
    ADD CONSTRAINT flash_secrets_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (organization_id, key_hash);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_email_unique UNIQUE (organization_id, email);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_token_hash_unique UNIQUE (token_hash);

ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_pkey PRIMARY KEY (organization_id, user_id);

ALTER TABLE ONLY public.organization_calling
    ADD CONSTRAINT organization_calling_pkey PRIMARY KEY (organization_id);

ALTER TABLE ONLY public.organizations
    ADD CONSTRAINT organizations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.phone_numbers
    ADD CONSTRAINT phone_numbers_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.saved_views
    ADD CONSTRAINT saved_views_name_unique UNIQUE (organization_id, user_id, name);

ALTER TABLE ONLY public.saved_views
    ADD CONSTRAINT saved_views_pkey PRIMARY KEY (organization_id, user_id, id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.sign_in_attempts
    ADD CONSTRAINT sign_in_attempts_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_email_unique UNIQUE (email);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

CREATE INDEX api_keys_by_creation ON public.api_keys USING btree (organization_id, created_at DESC);

CREATE INDEX batch_calls_by_contact ON public.batch_calls USING btree (batch_job_id, "position", organization_id, claimed_at);

CREATE INDEX batch_calls_by_lease ON public.batch_calls USING btree (lease_until) WHERE (ended_at IS NULL);

CREATE UNIQUE INDEX batch_calls_dialed ON public.batch_calls USING btree (organization_id, batch_job_id, "position", attempt) WHERE (dialing_at IS NOT NULL);

CREATE UNIQUE INDEX batch_calls_open ON public.batch_calls USING btree (organization_id, batch_job_id, "position") WHERE (ended_at IS NULL);

CREATE INDEX batch_contacts_by_retry ON public.batch_contacts USING btree (organization_id, batch_job_id, next_retry_at) WHERE (next_retry_at IS NOT NULL);

CREATE INDEX batch_contacts_by_status ON public.batch_contacts USING btree (organization_id, batch_job_id, status, "position");

CREATE INDEX batch_contacts_by_turn ON public.batch_contacts USING btree (organization_id, batch_job_id, "position") WHERE (((status)::text = 'pending'::text) AND (next_retry_at IS NULL));

CREATE INDEX batch_job_counts_by_period ON public.batch_job_counts USING btree (organization_id, period, starts_on);

CREATE INDEX batch_jobs_by_actual_start ON public.batch_jobs USING btree (organization_id, actual_start_time, id) INCLUDE (status, created_at, scheduled_start_time, completed_at);

CREATE INDEX batch_jobs_by_agent ON public.batch_jobs USING btree (organization_id, agent_id, created_at DESC, id DESC) INCLUDE (status, from_phone_number_id);

CREATE INDEX batch_jobs_by_change ON public.batch_jobs USING btree (organization_id, settled_at, id) INCLUDE (status);

CREATE INDEX batch_jobs_by_completion ON public.batch_jobs USING btree (organization_id, completed_at, id) INCLUDE (status, created_at, scheduled_start_time, actual_start_time);

CREATE INDEX batch_jobs_by_name ON public.batch_jobs USING btree (organization_id, name_search, id) INCLUDE (status);

CREATE INDEX batch_jobs_by_phone_number ON public.batch_jobs USING btree (organization_id, from_phone_number_id, created_at DESC, id DESC) INCLUDE (status);

CREATE INDEX batch_jobs_by_scheduled_start ON public.batch_jobs USING btree (organization_id, scheduled_start_time, id) INCLUDE (status, created_at, actual_start_time, completed_at);

CREATE INDEX batch_jobs_by_status_newest_first ON public.batch_jobs USING btree (organization_id, status, created_at DESC, id DESC);

CREATE INDEX batch_jobs_by_transaction ON public.batch_jobs USING btree (organization_id, settled_xid);

CREATE INDEX batch_jobs_by_trigram ON public.batch_jobs USING gin (name_search public.gin_trgm_ops);

CREATE INDEX batch_jobs_dialable ON public.batch_jobs USING btree (organization_id, created_at, id) WHERE (has_contacts AND ((status)::text = ANY (ARRAY['pending'::text, 'scheduled'::text, 'running'::text])));

CREATE INDEX batch_jobs_newest_first ON public.batch_jobs USING btree (organization_id, created_at DESC, id DESC);

CREATE INDEX batch_jobs_waiting ON public.batch_jobs USING btree (organization_id, scheduled_start_time) WHERE ((status)::text = ANY (ARRAY['pending'::text, 'scheduled'::text]));

CREATE INDEX idempotency_keys_by_creation ON public.idempotency_keys USING btree (created_at);

CREATE INDEX invitations_by_inviter ON public.invitations USING btree (invited_by_user_id);

CREATE INDEX memberships_by_user ON public.memberships USING btree (user_id);

CREATE UNIQUE INDEX saved_views_default ON public.saved_views USING btree (organization_id, user_id) WHERE is_default;

CREATE INDEX sessions_by_expiry ON public.sessions USING btree (expires_at);

CREATE INDEX sessions_by_user ON public.sessions USING btree (user_id);

CREATE TRIGGER count_after_delete AFTER DELETE ON public.batch_jobs REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION public.count_batch_jobs();

CREATE TRIGGER count_after_insert AFTER INSERT ON public.batch_jobs REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.count_batch_jobs();

CREATE TRIGGER count_after_truncate AFTER TRUNCATE ON public.batch_jobs FOR EACH STATEMENT EXECUTE FUNCTION public.truncate_batch_job_counts();

CREATE TRIGGER count_after_update AFTER UPDATE ON public.batch_jobs REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.count_batch_jobs();

CREATE TRIGGER end_sessions_on_password_change AFTER UPDATE OF password_hash ON public.users FOR EACH ROW WHEN ((old.password_hash IS DISTINCT FROM new.password_hash)) EXECUTE FUNCTION public.end_sessions_of_user();

CREATE TRIGGER set_updated_at BEFORE UPDATE OF name, expires_at, revoked_at ON public.api_keys FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON public.memberships FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON public.organizations FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON public.phone_numbers FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON public.users FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER zz_before_insert BEFORE INSERT ON public.batch_jobs FOR EACH ROW EXECUTE FUNCTION public.before_batch_job_insert();

CREATE TRIGGER zz_before_update BEFORE UPDATE ON public.batch_jobs FOR EACH ROW EXECUTE FUNCTION public.before_batch_job_update();

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_created_by_user_id_fkey FOREIGN KEY (created_by_user_id) REFERENCES public.users(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_organization_id_successor_id_fkey FOREIGN KEY (organization_id, successor_id) REFERENCES public.api_keys(organization_id, id) ON DELETE SET NULL (successor_id);

ALTER TABLE ONLY public.batch_calls
    ADD CONSTRAINT batch_calls_organization_id_batch_job_id_position_fkey FOREIGN KEY (organization_id, batch_job_id, "position") REFERENCES public.batch_contacts(organization_id, batch_job_id, "position") ON DELETE CASCADE;

ALTER TABLE ONLY public.batch_contacts
    ADD CONSTRAINT batch_contacts_organization_id_batch_job_id_fkey FOREIGN KEY (organization_id, batch_job_id) REFERENCES public.batch_jobs(organization_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.batch_jobs
    ADD CONSTRAINT batch_jobs_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.dialers
    ADD CONSTRAINT dialers_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_invited_by_user_id_fkey FOREIGN KEY (invited_by_user_id) REFERENCES public.users(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.organization_calling
    ADD CONSTRAINT organization_calling_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.phone_numbers
    ADD CONSTRAINT phone_numbers_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.saved_views
    ADD CONSTRAINT saved_views_organization_id_user_id_fkey FOREIGN KEY (organization_id, user_id) REFERENCES public.memberships(organization_id, user_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_last_organization_id_fkey FOREIGN KEY (last_organization_id) REFERENCES public.organizations(id) ON DELETE SET NULL;
