import type { MouseEvent } from "react";

/** For a table row whose link covers it: times are above the link, so that the browser shows their titles. */
export function openFromTime({ target, currentTarget, ctrlKey, metaKey, shiftKey }: MouseEvent<HTMLElement>) {
  // These ask for another tab or window, which only a click on the link itself opens.
  if (ctrlKey || metaKey || shiftKey) return;
  if ((target as Element).closest("time")) currentTarget.querySelector("a")?.click();
}
