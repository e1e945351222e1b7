"use client";

import { useEffect } from "react";
import { Button } from "./components/button";
import { MessagePage } from "./components/message-page";

/** Whether this document was loaded for another page, so that reloading cannot loop. */
function isFromOtherPage(): boolean {
  return performance.getEntriesByType("navigation")[0]?.name !== location.href;
}

/** Shown in place of a page that failed; Next requires it to be a client component. */
export default function ErrorPage({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  // A new version was deployed, and this one's scripts are gone.
  const isOutdated = error.name === "ChunkLoadError";
  useEffect(() => {
    if (isOutdated && isFromOtherPage()) location.reload();
  }, [isOutdated]);
  return (
    <MessagePage title="This page couldn’t be loaded">
      <p className="text-muted">Something went wrong on our side. The error has been logged.</p>
      {error.digest && <p className="text-muted">Error ID: {error.digest}</p>}
      <p>
        <Button onClick={isOutdated ? () => location.reload() : reset}>Try again</Button>
      </p>
    </MessagePage>
  );
}
