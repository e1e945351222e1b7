import Link from "next/link";
import type { ReactNode } from "react";
import type { Person } from "@/lib/access/person";
import { AccountMenu, OrganizationMenu, PrintedOrganization, TimeZoneMenu } from "./app-shell-menus";
import { BrandIcon } from "./components/icons";
import { KeyboardShortcuts } from "./components/keyboard-shortcuts";
import type { ShownZone } from "./signed-in";
import { Watching } from "./watch/watching";

export interface ShellContext {
  person: Person;
  zone: ShownZone;
  organizationId?: string;
  /** The address of the same page for another organization. */
  addressIn?: (organizationId: string) => string;
  /** The path to return to after a form of the header. */
  path: string;
}

/** @param props with `context` undefined where it is not known who is signed in. */
export function AppShell({ context, children }: { context?: ShellContext; children: ReactNode }) {
  return (
    <>
      <a
        href="#main"
        className="sr-only z-20 rounded-md bg-surface px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <header className="sticky top-0 z-10 border-b border-line bg-surface print:hidden">
        <div className="mx-auto flex h-13 max-w-7xl items-center gap-1 px-3 sm:gap-2 sm:px-5">
          <Link
            href="/jobs"
            prefetch={false}
            className="flex h-9 items-center gap-2 rounded-md px-1 font-semibold"
          >
            <BrandIcon />
            <span className="max-sm:sr-only">Batch Jobs</span>
          </Link>
          {context && (
            <>
              <OrganizationMenu context={context} />
              <div className="ml-auto flex shrink-0 items-center">
                <KeyboardShortcuts />
                <TimeZoneMenu context={context} />
                <AccountMenu context={context} />
              </div>
            </>
          )}
        </div>
      </header>
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto max-w-7xl px-3 py-4 outline-none sm:px-5 sm:py-5 print:max-w-none print:p-0"
      >
        {context && <PrintedOrganization context={context} />}
        {context?.organizationId === undefined ? (
          children
        ) : (
          <Watching personId={context.person.id} organizationId={context.organizationId}>
            {children}
          </Watching>
        )}
      </main>
    </>
  );
}
