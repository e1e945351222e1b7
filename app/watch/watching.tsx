"use client";

import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from "react";
import { followWatchedJobs } from "./follow";
import { askToNotify } from "./notifications";
import { WatchMessages } from "./watch-messages";
import {
  loadWatchedJobs,
  storeWatchedJobs,
  useWatchedJobs,
  type WatchedJobs,
  watchedMax,
} from "./watched-jobs";

interface Watch {
  jobs: WatchedJobs;
  /** Starts or stops watching a job. */
  toggle(id: string): void;
  /** The person has seen that these jobs have ended. */
  markAsSeen(ids: string[]): void;
}

const Context = createContext<Watch | undefined>(undefined);

/** @returns undefined outside of Watching. */
export const useWatch = () => use(Context);

/** Lets a person watch jobs of an organization in this browser, and tells them when those have ended. */
export function Watching(props: { personId: string; organizationId: string; children: ReactNode }) {
  const { personId, organizationId, children } = props;
  const key = `batch-jobs.watched.${personId}.${organizationId}`;
  const jobs = useWatchedJobs(key);
  const [message, setMessage] = useState("");

  const isFollowed = Object.values(jobs).includes("watched");
  useEffect(() => {
    if (!isFollowed) return;
    const end = new AbortController();
    followWatchedJobs(key, organizationId, end.signal);
    return () => end.abort();
  }, [key, organizationId, isFollowed]);

  const markAsSeen = useCallback(
    (ids: string[]) => {
      const left = Object.entries(loadWatchedJobs(key)).filter(([id]) => !ids.includes(id));
      storeWatchedJobs(key, Object.fromEntries(left));
    },
    [key],
  );
  const watch = useMemo(() => {
    async function toggle(id: string) {
      const before = loadWatchedJobs(key);
      if (id in before) {
        markAsSeen([id]);
        setMessage("");
      } else if (Object.keys(before).length >= watchedMax) {
        setMessage(`You can watch up to ${watchedMax} jobs at a time.`);
      } else {
        storeWatchedJobs(key, { ...before, [id]: "watched" });
        setMessage(await askToNotify());
      }
    }
    return { jobs, toggle, markAsSeen };
  }, [jobs, key, markAsSeen]);
  const ended = Object.keys(jobs).filter((id) => jobs[id] === "ended");
  return (
    <Context value={watch}>
      {children}
      <WatchMessages
        organizationId={organizationId}
        ended={ended}
        message={message}
        onDismiss={() => {
          setMessage("");
          markAsSeen(ended);
        }}
      />
    </Context>
  );
}

/** The page's title, in which the number of watched jobs that have ended comes first. */
export function CountedTitle({ title, before = "" }: { title: string; before?: string }) {
  const ended = Object.values(useWatch()?.jobs ?? {}).filter((state) => state === "ended").length;
  return <title>{`${ended > 0 ? `(${ended}) ` : before}${title}`}</title>;
}
