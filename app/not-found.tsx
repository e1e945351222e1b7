import type { Metadata } from "next";
import Link from "next/link";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-2xl flex-col justify-center gap-4 px-5 py-16">
      <h1 className="text-2xl font-semibold tracking-tight">There is nothing at this address</h1>
      <p>It may have been mistyped, or what was here is gone.</p>
      <p>
        <Link href="/" className="underline underline-offset-4">
          Go to the start page
        </Link>
      </p>
    </main>
  );
}
