import { unstable_rethrow } from "next/navigation";
import type { ReactNode } from "react";
import { isTransient, retryRead } from "@/lib/database/retry-read";
import { logError } from "@/lib/log";
import { currentRequestId, setStatus } from "@/lib/server/current-response";
import { AppShell } from "./app-shell";
import { buttonClass } from "./components/button";
import { Notice } from "./components/notice";

/**
 * Renders a page, or an error page with status 503 or 500, which unlike Next's needs no JavaScript.
 *
 * @param page its heading, and the path to try again.
 */
export async function renderOrError(
  page: { title: string; path: string },
  render: () => Promise<ReactNode>,
): Promise<ReactNode> {
  try {
    return await retryRead(render);
  } catch (error) {
    // Next implements redirects as errors.
    unstable_rethrow(error);
    logError(`Failed to show ${page.title}`, error);
    const isTemporary = isTransient(error);
    setStatus(isTemporary ? 503 : 500);
    return <PageError {...page} isTemporary={isTemporary} />;
  }
}

function PageError({ title, path, isTemporary }: { title: string; path: string; isTemporary: boolean }) {
  return (
    <AppShell>
      <title>{`${title} – Batch Jobs`}</title>
      <h1 className="mb-4 text-xl font-semibold tracking-tight">{title}</h1>
      <div className="flex flex-col items-start gap-4">
        <Notice variant="danger">
          {isTemporary
            ? "The database didn’t respond in time. This is usually temporary."
            : "Something went wrong on our side. The error has been logged."}
        </Notice>
        <p className="text-muted">Request ID: {currentRequestId()}</p>
        <a href={path} className={buttonClass()}>
          Try again
        </a>
      </div>
    </AppShell>
  );
}
