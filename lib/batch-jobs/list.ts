import { sql } from "kysely";
import { organizationForbidden } from "../access/permissions";
import { runByApiKey } from "../access/run-by-api-key";
import { bearerScope, Viewer } from "../access/viewer";
import { withBearer } from "../api-keys/bearer";
import { parameter } from "../database/cached-statement";
import { answerCache } from "../http/answer-cache";
import type { TaggedJson } from "../http/conditional-json";
import type { JobsQuery } from "./address";
import { formatCursor } from "./cursor";
import { depthOf, selectPage, selectTotal, withPageStart } from "./page";
import {
  isCounted,
  type ListBatchJobsQuery,
  listKey,
  pageSizeDefault,
  pageSizeMax,
  positionOf,
} from "./schema";
import { positionAfter, searchBatchJobs } from "./search";
import {
  type BatchJobRow,
  batchJobColumns,
  type HashedJobs,
  type SerializedList,
  selectHashedJobs,
} from "./serialize";
import type { BatchJobStatus } from "./status";
import { newestFirst } from "./visible";

const offsetOf = ({ page, pageSize }: Pick<JobsQuery, "page" | "pageSize">) => (page - 1) * pageSize;

/**
 * One page of an organization's batch jobs and how many match on all pages, in one statement and therefore one snapshot.
 * A page past the end has no rows and the correct total. Jobs with a health problem have no stored count and are counted
 * one by one.
 *
 * @returns `total` is countedMax (search.ts) at most when it is not exact.
 * @throws HttpError 403 when the query names another organization than the viewer's.
 */
export async function listBatchJobs(
  viewer: Viewer,
  query: JobsQuery,
): Promise<{ batchJobs: BatchJobRow[]; total: number; isTotalExact: boolean }> {
  viewer.require("readBatchJobs");
  if (!isCounted(query)) {
    const found = await searchBatchJobs(viewer, query, { limit: query.pageSize, skip: offsetOf(query) });
    return { batchJobs: found.jobs, total: found.total ?? 0, isTotalExact: found.isTotalExact };
  }
  viewer.requireOrganization(query.organizationId);
  const depth = depthOf(offsetOf(query), query.problem);
  // The total is joined from the left, as a page may have no rows.
  const rows = await withPageStart(viewer.scope, query, depth, sql.val(offsetOf(query)))
    .selectFrom(selectTotal(viewer.scope, query).as("counts"))
    .leftJoin(selectPage(viewer.scope, query, depth).as("page"), (join) => join.onTrue())
    .select("counts.total")
    .select(batchJobColumns.map((column) => `page.${column}` as const))
    .orderBy(newestFirst("page"))
    .execute();
  const batchJobs = rows.filter((row): row is typeof row & BatchJobRow => row.id !== null);
  return { batchJobs, total: rows[0]?.total ?? 0, isTotalExact: true };
}

/** A list answer, what its `Link` header says, and where to go on from. */
interface ApiList extends SerializedList {
  hasMore: boolean;
  /** The X-Next-Updated-Since; only with a cursor. */
  watermark?: string;
}

interface CachedList extends Pick<HashedJobs, "hashes"> {
  total: number;
  /** JSON of each job. */
  jobs: string[];
  answer: TaggedJson;
}

const cachedAnswer = answerCache<CachedList>(8_000_000);

/**
 * Gives an API key a page of its organization's batch jobs. For the documented query, the statement that reads the page
 * also authenticates the key, and the answer is cached.
 *
 * @param serialize makes the answer, from nothing but the list and the query.
 * @throws HttpError 401 without a usable key, 403 without the scope `read` or for another organization than the key's, 429
 *   with `Retry-After`.
 */
