import type { JobHealth } from "@/lib/batch-jobs/health";
import { activeStatuses } from "@/lib/batch-jobs/status";
import type { BatchJobView } from "@/lib/batch-jobs/view";
import { formatDuration, relativeTime, timeOrDate } from "@/lib/format/time";
import { WarnIcon } from "../components/icons";
import { statusLabel } from "../components/status-badge";

export type TimeName = "scheduled" | "started" | "finished" | "created";

/** Which time says most: that of the next thing to happen, or of the last. */
function mainTimeOf({ status }: BatchJobView): TimeName {
  if (status === "pending" || status === "scheduled") return "scheduled";
  return status === "running" ? "started" : "finished";
}

/** The words before the main time: `Starts` in 5 min. */
function mainTimeLabel(job: BatchJobView, nowMs: number): string {
  const { status, scheduledMs } = job;
  switch (mainTimeOf(job)) {
    case "scheduled":
      return scheduledMs === null ? "Waiting to start" : scheduledMs > nowMs ? "Starts" : "Was due";
    case "started":
      return "Started";
    default:
      return statusLabel(status);
  }
}

/** The most relevant time, with what it is the time of. */
export function mainTime(job: BatchJobView, nowMs: number): string {
  const name = mainTimeOf(job);
  const [atMs, exact] = [job[`${name}Ms`], job.exact[name]];
  const label = mainTimeLabel(job, nowMs);
  return atMs === null || exact === undefined ? label : `${label} ${timeOrDate(atMs, exact, nowMs)}`;
}

/** A cell with one of a job's times; on narrow screens only the main one is shown, with what it is the time of. */
export function JobTime(props: { job: BatchJobView; name: TimeName; nowMs: number }) {
  const { job, name, nowMs } = props;
  const [atMs, exact] = [job[`${name}Ms`], job.exact[name]];
  const isMain = name === mainTimeOf(job);
  return (
    <td
      className={`job-time ${isMain ? "narrow:whitespace-nowrap narrow:text-muted" : "text-faint narrow:hidden"}`}
    >
      {/* The end is that of the status beside it. */}
      {isMain && name !== "finished" && <span className="wide:hidden">{mainTimeLabel(job, nowMs)} </span>}
      {atMs !== null && exact !== undefined && (
        <time dateTime={new Date(atMs).toISOString()} title={exact} className="relative">
          {timeOrDate(atMs, exact, nowMs)}
        </time>
      )}
    </td>
  );
}

/** Every job has such a line, so that nothing moves when its health changes. */
export function healthLabel(job: BatchJobView, health: JobHealth | undefined, nowMs: number): string {
  switch (health?.is) {
    case "overdue":
      return `Overdue by ${formatDuration(nowMs - health.sinceMs)}`;
    case "stalled":
      return `No progress for ${formatDuration(health.forMs)}`;
    case "on track":
      return `Ends ${relativeTime(health.endMs, nowMs)}`;
  }
  const { status, scheduledMs, startedMs, finishedMs } = job;
  if (status === "pending" || status === "scheduled")
    return scheduledMs === null ? "Not scheduled" : scheduledMs > nowMs ? "On schedule" : "Due now";
  if (activeStatuses.includes(status)) return "No estimate yet";
  if (startedMs === null) return status === "completed" ? "Start time unknown" : "Never started";
  return finishedMs === null ? "End time unknown" : `Took ${formatDuration(finishedMs - startedMs)}`;
}

/** The job's health on one line. */
export function BriefHealth(props: { job: BatchJobView; health: JobHealth | undefined; nowMs: number }) {
  const { job, health, nowMs } = props;
  const isWarning = health !== undefined && health.is !== "on track";
  return (
    <p
      className={`flex items-center gap-1 text-xs whitespace-nowrap print:whitespace-normal ${isWarning ? "font-medium text-warn" : "text-muted"}`}
    >
      {isWarning && <WarnIcon />}
      {healthLabel(job, health, nowMs)}
    </p>
  );
}
