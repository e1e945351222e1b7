import type { ReactNode } from "react";
import type { Activity } from "@/lib/batch-jobs/activity";
import {
  type JobsAddress,
  type JobsQuery,
  jobsAddress,
  liveJobsAddress,
  queryOf,
} from "@/lib/batch-jobs/address";
import type { Choices } from "@/lib/batch-jobs/choices";
import type { JobsSummary } from "@/lib/batch-jobs/jobs-summary";
import { isCounted, pageSizeMax, sortDefault } from "@/lib/batch-jobs/schema";
import type { BatchJobRow } from "@/lib/batch-jobs/serialize";
import { batchJobStatuses } from "@/lib/batch-jobs/status";
import { exactTime } from "@/lib/format/time-zone";
import { lastPageOf } from "@/lib/http/page-links";
import type { SavedView } from "@/lib/saved-views/list";
import { buttonClass } from "../components/button";
import { Notice } from "../components/notice";
import { Pager } from "../components/pager";
import { textLinkClass } from "../components/text-link";
import { newJobAddress } from "../new-job/address";
import { NoMatch } from "./empty";
import { describeFilters } from "./filter-chips";
import { JobTable } from "./job-table";
import { JobTableHead } from "./job-table-head";
import { jobsSnapshot } from "./jobs-snapshot";
import { LiveJobs, LiveJobsBar, NewJobs, NoDialerNotice } from "./live-jobs";
import { Views } from "./saved-views";
import { StatusFilter } from "./status-filter";
import { Summary } from "./summary";
import { Toolbar } from "./toolbar";

interface JobsContentProps {
  query: JobsQuery;
  list: { batchJobs: BatchJobRow[]; total: number; isTotalExact: boolean };
  summary: JobsSummary;
  activity: Activity;
  /** What is wrong in the address. */
  notices: string[];
  timeZone: string;
  choices: Choices;
  views: SavedView[];
  /** The result of a form, and the name in one that was refused. */
  result: ReactNode;
  viewName?: string;
  mayCreate: boolean;
  /** Shown when there are no jobs at all. */
  firstSteps: ReactNode;
}

/**
 * On the first page, jobs newer than its first count as new; on others, those created from now on. With filters, only
 * those of the last minute before: older jobs would have to be compared one by one.
 */
function newestOf([first]: BatchJobRow[], asOf: Date, isOnlyByStatus: boolean): Date | undefined {
  if (isOnlyByStatus) return first?.created_at;
  return new Date(Math.max(first?.created_at.getTime() ?? 0, asOf.getTime() - 60_000));
}

export function JobsContent(props: JobsContentProps) {
  const {
    query,
    list,
    summary,
    activity,
    notices,
    timeZone,
    choices,
    views,
    result,
    viewName,
    mayCreate,
    firstSteps,
  } = props;
  const { counts, asOf } = summary;
  const { page, pageSize } = query;
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const lastPage = lastPageOf(list.total, pageSize);
  const unfiltered: Partial<JobsAddress> = { organizationId: query.organizationId, pageSize };
  // Jobs with a health problem are not counted by status.
  const statuses = query.problem ? [] : query.status.length > 0 ? query.status : [...batchJobStatuses];
  const isOnlyByStatus = query.problem === undefined && isCounted({ ...query, sort: sortDefault });
  const isNewestFirst = query.sort === sortDefault;
  const newest = page === 1 && isNewestFirst ? newestOf(list.batchJobs, asOf, isOnlyByStatus) : undefined;
  const since = newest !== undefined && newest < asOf ? newest : asOf;
  return (
    <LiveJobs
      start={jobsSnapshot({ ...summary, jobs: list.batchJobs, newJobs: 0 }, activity, timeZone)}
      list={{ total: list.total, statuses, isCounted: isOnlyByStatus }}
      address={liveJobsAddress(query, since)}
    >
      <div className="mb-3 flex flex-wrap items-center justify-between gap-x-6 gap-y-1">
        <div className="flex min-w-0 flex-wrap items-center gap-x-6 gap-y-1">
          <h1 className="text-xl font-semibold tracking-tight">Jobs</h1>
          {all > 0 && <Views query={query} views={views} />}
          <Summary
            organizationId={query.organizationId}
            back={queryOf(query)}
            addresses={{
              running: jobsAddress({ ...unfiltered, status: ["running"] }),
              stalled: jobsAddress({ ...unfiltered, problem: "stalled" }),
              overdue: jobsAddress({ ...unfiltered, problem: "overdue" }),
            }}
          />
        </div>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <LiveJobsBar asOf={exactTime(asOf, timeZone)} />
          {mayCreate && all > 0 && (
            <a
              href={newJobAddress(query.organizationId)}
              className={`${buttonClass("primary")} shrink-0 print:hidden`}
            >
              New batch job
            </a>
          )}
        </div>
      </div>
      <div className="mb-3 empty:hidden">{result}</div>
      <NoDialerNotice organizationId={query.organizationId} />
      {all > 0 && (
        <>
          <Toolbar query={query} timeZone={timeZone} choices={choices} views={views} viewName={viewName} />
          <StatusFilter query={query} hasCounts={isOnlyByStatus} />
        </>
      )}
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
      <NewJobs address={jobsAddress(isNewestFirst ? { ...query, page: 1 } : query)} isOnTop={isNewestFirst} />
      {list.batchJobs.length > 0 && (
        <JobTable
          head={<JobTableHead query={query} timeZone={timeZone} />}
          organizationId={query.organizationId}
          back={queryOf(query)}
        />
      )}
      {list.total === 0 &&
        (all === 0 ? (
          firstSteps
        ) : (
          <NoMatch query={query} filters={describeFilters(query, timeZone, choices)} />
        ))}
      {list.total > 0 && (
        <Pager
          total={list.total}
          isTotalExact={list.isTotalExact}
          page={page}
          pageSize={pageSize}
          addressOf={(change) => jobsAddress({ ...query, ...change })}
          pageSizes={[20, 50, pageSizeMax]}
        />
      )}
    </LiveJobs>
  );
}
