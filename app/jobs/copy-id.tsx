"use client";

import { useState } from "react";
import { CheckIcon, CopyIcon } from "../components/icons";

/** A job's id, to copy: at a click, or by selecting it. A client component: only a script reaches the clipboard. */
export function CopyId({ id, name }: { id: string; name: string }) {
  const [isCopied, setIsCopied] = useState(false);
  async function copy() {
    try {
      await navigator.clipboard.writeText(id);
      setIsCopied(true);
      setTimeout(() => setIsCopied(false), 2_000);
    } catch {
      // Without a clipboard (plain http on another machine) it can still be selected.
    }
  }
  return (
    <span className="flex items-center gap-1 text-xs text-faint">
      <code className="font-mono wrap-anywhere select-all">{id}</code>
      <button
        type="button"
        onClick={copy}
        aria-label={isCopied ? `Copied ID of ${name}` : `Copy ID of ${name}`}
        className="-my-1 grid size-6 shrink-0 place-items-center rounded hover:bg-raised hover:text-ink noscript:hidden"
      >
        {isCopied ? <CheckIcon /> : <CopyIcon />}
      </button>
    </span>
  );
}
