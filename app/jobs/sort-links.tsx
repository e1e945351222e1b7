import Link from "next/link";
import { type JobsQuery, jobsAddress } from "@/lib/batch-jobs/address";
import { type Sort, type SortField, sortFields } from "@/lib/batch-jobs/schema";
import { fieldOf } from "@/lib/batch-jobs/sorted-keys";
import { toolbarButtonClass } from "../components/button";
import { ArrowIcon, CheckIcon } from "../components/icons";
import { LinkPending } from "../components/link-pending";
import { Menu, menuItemClass } from "../components/menu";

const labels: Record<SortField, string> = {
  createdAt: "Created",
  name: "Name",
  scheduledStartTime: "Scheduled",
  actualStartTime: "Started",
  completedAt: "Ended",
  updatedAt: "Last change",
};

const isDescending = (sort: Sort) => sort.startsWith("-");

function describeDirection(sort: Sort): string {
  const [ascending, descending] = directions[fieldOf(sort)] ?? ["earliest first", "latest first"];
  return isDescending(sort) ? descending : ascending;
}

const directions: Partial<Record<SortField, [ascending: string, descending: string]>> = {
  name: ["A to Z", "Z to A"],
  createdAt: ["oldest first", "newest first"],
};

const capitalized = (text: string) => text.replace(/^./, (letter) => letter.toUpperCase());

const keys: Record<SortField, string | undefined> = {
  createdAt: undefined,
  name: "name",
  scheduledStartTime: "scheduled time",
  actualStartTime: "start",
  completedAt: "end",
  updatedAt: "last change",
};

/** `newest first`, `by name, A to Z` */
export function describeOrder(sort: Sort): string {
  const key = keys[fieldOf(sort)];
  return (key ? `by ${key}, ` : "") + describeDirection(sort);
}

const reversed = (sort: Sort) => sort.replace(/^-?/, isDescending(sort) ? "" : "-") as Sort;

/** Names begin with A, times with the latest. */
const firstSort = (field: SortField): Sort => (field === "name" ? field : `-${field}`);

/** Fields to sort by, and the two directions of the current one. */
function SortItems({ query, fields }: { query: JobsQuery; fields: readonly SortField[] }) {
  const { sort } = query;
  const item = (to: Sort, text: string, isCurrent: boolean) => (
    <li key={text}>
      <a
        href={jobsAddress({ ...query, sort: to, page: 1 })}
        aria-current={isCurrent ? "true" : undefined}
        className={menuItemClass}
      >
        {text}
        {isCurrent && <CheckIcon />}
      </a>
    </li>
  );
  const current = fieldOf(sort);
  const inBothDirections = isDescending(sort) ? [sort, reversed(sort)] : [reversed(sort), sort];
  return (
    <>
      <ul>
        {fields.map((field) =>
          item(field === current ? sort : firstSort(field), labels[field], field === current),
        )}
      </ul>
      {fields.includes(current) && (
        <>
          <hr className="my-1.5 border-line" />
          <ul>{inBothDirections.map((to) => item(to, capitalized(describeDirection(to)), to === sort))}</ul>
        </>
      )}
    </>
  );
}

/** For phones, which show no column heads. */
export function SortMenu({ query }: { query: JobsQuery }) {
  const { sort } = query;
  return (
    <Menu
      label={`Sort, now ${describeOrder(sort)}`}
      button={
        <>
          Sort
          <ArrowIcon isUp={!isDescending(sort)} />
        </>
      }
      buttonClass={toolbarButtonClass}
      panelClass="toolbar-panel sm:w-64"
    >
      <SortItems query={query} fields={sortFields} />
    </Menu>
  );
}

const headLink = "flex items-center gap-1 rounded-sm hover:text-ink";

/** The state of a column for `aria-sort`. */
export function ariaSort(sort: Sort, fields: readonly SortField[]) {
  if (!fields.includes(fieldOf(sort))) return undefined;
  return isDescending(sort) ? "descending" : "ascending";
}

/** Sorts by a column; again, in the other direction. */
export function SortLink({
  query,
  field,
  children,
}: {
  query: JobsQuery;
  field: SortField;
  children: string;
}) {
  const { sort } = query;
  const isCurrent = fieldOf(sort) === field;
  const to = isCurrent ? reversed(sort) : firstSort(field);
  return (
    <Link
      href={jobsAddress({ ...query, sort: to, page: 1 })}
      prefetch={false}
      scroll={false}
      title={`Sort ${describeOrder(to)}`}
      className={headLink}
    >
      {children}
      {isCurrent && <ArrowIcon isUp={!isDescending(sort)} />}
      <LinkPending />
    </Link>
  );
}

export const timeFields = sortFields.filter((field) => field !== "name");

/** Sorts by one of the times that share a column. */
export function TimeSortMenu({ query }: { query: JobsQuery }) {
  const field = fieldOf(query.sort);
  const isCurrent = field !== "name";
  return (
    <Menu
      button={
        <>
          {isCurrent ? `Time: ${labels[field]}` : "Time"}
          {isCurrent && <ArrowIcon isUp={!isDescending(query.sort)} />}
        </>
      }
      buttonClass={headLink}
      panelClass="toolbar-panel sm:w-64 text-sm font-normal"
    >
      <SortItems query={query} fields={timeFields} />
    </Menu>
  );
}
