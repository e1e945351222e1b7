import type { DisplayedJob } from "@/lib/batch-jobs/displayed-job";
import type { JobHealth } from "@/lib/batch-jobs/health";
import { activeStatuses } from "@/lib/batch-jobs/status";
import { quantity } from "@/lib/format/quantity";
import {
  dayAndClock,
  formatDuration,
  isNear,
  relativeTime,
  timeLeftOrDate,
  timeOrDate,
} from "@/lib/format/time";
import { WarnIcon } from "../components/icons";
import { statusLabel } from "../components/status-badge";

export type TimeName = "scheduled" | "started" | "finished" | "created";

/** Which time says most: that of the next thing to happen, or of the last. */
function mainTimeOf({ status }: DisplayedJob): TimeName {
  if (status === "pending" || status === "scheduled") return "scheduled";
  return status === "running" ? "started" : "finished";
}

/** The words before the main time: `Starts` in 5 min. */
function mainTimeLabel(job: DisplayedJob, nowMs: number): string {
  const { status, scheduledMs, activity } = job;
  switch (mainTimeOf(job)) {
    case "scheduled":
      if (scheduledMs !== null) return scheduledMs > nowMs ? "Starts" : "Was due";
      // Only an import starts a job whose contacts are not here.
      return activity?.hasContacts ? "Starts when a dialer asks for calls" : "Waiting to start";
    case "started":
      return "Started";
    default:
      return statusLabel(status);
  }
}

/** The most relevant time, with what it is the time of. */
export function MainTime({ job, nowMs }: { job: DisplayedJob; nowMs: number }) {
  const name = mainTimeOf(job);
  const [atMs, exact] = [job[`${name}Ms`], job.exact[name]];
  return (
    <>
      {mainTimeLabel(job, nowMs)}
      {atMs !== null && exact !== undefined && (
        <>
          {" "}
          <time dateTime={new Date(atMs).toISOString()} title={exact}>
            {timeLeftOrDate(atMs, exact, nowMs)}
          </time>
        </>
      )}
    </>
  );
}

const dayMs = 86_400_000;

/** A time in words, and its day if one cannot tell from them. */
function describeTime(
  job: DisplayedJob,
  name: TimeName,
  nowMs: number,
): [words: string, day?: string] | undefined {
  const [atMs, exact] = [job[`${name}Ms`], job.exact[name]];
  if (atMs === null || exact === undefined) return undefined;
  const words = timeOrDate(atMs, exact, nowMs);
  if (atMs <= nowMs || !isNear(atMs, nowMs)) return [words];
  // How long it is until a job would have started says nothing once it has.
  if (name !== mainTimeOf(job)) return [dayAndClock(exact)];
  return atMs - nowMs >= dayMs ? [words, dayAndClock(exact)] : [words];
}

/** A cell with one of a job's times; on narrow screens only the main one is shown, with what it is the time of. */
export function JobTime(props: { job: DisplayedJob; name: TimeName; nowMs: number }) {
  const { job, name, nowMs } = props;
  const [atMs, exact] = [job[`${name}Ms`], job.exact[name]];
  const [words, day] = describeTime(job, name, nowMs) ?? [];
  const isMain = name === mainTimeOf(job);
  return (
    <td
      className={`job-time ${isMain ? "narrow:whitespace-nowrap narrow:text-muted" : "text-faint narrow:hidden"}`}
    >
      {/* The end is that of the status beside it. */}
      {isMain && name !== "finished" && <span className="wide:hidden">{mainTimeLabel(job, nowMs)} </span>}
      {atMs !== null && words && (
        <time dateTime={new Date(atMs).toISOString()} title={exact} className="relative">
          {words}
          {day && (
            <span className="block whitespace-nowrap text-faint narrow:hidden print:hidden"> {day}</span>
          )}
        </time>
      )}
    </td>
  );
}

/** Every job has such a line, so that nothing moves when its health changes. */
export function healthLabel(job: DisplayedJob, health: JobHealth | undefined, nowMs: number): string {
  switch (health?.is) {
    case "overdue":
      return `Overdue by ${formatDuration(nowMs - health.sinceMs)}`;
    case "stalled":
      return `No progress for ${formatDuration(health.forMs)}`;
    case "without a dialer":
      if (health.sinceMs === null) return "No dialer yet";
      return health.openCalls > 0
        ? `Dialer last seen ${relativeTime(health.sinceMs, nowMs)}`
        : `No dialer for ${formatDuration(nowMs - health.sinceMs)}`;
    case "on track":
      return `Ends ${relativeTime(health.endMs, nowMs)}`;
  }
  const { status, scheduledMs, startedMs, finishedMs, activity } = job;
  if (status === "pending" || status === "scheduled") {
    if (scheduledMs !== null) return scheduledMs > nowMs ? "On schedule" : "Due now";
    return activity?.hasContacts ? "Waiting for a dialer" : "Not scheduled";
  }
  if (activeStatuses.includes(status)) return "No estimate yet";
  if (activity && activity.openCalls > 0) return `${quantity(activity.openCalls, "call")} still under way`;
  if (startedMs === null) return status === "completed" ? "Start time unknown" : "Never started";
  return finishedMs === null ? "End time unknown" : `Took ${formatDuration(finishedMs - startedMs)}`;
}

/** Whether somebody should do something. A dialer with calls under way may be busy with them. */
export function isProblem(health: JobHealth | undefined): boolean {
  if (health?.is === "without a dialer") return health.openCalls === 0;
  return health?.is === "overdue" || health?.is === "stalled";
}

/** The job's health on one line. */
export function BriefHealth(props: { job: DisplayedJob; health: JobHealth | undefined; nowMs: number }) {
  const { job, health, nowMs } = props;
  const isWarning = isProblem(health);
  return (
    <p
      className={`flex items-center gap-1 text-xs whitespace-nowrap print:whitespace-normal ${isWarning ? "font-medium text-warn" : "text-muted"}`}
    >
      {isWarning && <WarnIcon />}
      {healthLabel(job, health, nowMs)}
    </p>
  );
}
