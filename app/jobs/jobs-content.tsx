import { type JobsAddress, type JobsQuery, jobsAddress, liveJobsAddress } from "@/lib/batch-jobs/address";
import type { Overview } from "@/lib/batch-jobs/overview";
import { pageSizeMax } from "@/lib/batch-jobs/schema";
import type { BatchJobRow } from "@/lib/batch-jobs/serialize";
import { batchJobStatuses } from "@/lib/batch-jobs/status";
import { exactTime } from "@/lib/format/time-zone";
import { lastPageOf } from "@/lib/http/page-links";
import { Notice } from "../components/notice";
import { Pager } from "../components/pager";
import { textLinkClass } from "../components/text-link";
import { NoJobs, NoMatch } from "./empty";
import { JobTable } from "./job-table";
import { jobsSnapshot } from "./jobs-snapshot";
import { LiveJobs, LiveJobsBar, NewJobs } from "./live-jobs";
import { StatusFilter } from "./status-filter";
import { Summary } from "./summary";

interface JobsContentProps {
  query: JobsQuery;
  list: { batchJobs: BatchJobRow[]; total: number };
  overview: Overview;
  /** What is wrong in the address. */
  notices: string[];
  timeZone: string;
}

export function JobsContent({ query, list, overview, notices, timeZone }: JobsContentProps) {
  const { counts, asOf } = overview;
  const { page, pageSize } = query;
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const lastPage = lastPageOf(list.total, pageSize);
  const unfiltered: Partial<JobsAddress> = { ...query, status: [], problem: undefined, page: 1 };
  // Jobs with a health problem are not counted by status.
  const statuses = query.problem ? [] : query.status.length > 0 ? query.status : [...batchJobStatuses];
  // On the first page, jobs newer than its first count as new; on others, those created from now on.
  const newest = page === 1 ? list.batchJobs[0]?.created_at : undefined;
  const since = newest !== undefined && newest < asOf ? newest : asOf;
  return (
    <LiveJobs
      start={jobsSnapshot({ ...overview, jobs: list.batchJobs, newJobs: 0 }, timeZone)}
      list={{ total: list.total, statuses }}
      address={liveJobsAddress(query, since)}
    >
      <div className="mb-4 flex flex-wrap items-end justify-between gap-x-6 gap-y-1">
        <div>
          <h1 className="text-xl font-semibold tracking-tight">Jobs</h1>
          <Summary
            addresses={{
              running: jobsAddress({ ...unfiltered, status: ["running"] }),
              stalled: jobsAddress({ ...unfiltered, problem: "stalled" }),
              overdue: jobsAddress({ ...unfiltered, problem: "overdue" }),
            }}
          />
        </div>
        <LiveJobsBar asOf={exactTime(asOf, timeZone)} />
      </div>
      {all > 0 && <StatusFilter query={query} />}
      {notices.length > 0 && (
        <div className="mb-3">
          <Notice>
            {notices.map((notice) => (
              <p key={notice}>{notice}</p>
            ))}
          </Notice>
        </div>
      )}
      {page > lastPage && list.total > 0 && (
        <Notice>
          Page {page} doesn’t exist.{" "}
          <a href={jobsAddress({ ...query, page: lastPage })} className={textLinkClass}>
            Go to the last page ({lastPage})
          </a>
        </Notice>
      )}
      <NewJobs address={jobsAddress({ ...query, page: 1 })} />
      {list.batchJobs.length > 0 && (
        <JobTable
          timeZone={timeZone}
          organizationId={query.organizationId}
          back={jobsAddress({ ...query, organizationId: undefined }).split("?")[1] ?? ""}
        />
      )}
      {list.total === 0 && (all === 0 ? <NoJobs query={query} /> : <NoMatch query={query} />)}
      {list.total > 0 && (
        <Pager
          total={list.total}
          page={page}
          pageSize={pageSize}
          addressOf={(change) => jobsAddress({ ...query, ...change })}
          pageSizes={[20, 50, pageSizeMax]}
        />
      )}
    </LiveJobs>
  );
}
