"use client";

import { healthProblemsMax } from "@/lib/batch-jobs/health";
import { formatNumber } from "@/lib/format/quantity";
import { relativeTime } from "@/lib/format/time";
import { WarnIcon } from "../components/icons";
import { useLive } from "./live-jobs";

const link = "rounded-sm underline decoration-line underline-offset-3 hover:decoration-current";

const cappedCount = (max: number, count: number) =>
  count > max ? `${formatNumber(max)}+` : formatNumber(count);

/** @param props with the `addresses` of the filtered lists. */
export function Summary({ addresses }: { addresses: { running: string; stalled: string; overdue: string } }) {
  const { snapshot, nowMs } = useLive();
  const { counts, overdue, stalled, nextStartMs } = snapshot;
  const running = counts.running;
  return (
    <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
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
      {nextStartMs !== null && nextStartMs > nowMs && (
        <span>Next starts {relativeTime(nextStartMs, nowMs)}</span>
      )}
    </p>
  );
}
