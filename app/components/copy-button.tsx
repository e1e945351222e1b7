"use client";

import { useState } from "react";
import { CheckIcon, CopyIcon } from "./icons";

/** Copies what stands in another element. A client component: only a script reaches the clipboard. */
export function CopyButton({ of, label }: { of: string; label: string }) {
  const [isCopied, setIsCopied] = useState(false);
  const [isSelected, setIsSelected] = useState(false);
  async function copy() {
    try {
      await navigator.clipboard.writeText(document.getElementById(of)?.textContent ?? "");
      setIsCopied(true);
      setTimeout(() => setIsCopied(false), 2_000);
    } catch {
      // Without a clipboard (plain http on another machine) it is selected, to be copied by hand.
      const element = document.getElementById(of);
      if (element) getSelection()?.selectAllChildren(element);
      setIsSelected(true);
    }
  }
  return (
    <button
      type="button"
      onClick={copy}
      aria-label={isCopied ? `Copied ${label}` : `Copy ${label}`}
      className="inline-flex h-9 shrink-0 items-center gap-1.5 self-start rounded-md border border-line bg-surface px-3 font-medium hover:bg-raised noscript:hidden"
    >
      {isCopied ? <CheckIcon /> : <CopyIcon />}
      {isCopied ? "Copied" : isSelected ? "Press Ctrl+C or ⌘C to copy" : "Copy"}
    </button>
  );
}
