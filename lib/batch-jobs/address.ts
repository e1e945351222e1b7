import { type HealthProblem, healthProblems } from "./health-filter";
import { ListBatchJobsQuery, pageSizeDefault } from "./schema";
import { type BatchJobStatus, batchJobStatuses, isBatchJobStatus } from "./status";

/** What the jobs page's address says: the API's own parameters, and one of its own. */
export type JobsAddress = Omit<ListBatchJobsQuery, "organizationId"> & {
  organizationId?: string;
  trouble?: HealthProblem;
};

/** The same for an organization that is known: what the page lists. */
export type JobsQuery = JobsAddress & { organizationId: string };

type Given = Record<string, string | string[] | undefined>;

/**
 * Reads the address of the jobs page with the API's own schema, but leniently: a wrong value counts as
 * absent, and is named in a notice. So an old bookmark still shows jobs.
 *
 * @param given what Next read from the address.
 */
export function readJobsAddress(given: Given): { address: JobsAddress; notices: string[] } {
  const notices: string[] = [];
  const { shape } = ListBatchJobsQuery;
  const valuesOf = (name: string) => {
    const value = given[name];
    return value === undefined ? undefined : [value].flat();
  };

  function read<T>(name: "page" | "pageSize", schema: { safeParse(value: unknown): { data?: T } }): T {
    const values = valuesOf(name);
    const result = schema.safeParse(values);
    if (result.data !== undefined) return result.data;
    const fallback = schema.safeParse(undefined).data as T;
    const what = { page: "page number", pageSize: "number of rows per page" }[name];
    notices.push(`${quoted(values)} is not a valid ${what}, so this is ${fallback}.`);
    return fallback;
  }

  const words = (valuesOf("status") ?? []).flatMap((value) => value.split(","));
  const known = words.filter(isBatchJobStatus);
  const unknown = words.filter((word) => !isBatchJobStatus(word));
  if (unknown.length > 0) {
    notices.push(
      `${quoted(unknown)} is not a status. There are ${batchJobStatuses.join(", ")}${known.length > 0 ? "" : "; all are shown"}.`,
    );
  }
  const wanted = valuesOf("trouble");
  const trouble = healthProblems.find((one) => wanted?.length === 1 && one === wanted[0]);
  if (wanted !== undefined && trouble === undefined) {
    notices.push(
      `${quoted(wanted)} is not a job health filter. Choose from ${healthProblems.join(", ")}. All jobs are shown.`,
    );
  }
  const organizationIds = valuesOf("organizationId");
  return {
    address: {
      // Anything that cannot be one is answered as one that does not exist.
      organizationId: organizationIds && (organizationIds.length === 1 ? organizationIds[0] : ""),
      status: inOrder(known),
      trouble,
      page: read("page", shape.page),
      pageSize: read("pageSize", shape.pageSize),
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

function inOrder(statuses: BatchJobStatus[]): BatchJobStatus[] {
  return batchJobStatuses.filter((status) => statuses.includes(status));
}

/** The address of the jobs page that shows this; what is as by default is left out. */
export function jobsAddress(address: Partial<JobsAddress>): string {
  const { organizationId, status = [], trouble, page = 1, pageSize = pageSizeDefault } = address;
  const parameters = [
    organizationId && `organizationId=${encodeURIComponent(organizationId)}`,
    status.length > 0 && `status=${inOrder(status).join(",")}`,
    trouble && `trouble=${trouble}`,
    page > 1 && `page=${page}`,
    pageSize !== pageSizeDefault && `pageSize=${pageSize}`,
  ].filter(Boolean);
  return parameters.length > 0 ? `/jobs?${parameters.join("&")}` : "/jobs";
}
