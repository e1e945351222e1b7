import type { ReactNode } from "react";
import type { Person } from "@/lib/access/person";
import { AppShell } from "../app-shell";
import { Tab, Tabs } from "../components/tabs";
import { textLinkClass } from "../components/text-link";
import type { ShownZone } from "../signed-in";
import { type SettingsPage, settingsAddress } from "./address";

const names: Record<SettingsPage, string> = {
  "api-keys": "API keys",
  members: "Members",
  organization: "Organization",
  account: "Account",
};

/** What is around every settings page: the frame, and the way to the others. */
export function SettingsLayout(props: {
  person: Person;
  zone: ShownZone;
  /** Undefined for somebody who belongs to none. */
  organizationId: string | undefined;
  page: SettingsPage;
  /** Of the page's heading, when it is about a part of it. */
  title?: string;
  /** The page's own path, when it is another. */
  path?: string;
  children: ReactNode;
}) {
  const { person, zone, organizationId, page, title = names[page], children } = props;
  const path = props.path ?? settingsAddress(page, organizationId);
  const isPart = title !== names[page];
  const back = organizationId && (
    <a
      href={
        isPart ? settingsAddress(page, organizationId) : `/jobs?${new URLSearchParams({ organizationId })}`
      }
      className={`${textLinkClass} mb-2 inline-block text-sm`}
    >
      ← {isPart ? names[page] : "Jobs"}
    </a>
  );
  const pages = (Object.keys(names) as SettingsPage[]).filter((one) => organizationId || one === "account");
  return (
    <AppShell
      signed={{
        person,
        zone,
        organizationId,
        path,
        addressIn: (other) => settingsAddress(page, other),
      }}
    >
      <title>{`${title} – Batch Jobs`}</title>
      <div className="mx-auto max-w-3xl wrap-anywhere">
        <Tabs label="Settings">
          {pages.map((one) => (
            <Tab key={one} href={settingsAddress(one, organizationId)} isOn={one === page}>
              {names[one]}
            </Tab>
          ))}
        </Tabs>
        {back}
        <h1 className="mb-5 text-xl font-semibold tracking-tight">{title}</h1>
        <div className="flex flex-col gap-5">{children}</div>
      </div>
    </AppShell>
  );
}
