import { type Expression, type RawBuilder, sql } from "kysely";
import { runByApiKey } from "../access/run-by-api-key";
import { bearerOwnScope, type OrganizationScope, type Viewer } from "../access/viewer";
import { withBearer } from "../api-keys/bearer";
import { countContacts } from "../contacts/counts";
import { contactsAsJson, contactsOnPage } from "../contacts/list";
import type { ContactStatus } from "../contacts/status";
import { parameter } from "../database/cached-statement";
import { database } from "../database/database";
import { selectFields, utcSeconds } from "../database/json";
import { answerCache } from "../http/answer-cache";
import type { TaggedJson } from "../http/conditional-json";
import { estimatedEnd } from "./conditions";
import { jobNotFound } from "./lock";
import { type BatchJobDetail, contactsPageSizeDefault, type FindBatchJobQuery } from "./schema";
import { batchJobColumns, batchJobFields } from "./serialize";
import { visibleBatchJobs } from "./visible";

/** What a request asks for: values, or placeholders for them in a cached statement. */
interface DetailRequest {
  id: Expression<string>;
  page: Expression<number>;
  size: Expression<number>;
  /** How many contacts come before the page. */
  offset: Expression<number>;
  contactStatus?: Expression<ContactStatus>;
}

const jobId = sql.ref<string>("job.id");

/** The contract's object, keys in its order. */
function detailFields(
  request: DetailRequest,
  contacts: ReturnType<typeof contactsOnPage>,
): Record<keyof BatchJobDetail, Expression<unknown>> {
  const { scheduledStartTime, actualStartTime, completedAt, createdAt, ...fields } = batchJobFields;
  const { concurrentCallLimit, retryPolicy, ...others } = fields;
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
    contacts: contactsAsJson(contacts, sql.ref<number>("job.retry_max_attempts")),
    contactsTotal: sql.ref("counts.total"),
    contactsPage: sql`${request.page}::int`,
    contactsPageSize: sql`${request.size}::int`,
    contactsHasMore: sql`counts.total > ${request.offset}::bigint + ${request.size}::bigint`,
  };
}

/** What a statement selects a job's detail from, and the detail as JSON. */
function detailOf(scope: OrganizationScope, request: DetailRequest) {
  const job = visibleBatchJobs(scope)
    .where("id", "=", request.id)
    .select([...batchJobColumns, "has_contacts"])
    // In whole seconds, so that what is not shown changes no version.
    .select(sql`date_trunc('second', ${estimatedEnd(scope)})`.as("estimated_end"))
    // Otherwise PostgreSQL would compute the end in each place where the job is used.
    .offset(sql.lit(0));
  const counts = countContacts(scope, request.contactStatus);
  const contacts = contactsOnPage(scope, jobId, request, request.contactStatus);
  return {
    from: sql`(${job}) as job cross join lateral (${counts}) as counts`,
    contacts,
    json: sql<string>`(
      select row_to_json(detail)::text from (${selectFields(detailFields(request, contacts))}) as detail
    )`,
  };
}

/** Selects one row, also without the job. */
function selectDetail(scope: OrganizationScope, request: DetailRequest): RawBuilder<{ job: string | null }> {
  const { from, json } = detailOf(scope, request);
  return sql`select (select ${json} from ${from}) as job`;
}

/**
 * Selects one row, also without the job, whose `version` is null then. `job` is null, too, for the version that is known.
 * Each organization's versions begin with its id.
 */
function selectDetailUnlessKnown(
  scope: OrganizationScope,
  request: DetailRequest,
): RawBuilder<{ version: string | null; job: string | null }> {
  const { from, contacts, json } = detailOf(scope, request);
  return sql`
    select version, job from (select) as always left join lateral (
      select version, case when version <> ${parameter("knownVersion")} then ${json} end as job
      from ${from} cross join lateral (
        select concat(
          job.organization_id, ' ', hash_record_extended(job, 0), ' ', counts.breakdown, ' ', counts.total, ' ',
          sum(hash_record_extended(contact, 0))
        ) as version
        from (${contacts}) as contact
      ) as current
    ) as found on true
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

const cachedAnswer = answerCache<{ version: string; answer: TaggedJson }>(4_000_000);

/**
 * Gives an API key a job with a page of its contacts. The statement that reads the job also authenticates the key. The
 * answer is cached.
 *
 * @param id undefined for a text that cannot be one.
 * @param serialize makes the answer from the contract's object in JSON, the id and the query.
 * @throws HttpError 401 without a usable key, 403 without the scope, 404, 429 with `Retry-After`.
 */
export async function findBatchJobByApiKey(
  headers: Headers,
  id: string | undefined,
  query: FindBatchJobQuery,
  serialize: (job: string) => TaggedJson,
): Promise<TaggedJson> {
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
  return cachedAnswer(JSON.stringify({ id, ...query }), async (known) => {
    const { version, job } = await runByApiKey(
      headers,
      "readBatchJobs",
      { name: `batch job, ${isFiltered}, ${size}`, isPrepared: size === contactsPageSizeDefault },
      () => withBearer(selectDetailUnlessKnown(bearerOwnScope, request), ["version", "job"]),
      { id, contactStatus, page, offset: offsetOf(query), knownVersion: known?.version ?? "" },
    );
    if (version === null) throw jobNotFound;
    if (job !== null) return { version, answer: serialize(job) };
    if (!known) throw new Error(`There is no answer with the version ${version}`);
    return known;
  });
}
