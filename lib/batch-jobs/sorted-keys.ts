import { type RawBuilder, sql } from "kysely";
import type { OrganizationScope } from "../access/viewer";
import { jobsWithContact } from "../contacts/visible";
import { database } from "../database/database";
import { findPhoneNumber } from "../format/phone-number";
import type { JobsQuery } from "./address";
import type { Position } from "./cursor";
import { columnOf, filteredColumns, searchConditions, withFilters } from "./filter";
import type { SortField } from "./schema";
import type { BatchJobStatus } from "./status";
import { hasNotStarted, visibleBatchJobs, withStatus } from "./visible";

type Sort = JobsQuery["sort"];

/** A part of a list. The list has those of a smaller rank first, and orders those of one rank by key and id. */
interface Part {
  rank: Position["rank"];
  /** What an index has in order. */
  key: RawBuilder<unknown>;
  /** Empty for all. */
  only: RawBuilder<boolean>[];
}

/** `-name` → `name` */
export function fieldOf(sort: Sort): SortField | "now" {
  return sort.replace("-", "") as SortField | "now";
}

/** The direction of the key and, for jobs with the same key, of the id. */
const directionOf = (sort: Sort) => (sort.startsWith("-") ? sql.raw("desc") : sql.raw("asc"));

function partsOf(sort: Sort, statuses: BatchJobStatus[]): Part[] {
  const field = fieldOf(sort);
  if (field === "updatedAt") {
    // Running jobs are not in the index of changes. Looking for them there would read all of it.
    const settled: Part = { rank: 1, key: sql.ref("settled_at"), only: [sql`settled_at < 'infinity'`] };
    const running: Part = { rank: 1, key: sql.ref("updated_at"), only: [sql`status = 'running'`] };
    return statuses.join() === "running" ? [running] : [settled, running];
  }
  if (field === "now") {
    const isScheduled = sql<boolean>`scheduled_start_time is not null`;
    return [
      { rank: 1, key: sql.ref("created_at"), only: [sql`status = 'running'`] },
      { rank: 2, key: sql.ref("scheduled_start_time"), only: [hasNotStarted, isScheduled] },
      { rank: 3, key: sql.ref("created_at"), only: [hasNotStarted, sql`not ${isScheduled}`] },
    ];
  }
  const key = sql.ref(columnOf[field]);
  // All jobs have these.
  if (field === "createdAt" || field === "name") return [{ rank: 1, key, only: [] }];
  return [
    { rank: 1, key, only: [sql`${key} is not null`] },
    { rank: 2, key, only: [sql`${key} is null`] },
  ];
}

/** The place of a row in its table, which does not change during a statement. */
export const rowPlace = sql<string>`batch_jobs.ctid`.as("place");

/** The columns of SortedKey, and where the row is. */
export const keyColumns = sql`rank, key, id, place`;

export interface SortedKey {
  rank: number;
  key: Date | string | null;
  id: string;
}

/** `order by` of rows of SortedKey. */
export function sortedOrder(sort: Sort, table: string): RawBuilder<unknown> {
  const column = (name: keyof SortedKey) => sql.ref(`${table}.${name}`);
  const direction = directionOf(sort);
  return sql`${column("rank")}, ${column("key")} ${direction}, ${column("id")} ${direction}`;
}

/** Whether a job of the same rank comes after a position. @param key the expression of the job's sort key. */
function comesAfter(
  sort: Sort,
  { rank, key, id }: Position,
  ofJob: RawBuilder<unknown>,
): RawBuilder<boolean> {
  // There is one job at most whose id was searched for.
  if (rank === 0) return sql`false`;
  const sign = sort.startsWith("-") ? sql.raw("<") : sql.raw(">");
  if (key === null) return sql`id ${sign} ${id}`;
  const typed = fieldOf(sort) === "name" ? sql`${key}::text collate "C"` : sql`${new Date(key)}::timestamptz`;
  return sql`(${ofJob}, id) ${sign} (${typed}, ${id})`;
}

/** The condition for rows of SortedKey that come after a position. */
export function isAfter(sort: Sort, after: Position): RawBuilder<boolean> {
  const isNext = comesAfter(sort, after, sql.ref("key"));
  return sql`(rank > ${after.rank} or (rank = ${after.rank} and ${isNext}))`;
}

const hasPhoneNumber = sql<boolean>`id in (select batch_job_id from with_phone_number)`;