export async function listBatchJobsByApiKey(
  headers: Headers,
  query: ListBatchJobsQuery,
  serialize: (list: ApiList) => TaggedJson,
): Promise<TaggedJson> {
  if (!isDocumented(query)) return serialize(await searchByApiKey(headers, query));
  const depth = depthOf(offsetOf(query));
  // As parameters, so that lists with the same number of statuses have one statement, and all of these can be prepared:
  // planning one of two statuses takes seven times as long as running it.
  const status = query.status.map((_, at) => parameter<BatchJobStatus>(`status${at}`));
  const statusValues = Object.fromEntries(query.status.map((one, at) => [`status${at}`, one]));
  const filter = { status, pageSize: query.pageSize };
  const isPrepared = [pageSizeDefault, pageSizeMax].includes(query.pageSize);
  const buildStatement = () => {
    const jobs = selectHashedJobs(selectPage(bearerScope, filter, depth), parameter("knownHashes"));
    return withBearer<HashedJobs & { total: number }>(
      withPageStart(bearerScope, filter, depth, parameter("offset"))
        .selectFrom(selectTotal(bearerScope, filter).as("counts"))
        .crossJoin(jobs.as("page"))
        .select(["total", "hashes", "jobs"]),
      ["hashes", "jobs", "total"],
    );
  };
  return cachedAnswer(JSON.stringify(query), async (known) => {
    const found = await runByApiKey(
      headers,
      "readBatchJobs",
      { name: `batch jobs, ${depth}, ${filter.pageSize}, ${status.length}`, isPrepared },
      buildStatement,
      {
        ...{ ...statusValues, organizationId: query.organizationId, offset: offsetOf(query) },
        knownHashes: `{${known?.hashes ?? ""}}`,
      },
    );
    if (found.organization_id !== query.organizationId) throw organizationForbidden;
    const { hashes, total } = found;
    if (known && known.hashes === hashes && known.total === total) return known;
    const jobs = completeJobs(found, known);
    const hasMore = offsetOf(query) + query.pageSize < total;
    return { hashes, total, jobs, answer: serialize({ jobs: jobs.join(","), total, hasMore }) };
  });
}

/** Adds the jobs that are known, and of which the statement has returned only the hash. */
function completeJobs({ hashes, jobs }: HashedJobs, known: CachedList | undefined): string[] {
  if (hashes === "") return [];
  const knownHashes = known?.hashes.split(",") ?? [];
  const found = jobs.split("\n");
  return hashes.split(",").map((hash, at) => {
    const job = found[at] || known?.jobs[knownHashes.indexOf(hash)];
    if (!job) throw new Error(`There is no job with the hash ${hash}`);
    return job;
  });
}

/** Whether the query has only the documented parameters. */
function isDocumented(query: ListBatchJobsQuery): boolean {
  const { cursor, total, include } = query;
  return isCounted(query) && cursor === undefined && total === undefined && include.length === 0;
}

async function searchByApiKey(headers: Headers, query: ListBatchJobsQuery): Promise<ApiList> {
  const viewer = await Viewer.fromApiKey(headers, "readBatchJobs");
  const { cursor, pageSize, include } = query;
  const after = cursor ? positionOf(cursor, query) : undefined;
  const found = await searchBatchJobs(viewer, query, {
    // One more, to know whether there is another page.
    limit: pageSize + 1,
    skip: cursor === undefined ? offsetOf(query) : 0,
    after,
    hasTotal: query.total !== "none",
    include,
  });
  const hasMore = found.jobs.length > pageSize;
  const jobs = found.jobs.slice(0, pageSize);
  const last = jobs.at(-1);
  const watermark = after?.watermark ?? found.watermark;
  const { total, isTotalExact, statusCounts } = found;
  return {
    jobs: jobs.map((job) => job.json).join(","),
    ...(total === null ? {} : { total, isTotalExact }),
    statusCounts,
    hasMore,
    nextCursor: last && hasMore ? formatCursor(positionAfter(last, watermark), listKey(query)) : null,
    ...(cursor !== undefined && { watermark }),
  };
}
