import { type JobsQuery, jobsAddress } from "@/lib/batch-jobs/address";
import { CrossIcon, SearchIcon } from "../components/icons";

/** The filters of a list as hidden fields, so that a form keeps them. */
export function HiddenFields({ query }: { query: Partial<JobsQuery> }) {
  const parameters = new URLSearchParams(jobsAddress(query).split("?")[1]);
  return [...parameters].map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />);
}

export function SearchBox({ query }: { query: JobsQuery }) {
  const { q } = query;
  const withoutSearch = { ...query, q: undefined, page: 1 };
  return (
    <search className="relative w-full sm:w-72">
      {/* Another list has another form: what was typed into the last one is not kept. */}
      <form key={jobsAddress(query)} action="/jobs" method="get" autoComplete="off">
        <HiddenFields query={withoutSearch} />
        <button
          type="submit"
          name="form"
          value="search"
          aria-label="Search"
          title="Search"
          className="absolute inset-y-0 left-0 grid w-9 place-items-center rounded-md text-muted hover:text-ink"
        >
          <SearchIcon />
        </button>
        <input
          type="search"
          name="q"
          defaultValue={q}
          aria-label="Search by name, ID or phone number"
          aria-keyshortcuts="/"
          placeholder="Name, ID or phone number"
          maxLength={200}
          enterKeyHint="search"
          className="h-9 w-full rounded-md border border-edge bg-surface pr-9 pl-9 text-base text-ink sm:text-sm [&::-webkit-search-cancel-button]:hidden"
        />
      </form>
      {q === undefined ? (
        <span
          aria-hidden="true"
          className="pointer-events-none absolute top-2 right-2 grid size-5 place-items-center rounded border border-line font-sans text-xs text-faint noscript:hidden max-sm:hidden"
        >
          /
        </span>
      ) : (
        <a
          href={jobsAddress(withoutSearch)}
          aria-label="Clear search"
          title="Clear search"
          className="absolute inset-y-0 right-0 grid w-9 place-items-center rounded-md text-muted hover:text-ink"
        >
          <CrossIcon />
        </a>
      )}
    </search>
  );
}
