"use client";

import Link from "next/link";
import { type ReactNode, useSyncExternalStore } from "react";
import type { DisplayedJob } from "@/lib/batch-jobs/displayed-job";
import { healthOf } from "@/lib/batch-jobs/health";
import { finishedStatuses } from "@/lib/batch-jobs/status";
import { CopyIdButton } from "../components/copy-button";
import { LinkPending } from "../components/link-pending";
import { StatusBadge } from "../components/status-badge";
import { WatchButton } from "../watch/watch-button";
import { jobAddress } from "./job-address";
import { BriefProgress } from "./job-progress";
import { BriefHealth, JobTime, type TimeName } from "./job-times";
import { useLive } from "./live-jobs";
import { openFromTime } from "./open-from-time";

const timeNames: TimeName[] = ["scheduled", "started", "finished", "created"];

/** A table, or cards on narrow screens. @param props with `back`, the list's filters and page as in its address. */
export function JobTable(props: { head: ReactNode; organizationId: string; back: string }) {
  const { head, organizationId, back } = props;
  const { snapshot, deletedIds, nowMs } = useLive();
  // Buttons that do nothing without scripts are not in the server's page.
  const isHydrated = useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  );
  return (
    <div data-replaced="" className="wide:rounded-lg wide:border wide:border-line wide:bg-surface">
      <table className="w-full table-fixed border-collapse narrow:block print:text-xs">
        {head}
        <tbody className="narrow:grid narrow:gap-2 narrow:md:grid-cols-2">
          {snapshot.jobs.map((job) => (
            <JobRow
              key={job.id}
              job={job}
              href={jobAddress({ organizationId, id: job.id, back })}
              nowMs={nowMs}
              isDeleted={deletedIds.has(job.id)}
              hasButtons={isHydrated}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/**
 * Two lines, whatever the job. The name's link covers the row and is its only tab stop: its buttons have keys
 * (app/components/keyboard-shortcuts.tsx), and are on the job's page, too.
 */
function JobRow(props: {
  job: DisplayedJob;
  href: string;
  nowMs: number;
  isDeleted: boolean;
  hasButtons: boolean;
}) {
  const { job, href, nowMs, isDeleted, hasButtons } = props;
  return (
    <tr onClick={openFromTime} className={`job-row group ${isDeleted ? "opacity-60" : ""}`}>
      <th scope="row" className="text-left font-normal narrow:col-span-2">
        <div className="flex items-center gap-2">
          <span className="min-w-0 font-semibold">
            <Link
              href={href}
              prefetch={false}
              title={job.name}
              className="block truncate rounded-sm group-hover:underline group-hover:underline-offset-3 after:absolute after:inset-0 print:whitespace-normal print:wrap-anywhere"
            >
              {job.name}
              <LinkPending />
            </Link>
          </span>
          {hasButtons && (
            <WatchButton
              id={job.id}
              name={job.name}
              isInRow
              isFinished={isDeleted || finishedStatuses.includes(job.status)}
            />
          )}
        </div>
        <div className="flex items-center gap-3 text-xs narrow:hidden">
          <code className="truncate font-mono text-faint">{job.id}</code>
          {job.description && (
            <span className="min-w-1/2 flex-1 truncate text-muted print:hidden">{job.description}</span>
          )}
          {hasButtons && <CopyIdButton id={job.id} name={job.name} isInRow />}
        </div>
      </th>
      <td className="narrow:flex narrow:flex-wrap narrow:items-center narrow:gap-x-2.5">
        {isDeleted ? (
          <span className="text-muted">Deleted</span>
        ) : (
          <>
            <span className="flex">
              <StatusBadge status={job.status} />
            </span>
            <BriefHealth job={job} health={healthOf(job, nowMs)} nowMs={nowMs} />
          </>
        )}
      </td>
      <td className="narrow:order-last narrow:col-span-2">
        <BriefProgress job={job} />
      </td>
      {timeNames.map((name) => (
        <JobTime key={name} job={job} name={name} nowMs={nowMs} />
      ))}
    </tr>
  );
}
