"use client";

import { buttonClass } from "../components/button";
import { describeNewJobs } from "./describe-changes";
import { useLive } from "./live-jobs";

/**
 * New jobs wait here until they are asked for, so that nothing moves under a reader's eyes. A client
 * component: they come after the page.
 *
 * @param address of the first page, where they are.
 */
export function NewJobs({ address }: { address: string }) {
  const { waiting } = useLive();
  if (waiting === 0) return null;
  return (
    <p className="sticky top-15 z-10 flex h-0 justify-center">
      <a href={address} className={`${buttonClass("primary")} rounded-full shadow-md`}>
        Show {describeNewJobs(waiting).toLowerCase()}
      </a>
    </p>
  );
}
