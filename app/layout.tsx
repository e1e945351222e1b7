import type { Metadata } from "next";
import type { ReactNode } from "react";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Batch Jobs", template: "%s – Batch Jobs" },
  description: "How your outbound calling campaigns stand.",
};

/** Pages are made for each request: a page kept by a cache would name the files of an old build. */
export const dynamic = "force-dynamic";

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" className="bg-white text-zinc-900 antialiased dark:bg-zinc-950 dark:text-zinc-100">
      <body className="min-h-dvh font-sans text-base leading-relaxed">{children}</body>
    </html>
  );
}
