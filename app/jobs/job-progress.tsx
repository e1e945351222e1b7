import type { DisplayedJob } from "@/lib/batch-jobs/displayed-job";
import { finishedStatuses } from "@/lib/batch-jobs/status";
import { retryableStatuses } from "@/lib/calls/status";
import type { ContactStatus } from "@/lib/contacts/status";
import { formatNumber } from "@/lib/format/quantity";
import { ProgressBar } from "../components/progress-bar";

type Breakdown = Partial<Record<ContactStatus, number>>;

/**
 * How many contacts have been called, as numbers and a bar.
 *
 * @param props with `breakdown`, how many contacts have each status.
 */
export function JobProgress({ job, breakdown }: { job: DisplayedJob; breakdown: Breakdown }) {
  return (
    <div className="flex flex-col gap-1.5">
      <Called job={job} />
      <JobProgressBar job={job} />
      <p className="text-xs text-faint tabular-nums">{describeProgress(job, breakdown)}</p>
    </div>
  );
}

/** `6 successful (86% of 7 finished), 1 failed, 2 waiting for a retry` */
function describeProgress(job: DisplayedJob, breakdown: Breakdown): string {
  const { status, startedMs, contactsProcessed: finished, successfulCalls, failedCalls } = job;
  const rate = Math.round((successfulCalls / finished) * 100);
  const waiting = retryableStatuses.reduce((sum, one) => sum + (breakdown[one] ?? 0), 0);
  const parts = [
    finished > 0 && [
      `${formatNumber(successfulCalls)} successful (${rate}% of ${formatNumber(finished)} finished)`,
      `${formatNumber(failedCalls)} failed`,
    ],
    waiting > 0 && `${formatNumber(waiting)} waiting for a retry`,
  ].flatMap((part) => part || []);
  if (parts.length > 0) return parts.join(", ");
  const isOver = finishedStatuses.includes(status);
  if (startedMs === null) return isOver ? "Never called" : "No calls yet";
  return isOver ? "No contacts finished" : "No contacts finished yet";
}

/** The same on two lines. */
export function BriefProgress({ job }: { job: DisplayedJob }) {
  return (
    <div>
      <Called job={job} isBrief />
      <div className="flex h-4 items-center gap-2 text-xs whitespace-nowrap text-faint tabular-nums">
        <JobProgressBar job={job} />
        {job.failedCalls > 0 && <span>{formatNumber(job.failedCalls)} failed</span>}
      </div>
    </div>
  );
}

/** @param props with `isBrief` for a table, which has no room for all of it at some widths. */
function Called({ job, isBrief = false }: { job: DisplayedJob; isBrief?: boolean }) {
  const { totalContacts, contactsProcessed } = job;
  return (
    <div className="flex items-baseline justify-between gap-2 whitespace-nowrap tabular-nums">
      <span className="truncate">
        {formatNumber(contactsProcessed)}{" "}
        <span className="text-muted">
          of {formatNumber(totalContacts)}
          <span className={isBrief ? "lg:max-xl:sr-only print:sr-only" : undefined}>
            {" "}
            {totalContacts === 1 ? "contact" : "contacts"}
          </span>
        </span>
      </span>
      {totalContacts > 0 && (
        <span className={`text-muted ${isBrief ? "print:hidden" : ""}`}>
          {Math.floor((contactsProcessed / totalContacts) * 100)}%
        </span>
      )}
    </div>
  );
}

function JobProgressBar({ job }: { job: DisplayedJob }) {
  return (
    <ProgressBar
      label={`Progress of ${job.name}`}
      total={job.totalContacts}
      processed={job.contactsProcessed}
      successful={job.successfulCalls}
      failed={job.failedCalls}
    />
  );
}
