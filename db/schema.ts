import type { ColumnType, Generated } from "kysely";

/**
 * A `timestamptz(3)`, `now()` unless given: read as a Date, written as a Date or an ISO 8601 string. The four times of
 * a batch job that the API shows are `timestamptz(0)`, which rounds: cut fractions of a second before writing one.
 */
type Time = ColumnType<Date, Date | string | undefined, Date | string>;
type NullableTime = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
/** A time that an insert must give, and that never changes. */
type FixedTime = ColumnType<Date, Date | string, never>;
/** A value that a trigger sets. */
type OnlyRead<T> = ColumnType<T, never, never>;

/** What the checks of the tables allow; lib/access/permissions.ts and lib/batch-jobs/status.ts list the same. */
type Role = "owner" | "admin" | "member";
type BatchJobStatus = "pending" | "scheduled" | "running" | "completed" | "failed" | "cancelled";
type ApiKeyScope = "read" | "manage" | "dial";
type RetryableStatus = "no_answer" | "busy" | "timeout";
type CallResult = "completed" | RetryableStatus | "blocked" | "invalid_number" | "carrier_error" | "failed";
type BatchContactStatus = "pending" | "queued" | "dialing" | CallResult | "cancelled";

interface OrganizationsTable {
  id: string;
  name: string;
  created_at: Time;
  updated_at: Time;
}

interface UsersTable {
  id: string;
  email: string;
  name: string | null;
  password_hash: string;
  created_at: Time;
  updated_at: Time;
  time_zone: string | null;
  last_organization_id: string | null;
}

interface SessionsTable {
  id: Generated<string>;
  token_hash: Buffer;
  user_id: string;
  created_at: Time;
  last_seen_at: Time;
  expires_at: FixedTime;
  user_agent: string | null;
}

interface InvitationsTable {
  id: string;
  organization_id: string;
  email: string;
  role: Role;
  token_hash: Buffer;
  invited_by_user_id: string | null;
  created_at: Time;
  expires_at: ColumnType<Date, Date | string, Date | string>;
}

interface FlashSecretsTable {
  token_hash: Buffer;
  expires_at: FixedTime;
}

interface MembershipsTable {
  organization_id: string;
  user_id: string;
  role: Role;
  created_at: Time;
  updated_at: Time;
}

interface ApiKeysTable {
  id: string;
  organization_id: string;
  name: string;
  key_hash: Buffer;
  key_start: string;
  key_last_four: string;
  created_by_user_id: string | null;
  created_at: Time;
  updated_at: Time;
  expires_at: NullableTime;
  revoked_at: NullableTime;
  last_used_at: NullableTime;
  successor_id: string | null;
  /** When it got its successor. */
  rotated_at: NullableTime;
  scopes: Generated<ApiKeyScope[]>;
}

interface BatchJobsTable {
  id: string;
  organization_id: string;
  name: string;
  description: string | null;
  status: BatchJobStatus;
  agent_id: string;
  from_phone_number_id: string;
  total_contacts: number;
  contacts_processed: Generated<number>;
  successful_calls: Generated<number>;
  failed_calls: Generated<number>;
  scheduled_start_time: NullableTime;
  actual_start_time: NullableTime;
  completed_at: NullableTime;
  created_at: Time;
  updated_at: Time;
  concurrent_call_limit: Generated<number>;
  retry_max_attempts: Generated<number>;
  retry_retryable_statuses: Generated<string[]>;
  has_contacts: Generated<boolean>;
  schedule_time_zone: string | null;
  failure_reason: string | null;
  last_claimed_at: NullableTime;
  /** The transaction of the last change, a bigint; like the next three only for queries. See migration 0006. */
  updated_xid: OnlyRead<string>;
  settled_xid: OnlyRead<string>;
  settled_at: OnlyRead<Date>;
  name_search: OnlyRead<string>;
}

interface PhoneNumbersTable {
  organization_id: string;
  id: string;
  phone_number: string;
  agent_id: string | null;
  label: string | null;
  created_at: Time;
  updated_at: Time;
}

interface OrganizationCallingTable {
  organization_id: string;
  concurrent_call_limit: Generated<number>;
}

interface BatchContactsTable {
  organization_id: string;
  batch_job_id: string;
  position: number;
  phone_number: string;
  contact_data: Record<string, unknown>;
  status: Generated<BatchContactStatus>;
  attempt_count: Generated<number>;
  last_attempt_at: NullableTime;
  next_retry_at: NullableTime;
  completed_at: NullableTime;
  error_code: string | null;
  failure_reason: string | null;
  room_name: string | null;
  call_duration: number | null;
}

interface BatchCallsTable {
  organization_id: string;
  id: string;
  batch_job_id: string;
  position: number;
  phone_number: string;
  attempt: number;
  previous_status: "pending" | RetryableStatus;
  previous_next_retry_at: NullableTime;
  dialer: string;
  api_key_id: string | null;
  claimed_at: Time;
  lease_until: ColumnType<Date, Date | string, Date | string>;
  dialing_at: NullableTime;
  ended_at: NullableTime;
  result: CallResult | "not_dialed" | "lapsed" | "no_report" | "cancelled" | null;
  reported_at: NullableTime;
  error_code: string | null;
  failure_reason: string | null;
  room_name: string | null;
  call_duration: number | null;
}

interface DialersTable {
  organization_id: string;
  name: string;
  api_key_id: string | null;
  last_seen_at: Time;
}

interface IdempotencyKeysTable {
  organization_id: string;
  key_hash: Buffer;
  request_hash: Buffer;
  body: string;
  created_at: Time;
}

interface SavedViewsTable {
  organization_id: string;
  user_id: string;
  id: Generated<string>;
  name: string;
  query: string;
  is_default: Generated<boolean>;
  created_at: Time;
}

/** How many jobs of each status an organization has in a period: the sum of the rows. See migration 0004. */
interface BatchJobCountsTable extends Record<BatchJobStatus, number> {
  organization_id: string;
  period: "all" | "month" | "day";
  starts_on: Date;
}

/** Kysely's picture of the tables that `db/migrations` makes. */
export interface Database {
  organizations: OrganizationsTable;
  users: UsersTable;
  sessions: SessionsTable;
  flash_secrets: FlashSecretsTable;
  memberships: MembershipsTable;
  invitations: InvitationsTable;
  api_keys: ApiKeysTable;
  batch_jobs: BatchJobsTable;
  batch_job_counts: BatchJobCountsTable;
  phone_numbers: PhoneNumbersTable;
  organization_calling: OrganizationCallingTable;
  batch_contacts: BatchContactsTable;
  batch_calls: BatchCallsTable;
  dialers: DialersTable;
  idempotency_keys: IdempotencyKeysTable;
  saved_views: SavedViewsTable;
}
