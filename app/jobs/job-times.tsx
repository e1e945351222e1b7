import type { JobHealth } from "@/lib/batch-jobs/health";
import { activeStatuses } from "@/lib/batch-jobs/status";
import type { BatchJobView } from "@/lib/batch-jobs/view";
import { formatDuration, relativeTime } from "@/lib/format/time";
import { WarnIcon } from "../components/icons";
import { statusLabel } from "../components/status-badge";

/** The most relevant time: of the next thing to happen, or of the last. */
export function mainTime(job: BatchJobView, nowMs: number): string {
  const ago = (atMs: number) => relativeTime(atMs, nowMs);
  const { status, scheduledMs, startedMs, finishedMs } = job;
  switch (status) {
    case "pending":
    case "scheduled":
      return scheduledMs === null
        ? "Waiting to start"
        : `${scheduledMs > nowMs ? "Starts" : "Was due"} ${ago(scheduledMs)}`;
    case "running":
      return startedMs === null ? "Started" : `Started ${ago(startedMs)}`;
    default:
      return finishedMs === null ? statusLabel(status) : `${statusLabel(status)} ${ago(finishedMs)}`;
  }
}

/** Every job has such a line, so that rows below do not move when its health changes. */
export function healthLabel(job: BatchJobView, health: JobHealth | undefined, nowMs: number): string {
  switch (health?.is) {
    case "overdue":
      return `Overdue by ${formatDuration(nowMs - health.sinceMs)}`;
    case "stalled":
      return `No progress for ${formatDuration(health.forMs)}`;
    case "on track":
      return `Ends ${relativeTime(health.endMs, nowMs)} at this pace`;
  }
  const { status, scheduledMs, startedMs, finishedMs } = job;
  if (status === "pending" || status === "scheduled")
    return scheduledMs === null ? "Not scheduled" : scheduledMs > nowMs ? "On schedule" : "Due now";
  if (activeStatuses.includes(status)) return "No estimate yet";
  if (startedMs === null) return status === "completed" ? "Start time unknown" : "Never started";
  return finishedMs === null ? "End time unknown" : `Took ${formatDuration(finishedMs - startedMs)}`;
}

/** Relative times, and the exact ones on hover, focus and tap. */
export function JobTimes(props: { job: BatchJobView; health: JobHealth | undefined; nowMs: number }) {
  const { job, health, nowMs } = props;
  const { exact } = job;
  const tipId = `times-${job.id}`;
  const lines: [label: string, time: string | undefined][] = [
    ["Created", exact.created],
    ["Scheduled", exact.scheduled],
    ["Started", exact.started],
    ["Ended", exact.finished],
  ];
  const isWarning = health !== undefined && health.is !== "on track";
  return (
    // Above the row's link only where the button is.
    <div className="pointer-events-none relative">
      <button
        type="button"
        aria-describedby={tipId}
        className="peer pointer-events-auto block cursor-help rounded-sm text-left tabular-nums"
      >
        {mainTime(job, nowMs)}
        <span
          className={`mt-0.5 flex items-center gap-1 text-xs ${isWarning ? "font-medium text-warn" : "text-muted"}`}
        >
          {isWarning && <WarnIcon />}
          {healthLabel(job, health, nowMs)}
        </span>
        <span className="mt-0.5 block text-xs text-faint">Created {relativeTime(job.createdMs, nowMs)}</span>
      </button>
      <div
        id={tipId}
        role="tooltip"
        className="absolute top-full right-0 z-10 mt-1 hidden w-max max-w-full grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 rounded-md border border-line bg-surface px-3 py-2 text-xs shadow-lg peer-hover:grid peer-focus:grid max-md:right-auto max-md:left-0 md:max-w-none"
      >
        {lines.map(
          ([label, time]) =>
            time && (
              <div key={label} className="contents">
                <span className="text-muted">{label}</span>
                <span className="tabular-nums">{time}</span>
              </div>
            ),
        )}
      </div>
    </div>
  );
}
