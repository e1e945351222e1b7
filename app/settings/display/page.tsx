import { returnPath } from "@/lib/http/return-path";
import { AppShell } from "../../app-shell";
import { FormResult } from "../../components/form-result";
import type { PageProps } from "../../page-props";
import { renderOrError } from "../../render-or-error";
import { shownZone, signedIn } from "../../signed-in";
import { DisplayForm } from "./form";

/** Reached from the time zone menu of a page, to which it returns. */
export default function DisplayPage({ searchParams }: PageProps) {
  return renderOrError({ title: "Display", path: "/settings/display" }, () => render(searchParams));
}

async function render(searchParams: PageProps["searchParams"]) {
  const person = await signedIn("/settings/display");
  const parameters = await searchParams;
  const returnTo = returnPath(parameters.returnTo);
  const zone = await shownZone(person);
  return (
    <AppShell context={{ person, zone, path: "/settings/display" }}>
      <title>Display – Batch Jobs</title>
      <div className="mx-auto flex max-w-md flex-col gap-5">
        <h1 className="text-xl font-semibold tracking-tight">Display</h1>
        <FormResult parameters={parameters} errors={{ invalid_time_zone: "Unknown time zone." }} />
        <DisplayForm zone={zone} returnTo={returnTo}>
          <a href={returnTo} className="inline-flex h-9 items-center rounded-md px-3.5 hover:bg-raised">
            Cancel
          </a>
        </DisplayForm>
      </div>
    </AppShell>
  );
}
