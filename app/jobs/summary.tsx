"use client";

import { healthProblemsMax } from "@/lib/batch-jobs/health";
import { formatNumber } from "@/lib/format/quantity";
import { relativeTime } from "@/lib/format/time";
import { WarnIcon } from "../components/icons";
import { jobAddress } from "./job-address";
import { useLive } from "./live-jobs";

const link = "rounded-sm underline decoration-line underline-offset-3 hover:decoration-current";

const cappedCount = (max: number, count: number) =>
  count > max ? `${formatNumber(max)}+` : formatNumber(count);

interface SummaryProps {
  organizationId: string;
  /** The list's filters and page, as in its address. */
  back: string;
  /** Of the filtered lists. */
  addresses: { running: string; stalled: string; overdue: string };
}

export function Summary({ organizationId, back, addresses }: SummaryProps) {
  const { snapshot, nowMs } = useLive();
  const { counts, overdue, stalled, nextId, nextStartMs } = snapshot;
  const running = counts.running;
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
      {running === 0 ? (
        <span>No jobs running</span>
      ) : (
        <a href={addresses.running} className={link}>
          {formatNumber(running)} running
        </a>
      )}
      {stalled > 0 && (
        <a href={addresses.stalled} className={`${link} flex items-center gap-1 text-warn`}>
          <WarnIcon />
          {cappedCount(healthProblemsMax, stalled)} stalled
        </a>
      )}
      {overdue > 0 && (
        <a href={addresses.overdue} className={`${link} flex items-center gap-1 text-warn`}>
          <WarnIcon />
          {cappedCount(healthProblemsMax, overdue)} overdue
        </a>
      )}
      {nextId !== null && nextStartMs !== null && nextStartMs > nowMs && (
        <a href={jobAddress({ organizationId, id: nextId, back })} className={link}>
          Next starts {relativeTime(nextStartMs, nowMs)}
        </a>
      )}
    </p>
  );
}
