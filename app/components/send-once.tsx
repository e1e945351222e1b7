"use client";

import { useEffect } from "react";

const againAfterMs = 5_000;

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
      const { target } = event;
      sent.add(target);
      // Who has stopped a slow page may send the form again.
      setTimeout(() => sent.delete(target), againAfterMs);
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
