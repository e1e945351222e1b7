import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { readTheme } from "@/lib/users/theme";
import { SendOnce } from "./components/send-once";
import { StartScripts } from "./start-scripts";
import "./globals.css";

// Each page renders its own <title>, because that of the jobs page is live.
export const metadata: Metadata = { description: "Follow your outbound calling campaigns live." };

export const viewport: Viewport = { colorScheme: "light dark" };

/** Pages are personal, and carry the nonce of their response. */
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
