import { type Expression, type RawBuilder, sql } from "kysely";
import { runByApiKey } from "../access/run-by-api-key";
import { bearerOwnScope, type Scope } from "../access/viewer";
import { withBearer } from "../api-keys/bearer";
import { contactsAsJson, countContacts } from "../contacts/list";
import type { ContactStatus } from "../contacts/status";
import { parameter } from "../database/cached-statement";
import { selectFields, utcSeconds } from "../database/json";
import { jobNotFound } from "./lock";
import type { BatchJobDetail, FindBatchJobQuery } from "./schema";
import { batchJobColumns, batchJobFields } from "./serialize";
import { estimatedEnd, visibleBatchJobs } from "./visible";

/**
 * The contract's object, keys in its order.
 *
 * @param isFiltered whether the parameter contactStatus is used.
 */
function detailFields(scope: Scope, isFiltered: boolean): Record<keyof BatchJobDetail, Expression<unknown>> {
  const { scheduledStartTime, actualStartTime, completedAt, createdAt, ...fields } = batchJobFields;
  const { concurrentCallLimit, retryPolicy, ...others } = fields;
  const job = { id: sql.ref<string>("job.id"), maxAttempts: sql.ref<number>("job.retry_max_attempts") };
  const page = { offset: parameter<number>("offset"), size: parameter<number>("size") };
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
    contacts: contactsAsJson(scope, job, page, isFiltered ? contactStatus : undefined),
    contactsTotal: sql.ref("counts.total"),
    contactsPage: sql`${parameter("page")}::int`,
    contactsPageSize: sql`${parameter("size")}::int`,
    contactsHasMore: sql`counts.total > ${page.offset}::bigint + ${page.size}::bigint`,
  };
}

const contactStatus = sql<ContactStatus>`${parameter("contactStatus")}::text`;

function selectDetail(scope: Scope, isFiltered: boolean): RawBuilder<{ job: string | null }> {
  const job = visibleBatchJobs(scope)
    .where("id", "=", parameter<string>("id"))
    .select([...batchJobColumns, estimatedEnd.as("estimated_end")]);
  const counts = countContacts(scope, sql.ref("job.id"), isFiltered ? contactStatus : undefined);
  // A row even without the job: it says that the key is usable.
  return sql`
    select (
      select row_to_json(detail)::text
      from (${job}) as job
      cross join lateral (${counts}) as counts
      cross join lateral (${selectFields(detailFields(scope, isFiltered))}) as detail
    ) as job
  `;
}

/**
 * A job with a page of its contacts in the order of the upload, for an API key: one statement, and therefore one snapshot.
 *
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
  const { job } = await runByApiKey(
    headers,
    "readBatchJobs",
    { name: `batch job, ${isFiltered}`, isPrepared: true },
    () => withBearer(selectDetail(bearerOwnScope, isFiltered), ["job"]),
    { id, contactStatus, page, size, offset: (page - 1) * size },
  );
  if (job === null) throw jobNotFound;
  return job;
}
