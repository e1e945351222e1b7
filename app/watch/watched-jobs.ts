import { useMemo, useSyncExternalStore } from "react";
import { readStored, store } from "../components/browser-storage";

/** `ended`: that was noticed, and not seen yet. */
type WatchedState = "watched" | "ended";

/** By id. Names are not stored, so that they do not stay in the browser after signing out. */
export type WatchedJobs = Readonly<Record<string, WatchedState>>;

export const watchedMax = 50;

const prefixOf = (personId: string) => `batch-jobs.watched.${personId}.`;

/** Where the jobs are stored that a person watches in an organization. */
export const watchedKey = (personId: string, organizationId: string) => prefixOf(personId) + organizationId;

const changed = new EventTarget();

function parse(text: string | null): WatchedJobs {
  try {
    return JSON.parse(text ?? "{}");
  } catch {
    return {};
  }
}

export const loadWatchedJobs = (key: string): WatchedJobs => parse(readStored(key));

/** Stores which jobs are watched, for all tabs. @param key as watchedKey writes it. */
export function storeWatchedJobs(key: string, jobs: WatchedJobs): void {
  store(key, Object.keys(jobs).length === 0 ? null : JSON.stringify(jobs));
  changed.dispatchEvent(new Event("change"));
}

function subscribe(onChange: () => void): () => void {
  addEventListener("storage", onChange);
  changed.addEventListener("change", onChange);
  return () => {
    removeEventListener("storage", onChange);
    changed.removeEventListener("change", onChange);
  };
}

/** The jobs watched in this browser, in whichever tab; none on the server. */
export function useWatchedJobs(key: string): WatchedJobs {
  const text = useSyncExternalStore(
    subscribe,
    () => readStored(key),
    () => null,
  );
  return useMemo(() => parse(text), [text]);
}

function readOrganizations(personId: string): string {
  const prefix = prefixOf(personId);
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(prefix) && Object.values(loadWatchedJobs(key)).includes("watched"))
      .map((key) => key.slice(prefix.length))
      .sort()
      .join();
  } catch {
    // The browser stores nothing.
    return "";
  }
}

/** The ids of the organizations in which a person watches jobs that have not ended, separated by commas. */
export function useWatchedOrganizations(personId: string): string {
  return useSyncExternalStore(
    subscribe,
    () => readOrganizations(personId),
    () => "",
  );
}
