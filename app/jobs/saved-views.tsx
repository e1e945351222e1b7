import { type JobsQuery, jobsAddress, readQuery, viewOf } from "@/lib/batch-jobs/address";
import { activeStatuses } from "@/lib/batch-jobs/status";
import type { SavedView } from "@/lib/saved-views/list";
import { savedViewNameMax } from "@/lib/saved-views/schema";
import { Button, toolbarButtonClass } from "../components/button";
import { Field } from "../components/field";
import { StarIcon } from "../components/icons";
import { Menu } from "../components/menu";
import { Tab, Tabs } from "../components/tabs";
import { settingsAddress } from "../settings/address";

export function viewAddress(organizationId: string, { query }: SavedView): string {
  return jobsAddress({ ...readQuery(query), organizationId });
}

/** All jobs, what runs now and what starts next, and the person's own views. */
export function Views({ query, views }: { query: JobsQuery; views: SavedView[] }) {
  const { organizationId } = query;
  const shown = viewOf(query);
  return (
    <Tabs label="Views" className="max-w-full min-w-0" isOneLine>
      <Tab href={jobsAddress({ organizationId })} isCurrent={shown === ""}>
        All jobs
      </Tab>
      <Tab
        href={jobsAddress({ organizationId, status: activeStatuses, sort: "now" })}
        isCurrent={query.sort === "now" && !views.some((view) => view.query === shown)}
      >
        Now
      </Tab>
      {views.map((view) => (
        <Tab key={view.id} href={viewAddress(organizationId, view)} isCurrent={shown === view.query}>
          <span className="max-w-48 truncate">{view.name}</span>
          {view.isDefault && (
            <span className="text-faint" title="Default view">
              <StarIcon />
              <span className="sr-only">(default)</span>
            </span>
          )}
        </Tab>
      ))}
      {views.length > 0 && (
        <Tab href={settingsAddress("views", organizationId)} isCurrent={false}>
          Edit views
        </Tab>
      )}
    </Tabs>
  );
}

/** @param props with the `view` to save, as viewOf writes it. */
export function SaveView(props: { organizationId: string; view: string; name?: string }) {
  const { organizationId, view, name } = props;
  return (
    <Menu button="Save view" buttonClass={toolbarButtonClass} panelClass="toolbar-panel sm:w-72">
      <form
        key={view}
        action="/settings/views/save"
        method="post"
        autoComplete="off"
        className="flex flex-col gap-3 p-2.5"
      >
        <input type="hidden" name="organizationId" value={organizationId} />
        <input type="hidden" name="query" value={view} />
        <Field
          label="Name"
          name="name"
          defaultValue={name}
          maxLength={savedViewNameMax}
          hint="Only you can see this view. It replaces your view with the same name, if any."
          required
        />
        <label className="flex min-h-8 items-center gap-2">
          <input type="checkbox" name="isDefault" value="true" className="size-4" />
          Use as default view
        </label>
        <Button type="submit" variant="primary">
          Save view
        </Button>
      </form>
    </Menu>
  );
}
