import { type Expression, type RawBuilder, sql } from "kysely";
import { runByApiKey } from "../access/run-by-api-key";
import { bearerOwnScope, type Scope, type Viewer } from "../access/viewer";
import { withBearer } from "../api-keys/bearer";
import { contactsAsJson, countContacts } from "../contacts/list";
import type { ContactStatus } from "../contacts/status";
import { parameter } from "../database/cached-statement";
import { database } from "../database/database";
import { selectFields, utcSeconds } from "../database/json";
import { jobNotFound } from "./lock";
import { type BatchJobDetail, contactsPageSizeDefault, type FindBatchJobQuery } from "./schema";
import { batchJobColumns, batchJobFields } from "./serialize";
import { estimatedEnd, visibleBatchJobs } from "./visible";

/** What a request asks for: values, or placeholders for them in a cached statement. */
interface DetailRequest {
  id: Expression<string>;
  page: Expression<number>;
  size: Expression<number>;
  /** How many contacts come before the page. */
  offset: Expression<number>;
  contactStatus?: Expression<ContactStatus>;
}

/** The contract's object, keys in its order. */
function detailFields(
  scope: Scope,
  request: DetailRequest,
): Record<keyof BatchJobDetail, Expression<unknown>> {
  const { scheduledStartTime, actualStartTime, completedAt, createdAt, ...fields } = batchJobFields;
  const { concurrentCallLimit, retryPolicy, ...others } = fields;
  const job = { id: sql.ref<string>("job.id"), maxAttempts: sql.ref<number>("job.retry_max_attempts") };
  return {
    ...others,
    statusBreakdown: sql.ref("counts.breakdown"),
    scheduledStartTime,
    actualStartTime,
    completedAt,
    estimatedCompletionTime: utcSeconds(sql.ref("job.estimated_end")),
    createdAt,
    concurrentCallLimit,
    retryPolicy,
    contacts: contactsAsJson(scope, job, request, request.contactStatus),
    contactsTotal: sql.ref("counts.total"),
    contactsPage: sql`${request.page}::int`,
    contactsPageSize: sql`${request.size}::int`,
    contactsHasMore: sql`counts.total > ${request.offset}::bigint + ${request.size}::bigint`,
  };
}

/** Selects one row, also without the job. */
function selectDetail(scope: Scope, request: DetailRequest): RawBuilder<{ job: string | null }> {
  const job = visibleBatchJobs(scope)
    .where("id", "=", request.id)
    .select([...batchJobColumns, "has_contacts", estimatedEnd.as("estimated_end")]);
  const counts = countContacts(scope, request.contactStatus);
  return sql`
    select (
      select row_to_json(detail)::text
      from (${job}) as job
      cross join lateral (${counts}) as counts
      cross join lateral (${selectFields(detailFields(scope, request))}) as detail
    ) as job
  `;
}

const offsetOf = ({ contactsPage, contactsPageSize }: FindBatchJobQuery) =>
  (contactsPage - 1) * contactsPageSize;

/**
 * A job with a page of its contacts, in the order of the upload.
 *
 * @throws HttpError 404.
 */
export async function findBatchJob(
  viewer: Viewer,
  id: string,
  query: FindBatchJobQuery,
): Promise<BatchJobDetail> {
  viewer.require("readBatchJobs");
  const { contactStatus, contactsPage, contactsPageSize } = query;
  const { rows } = await selectDetail(viewer.scope, {
    id: sql.val(id),
    page: sql.val(contactsPage),
    size: sql.val(contactsPageSize),
    offset: sql.val(offsetOf(query)),
    contactStatus: contactStatus && sql.val(contactStatus),
  }).execute(database());
  const job = rows[0]?.job;
  if (!job) throw jobNotFound;
  return JSON.parse(job);
}

/**
 * The same for an API key, authenticated by the statement that reads the job.
 *
 * @param id undefined for a text that cannot be one.
 * @returns the contract's object in JSON.
 * @throws HttpError 401 without a usable key, 403 without the scope, 404, 429 with `Retry-After`.
 */
export async function findBatchJobByApiKey(
  headers: Headers,
  id: string | undefined,
  query: FindBatchJobQuery,
): Promise<string> {
  const { contactStatus, contactsPage: page, contactsPageSize: size } = query;
  const isFiltered = contactStatus !== undefined;
  const request: DetailRequest = {
    id: parameter("id"),
    page: parameter("page"),
    // A literal, as PostgreSQL would never settle on a generic plan with a limit that it does not know.
    size: sql.lit(size),
    offset: parameter("offset"),
    contactStatus: isFiltered ? sql`${parameter("contactStatus")}::text` : undefined,
  };
  const { job } = await runByApiKey(
    headers,
    "readBatchJobs",
    { name: `batch job, ${isFiltered}, ${size}`, isPrepared: size === contactsPageSizeDefault },
    () => withBearer(selectDetail(bearerOwnScope, request), ["job"]),
    { id, contactStatus, page, offset: offsetOf(query) },
  );
  if (job === null) throw jobNotFound;
  return job;
}
