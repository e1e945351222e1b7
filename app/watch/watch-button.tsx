"use client";

import { useEffect } from "react";
import { buttonClass } from "../components/button";
import { rowButtonClass } from "../components/copy-button";
import { BellIcon } from "../components/icons";
import { useWatch } from "./watching";

/** Marks the job as seen while its page is visible. */
function useSeenOnPage(id: string, isPage: boolean) {
  const watch = useWatch();
  const hasEnded = isPage && watch?.jobs[id] === "ended";
  useEffect(() => {
    if (!hasEnded) return;
    const see = () => document.hidden || watch?.markAsSeen([id]);
    see();
    document.addEventListener("visibilitychange", see);
    return () => document.removeEventListener("visibilitychange", see);
  }, [id, hasEnded, watch]);
}

/**
 * A button to be told when a job ends.
 *
 * @param props with `isInRow` for a small one, which is shown while the job is watched, or the mouse or the focus on its row.
 */
export function WatchButton(props: { id: string; name: string; isFinished: boolean; isInRow?: boolean }) {
  const { id, name, isFinished, isInRow = false } = props;
  const watch = useWatch();
  useSeenOnPage(id, !isInRow);
  const isWatched = watch?.jobs[id] === "watched";
  if (!watch || (isFinished && !isWatched)) return null;
  const common = {
    type: "button" as const,
    onClick: () => watch.toggle(id),
    "aria-pressed": isWatched,
    "aria-keyshortcuts": "w",
    title: "Notify me when this job ends",
  };
  if (!isInRow) {
    return (
      <button {...common} className={`${buttonClass()} shrink-0 noscript:hidden print:hidden`}>
        <BellIcon isOn={isWatched} />
        {isWatched ? "Watching" : "Watch"}
      </button>
    );
  }
  return (
    <button
      {...common}
      tabIndex={-1}
      aria-label={`Watch ${name}`}
      className={`relative -my-1 grid size-6 shrink-0 place-items-center rounded hover:bg-raised noscript:hidden print:hidden ${isWatched ? "text-accent" : `text-faint narrow:hidden ${rowButtonClass}`}`}
    >
      <BellIcon isOn={isWatched} />
    </button>
  );
}
