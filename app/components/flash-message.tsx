"use client";

import { type ReactNode, useEffect, useRef } from "react";

/**
 * What a form has done, or why not. Gets the focus when the page opens: screen readers say nothing of a message that is
 * there from the start, and Tab goes on from it. A field with `autoFocus` keeps the focus.
 */
export function FlashMessage(props: { role: "alert" | "status"; className?: string; children: ReactNode }) {
  const { role, className = "", children } = props;
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const isUnfocused = document.activeElement === document.body;
    if (isUnfocused && !document.querySelector("[autofocus]"))
      element.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div ref={element} role={role} tabIndex={-1} className={`rounded-md outline-none ${className}`}>
      {children}
    </div>
  );
}
