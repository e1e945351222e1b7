"use client";

import { Button } from "./components/button";
import { MessagePage } from "./components/message-page";

/** Shown in place of a page that failed; Next requires it to be a client component. */
export default function ErrorPage({ error, reset }: { error: { digest?: string }; reset: () => void }) {
  return (
    <MessagePage title="This page couldn’t be loaded">
      <p className="text-muted">Something went wrong on our side. The error has been logged.</p>
      {error.digest && <p className="text-muted">Error ID: {error.digest}</p>}
      <p>
        <Button onClick={reset}>Try again</Button>
      </p>
    </MessagePage>
  );
}
