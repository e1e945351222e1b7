import { type JobsQuery, viewOf } from "@/lib/batch-jobs/address";
import type { Choices } from "@/lib/batch-jobs/choices";
import type { SavedView } from "@/lib/saved-views/list";
import { ExportMenu } from "./export-menu";
import { describeFilters, FilterChips } from "./filter-chips";
import { FilterMenu } from "./filter-menu";
import { SaveView } from "./saved-views";
import { SearchBox } from "./search-box";
import { SortMenu } from "./sort-links";

/** Search, filters, sorting, export and saving a view. */
export function Toolbar(props: {
  query: JobsQuery;
  timeZone: string;
  choices: Choices;
  views: SavedView[];
  /** The name in a form that was refused. */
  viewName?: string;
}) {
  const { query, timeZone, choices, views, viewName } = props;
  const filters = describeFilters(query, timeZone, choices);
  const view = viewOf(query);
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2 print:hidden">
      <SearchBox query={query} />
      <FilterMenu
        query={query}
        timeZone={timeZone}
        choices={choices}
        count={filters.filter(({ removed }) => !("q" in removed)).length}
      />
      <SortMenu query={query} />
      <ExportMenu query={query} />
      {view !== "" && !views.some((one) => one.query === view) && (
        <SaveView organizationId={query.organizationId} view={view} name={viewName} />
      )}
      <FilterChips query={query} filters={filters} />
    </div>
  );
}
