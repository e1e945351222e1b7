import type { ReactNode } from "react";
import { BrandIcon } from "./icons";

/** A page with a single form or message, without navigation. */
export function MessagePage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main
      id="main"
      className="mx-auto flex min-h-dvh w-full max-w-md flex-col justify-center px-5 py-12 wrap-anywhere"
    >
      <title>{`${title} – Batch Jobs`}</title>
      <p className="mb-8 flex items-center gap-2 font-semibold">
        <BrandIcon />
        Batch Jobs
      </p>
      <h1 className="mb-5 text-xl font-semibold tracking-tight">{title}</h1>
      <div className="flex flex-col gap-4">{children}</div>
    </main>
  );
}
