import { environment } from "../environment";
import { pageLinks } from "../http/page-links";
import { type HealthProblem, healthProblems } from "./health";
import { ListBatchJobsQuery, pageSizeDefault } from "./schema";
import { batchJobStatuses, isBatchJobStatus } from "./status";

/** What a list of jobs shows: the API's parameters, and one that only the jobs page has. */
export type JobsQuery = ListBatchJobsQuery & { problem?: HealthProblem };

/** The same where the address may name no organization. */
export type JobsAddress = Omit<JobsQuery, "organizationId"> & { organizationId?: string };

/**
 * Reads the address of the jobs page with the API's own schema, but leniently: a wrong value counts as
 * absent, and is named in a notice. So an old bookmark still shows jobs.
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
    const schema = ListBatchJobsQuery.shape[name];
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
      `${quoted(unknown)} is not a status. Choose from ${batchJobStatuses.join(", ")}.${status.length > 0 ? "" : " All jobs are shown."}`,
    );
  }
  const wanted = valuesOf("problem");
  const problem = healthProblems.find((one) => wanted?.length === 1 && one === wanted[0]);
  if (wanted !== undefined && problem === undefined) {
    notices.push(
      `${quoted(wanted)} is not a valid filter. Choose from ${healthProblems.join(", ")}. All jobs are shown.`,
    );
  }
  const organizationIds = valuesOf("organizationId");
  return {
    address: {
      // Anything that cannot be one is answered as one that does not exist.
      organizationId: organizationIds && (organizationIds.length === 1 ? organizationIds[0] : ""),
      status,
      problem,
      page: readNumber("page", "page number"),
      pageSize: readNumber("pageSize", "number of rows per page"),
    },
    notices,
  };
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
  { organizationId, status = [], problem }: Partial<JobsAddress>,
  more: (string | false)[],
  comma = ",",
): string {
  const parameters = [
    organizationId && `organizationId=${encodeURIComponent(organizationId)}`,
    status.length > 0 && `status=${status.join(comma)}`,
    problem && `problem=${problem}`,
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

/** Where an open jobs page asks how its jobs stand, and how many were created after `since`. */
export function liveJobsAddress({ organizationId, status }: JobsQuery, since: Date): string {
  return filteredAddress("/jobs/live", { organizationId, status }, [`since=${since.toISOString()}`]);
}

/** The `Link` header of a list answer: the same filters, on the configured public address, never `Host`. */
export function batchJobLinks(query: ListBatchJobsQuery, total: number): string {
  const url = `${environment().NEXTAUTH_URL}/batch/jobs`;
  return pageLinks({ ...query, total }, (page) =>
    // Clients that cut the header at commas would cut an address with one.
    filteredAddress(url, query, [`page=${page}`, `pageSize=${query.pageSize}`], "%2C"),
  );
}
