import { finishedStatuses } from "@/lib/batch-jobs/status";
import type { WatchedJob } from "@/lib/batch-jobs/watched";
import { jobAddress } from "../jobs/job-address";
import { notify } from "./notifications";
import { loadWatchedJobs, storeWatchedJobs } from "./watched-jobs";

/** Browsers wait up to a minute in tabs that have been hidden for long. */
export const pollEveryMs = 10_000;
const timeoutMs = 10_000;

/** @returns the jobs that exist; undefined when the person is signed out or no longer a member. @throws when it failed. */
export async function fetchWatchedJobs(
  organizationId: string,
  ids: string[],
): Promise<WatchedJob[] | undefined> {
  const query = new URLSearchParams({ organizationId, ids: ids.join(",") });
  const response = await fetch(`/live/watched?${query}`, {
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.status === 401 || response.status === 404) return undefined;
  if (!response.ok) throw new Error(String(response.status));
  return (await response.json()).jobs;
}

/** Finds out which watched jobs have ended, and notifies of them. @returns whether it is worth asking again. */
async function check(key: string, organizationId: string): Promise<boolean> {
  const ids = Object.entries(loadWatchedJobs(key)).flatMap(([id, state]) =>
    state === "watched" ? [id] : [],
  );
  if (ids.length === 0) return false;
  try {
    const found = await fetchWatchedJobs(organizationId, ids);
    if (found === undefined) return false;
    const jobs = { ...loadWatchedJobs(key) };
    for (const id of ids) if (!found.some((job) => job.id === id)) delete jobs[id];
    // Someone may have stopped watching in the meantime.
    const ended = found.filter(
      ({ id, status }) => finishedStatuses.includes(status) && jobs[id] === "watched",
    );
    for (const { id } of ended) jobs[id] = "ended";
    storeWatchedJobs(key, jobs);
    for (const job of ended) notify(job, jobAddress({ organizationId, id: job.id }));
  } catch {
    // Another time.
  }
  return true;
}

/**
 * Asks for the watched jobs until the signal, also in a hidden tab. Of all tabs only one does: the one that has the lock.
 *
 * @param key as watchedKey writes it.
 */
export async function followWatchedJobs(
  key: string,
  organizationId: string,
  signal: AbortSignal,
): Promise<void> {
  const follow = async () => {
    while (!signal.aborted && (await check(key, organizationId))) await delay(pollEveryMs, signal);
  };
  // Where there are no locks (without HTTPS), there are no notifications that would come twice either.
  if (!navigator.locks) return follow();
  // Rejects when it is aborted while another tab has the lock.
  await navigator.locks.request(key, { signal }, follow).catch(() => {});
}

function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
