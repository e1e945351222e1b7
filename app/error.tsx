"use client";

import { Button } from "./components/button";
import { MessagePage } from "./components/message-page";

/** Shown in place of a page that failed; Next requires it to be a client component. */
export default function ErrorPage({ error, reset }: { error: { digest?: string }; reset: () => void }) {
  return (
    <MessagePage title="This page could not be shown">
      <p className="text-muted">The failure is ours and has been logged. It often passes by itself.</p>
      {error.digest && <p className="text-muted">Error ID: {error.digest}</p>}
      <p>
        <Button onClick={reset}>Try again</Button>
      </p>
    </MessagePage>
  );
}
