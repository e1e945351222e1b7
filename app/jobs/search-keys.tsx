"use client";

import { useEffect } from "react";

/** `/` focuses the search, and Escape leaves it. */
export function SearchKeys({ inputId }: { inputId: string }) {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const input = document.getElementById(inputId) as HTMLInputElement;
      const target = event.target as HTMLElement;
      if (event.key === "Escape" && target === input) {
        // Without emptying it, as browsers do.
        event.preventDefault();
        input.blur();
      }
      const isTyping = target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping) return;
      event.preventDefault();
      input.focus();
      input.select();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [inputId]);
  return null;
}
