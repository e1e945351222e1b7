"use client";

import ErrorPage from "./error";
import "./globals.css";

/** For errors in the root layout. */
export default function GlobalErrorPage(props: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en" className="bg-canvas text-ink antialiased">
      <body className="min-h-dvh font-sans text-sm leading-normal">
        <ErrorPage {...props} />
      </body>
    </html>
  );
}
