import { environment } from "../environment";
import { formatNumber } from "../format/quantity";
import { lastPageOf, pageLinks } from "../http/page-links";
import { type DatePresets, datePresets, isLocalTime } from "./date-ranges";
import { type HealthProblem, healthProblems } from "./health";
import {
  filterNames,
  isCounted,
  JobsParameters,
  type ListBatchJobsQuery,
  pageSizeDefault,
  pageSizeMax,
  rangeNames,
  reachMax,
  type Sort,
  sortDefault,
} from "./schema";
import { activeStatuses, type BatchJobStatus, batchJobStatuses, isBatchJobStatus } from "./status";

/**
 * What a list of jobs shows: filters, order and page, and what only the jobs page has: the filter `problem`, ranges of dates
 * that move with the calendar, and the order `now`: jobs that run come first, then those that wait to start, by their
 * scheduled time.
 */
export type JobsQuery = Omit<JobsParameters, "sort"> & {
  sort: Sort | "now";
  problem?: HealthProblem;
} & DatePresets;

/** What the address of the jobs page says; it may name no organization. */
export type JobsAddress = Omit<JobsQuery, "organizationId"> & { organizationId?: string };

/** What the form sends in place of a preset when its fields for dates count. */
export const customRange = "custom";

const rangeParameters: string[] = rangeNames.flatMap((name) => [`${name}From`, `${name}To`]);

/**
 * Reads the address of the jobs page with the API's own schema, but leniently: a wrong value counts as
 * absent, and is named in a notice. So an old bookmark still shows jobs. Dates are as given: resolveDates reads them in
 * the person's time zone.
 *
 * @param given what Next read from the address.
 */
export function readJobsAddress(given: Record<string, string | string[] | undefined>): {
  address: JobsAddress;
  notices: string[];
} {
  const notices: string[] = [];
  const valuesOf = (name: keyof JobsAddress) => {
    const value = given[name];
    return value === undefined ? undefined : [value].flat();
  };
  const readNumber = (name: "page" | "pageSize", what: string): number => {
    const schema = JobsParameters.shape[name];
    const values = valuesOf(name);
    const result = schema.safeParse(values);
    if (result.success) return result.data;
    const fallback = schema.parse(undefined);
    notices.push(
      `${quoted(values)} is not a valid ${what}. Showing ${name === "page" ? "page " : ""}${fallback}.`,
    );
    return fallback;
  };

  const words = (valuesOf("status") ?? []).flatMap((value) => value.split(","));
  const status = batchJobStatuses.filter((one) => words.includes(one));
  const unknown = words.filter((word) => !isBatchJobStatus(word));
  if (unknown.length > 0) {
    notices.push(
      `${quoted(unknown)} is not a status. Choose from ${batchJobStatuses.join(", ")}.${status.length > 0 ? "" : " Jobs of any status are shown."}`,
    );
  }
  const wanted = valuesOf("problem");
  const problem = healthProblems.find((one) => wanted?.length === 1 && one === wanted[0]);
  if (wanted !== undefined && problem === undefined) {
    notices.push(
      `${quoted(wanted)} is not a valid filter. Choose from ${healthProblems.join(", ")}. This filter is ignored.`,
    );
  }
  const isNow = valuesOf("sort")?.join() === "now";
  const filters: Partial<Pick<JobsParameters, (typeof filterNames)[number] | "sort">> = {};
  for (const name of [...filterNames, "sort"] as const) {
    // Forms send empty fields, too.
    const values = valuesOf(name)?.filter((value) => value.trim() !== "");
    if (values === undefined || values.length === 0 || (name === "sort" && isNow)) continue;
    const result = JobsParameters.shape[name].safeParse(values);
    const isLocal = rangeParameters.includes(name) && values.length === 1 && isLocalTime(values[0]);
    if (result.success) Object.assign(filters, { [name]: result.data });
    else if (isLocal) Object.assign(filters, { [name]: values[0] });
    else notices.push(`${quoted(values)} is not a valid ${name === "q" ? "search" : name} and was ignored.`);
  }
  const presets: DatePresets = {};
  for (const name of rangeNames) {
    const values = valuesOf(name);
    if (values === undefined || (values.length === 1 && values[0] === customRange)) continue;
    presets[name] = datePresets.find((one) => values.length === 1 && one === values[0]);
    if (presets[name] === undefined && values.some((value) => value !== "")) {
      notices.push(
        `${quoted(values)} is not a valid date range. Choose from ${datePresets.join(", ")}. All dates are shown.`,
      );
    }
    // The form has fields for both, of which the chosen one counts.
    filters[`${name}From`] = filters[`${name}To`] = undefined;
  }
  const sort = isNow ? ("now" as const) : (filters.sort ?? sortDefault);
  const shown = { ...filters, sort, problem, ...presets };
  let page = readNumber("page", "page number");
  const pageSize = readNumber("pageSize", "number of rows per page");
  const isSearch = !isCounted(shown) || rangeNames.some((name) => presets[name] !== undefined);
  if (isSearch && (page - 1) * pageSize >= reachMax) {
    page = Math.ceil(reachMax / pageSize);
    notices.push(
      `Sorted or filtered lists are limited to the first ${formatNumber(reachMax)} jobs. Showing page ${page}.`,
    );
  }
  const organizationIds = valuesOf("organizationId");
  return {
    address: {
      // Anything that cannot be one is answered as one that does not exist.
      organizationId: organizationIds && (organizationIds.length === 1 ? organizationIds[0] : ""),
      status: isNow ? statusesOfNow(status) : status,
      ...shown,
      page,
      pageSize,
    },
    notices,
  };
}

