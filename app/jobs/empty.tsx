import type { ReactNode } from "react";
import { type JobsQuery, jobsAddress } from "@/lib/batch-jobs/address";
import { isPartOfPhoneNumber } from "@/lib/format/phone-number";
import { buttonClass } from "../components/button";
import { statusLabel } from "../components/status-badge";
import { type FilterInWords, withoutFilters } from "./filter-chips";
import { healthLabels } from "./status-filter";

function Empty({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section
      data-replaced=""
      className="flex flex-col items-center gap-3 rounded-lg border border-dashed border-edge px-5 py-12 text-center"
    >
      <h2 className="text-base font-medium">{title}</h2>
      {children}
    </section>
  );
}

/** Names the filters, as it may be one of them that nothing matches. */
export function NoMatch({ query, filters }: { query: JobsQuery; filters: FilterInWords[] }) {
  const isNow = query.sort === "now";
  const jobs = isNow ? "running or upcoming jobs" : "jobs";
  if (isNow && filters.length === 0) {
    return (
      <Empty title={`No ${jobs}`}>
        <a href={jobsAddress({ organizationId: query.organizationId })} className={buttonClass()}>
          Show all jobs
        </a>
      </Empty>
    );
  }
  const only = filters.length === 1 ? filters[0]?.removed : undefined;
  // Now has statuses without a filter.
  const labels = only && "status" in only ? query.status.map((one) => statusLabel(one).toLowerCase()) : [];
  if (only && query.problem) labels.push(healthLabels[query.problem]);
  return (
    <Empty title={labels.length > 0 ? `No ${labels.join(" or ")} jobs` : `No ${jobs} match these filters`}>
      {labels.length === 0 && (
        <ul className="max-w-full">
          {filters.map(({ label, value }) => (
            <li key={label} className="wrap-anywhere">
              <span className="text-muted">{label}:</span> {value}
            </li>
          ))}
        </ul>
      )}
      {query.q !== undefined && isPartOfPhoneNumber(query.q) && (
        <p className="text-muted">To find a contact, enter the whole number, such as +12025550101.</p>
      )}
      <a href={jobsAddress(withoutFilters(query, filters))} className={buttonClass()}>
        {filters.length > 1 ? "Clear filters" : "Clear filter"}
      </a>
    </Empty>
  );
}

export function NoOrganization() {
  return (
    <>
      <title>Jobs – Batch Jobs</title>
      <h1 className="mb-4 text-xl font-semibold tracking-tight">Jobs</h1>
      <Empty title="You’re not a member of any organization">
        <p className="max-w-prose text-muted">Ask an owner or admin for an invitation link.</p>
      </Empty>
    </>
  );
}
