import { cookies } from "next/headers";
import { readTheme, themeNames, themes } from "@/lib/users/theme";
import type { ShellContext } from "./app-shell";
import { BrowserTimeZone } from "./browser-time-zone";
import { CheckIcon } from "./components/icons";
import { Menu, MenuHeading, menuItemClass } from "./components/menu";
import { SearchForm } from "./components/search-form";
import { settingsAddress } from "./settings/address";

const settings = [
  ["api-keys", "API keys"],
  ["phone-numbers", "Phone numbers"],
  ["members", "Members"],
  ["organization", "Organization"],
] as const;

export async function OrganizationMenu({
  context: { person, organizationId, addressIn },
}: {
  context: ShellContext;
}) {
  const shown = organizationId === undefined ? undefined : await person.findMembership(organizationId);
  if (!shown) return null;
  const name = <span className="truncate font-medium text-ink">{shown.organizationName}</span>;
  return (
    <div className="flex min-w-0 items-center gap-1 sm:gap-2">
      <span aria-hidden="true" className="text-faint">
        /
      </span>
      <Menu label={`Organization menu: ${shown.organizationName}`} button={name}>
        <a href={`/jobs?organizationId=${shown.organizationId}`} className={menuItemClass}>
          Jobs
        </a>
        {settings.map(([page, label]) => (
          <a key={page} href={settingsAddress(page, shown.organizationId)} className={menuItemClass}>
            {label}
          </a>
        ))}
        {person.someMemberships.length > 1 && (
          <>
            <MenuHeading>Switch organization</MenuHeading>
            {person.hasManyMemberships ? (
              <FindOrganization to={addressIn?.(shown.organizationId) ?? "/jobs"} />
            ) : (
              <ul>
                {person.someMemberships.map((one) => (
                  <li key={one.organizationId}>
                    <a
                      href={addressIn?.(one.organizationId)}
                      aria-current={one === shown ? "true" : undefined}
                      className={menuItemClass}
                    >
                      <span className="truncate">{one.organizationName}</span>
                      {one === shown && <CheckIcon />}
                    </a>
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </Menu>
    </div>
  );
}

/** On paper, which has no menus. */
export async function PrintedOrganization({
  context: { person, organizationId },
}: {
  context: ShellContext;
}) {
  const shown = organizationId === undefined ? undefined : await person.findMembership(organizationId);
  return shown ? <p className="mb-2 hidden text-muted print:block">{shown.organizationName}</p> : null;
}

/** For more organizations than a menu can list. @param props with `to`, the page to open for the one chosen. */
function FindOrganization({ to }: { to: string }) {
  return (
    <>
      <div className="px-2.5 py-1">
        <SearchForm
          action="/organizations"
          label="Find organization"
          placeholder="Name or ID"
          hidden={{ to }}
        />
      </div>
      <a href={`/organizations?${new URLSearchParams({ to })}`} className={menuItemClass}>
        All organizations
      </a>
    </>
  );
}

/** A menu item that saves a preference. */
function Choice(props: { name: string; value: string; isChosen: boolean; path: string; children: string }) {
  const { name, value, isChosen, path, children } = props;
  return (
    <form action="/settings/display/save" method="post">
      <input type="hidden" name="returnTo" value={path} />
      <button
        type="submit"
        name={name}
        value={value}
        aria-current={isChosen ? "true" : undefined}
        className={menuItemClass}
      >
        <span className="truncate">{children}</span>
        {isChosen && <CheckIcon />}
      </button>
    </form>
  );
}

function displayAddress(path: string): string {
  return `/settings/display?returnTo=${encodeURIComponent(path)}`;
}

/** `Europe/Berlin` → `Berlin` */
function shortZone(name: string): string {
  return (name.split("/").at(-1) ?? name).replaceAll("_", " ");
}

export function TimeZoneMenu({ context: { person, zone, path } }: { context: ShellContext }) {
  const isNamed = zone.isChosen && zone.name !== "UTC";
  return (
    <>
      <BrowserTimeZone known={zone.ofBrowser} isShown={!zone.isChosen} />
      <Menu
        label={`Time zone: ${zone.name.replaceAll("_", " ")}`}
        button={<span className="max-w-28 truncate max-sm:max-w-20">{shortZone(zone.name)}</span>}
      >
        <MenuHeading>Time zone</MenuHeading>
        <Choice name="timeZone" value="browser" isChosen={!zone.isChosen} path={path}>
          {zone.ofBrowser ? `Automatic (${zone.ofBrowser.replaceAll("_", " ")})` : "Automatic"}
        </Choice>
        <Choice name="timeZone" value="UTC" isChosen={person.timeZone === "UTC"} path={path}>
          UTC
        </Choice>
        {isNamed && (
          <Choice name="timeZone" value={zone.name} isChosen path={path}>
            {zone.name.replaceAll("_", " ")}
          </Choice>
        )}
        <a href={displayAddress(path)} className={menuItemClass}>
          Other time zone…
        </a>
      </Menu>
    </>
  );
}

export async function AccountMenu({ context: { person, path, organizationId } }: { context: ShellContext }) {
  const theme = readTheme(await cookies()) ?? "system";
  const name = person.name ?? person.email;
  return (
    <Menu
      label={`Account menu: ${name}`}
      button={
        <span
          aria-hidden="true"
          className="grid size-6 place-items-center rounded-full bg-raised text-xs font-semibold text-ink uppercase"
        >
          {[...name][0]}
        </span>
      }
    >
      <div className="px-2.5 pt-1.5 pb-2">
        <p className="truncate font-medium">{name}</p>
        {person.name && <p className="truncate text-xs text-faint">{person.email}</p>}
      </div>
      <a href={settingsAddress("account", organizationId)} className={menuItemClass}>
        Your account
      </a>
      <a href="/docs" className={menuItemClass}>
        API reference
      </a>
      <MenuHeading>Theme</MenuHeading>
      {themes.map((one) => (
        <Choice key={one} name="theme" value={one} isChosen={one === theme} path={path}>
          {themeNames[one]}
        </Choice>
      ))}
      <hr className="my-1.5 border-line" />
      <form action="/api/auth/signout" method="post">
        <button type="submit" className={menuItemClass}>
          Sign out
        </button>
      </form>
    </Menu>
  );
}
