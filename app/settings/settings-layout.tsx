import type { ReactNode } from "react";
import type { Person } from "@/lib/access/person";
import { AppShell } from "../app-shell";
import { Tab, Tabs } from "../components/tabs";
import { textLinkClass } from "../components/text-link";
import type { ShownZone } from "../signed-in";
import { type SettingsPage, settingsAddress } from "./address";

const labels: Record<SettingsPage, string> = {
  "api-keys": "API keys",
  "phone-numbers": "Phone numbers",
  members: "Members",
  organization: "Organization",
  views: "Saved views",
  account: "Account",
};

export function SettingsLayout(props: {
  person: Person;
  zone: ShownZone;
  /** Undefined for someone without an organization. */
  organizationId: string | undefined;
  page: SettingsPage;
  /** The heading, where it is not the page's name. */
  title?: string;
  /** The path to return to, where it is not the page's. */
  path?: string;
  children: ReactNode;
}) {
  const { person, zone, organizationId, page, title = labels[page], children } = props;
  const path = props.path ?? settingsAddress(page, organizationId);
  const isSubpage = title !== labels[page];
  const back = organizationId && (
    <a
      href={
        isSubpage ? settingsAddress(page, organizationId) : `/jobs?${new URLSearchParams({ organizationId })}`
      }
      className={`${textLinkClass} mb-2 inline-block text-sm`}
    >
      ← {isSubpage ? labels[page] : "Jobs"}
    </a>
  );
  const pages = (Object.keys(labels) as SettingsPage[]).filter((one) => organizationId || one === "account");
  return (
    <AppShell
      context={{
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
            <Tab key={one} href={settingsAddress(one, organizationId)} isCurrent={one === page}>
              {labels[one]}
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
