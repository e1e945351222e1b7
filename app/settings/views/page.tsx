import { readQuery } from "@/lib/batch-jobs/address";
import { listChoices } from "@/lib/batch-jobs/choices";
import { resolveDates } from "@/lib/batch-jobs/date-ranges";
import { listSavedViews, type SavedView } from "@/lib/saved-views/list";
import { savedViewNameMax } from "@/lib/saved-views/schema";
import { Button } from "../../components/button";
import { Field } from "../../components/field";
import { FormResult, nameMessage } from "../../components/form-result";
import { Section } from "../../components/section";
import { textLinkClass } from "../../components/text-link";
import { describeFilters } from "../../jobs/filter-chips";
import { viewAddress } from "../../jobs/saved-views";
import { describeOrder } from "../../jobs/sort-links";
import type { PageProps } from "../../page-props";
import { renderSettings, type SettingsContext } from "../render-settings";
import { SettingsLayout } from "../settings-layout";

const errors = {
  invalid_id: "View not found. It may have been deleted.",
  invalid_name: nameMessage("The name", savedViewNameMax),
  saved_view_not_found: "View not found. It may have been deleted.",
  view_name_taken: "You have another view with this name.",
};
const done = { changed: "View changed.", deleted: "View deleted." };

export default function ViewsPage({ searchParams }: PageProps) {
  return renderSettings({ title: "Saved views", path: "/settings/views" }, searchParams, render);
}

async function render({ person, viewer, organizationId, zone, parameters }: SettingsContext) {
  const [views, choices] = await Promise.all([listSavedViews(viewer), listChoices(viewer)]);
  const describeView = ({ query }: SavedView) => {
    const { query: list } = resolveDates({ ...readQuery(query), organizationId }, zone.name, new Date());
    const filters = describeFilters(list, zone.name, choices).map(({ label, value }) => `${label}: ${value}`);
    return [...filters, `Sort: ${describeOrder(list.sort)}`].join(" · ");
  };
  return (
    <SettingsLayout person={person} zone={zone} organizationId={organizationId} page="views">
      <FormResult parameters={parameters} errors={errors} done={done} />
      <Section>
        <p className="text-muted">
          Saved filters and sort order of the Jobs page. Only you can see them. To add one, set filters there
          and click “Save view”.
        </p>
        {views.length > 0 && (
          <ul className="flex flex-col divide-y divide-line">
            {views.map((view) => (
              <li key={view.id} className="flex flex-col gap-1 py-3 first:pt-0 last:pb-0">
                <p>
                  <a href={viewAddress(organizationId, view)} className={`${textLinkClass} font-medium`}>
                    {view.name}
                  </a>
                  {view.isDefault && <span className="text-muted"> · Default</span>}
                </p>
                <p className="text-xs text-muted">{describeView(view)}</p>
                <ViewActions view={view} organizationId={organizationId} />
              </li>
            ))}
          </ul>
        )}
      </Section>
    </SettingsLayout>
  );
}

function ViewActions({ view, organizationId }: { view: SavedView; organizationId: string }) {
  const { id, name, isDefault } = view;
  const hiddenFields = (
    <>
      <input type="hidden" name="organizationId" value={organizationId} />
      <input type="hidden" name="id" value={id} />
    </>
  );
  return (
    <div className="flex flex-wrap items-start gap-x-4 gap-y-1">
      <details className="open:w-full">
        <summary aria-label={`Edit ${name}`} className="w-fit py-1">
          Edit
        </summary>
        <form action="/settings/views/update" method="post" className="flex flex-col gap-3 py-2">
          {hiddenFields}
          <Field label="Name" name="name" defaultValue={name} maxLength={savedViewNameMax} required />
          <label className="flex min-h-8 items-center gap-2">
            <input
              type="checkbox"
              name="isDefault"
              value="true"
              defaultChecked={isDefault}
              className="size-4"
            />
            Use as default view
          </label>
          <Button type="submit" className="self-start" aria-label={`Save ${name}`}>
            Save
          </Button>
        </form>
      </details>
      <details className="open:w-full">
        <summary aria-label={`Delete ${name}`} className="w-fit py-1">
          Delete
        </summary>
        <form action="/settings/views/delete" method="post">
          {hiddenFields}
          <p className="py-1 text-xs text-muted">This doesn’t delete any jobs.</p>
          <Button type="submit" variant="danger" aria-label={`Delete view ${name}`}>
            Delete view
          </Button>
        </form>
      </details>
    </div>
  );
}
