"use client";

import { useLinkStatus } from "next/link";

/** Marks its link as on the way, for app/globals.css. A client component: only the browser knows. */
export function LinkPending() {
  const { pending } = useLinkStatus();
  return pending ? (
    <span data-pending="" className="sr-only">
      Loading
    </span>
  ) : null;
}
