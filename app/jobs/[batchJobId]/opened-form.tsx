"use client";

import { type ReactNode, useEffect, useRef } from "react";

/**
 * What a link on the page has opened. Gets the focus, is closed by Escape, and then the link has the focus again.
 *
 * @param props with the `opener`, the id of the link, which also closes it.
 */
export function OpenedForm({ opener, children }: { opener: string; children: ReactNode }) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const isUnfocused = () => document.activeElement === document.body;
    if (isUnfocused() || document.activeElement?.id === opener) element.current?.focus();
    const close = ({ key, target, defaultPrevented }: KeyboardEvent) => {
      if (key !== "Escape" || defaultPrevented || document.querySelector("dialog[open], :popover-open"))
        return;
      const isOther = (target as Element).matches("input, textarea, select");
      if (!isOther || element.current?.contains(target as Node)) document.getElementById(opener)?.click();
    };
    document.addEventListener("keydown", close);
    return () => {
      document.removeEventListener("keydown", close);
      if (isUnfocused()) document.getElementById(opener)?.focus();
    };
  }, [opener]);
  return (
    <div ref={element} tabIndex={-1} className="rounded-lg">
      {children}
    </div>
  );
}
