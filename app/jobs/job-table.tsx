"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { healthOf } from "@/lib/batch-jobs/health";
import type { BatchJobView } from "@/lib/batch-jobs/view";
import { CopyId } from "../components/copy-button";
import { LinkPending } from "../components/link-pending";
import { StatusBadge } from "../components/status-badge";
import { jobAddress } from "./job-address";
import { JobProgress } from "./job-progress";
import { JobTimes } from "./job-times";
import { useLive } from "./live-jobs";

const cell = "px-3 py-3 align-top max-md:p-0 md:first:pl-4 md:last:pr-4";

/** A table, or cards on a phone. @param props with `back`, the list's filters and page as in its address. */
export function JobTable(props: { head: ReactNode; organizationId: string; back: string }) {
  const { head, organizationId, back } = props;
  const { snapshot, deletedIds, nowMs } = useLive();
  return (
    <div data-replaced="" className="md:rounded-lg md:border md:border-line md:bg-surface">
      <table className="w-full table-fixed border-collapse max-md:block">
        {head}
        <tbody className="max-md:flex max-md:flex-col max-md:gap-3">
          {snapshot.jobs.map((job) => (
            <JobRow
              key={job.id}
              job={job}
              href={jobAddress({ organizationId, id: job.id, back })}
              nowMs={nowMs}
              isDeleted={deletedIds.has(job.id)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The name's link covers the row; what has a use of its own is above it. */
function JobRow(props: { job: BatchJobView; href: string; nowMs: number; isDeleted: boolean }) {
  const { job, href, nowMs, isDeleted } = props;
  return (
    <tr
      className={`group relative border-line max-md:grid max-md:grid-cols-2 max-md:gap-2.5 max-md:rounded-lg max-md:border max-md:bg-surface max-md:p-4 md:border-b md:last:border-0 ${isDeleted ? "opacity-60" : ""}`}
    >
      <th scope="row" className={`${cell} text-left font-normal max-md:col-span-2`}>
        <div className="flex flex-wrap items-center justify-between gap-x-4">
          <span className="font-semibold wrap-anywhere">
            <Link
              href={href}
              prefetch={false}
              className="rounded-sm group-hover:underline group-hover:underline-offset-3 after:absolute after:inset-0"
            >
              {job.name}
              <LinkPending />
            </Link>
          </span>
          <span className="relative">
            <CopyId id={job.id} name={job.name} />
          </span>
        </div>
        {job.description && <p className="mt-0.5 line-clamp-2 text-muted wrap-anywhere">{job.description}</p>}
      </th>
      <td className={`${cell} max-md:order-first max-md:col-span-2`}>
        {isDeleted ? <span className="text-muted">Deleted</span> : <StatusBadge status={job.status} />}
      </td>
      <td className={`${cell} max-md:col-span-2`}>
        <JobProgress job={job} />
      </td>
      <td className={`${cell} max-md:col-span-2`}>
        <JobTimes job={job} health={isDeleted ? undefined : healthOf(job, nowMs)} nowMs={nowMs} />
      </td>
    </tr>
  );
}
