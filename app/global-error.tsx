"use client";

import ErrorPage from "./error";
import "./globals.css";

/** The same when even the layout around all pages failed. */
export default function GlobalErrorPage({ reset }: { reset: () => void }) {
  return (
    <html lang="en" className="bg-canvas text-ink antialiased">
      <body className="min-h-dvh font-sans text-sm leading-normal">
        <ErrorPage reset={reset} />
      </body>
    </html>
  );
}
