"use client";

import { useState } from "react";
import { CheckIcon, CopyIcon } from "./icons";

function useCopy() {
  const [state, setState] = useState<"copied" | "failed">();
  /** @returns whether it worked: plain http on another machine has no clipboard. */
  async function copy(text: string): Promise<boolean> {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
      setTimeout(() => setState(undefined), 2_000);
      return true;
    } catch {
      setState("failed");
      return false;
    }
  }
  return { state, copy };
}

/** For a button of a table row, which is shown while the mouse or the focus is on the row. */
export const rowButtonClass =
  "relative opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100";

/** Copies the text of another element, or selects it where there is no clipboard. @param of the element's id. */
export function CopyButton({ of, label }: { of: string; label: string }) {
  const { state, copy } = useCopy();
  async function onClick() {
    const element = document.getElementById(of);
    if (element && !(await copy(element.textContent))) getSelection()?.selectAllChildren(element);
  }
  return (
    <button
      type="button"
      onClick={onClick}
      aria-label={state === "copied" ? `Copied ${label}` : `Copy ${label}`}
      className="inline-flex h-9 shrink-0 items-center gap-1.5 self-start rounded-md border border-line bg-surface px-3 font-medium hover:bg-raised noscript:hidden"
    >
      {state === "copied" ? <CheckIcon /> : <CopyIcon />}
      {state === "copied" ? "Copied" : state === "failed" ? "Press Ctrl+C or ⌘C to copy" : "Copy"}
    </button>
  );
}

/** An ID with a button that copies it. */
export function CopyId({ id, name }: { id: string; name: string }) {
  return (
    <span className="flex items-center gap-1 text-xs text-faint">
      <code className="font-mono wrap-anywhere select-all">{id}</code>
      <CopyIdButton id={id} name={name} />
    </span>
  );
}

/** @param props with `isInRow` for a button that is shown while the mouse or the focus is on its row. */
export function CopyIdButton({ id, name, isInRow = false }: { id: string; name: string; isInRow?: boolean }) {
  const { state, copy } = useCopy();
  return (
    <button
      type="button"
      onClick={() => copy(id)}
      tabIndex={isInRow ? -1 : undefined}
      aria-keyshortcuts="c"
      aria-label={state === "copied" ? `Copied ID of ${name}` : `Copy ID of ${name}`}
      className={`-my-1 grid size-6 shrink-0 place-items-center rounded text-faint hover:bg-raised hover:text-ink noscript:hidden print:hidden ${isInRow ? rowButtonClass : ""}`}
    >
      {state === "copied" ? <CheckIcon /> : <CopyIcon />}
    </button>
  );
}
