"use client";

import { relativeTime } from "@/lib/format/time";
import { useClock } from "../components/clock";
import { textLinkClass } from "../components/text-link";
import type { Refresh } from "./use-refresh";

export const liveLabels = {
  live: "",
  paused: "Paused",
  finished: "All jobs shown have finished",
  failing: "Couldn’t update, retrying",
  noAccess: "You’re signed out or no longer a member of this organization.",
};

const smallButton = "h-8 shrink-0 rounded-md px-2.5 font-medium text-muted hover:bg-raised hover:text-ink";

/** How fresh the page is, and a button that pauses live updates. */
export function LiveBar(props: {
  asOf: string;
  asOfMs: number;
  refresh: Refresh;
  labels?: typeof liveLabels;
}) {
  const { asOf, asOfMs, labels = liveLabels } = props;
  const { activity, refreshNow, setPaused } = props.refresh;
  const nowMs = useClock(asOfMs, 1_000);
  const age = `Updated ${relativeTime(asOfMs, nowMs)}`;
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-x-2 text-muted">
      {/* Without JavaScript and on paper nothing is updated. */}
      <span className="hidden noscript:inline print:inline">As of {asOf}</span>
      <div className="flex items-center gap-x-2 noscript:hidden print:hidden">
        <span
          aria-hidden="true"
          className={`size-2 rounded-full ${activity === "live" ? "bg-completed" : activity === "failing" ? "bg-warn" : "bg-edge"}`}
        />
        {activity === "noAccess" ? (
          <span className="text-danger">
            {labels.noAccess}{" "}
            <a href="/jobs" className={textLinkClass}>
              Reload
            </a>
          </span>
        ) : (
          <span className="tabular-nums" title={asOf}>
            {activity === "failing" ? `${labels.failing} · ${age}` : age}
            {(activity === "paused" || activity === "finished") && ` · ${labels[activity]}`}
          </span>
        )}
        {activity === "finished" && (
          <button type="button" className={smallButton} onClick={refreshNow}>
            Refresh
          </button>
        )}
        {activity === "paused" && (
          <button
            type="button"
            className={smallButton}
            onClick={() => {
              setPaused(false);
              refreshNow();
            }}
          >
            Resume updates
          </button>
        )}
        {(activity === "live" || activity === "failing") && (
          <button type="button" className={smallButton} onClick={() => setPaused(true)}>
            Pause updates
          </button>
        )}
      </div>
    </div>
  );
}