/** The active ones of these statuses, or all active ones: Now has no others. */
function statusesOfNow(status: BatchJobStatus[]): BatchJobStatus[] {
  const active = activeStatuses.filter((one) => status.includes(one));
  return active.length > 0 ? active : activeStatuses;
}

function quoted(values: string[] = []): string {
  const text = values
    .join(", ")
    .replace(/\p{Cc}/gu, " ")
    .toWellFormed();
  return text.length > 60 ? `“${text.slice(0, 60).toWellFormed()}…”` : `“${text}”`;
}

/**
 * An address with the filters of a list.
 *
 * @param more parameters that come after them; false for none.
 * @param comma what to write between statuses.
 */
function filteredAddress(
  path: string,
  { organizationId, status = [], problem, sort = sortDefault, ...others }: Partial<JobsAddress>,
  more: (string | false | undefined)[],
  comma = ",",
): string {
  const parameters = [
    organizationId && `organizationId=${encodeURIComponent(organizationId)}`,
    status.length > 0 && `status=${status.join(comma)}`,
    problem && `problem=${problem}`,
    ...rangeNames.map((name) => others[name] && `${name}=${others[name]}`),
    ...filterNames.map((name) => {
      const value = others[name];
      const isPreset = rangeNames.some((range) => name.startsWith(range) && others[range]);
      return value !== undefined && !isPreset && `${name}=${encodeURIComponent(value)}`;
    }),
    sort !== sortDefault && `sort=${sort}`,
    ...more,
  ].filter(Boolean);
  return parameters.length > 0 ? `${path}?${parameters.join("&")}` : path;
}

/** The address of the jobs page that shows this; what is as by default is left out. */
export function jobsAddress(address: Partial<JobsAddress>): string {
  const { status = [], page = 1, pageSize = pageSizeDefault } = address;
  const inOrder = batchJobStatuses.filter((one) => status.includes(one));
  return filteredAddress("/jobs", { ...address, status: inOrder }, [
    page > 1 && `page=${page}`,
    pageSize !== pageSizeDefault && `pageSize=${pageSize}`,
  ]);
}

/** The filters and the order of a list, as the query of an address: what a saved view keeps. */
export function viewOf(address: Partial<JobsAddress>): string {
  return queryOf({ ...address, page: 1, pageSize: undefined });
}

/** The query of the jobs page's address, without the organization. */
export function queryOf(address: Partial<JobsAddress>): string {
  return jobsAddress({ ...address, organizationId: undefined }).split("?")[1] ?? "";
}

/** Reads what queryOf wrote, or what remains valid of it. */
export function readQuery(query: string): JobsAddress {
  return readJobsAddress(Object.fromEntries(new URLSearchParams(query))).address;
}

/** The query without ranges that move with the calendar and the order `now`, which only the jobs page knows. */
function withoutPresets({ created, scheduled, started, completed, ...query }: JobsQuery): Partial<JobsQuery> {
  return query.sort === "now" ? { ...query, sort: undefined } : query;
}

/**
 * The address at which an open jobs page asks for the current state of its jobs, and how many were created after `since`.
 */
export function liveJobsAddress(query: JobsQuery, since: Date): string {
  const list = { ...withoutPresets(query), sort: undefined };
  return filteredAddress("/live/jobs", list, [`since=${since.toISOString()}`]);
}

/** The address of a CSV file with the jobs of all pages. @param bom whether it begins with a byte order mark, for Excel. */
export function fileAddress(query: JobsQuery, { bom = false } = {}): string {
  return filteredAddress("/jobs.csv", withoutPresets(query), [bom && "bom=1"]);
}

/**
 * The public address of the API's first answer with the same jobs, whose `nextCursor` leads to the others. The API has no
 * filter by health.
 */
export function apiAddress(query: JobsQuery): string {
  const list = { ...withoutPresets(query), problem: undefined };
  return filteredAddress(`${environment().NEXTAUTH_URL}/batch/jobs`, list, [
    `pageSize=${pageSizeMax}`,
    "cursor=",
  ]);
}

/** What the Link header says of a list answer. */
interface LinkedList {
  /** The number of jobs on all pages; undefined when it is not known exactly. */
  total?: number;
  /** Whether there are jobs after these. */
  hasMore: boolean;
  /** Continues after the last of these jobs. */
  nextCursor?: string | null;
}

/** The `Link` header of a list answer: the same parameters, on the configured public address, never `Host`. */
export function batchJobLinks(query: ListBatchJobsQuery, { total, hasMore, nextCursor }: LinkedList): string {
  const { page, pageSize, include } = query;
  // Clients that cut the header at commas would cut an address with one.
  const comma = "%2C";
  const address = (place: string) =>
    filteredAddress(
      `${environment().NEXTAUTH_URL}/batch/jobs`,
      query,
      [
        query.total && `total=${query.total}`,
        include.length > 0 && `include=${include.join(comma)}`,
        place,
        `pageSize=${pageSize}`,
      ],
      comma,
    );
  const cursorAddress = (cursor: string) => address(`cursor=${cursor}`);
  if (query.cursor !== undefined) {
    const next = nextCursor ? `, <${cursorAddress(nextCursor)}>; rel="next"` : "";
    return `<${cursorAddress("")}>; rel="first"${next}`;
  }
  const isReached = (to: number) => isCounted(query) || (to - 1) * pageSize < reachMax;
  const hasLast = total !== undefined && isReached(lastPageOf(total, pageSize));
  // Where pages end, the cursor goes on.
  return pageLinks({ page, pageSize, total: hasLast ? total : undefined, hasMore }, (to) =>
    isReached(to) || !nextCursor ? address(`page=${to}`) : cursorAddress(nextCursor),
  );
}
