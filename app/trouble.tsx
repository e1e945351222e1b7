import { unstable_rethrow } from "next/navigation";
import type { ReactNode } from "react";
import { logError } from "@/lib/log";
import { isPassing, retryRead } from "@/lib/reading";
import { currentRequestId, sayStatus } from "@/lib/server/answering";
import { Frame } from "./frame";
import { buttonClass } from "./parts/button";
import { Notice } from "./parts/notice";

/**
 * Draws a page, or, when that fails, says so in the page's own shape: a 503, or 500, that is there without
 * JavaScript too, which Next's error page is not.
 *
 * @param page its heading, and the path to try again.
 */
export async function orTrouble(
  page: { title: string; path: string },
  draw: () => Promise<ReactNode>,
): Promise<ReactNode> {
  try {
    return await retryRead(draw);
  } catch (error) {
    // A redirect of Next's is an error, too.
    unstable_rethrow(error);
    logError(`Failed to show ${page.title}`, error);
    const passes = isPassing(error);
    sayStatus(passes ? 503 : 500);
    return <Trouble {...page} passes={passes} />;
  }
}

function Trouble({ title, path, passes }: { title: string; path: string; passes: boolean }) {
  return (
    <Frame>
      <title>{`${title} – Batch Jobs`}</title>
      <h1 className="mb-4 text-xl font-semibold tracking-tight">{title}</h1>
      <div className="flex flex-col items-start gap-4">
        <Notice look="danger">
          {passes
            ? "The database did not answer in time, so this cannot be shown. It often passes by itself."
            : "This cannot be shown. The failure is ours, and has been logged."}
        </Notice>
        <p className="text-muted">Request ID: {currentRequestId()}</p>
        <a href={path} className={buttonClass()}>
          Try again
        </a>
      </div>
    </Frame>
  );
}
