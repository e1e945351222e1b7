import { cookies } from "next/headers";
import { returnPath } from "@/lib/http/return-path";
import { readTheme, themeNames, themes } from "@/lib/theme";
import { allTimeZones } from "@/lib/time-zone";
import { Frame } from "../../frame";
import type { PageProps } from "../../page-props";
import { Button } from "../../parts/button";
import { messageOf } from "../../parts/form-message";
import { Notice } from "../../parts/notice";
import { shownZone, signedIn } from "../../signed-in";
import { orTrouble } from "../../trouble";

/** How a person wants to see things: theme, for this browser; time zone, for them. */
export default function DisplayPage({ searchParams }: PageProps) {
  return orTrouble({ title: "Display", path: "/settings/display" }, () => draw(searchParams));
}

async function draw(searchParams: PageProps["searchParams"]) {
  const person = await signedIn("/settings/display");
  const parameters = await searchParams;
  const returnTo = returnPath(parameters.returnTo);
  const zone = await shownZone(person);
  const theme = readTheme(await cookies()) ?? "system";
  const message = messageOf(parameters, { invalid_time_zone: "There is no such time zone." });
  return (
    <Frame signed={{ person, zone, path: "/settings/display" }}>
      <title>Display – Batch Jobs</title>
      <div className="mx-auto max-w-md">
        <h1 className="mb-5 text-xl font-semibold tracking-tight">Display</h1>
        {message && <Notice look="danger">{message}</Notice>}
        <form action="/settings/display/save" method="post" className="flex flex-col gap-6">
          <input type="hidden" name="returnTo" value={returnTo} />
          <fieldset>
            <legend className="mb-1 font-medium">Theme, in this browser</legend>
            {themes.map((one) => (
              <label key={one} className="flex min-h-9 items-center gap-2.5">
                <input
                  type="radio"
                  name="theme"
                  value={one}
                  defaultChecked={one === theme}
                  className="size-4"
                />
                {themeNames[one]}
              </label>
            ))}
          </fieldset>
          <div className="flex flex-col gap-1.5">
            <label htmlFor="time-zone" className="font-medium">
              Time zone, wherever you sign in
            </label>
            <select
              id="time-zone"
              name="timeZone"
              defaultValue={person.timeZone ?? "browser"}
              className="h-10 rounded-md border border-edge bg-surface px-2.5 text-base sm:text-sm"
            >
              <option value="browser">
                {zone.ofBrowser ? `That of each browser (here ${zone.ofBrowser})` : "That of each browser"}
              </option>
              {allTimeZones().map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </div>
          <div className="flex gap-2">
            <Button type="submit" look="primary">
              Save
            </Button>
            <a href={returnTo} className="inline-flex h-9 items-center rounded-md px-3.5 hover:bg-raised">
              Cancel
            </a>
          </div>
        </form>
      </div>
    </Frame>
  );
}
