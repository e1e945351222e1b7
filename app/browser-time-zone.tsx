"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { currentTimeZone, timeZoneCookie } from "@/lib/format/time-zone";

/**
 * Tells the server the browser's time zone, which only a script knows: on the sign-in page, before any time is shown.
 *
 * @param known the zone that the server knows.
 * @param isShown whether this page shows times in the browser's zone, so that a change is shown at once.
 */
export function BrowserTimeZone({
  known,
  isShown = false,
}: {
  known: string | undefined;
  isShown?: boolean;
}) {
  const router = useRouter();
  useEffect(() => {
    const timeZone = currentTimeZone(Intl.DateTimeFormat().resolvedOptions().timeZone);
    if (!timeZone || timeZone === known) return;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
    document.cookie = `${timeZoneCookie}=${timeZone}; Path=/; Max-Age=31536000; SameSite=Lax`;
    if (isShown) router.refresh();
  }, [known, isShown, router]);
  return null;
}
