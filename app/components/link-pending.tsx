"use client";

import { useLinkStatus } from "next/link";

/** Marks its link as loading, for app/globals.css. */
export function LinkPending() {
  const { pending } = useLinkStatus();
  return pending ? (
    <span data-pending="" className="sr-only">
      Loading
    </span>
  ) : null;
}