/**
 * The first table in the `with` of a statement that selects keys: the jobs that have a contact with the phone number
 * searched for, found once for all parts of the list. Empty for any other search.
 */
export function jobsWithPhoneNumber(
  scope: OrganizationScope,
  { q }: Pick<JobsQuery, "q">,
): RawBuilder<unknown> {
  const phoneNumber = q === undefined ? undefined : findPhoneNumber(q);
  return phoneNumber === undefined
    ? sql``
    : sql`with_phone_number as materialized (${jobsWithContact(scope, phoneNumber)}),`;
}

/**
 * Selects the keys of the jobs that match, as rows of SortedKey, with their status. The statement must
 * have the table of jobsWithPhoneNumber.
 *
 * @param options.where a further condition for each part of the list.
 * @param options.limit how many of the first in the list's order; otherwise all, in no order.
 * @param options.after skips the jobs up to here.
 * @param options.readMax how many jobs are read in the list's order, whether they match or not; otherwise any number.
 */
export function selectKeys(
  scope: OrganizationScope,
  query: Omit<JobsQuery, "organizationId">,
  options: { where?: RawBuilder<boolean>; limit?: number; after?: Position; readMax?: number } = {},
): RawBuilder<SortedKey> {
  const { where, limit, after, readMax } = options;
  const { q, sort } = query;
  const direction = directionOf(sort);
  const parts = partsOf(sort, query.status);
  const searched: Part[] =
    q === undefined
      ? parts
      : [
          { rank: 0, key: parts[0]?.key ?? sql`null`, only: [sql`id = ${q}`] },
          ...searchConditions(q, () => hasPhoneNumber).flatMap((matches) =>
            parts.map((part) => ({ ...part, only: [...part.only, matches, sql<boolean>`id <> ${q}`] })),
          ),
        ];
  // Jobs of a later rank come after all of this one, of which readMax may leave some out.
  const lastRank = readMax === undefined ? Number.POSITIVE_INFINITY : Math.max(1, after?.rank ?? 1);
  // In this order, as each table below reads those of smaller ranks, which must come before it.
  const selected = searched
    .toSorted((one, other) => one.rank - other.rank)
    .filter(
      ({ rank }, at) =>
        rank <= lastRank && (after === undefined || rank >= after.rank || at === searched.length - 1),
    );
  const selectPart = ({ rank, key, only }: Part, conditions: RawBuilder<boolean>[]) => {
    const isNext = after?.rank === rank ? [comesAfter(sort, after, key)] : [];
    const candidates = [...only, ...conditions, ...isNext].reduce(
      (jobs, condition) => jobs.where(condition),
      withStatus(visibleBatchJobs(scope), query.status),
    );
    const read =
      readMax === undefined
        ? candidates
        : database().selectFrom(
            candidates
              .select([...filteredColumns, sql`batch_jobs.ctid`.as("ctid")])
              .orderBy(sql`${key} ${direction}, id ${direction}`)
              .limit(sql.lit(readMax))
              .as("batch_jobs"),
          );
    return withFilters(scope, read, query).select([
      sql<number>`${sql.lit(rank)}`.as("rank"),
      sql<SortedKey["key"]>`${key}`.as("key"),
      "id",
      rowPlace,
      "status",
    ]);
  };
  const given = where ? [where] : [];
  if (limit === undefined) {
    return sql`(${sql.join(
      selected.map((part) => selectPart(part, given)),
      sql` union all `,
    )})`;
  }
  const names = selected.map((_, at) => sql.ref(`part_${at}`));
  const tables = selected.map((part, at) => {
    // Looking for the last jobs, such as those without a key, can take long, and is rarely necessary.
    const earlier = names.filter((_, other) => (selected[other]?.rank ?? 0) < part.rank);
    const isNeeded = earlier.map((name) => sql<boolean>`(select count(*) from ${name}) < ${sql.lit(limit)}`);
    const keys = selectPart(part, [...given, ...isNeeded]);
    return sql`${names[at]} as materialized (
      ${keys} order by ${part.key} ${direction}, id ${direction} limit ${sql.lit(limit)}
    )`;
  });
  const keys = names.map((name) => sql`select ${keyColumns} from ${name}`);
  return sql`(with ${sql.join(tables)} ${sql.join(keys, sql` union all `)})`;
}
