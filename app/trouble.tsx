import type { ReactNode } from "react";
import { logError } from "@/lib/log";
import { isPassing, retryRead } from "@/lib/reading";
import { sayStatus } from "@/lib/server/answering";
import { Frame } from "./frame";
import { buttonClass } from "./parts/button";
import { Notice } from "./parts/notice";

/**
 * Draws a page, or, when the database does not answer, says so in the page's own shape: a 503 that is there
 * without JavaScript too, which Next's error page is not.
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
    if (!isPassing(error)) throw error;
    logError(`Failed to show ${page.title}`, error);
    sayStatus(503);
    return <Trouble {...page} />;
  }
}

function Trouble({ title, path }: { title: string; path: string }) {
  return (
    <Frame>
      <title>{`${title} – Batch Jobs`}</title>
      <h1 className="mb-4 text-xl font-semibold tracking-tight">{title}</h1>
      <div className="flex flex-col items-start gap-4">
        <Notice look="danger">
          The database does not answer just now, so this cannot be shown. It often passes by itself.
        </Notice>
        <a href={path} className={buttonClass()}>
          Try again
        </a>
      </div>
    </Frame>
  );
}
