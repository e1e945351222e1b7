"use client";

import { useEffect } from "react";

/**
 * Lets a form of this page be sent once: a second click on its button would make a second key, or be told that the
 * first one has done it already. A client component: without a script the browser sends both.
 */
export function SendOnce() {
  useEffect(() => {
    let sent = new WeakSet<EventTarget>();
    const onSubmit = (event: SubmitEvent) => {
      if (event.defaultPrevented || !event.target) return;
      if (sent.has(event.target)) event.preventDefault();
      sent.add(event.target);
    };
    // A page that comes back from the browser's memory shall work again.
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
