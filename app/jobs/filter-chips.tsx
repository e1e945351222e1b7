import Link from "next/link";
import { type JobsQuery, jobsAddress } from "@/lib/batch-jobs/address";
import type { Choices } from "@/lib/batch-jobs/choices";
import { bounds, type DatePreset, localBound, type RangeName } from "@/lib/batch-jobs/date-ranges";
import { rangeFields, rangeNames } from "@/lib/batch-jobs/schema";
import { activeStatuses } from "@/lib/batch-jobs/status";
import { isWatermark } from "@/lib/batch-jobs/watermark";
import { exactTime } from "@/lib/format/time-zone";
import { CrossIcon } from "../components/icons";
import { LinkPending } from "../components/link-pending";
import { statusLabel } from "../components/status-badge";
import { fieldLabels } from "./sort-links";
import { healthLabels } from "./status-filter";

export const rangeLabel = (name: RangeName) => fieldLabels[rangeFields[name]];

export const presetLabels: Record<DatePreset, string> = {
  today: "Today",
  last7Days: "Last 7 days",
  thisMonth: "This month",
  lastMonth: "Last month",
};

/** A filter in words, and the change that removes it. */
export interface FilterInWords {
  label: string;
  value: string;
  removed: Partial<JobsQuery>;
}

/** `2025-02-28` → `28 Feb 2025`; a time of the day follows it. */
function formatLocal(local: string): string {
  const [date = "", time] = local.split("T");
  const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" }).format(
    new Date(date),
  );
  return time ? `${day}, ${time.replace(/:00$/, "")}` : day;
}

function describeRange(query: JobsQuery, name: RangeName, timeZone: string): string | undefined {
  const preset = query[name];
  if (preset) return presetLabels[preset].toLowerCase();
  const [from, to] = bounds.map((bound) => {
    const value = query[`${name}${bound}`];
    return value && formatLocal(localBound(value, bound, timeZone));
  });
  if (from && to) return from === to ? from : `${from} – ${to}`;
  return from ? `from ${from}` : to && `until ${to}`;
}

/** The active filters, in the order of the form. */
export function describeFilters(query: JobsQuery, timeZone: string, choices: Choices): FilterInWords[] {
  const { q, sort, status, problem, agentId, fromPhoneNumberId, updatedSince } = query;
  // Now has these statuses without a filter.
  const isAllOfNow = sort === "now" && status.length === activeStatuses.length;
  const number = choices.phoneNumbers.find(({ id }) => id === fromPhoneNumberId);
  const all: [label: string, value: string | undefined, removed: Partial<JobsQuery>][] = [
    ["Search", q, { q: undefined }],
    ["Health", problem && healthLabels[problem], { problem: undefined }],
    ["Status", isAllOfNow ? undefined : status.map(statusLabel).join(", "), { status: [] }],
    ...rangeNames.map((name): (typeof all)[number] => [
      rangeLabel(name),
      describeRange(query, name, timeZone),
      { [name]: undefined, [`${name}From`]: undefined, [`${name}To`]: undefined },
    ]),
    ["Agent", agentId, { agentId: undefined }],
    ["Number", number?.label ?? fromPhoneNumberId, { fromPhoneNumberId: undefined }],
    [
      "Updated since",
      updatedSince &&
        (isWatermark(updatedSince) ? "a previous response" : exactTime(new Date(updatedSince), timeZone)),
      { updatedSince: undefined },
    ],
  ];
  return all.flatMap(([label, value, removed]) => (value ? [{ label, value, removed }] : []));
}

/** What all of these filters together leave out. */
export function withoutFilters(query: JobsQuery, filters: FilterInWords[]): Partial<JobsQuery> {
  return Object.assign({ ...query, page: 1 }, ...filters.map(({ removed }) => removed));
}

const chip = "flex h-7 min-w-0 items-center rounded-full border border-line bg-surface text-xs";

/** The active filters, each a link that removes it. */
export function FilterChips({ query, filters }: { query: JobsQuery; filters: FilterInWords[] }) {
  if (filters.length === 0) return null;
  return (
    <ul aria-label="Active filters" className="flex min-w-0 flex-wrap items-center gap-1.5">
      {filters.map(({ label, value, removed }) => (
        <li key={label} className={`${chip} max-w-full`}>
          <span className="min-w-0 truncate pl-2.5">
            <span className="text-muted">{label}:</span> {value}
          </span>
          <Link
            href={jobsAddress({ ...query, ...removed, page: 1 })}
            prefetch={false}
            scroll={false}
            aria-label={`Remove filter ${label}: ${value}`}
            title="Remove filter"
            className="grid size-7 shrink-0 place-items-center rounded-full text-faint hover:bg-raised hover:text-ink"
          >
            <CrossIcon />
            <LinkPending />
          </Link>
        </li>
      ))}
      <li>
        <Link
          href={jobsAddress(withoutFilters(query, filters))}
          prefetch={false}
          scroll={false}
          className="flex h-7 items-center rounded-full px-2 text-xs text-muted underline underline-offset-3 hover:text-ink"
        >
          Clear all
          <LinkPending />
        </Link>
      </li>
    </ul>
  );
}
