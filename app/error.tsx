"use client";

/** Shown in place of a page that failed; Next requires it to be a client component. */
export default function ErrorPage({ reset }: { reset: () => void }) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-2xl flex-col justify-center gap-4 px-5 py-16">
      <h1 className="text-2xl font-semibold tracking-tight">This page could not be shown</h1>
      <p>The failure is ours and has been logged. It often passes by itself.</p>
      <p>
        <button type="button" onClick={reset} className="cursor-pointer underline underline-offset-4">
          Try again
        </button>
      </p>
    </main>
  );
}
