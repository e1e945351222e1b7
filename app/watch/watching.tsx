"use client";

import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from "react";
import { followWatchedJobs } from "./follow";
import { askToNotify } from "./notifications";
import { WatchMessages } from "./watch-messages";
import {
  loadWatchedJobs,
  storeWatchedJobs,
  useWatchedJobs,
  useWatchedOrganizations,
  type WatchedJobs,
  watchedKey,
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

/**
 * Lets a person watch jobs of an organization in this browser. Notifies them when those, or jobs that they watch in other
 * organizations, have ended.
 */
export function Watching(props: { personId: string; organizationId: string; children: ReactNode }) {
  const { personId, organizationId, children } = props;
  const key = watchedKey(personId, organizationId);
  const jobs = useWatchedJobs(key);
  const [message, setMessage] = useState("");

  const followed = useWatchedOrganizations(personId);
  useEffect(() => {
    if (followed === "") return;
    const end = new AbortController();
    for (const id of followed.split(",")) followWatchedJobs(watchedKey(personId, id), id, end.signal);
    return () => end.abort();
  }, [personId, followed]);

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
        onNotFound={markAsSeen}
      />
    </Context>
  );
}

/** The page's title, in which the number of watched jobs that have ended comes first. */
export function CountedTitle({ title, before = "" }: { title: string; before?: string }) {
  const ended = Object.values(useWatch()?.jobs ?? {}).filter((state) => state === "ended").length;
  return <title>{`${ended > 0 ? `(${ended}) ` : before}${title}`}</title>;
}
