import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { readTheme } from "@/lib/users/theme";
import { SendOnce } from "./components/send-once";
import { StartScripts } from "./start-scripts";
import "./globals.css";

// Each page brings its own <title>, so that the jobs page can keep its number of running jobs up to date.
export const metadata: Metadata = { description: "Outbound calling campaigns, live." };

export const viewport: Viewport = { colorScheme: "light dark" };

/** Pages are made for each request: they are a person's own, and carry the nonce of their answer. */
export const dynamic = "force-dynamic";

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = readTheme(await cookies());
  return (
    <html lang="en" data-theme={theme} className="bg-canvas text-ink antialiased">
      <head>
        <StartScripts />
      </head>
      <body className="min-h-dvh font-sans text-sm leading-normal">
        {children}
        <SendOnce />
      </body>
    </html>
  );
}
