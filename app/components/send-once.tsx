"use client";

import { useEffect } from "react";

const resubmitAfterMs = 5_000;

/** Keeps a double click from submitting a form twice, which would create two keys. */
export function SendOnce() {
  useEffect(() => {
    let sent = new WeakSet<EventTarget>();
    const onSubmit = (event: SubmitEvent) => {
      if (event.defaultPrevented || !event.target) return;
      if (sent.has(event.target)) event.preventDefault();
      const { target } = event;
      sent.add(target);
      // Someone who stopped a slow page may submit again.
      setTimeout(() => sent.delete(target), resubmitAfterMs);
    };
    // A page restored from the back/forward cache works again.
    const onPageShow = () => {
      sent = new WeakSet();
    };
    document.addEventListener("submit", onSubmit);
    window.addEventListener("pageshow", onPageShow);
    return () => {
      document.removeEventListener("submit", onSubmit);
      window.removeEventListener("pageshow", onPageShow);
    };
  }, []);
  return null;
}
