import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { allTimeZones } from "@/lib/format/time-zone";
import { readTheme, themeNames, themes } from "@/lib/users/theme";
import { Button } from "../../components/button";
import { SelectField } from "../../components/field";
import type { ShownZone } from "../../signed-in";

/** The theme is kept for this browser, the time zone for the person. @param props with the path to `returnTo`. */
export async function DisplayForm(props: { zone: ShownZone; returnTo: string; children?: ReactNode }) {
  const { zone, returnTo, children } = props;
  const theme = readTheme(await cookies()) ?? "system";
  const chosen = zone.isChosen ? zone.name : "browser";
  // A chosen zone stays in the list, so that saving the theme does not change it.
  const names = allTimeZones();
  if (zone.isChosen && !names.includes(zone.name)) names.push(zone.name);
  return (
    <form action="/settings/display/save" method="post" className="flex flex-col gap-6">
      <input type="hidden" name="returnTo" value={returnTo} />
      <fieldset>
        <legend className="mb-1 font-medium">Theme</legend>
        {themes.map((one) => (
          <label key={one} className="flex min-h-9 items-center gap-2.5">
            <input type="radio" name="theme" value={one} defaultChecked={one === theme} className="size-4" />
            {themeNames[one]}
          </label>
        ))}
      </fieldset>
      <SelectField label="Time zone" name="timeZone" defaultValue={chosen}>
        <option value="browser">
          {zone.ofBrowser ? `Automatic (${zone.ofBrowser.replaceAll("_", " ")})` : "Automatic"}
        </option>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </SelectField>
      <div className="flex gap-2">
        <Button type="submit" variant="primary">
          Save
        </Button>
        {children}
      </div>
    </form>
  );
}
