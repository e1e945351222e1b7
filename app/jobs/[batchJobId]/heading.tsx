import type { JobForPage } from "@/lib/batch-jobs/job-for-page";
import { finishedStatuses } from "@/lib/batch-jobs/status";
import { StatusBadge } from "../../components/status-badge";
import { WatchButton } from "../../watch/watch-button";

export interface JobContext {
  job: JobForPage;
  /** The name of the person's time zone. */
  zone: string;
  /** The database's time. */
  nowMs: number;
}

export function JobHeading({ job }: Pick<JobContext, "job">) {
  const { id, name, description, status, failure_reason: reason } = job;
  return (
    <div className="mb-5 wrap-anywhere">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <h1 className="text-xl font-semibold tracking-tight">{name}</h1>
        <StatusBadge status={status} />
        <WatchButton id={id} name={name} isFinished={finishedStatuses.includes(status)} />
      </div>
      {reason && <p className="mt-1 max-w-prose whitespace-pre-wrap text-danger">Failed: {reason}</p>}
      {description && <p className="mt-1 max-w-prose whitespace-pre-wrap text-muted">{description}</p>}
    </div>
  );
}
