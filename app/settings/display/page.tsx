import { returnPath } from "@/lib/http/return-path";
import { AppShell } from "../../app-shell";
import { messageOf } from "../../components/form-message";
import { Notice } from "../../components/notice";
import type { PageProps } from "../../page-props";
import { renderOrError } from "../../render-or-error";
import { shownZone, signedIn } from "../../signed-in";
import { DisplayForm } from "./form";

/** How a person wants to see things, on the way from a page's menu and back to it. */
export default function DisplayPage({ searchParams }: PageProps) {
  return renderOrError({ title: "Display", path: "/settings/display" }, () => draw(searchParams));
}

async function draw(searchParams: PageProps["searchParams"]) {
  const person = await signedIn("/settings/display");
  const parameters = await searchParams;
  const returnTo = returnPath(parameters.returnTo);
  const zone = await shownZone(person);
  const message = messageOf(parameters, { invalid_time_zone: "Unknown time zone." });
  return (
    <AppShell signed={{ person, zone, path: "/settings/display" }}>
      <title>Display – Batch Jobs</title>
      <div className="mx-auto max-w-md">
        <h1 className="mb-5 text-xl font-semibold tracking-tight">Display</h1>
        {message && <Notice variant="danger">{message}</Notice>}
        <DisplayForm zone={zone} returnTo={returnTo}>
          <a href={returnTo} className="inline-flex h-9 items-center rounded-md px-3.5 hover:bg-raised">
            Cancel
          </a>
        </DisplayForm>
      </div>
    </AppShell>
  );
}
