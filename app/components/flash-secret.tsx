"use client";

import { useEffect, useRef } from "react";
import { CopyButton } from "./copy-button";

// See lib/server/flash-secret.ts, which puts it there.
const server = globalThis as { batchJobsFlashSecret?: () => string | undefined };

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/**
 * The secret of this response, to copy. It is in the page's HTML alone: a client component, because what a server
 * component renders is also in the page's data; and hydration keeps the server's HTML.
 *
 * @param props with `label` for the copy button's name.
 */
export function FlashSecret(props: { id: string; label: string; before?: string; after?: string }) {
  const { id, label, before = "", after = "" } = props;
  const secret = server.batchJobsFlashSecret?.() ?? "";
  const code = useRef<HTMLElement>(null);
  // Back would show it again from the back/forward cache.
  useEffect(() => {
    const clear = () => code.current?.replaceChildren("This is shown only once.");
    window.addEventListener("pagehide", clear);
    return () => window.removeEventListener("pagehide", clear);
  }, []);
  const html = `${escapeHtml(before)}${escapeHtml(secret)}${escapeHtml(after)}`;
  return (
    <div className="flex flex-col gap-2 sm:flex-row">
      <pre className="min-w-0 grow rounded-md border border-line bg-raised px-3 py-2 font-mono text-xs leading-5 whitespace-pre-wrap wrap-anywhere select-all">
        <code
          ref={code}
          id={id}
          data-shown-once=""
          suppressHydrationWarning
          // biome-ignore lint/security/noDangerouslySetInnerHtml: escaped above; only so does hydration leave it alone
          dangerouslySetInnerHTML={{ __html: html }}
        />
      </pre>
      <CopyButton of={id} label={label} />
    </div>
  );
}
